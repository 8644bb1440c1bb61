"""Secrets in what a container is given: the detectors behind ``api:SecretFindings``.

The detectors are those of the library detect-secrets (in the fork that is kept,
``bc-detect-secrets``); what is here decides which texts they see. Texts that no detector
can match are passed over before the library is loaded, which takes longer than a check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, Optional

from ormer.facts.service import Shape
from ormer.model.definition import Place
from ormer.model.request import Found
from ormer.model.value import Opaque
from ormer.requests.paths import Input, raw_nodes
from ormer.requests.resolve import is_reference

HOLDERS = frozenset(
    ["HyperParameters", "StaticHyperParameters", "Environment"]
    + ["ContainerArguments", "ContainerEntrypoint"]
)
"""Members whose texts reach a container as they are."""

PAYLOADS = frozenset(["Lambda", "Callback", "EMR", "EMRServerless", "Job"])
"""Step types whose whole Arguments are handed over."""

_SENSITIVE_NAME = (
    r"(?i)pass|pwd|secret|(^|[^a-z])tokens?([^a-z]|$)|key|cred|auth|priv|conn|dsn|account|cert|sign"
    r"|salt|hook|jwt|login"
)
_HARMLESS = (
    r"(?i)[-+]?[\d.,e+-]*|true|false|none|null"  # numbers and constants
    r"|s3://[\w./=-]+|arn:[\w:/.*-]+|/[\w./-]*|--?[\w-]+"  # places and option names
    r"|[A-Za-z][a-z_]*(?:[:._/ -][a-z_]+)*"  # words
)
_Text = tuple[str, str, Place]

_SHORTEST = 12
"""Characters. No token format is shorter; a short password is known by its name."""


def secrets_in(source: Input, shape: Optional[Shape]) -> tuple[Found, ...]:
    """What looks like a secret in the input, each with its place; empty when nothing does.

    ``shape`` is the input's, or None where no service model describes it. The value of a
    find names the kind of secret and never the secret itself. Where a text has to be
    looked at and the library is not installed, the value is Opaque.
    """
    return tuple(
        Found(kind, place)
        for name, text, place in _held(source, shape)
        if (kind := _suspicion(name, text)) is not None
    )


def _held(source: Input, shape: Optional[Shape]) -> Iterator[_Text]:
    """The texts that a container is given: below the holders, or everything in a payload."""
    if shape is None or source.step.type in PAYLOADS:
        yield from _texts(source, source.node, source.place, "")
        return
    for path in _holder_paths(shape):
        if path[0] not in source.node:
            continue
        for node, place in raw_nodes(source.node, source.place, path):
            yield from _texts(source, node, place, path[-1])


@cache
def _holder_paths(shape: Shape, inside: tuple[Shape, ...] = ()) -> tuple[tuple[str, ...], ...]:
    """The paths below a shape that lead to a holder."""
    if shape in inside:
        return ()
    below = (*inside, shape)
    if shape.item is not None:
        each = "[]" if shape.kind == "list" else "{}"
        return tuple((each, *path) for path in _holder_paths(shape.item, below))
    paths: list[tuple[str, ...]] = []
    for name, member in shape.members.items():
        if name in HOLDERS:
            paths.append((name,))
        else:
            paths += [(name, *path) for path in _holder_paths(member, below)]
    return tuple(paths)


def _texts(source: Input, node: Any, place: Place, name: str) -> Iterator[_Text]:
    """(name, text, place) of every text in the node."""
    if isinstance(node, str):
        if node:
            yield name, node, place
    elif isinstance(node, dict):
        if is_reference(node):
            yield from _fragments(source, node, place, name)
            return
        for member, value in node.items():
            yield from _texts(source, value, (*place, member), member)
    elif isinstance(node, list):
        option = name
        for index, element in enumerate(node):
            yield from _texts(source, element, (*place, index), option)
            is_option = isinstance(element, str) and element.startswith("-") and "=" not in element
            option = element.lstrip("-") if is_option else name


def _fragments(source: Input, node: Any, place: Place, name: str) -> Iterator[_Text]:
    """The fixed texts of a reference: a parameter's default and enum, a join's pieces."""
    whole = source.resolver.resolve(node, source.step)
    if isinstance(whole, str):
        yield name, whole, place
        return
    ((form, argument),) = node.items()
    if form == "Get" and isinstance(argument, str) and argument.startswith("Parameters."):
        parameter = source.resolver.definition.parameters.get(argument.partition(".")[2])
        if parameter is None:
            return
        for value in (parameter.default, *(parameter.choices or ())):
            if isinstance(value, str) and value:
                yield f"{name}_{parameter.name}", value, place
    elif form == "Std:Join" and isinstance(argument, dict):
        values = argument.get("Values")
        for value in values if isinstance(values, list) else ():
            if isinstance(value, str) and value:
                yield name, value, place
            elif is_reference(value):
                yield from _fragments(source, value, place, name)


@lru_cache(maxsize=65536)
def _suspicion(name: str, text: str) -> Any:
    """The kind of secret, Opaque if it cannot be told, or None."""
    if text.startswith("-") and "=" in text:
        name, _, text = text.partition("=")
    sensitive = _is_sensitive(name)
    if re.fullmatch(_HARMLESS, text) and (not sensitive or _is_place(text)):
        return None
    if len(text) < _SHORTEST and not sensitive:
        return None
    detectors = _detectors()
    if detectors is None:
        return Opaque("the library that looks for secrets is not installed")
    for line in text.splitlines() or [text]:
        for detector in detectors:
            found = detector.analyze_line(filename="", line=f'{name} = "{line}"', line_number=1)
            if found:
                return f"what looks like a secret ({next(iter(found)).type})"
    return None


def _is_sensitive(name: str) -> bool:
    """Whether a name says that a secret is there, and not where one is or how many."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    if re.search(r"(?i)(^|[^a-z])(name|id|arn|path|uri|file)$", words):
        return False
    return bool(re.search(_SENSITIVE_NAME, words))


def _is_place(text: str) -> bool:
    return text.startswith(("s3://", "arn:", "/opt/ml/", "--")) or not any(
        c.isalpha() for c in text
    )


@lru_cache(maxsize=1)
def _detectors() -> Optional[tuple[Any, ...]]:
    try:
        from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
    except ImportError:
        return None
    return tuple(detector() for detector in get_mapping_from_secret_type_to_class().values())
