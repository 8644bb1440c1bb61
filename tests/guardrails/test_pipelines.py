"""Guardrails on the calls of real definitions: compliant ones pass, broken ones are denied."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from docs.teeth.compliant import compliant
from docs.teeth.mutants import mutants
from ormer.assess.check import Checker
from ormer.controls.load import Catalogue
from ormer.guardrails.projection import Form, Kind
from ormer.model.environment import Environment
from ormer.model.finding import Verdict
from ormer.model.request import Request
from ormer.model.world import World
from ormer.read.definition import read_definition
from ormer.read.environment import read_environment
from ormer.requests.authorization import contexts

ROOT = Path(__file__).parents[2]
ABALONE = ROOT / "benchmarks" / "abalone.json"
RESOURCE = "arn:aws:sagemaker:eu-west-1:111122223333:x/y"
WRONG = {str: "arn:aws:kms:eu-west-1:999999999999:key/wrong", bool: None, int: 999_999_999}
MISSING = object()


class Judged(NamedTuple):
    """A definition's requests, and (control, step, place) of each certain violation."""

    requests: tuple[Request, ...]
    failed: set[tuple[str, str, tuple[Any, ...]]]


class Judge:
    """Checks definitions, and says which contexts IAM may be shown of each request."""

    def __init__(self, environment: Environment, catalogue: Catalogue) -> None:
        self.checker = Checker(environment, catalogue)

    def judge(self, definition: Any) -> Judged:
        text = json.dumps(definition).encode()
        report = self.checker.check(text, "d")
        requests = self.checker.builder.build(read_definition(text, "d")).requests
        failed = {
            (f.control, f.subject, f.place) for f in report.findings if f.verdict is Verdict.FAIL
        }
        return Judged(requests, failed)


def shown(request: Request, world: World) -> Iterator[dict[str, Any]]:
    """Every context that it may be: a key that cannot be known makes none."""
    told = contexts(request, world)
    if any(not one.choices for one in told.open.values()):
        return
    for choice in product(*(one.choices for one in told.open.values())):
        yield {**told.context, **dict(zip(told.open, choice, strict=True))}


def resource_of(request: Request) -> str:
    value = request.resource.value if request.resource else RESOURCE
    return value if isinstance(value, str) else RESOURCE


@pytest.fixture(scope="module")
def abalone(catalogue: Catalogue) -> Judge:
    path = ROOT / "pipelines" / "environment.yaml"
    return Judge(read_environment(path.read_bytes(), "environment.yaml"), catalogue)


@pytest.fixture(scope="module")
def committed(denier_of: Any, abalone: Judge) -> Any:
    return denier_of(abalone.checker.environment)


@pytest.fixture(scope="module")
def example(environment: Environment, catalogue: Catalogue) -> Judge:
    return Judge(environment, catalogue)


@pytest.mark.parametrize("kind", Kind)
def test_every_call_of_the_abalone_pipeline_passes_in_every_world(
    abalone: Judge, denier_of: Any, open_worlds: Any, kind: Kind
) -> None:
    guard = denier_of(abalone.checker.environment, kind)
    seen = set()
    for request in abalone.judge(json.loads(ABALONE.read_bytes())).requests:
        for world in open_worlds:
            for context in shown(request, world):
                seen.add(request.action)
                assert guard.denies(request.action, context, resource_of(request)) == set()
    assert seen == {
        "sagemaker:CreateProcessingJob",
        "sagemaker:CreateTrainingJob",
        "sagemaker:CreateModelPackage",
        "iam:PassRole",
    }


@pytest.mark.parametrize("name", compliant())
def test_every_call_of_a_compliant_definition_passes(
    example: Judge, denier: Any, open_worlds: Any, name: str
) -> None:
    definition, accepted = compliant()[name]
    for request in example.judge(definition).requests:
        for world in open_worlds:
            for context in shown(request, world):
                found = denier().denies(request.action, context, resource_of(request))
                assert found <= accepted, (request.action, request.subject, world.name)


