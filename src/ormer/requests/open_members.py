"""Members of interest in JSON that no service model describes (EMR, a job's document)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ormer.model.definition import Place
from ormer.model.request import Member
from ormer.model.value import Expression, Opaque, Value
from ormer.requests.command_arguments import argument_readings
from ormer.requests.open_names import SHAPES, reading_of, shapes_of
from ormer.requests.open_texts import Reading, locations, texts
from ormer.requests.paths import Input
from ormer.requests.resolve import is_reference

_ARGUMENTS = "Args"
_PROPERTIES = "Properties"
_ANY_PROPERTY = "spark.jars"
"""What a property is read like whose name is not fixed."""


class _At(NamedTuple):
    """Where a node stands: its place, the path of members to it, and its name."""

    place: Place
    path: str = ""
    name: str = ""

    def member(self, key: str) -> _At:
        path = f"{self.path}.{key}" if self.path else key
        return _At((*self.place, key), path, key)

    def element(self, index: int) -> _At:
        return self._replace(place=(*self.place, index))


def open_members(source: Input) -> Iterator[Member]:
    """Keys, roles, images and ARNs by name or value, locations by what is read in a text."""
    yield from _members(source, source.node, _At(source.place))


def _members(source: Input, node: Any, at: _At) -> Iterator[Member]:
    if isinstance(node, dict) and not is_reference(node):
        titled = _title(source, node) if at.name == _PROPERTIES else ""
        for key, value in node.items():
            below = at.member(key)
            is_titled = titled and key == "Value"
            yield from _members(source, value, below._replace(name=titled) if is_titled else below)
    elif isinstance(node, list) and at.name == _ARGUMENTS:
        yield from _arguments(source, node, at)
    elif isinstance(node, list):
        for index, element in enumerate(node):
            yield from _members(source, element, at.element(index))
    elif node is not None:
        value = _resolved(source, node)
        shapes = tuple(shapes_of(at.name, value))
        reading = Reading.SHOWN if shapes else reading_of(at.name)
        yield from _scalar(value, at, shapes, reading)


def _scalar(value: Value, at: _At, shapes: tuple[str, ...], reading: Reading) -> Iterator[Member]:
    if isinstance(value, Opaque):
        shapes = shapes or SHAPES
    else:
        for place in locations(value, reading):
            yield Member(at.path, "S3Uri", place, at.place, "")
    for shape in shapes:
        yield Member(at.path, shape, value or None, at.place, "")


def _arguments(source: Input, node: list[Any], at: _At) -> Iterator[Member]:
    """The arguments of a command, each read for what it is there."""
    values = [_resolved(source, element) for element in node]
    known = [
        texts(v) if isinstance(v, (str, bool, int, float, Expression)) else None for v in values
    ]
    for index, reading in enumerate(argument_readings(known)):
        here = at.element(index)._replace(name="")
        if isinstance(values[index], (dict, list)):
            yield Member(at.path, "S3Uri", Opaque("it is no text"), here.place, "")
            yield from _members(source, values[index], here)
        elif values[index] is not None:
            shapes = ("S3Uri",) if isinstance(values[index], Opaque) else ()
            yield from _scalar(values[index], here, shapes, reading)


def _resolved(source: Input, node: Any) -> Any:
    value = source.resolver.resolve(node, source.step)
    if is_reference(node) and isinstance(value, (dict, list)):
        return Opaque("it is a whole structure")
    return value


def _title(source: Input, node: dict[str, Any]) -> str:
    """The name of a property that is written as its Key and its Value."""
    if "Key" not in node or "Value" not in node:
        return ""
    key = _resolved(source, node["Key"])
    return key if isinstance(key, str) else _ANY_PROPERTY
