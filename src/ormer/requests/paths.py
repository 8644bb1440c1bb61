"""Member paths -> the values a request's input has there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from ormer.model.definition import Place, Step
from ormer.model.request import Found
from ormer.model.value import Expression, Opaque
from ormer.requests.resolve import Resolver, is_reference

EACH = "[]"
EACH_VALUE = "{}"
COUNT = "#"


class Input(NamedTuple):
    """An API input as a step gives it: the node, its place, and the step it stands in."""

    node: Any
    place: Place
    step: Step
    resolver: Resolver


@lru_cache(maxsize=4096)
def path_tokens(path: str) -> tuple[str, ...]:
    """``A.B[].C`` as ``("A", "B", "[]", "C")``."""
    tokens: list[str] = []
    for part in path.split("."):
        each = EACH if part.endswith(EACH) else EACH_VALUE if part.endswith(EACH_VALUE) else ""
        tokens.append(part[: -len(each)] if each else part)
        if each:
            tokens.append(each)
    return tuple(tokens)


def gather(source: Input, tokens: tuple[str, ...]) -> tuple[list[Found], list[Place]]:
    """The values at a path, and the places where one belongs and none is.

    An empty text and null are missing. A list that a path leads to or through without
    ``[]`` is stepped through element by element. Where a structure is unknown, so is the value.
    """
    found: list[Found] = []
    missing: list[Place] = []
    _gather(source, source.node, source.place, tokens, 0, found, missing)
    return found, missing


def _gather(
    source: Input,
    node: Any,
    place: Place,
    tokens: tuple[str, ...],
    at: int,
    found: list[Found],
    missing: list[Place],
) -> None:
    while True:
        if type(node) is dict and len(node) == 1 and is_reference(node):
            node = source.resolver.resolve(node, source.step)
        if not node and (node is None or node in ("", [], {})):
            if at < len(tokens) and tokens[at] == COUNT and node is not None:
                found.append(Found(0, place))
            else:
                missing.append(place + _names(tokens[at:]))
            return
        if isinstance(node, (Opaque, Expression)):
            opaque = (
                at < len(tokens)
                and isinstance(node, Expression)
                and tokens[at] not in (EACH, COUNT)
            )
            found.append(
                Found(Opaque("a text where a structure belongs") if opaque else node, place)
            )
            return
        if at == len(tokens) and not isinstance(node, list):
            found.append(_scalar(node, place))
            return
        token = tokens[at] if at < len(tokens) else EACH
        if token == COUNT:
            count: Any = len(node) if isinstance(node, (list, dict)) else Opaque("not a list")
            found.append(Found(count, place))
            return
        if isinstance(node, list):
            step = at + 1 if token == EACH and at < len(tokens) else at
            for index, element in enumerate(node):
                if step == len(tokens) and (element is None or element == ""):
                    found.append(Found("", (*place, index)))  # an element, though an empty one
                else:
                    _gather(source, element, (*place, index), tokens, step, found, missing)
            return
        if not isinstance(node, dict):
            found.append(Found(Opaque(f"{_kind(node)} where a structure belongs"), place))
            return
        if token == EACH_VALUE:
            for name, element in node.items():
                _gather(source, element, (*place, name), tokens, at + 1, found, missing)
            return
        if token == EACH:
            found.append(Found(Opaque("a structure where a list belongs"), place))
            return
        node, place, at = node.get(token), (*place, token), at + 1


def _scalar(node: Any, place: Place) -> Found:
    if isinstance(node, (dict, list)):
        return Found(Opaque("a structure where a value belongs"), place)
    return Found(node, place)


def _names(tokens: tuple[str, ...]) -> Place:
    return tuple([token for token in tokens if token not in (EACH, EACH_VALUE, COUNT)])


def _kind(node: Any) -> str:
    return "text" if isinstance(node, str) else "a scalar"


def raw_nodes(node: Any, place: Place, tokens: tuple[str, ...]) -> Iterator[tuple[Any, Place]]:
    """The nodes at a path as written, references unresolved."""
    for at, token in enumerate(tokens):
        if token in (EACH, EACH_VALUE):
            for name, below in _below(node, token):
                yield from raw_nodes(below, (*place, name), tokens[at + 1 :])
            return
        if not isinstance(node, dict) or token not in node:
            return
        node, place = node[token], (*place, token)
    if node is not None:
        yield node, place


def _below(node: Any, each: str) -> Iterable[tuple[Any, Any]]:
    if each == EACH:
        return enumerate(node if isinstance(node, list) else ())
    return node.items() if isinstance(node, dict) else ()
