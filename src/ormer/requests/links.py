"""What a request takes from a resource it names: a model's network, an endpoint's configuration.

The API has no VpcConfig on a transform job, an inference component or an endpoint; the
model or the endpoint configuration brings it. A reference is followed to the step of the same
pipeline that creates the resource; a resource that is only named is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Any, Optional

from ormer.model.definition import Place, Step
from ormer.model.request import Found
from ormer.model.value import Opaque, show
from ormer.requests.paths import Input, path_tokens, raw_nodes

_STEP_OF = r"Steps\.([^.\[]+)\.(\w+)"


class Link(Enum):
    """The kinds of resource a request may name, each called like the step type that makes it."""

    Model = "model"
    EndpointConfig = "endpoint configuration"
    Endpoint = "endpoint"


_STEP = "Step."
"""Begins the path of a name that stands in the step and not in its Arguments."""

_NAMES: dict[tuple[Link, str], tuple[str, ...]] = {
    (Link.Model, "sagemaker:CreateTransformJob"): ("ModelName",),
    (Link.Model, "sagemaker:CreateInferenceComponent"): (
        "Specification.ModelName",
        "Specifications[].ModelName",
    ),
    (Link.Model, "sagemaker:CreateEndpointConfig"): (
        "ProductionVariants[].ModelName",
        "ProductionVariants[].InstancePools[].ModelNameOverride",
        "ShadowProductionVariants[].InstancePools[].ModelNameOverride",
        "ShadowProductionVariants[].ModelName",
    ),
    (Link.Model, "sagemaker:CreateProcessingJob"): ("Step.ModelName",),
    (Link.EndpointConfig, "sagemaker:CreateEndpoint"): ("EndpointConfigName",),
    (Link.Endpoint, "sagemaker:CreateInferenceComponent"): ("EndpointName",),
}


def name_paths(link: Link, action: str) -> tuple[str, ...]:
    """The paths, without list marks, where an action's input names such a resource."""
    return tuple(path.replace("[]", "") for path in _NAMES.get((link, action), ()))


def names_any(link: Link, action: str, source: Input) -> bool:
    """Whether the input may name such a resource at all."""
    return any(
        tokens[0] in (source.step.body if of_step else source.node)
        for of_step, tokens in _first_tokens(link, action)
    )


@cache
def _first_tokens(link: Link, action: str) -> tuple[tuple[bool, tuple[str, ...]], ...]:
    return tuple(
        (path.startswith(_STEP), path_tokens(path.removeprefix(_STEP)))
        for path in _NAMES.get((link, action), ())
    )


def follow(link: Link, action: str, source: Input) -> Iterator[Input | Found]:
    """The inputs of the named resources; an unknown one as a Found that is Opaque."""
    for path in _NAMES.get((link, action), ()):
        for node, place in _named(path, source):
            target = _maker(link, node, source)
            if target is not None:
                place_of_input = (*target.place, "Arguments")
                yield Input(target.arguments, place_of_input, target, source.resolver)
            else:
                name = show(source.resolver.resolve(node, source.step))
                yield Found(
                    Opaque(f"no step of this pipeline makes the {link.value} {name}"), place
                )


def _named(path: str, source: Input) -> Iterator[tuple[Any, Place]]:
    """The names at a path as written, each with its place."""
    if path.startswith(_STEP):
        step = source.step
        return raw_nodes(step.body, step.place, path_tokens(path.removeprefix(_STEP)))
    return raw_nodes(source.node, source.place, path_tokens(path))


def _maker(link: Link, node: Any, source: Input) -> Optional[Step]:
    """The step that creates the resource of this name, if it is in the pipeline."""
    steps = source.resolver.definition.by_name
    if isinstance(node, dict):
        match = re.fullmatch(_STEP_OF, str(node.get("Get", "")))
        step = steps.get(match[1]) if match and match[2] == f"{link.name}Name" else None
        return step if step is not None and step.type == link.name else None
    return None  # a name alone: whichever resource has it when the step runs