def broken(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every place with what it is replaced by: nothing, or another value of its type."""
    entries = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in entries:
        here = (*path, key)
        yield here, MISSING
        if isinstance(value, dict) and "Get" in value:
            yield here, WRONG[str]
        elif isinstance(value, (dict, list)):
            yield from broken(value, here)
        else:
            yield here, (not value) if isinstance(value, bool) else WRONG.get(type(value))


def changed(definition: Any, path: tuple[Any, ...], value: Any) -> Any:
    made = copy.deepcopy(definition)
    node = made
    for key in path[:-1]:
        node = node[key]
    if value is MISSING:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return made


def escapes(judged: Judged, guard: Any, open_worlds: Any) -> Iterator[tuple[str, str, str]]:
    """Violations of controls that are exact on the action, each with a world that lets it through.

    Only calls that are known in full count. A tuning job with several definitions is left out:
    what IAM is shown of it is not documented.
    """
    exact = {
        (control, one.action)
        for control, projections in guard.made.projections.items()
        for one in projections
        if one.form is Form.EXACT
    }
    for control, subject, place in judged.failed:
        of_step = [
            request
            for request in judged.requests
            if request.subject == subject
            and (place[: len(request.place)] == request.place or is_of_resource(request, place))
            and len(request.facets) == 1
        ]
        for action in sorted({r.action for r in of_step if (control, r.action) in exact}):
            calls = [r for r in of_step if r.action == action]
            for world in open_worlds if all(map(is_known, calls)) else ():
                found = [
                    guard.denies(action, context, resource_of(call))
                    for call in calls
                    for context in shown(call, world)
                ]
                if found:
                    is_denied = any(control in each for each in found)
                    yield control, action, "" if is_denied else world.name


def is_of_resource(request: Request, place: tuple[Any, ...]) -> bool:
    """Whether a finding's place is that of the resource, which may stand outside the input."""
    return request.resource is not None and request.resource.place == place


def is_known(request: Request) -> bool:
    """Whether the resource that a control asks for is known before the call."""
    return request.resource is None or isinstance(request.resource.value, str)


def test_every_broken_abalone_pipeline_is_denied_in_every_world(
    abalone: Judge, committed: Any, open_worlds: Any
) -> None:
    """Each member of it left out or replaced: what an exact control refuses, IAM refuses too."""
    definition = json.loads(ABALONE.read_bytes())
    denied: dict[str, int] = {}
    for path, value in broken(definition["Steps"], ("Steps",)):
        if path[-1] in ("Name", "Type", "Steps"):
            continue
        judged = abalone.judge(changed(definition, path, value))
        for control, action, world in escapes(judged, committed, open_worlds):
            assert not world, f"{control} on {action} at {path}, {world}"
            denied[control] = denied.get(control, 0) + 1
    expected = {
        "CMP-01",
        "CMP-03",
        "CMP-04",
        "KMS-01",
        "KMS-02",
        "NET-01",
        "NET-02",
        "NET-03",
        "NET-04",
        "ROLE-01",
        "TAG-01",
    }
    assert expected <= set(denied), expected - set(denied)


def test_every_mutant_of_the_teeth_is_denied_in_every_world(
    example: Judge, denier: Any, open_worlds: Any
) -> None:
    guard = denier()
    guarded = set(guard.made.projections)
    denied: dict[str, int] = {}
    for mutant in mutants():
        if mutant.move or not {one.control for one in mutant.expected} & guarded:
            continue
        for control, action, world in escapes(example.judge(mutant.definition), guard, open_worlds):
            assert not world, f"{mutant.id}: {control} on {action}, {world}"
            denied[control] = denied.get(control, 0) + 1
    assert set(denied) >= {
        "CMP-01",
        "CMP-03",
        "CMP-04",
        "DBG-01",
        "DBG-02",
        "EXT-01",
        "KMS-01",
        "NET-01",
        "NET-04",
        "REG-01",
        "TAG-01",
    }, denied
