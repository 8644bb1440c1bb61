"""A Terraform plan (``terraform show -json``) -> the resources that it is about to declare.

Source: "JSON Output Format" in the Terraform documentation ("Plan Representation", "Values
Representation", "Change Representation").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Optional

from ormer.model.definition import Place, pointer
from ormer.model.errors import InputError
from ormer.model.resource import Declared, Resource
from ormer.model.symbol import END, START, symbol
from ormer.read.templates.names import Given, check_given
from ormer.read.text.json_regions import regions
from ormer.read.text.json_text import read_json

FORMATS = ("0.", "1.")
"""The format versions that are read; Terraform raises the first number when it breaks them."""


def read_plan(text: bytes, name: str, parameters: Given) -> Declared:
    """Read a plan.

    The ids are addresses (``module.a.aws_s3_bucket.b[0]``). What the plan does not know, and
    what it marks as sensitive, is a symbol, ``plan:address.attribute``; ``parameters`` gives
    values by these names. Data sources are left out.

    Raises InputError naming ``name`` and the place for what is no plan, a format that is newer,
    a plan that ended in an error or defers resources, and two resources of one address.
    """
    check_given(parameters)
    text = text.removeprefix(b"\xef\xbb\xbf")
    body = read_json(text, name)
    _check(body, name)
    try:
        found = list(_resources(body["planned_values"], ("planned_values",), name))
        unknown = {one["address"]: one["change"] for one in _changes(body, name)}
        made = [
            (place, _Reader(parameters, name).resource(entry, unknown.get(entry["address"], {})))
            for place, entry in found
        ]
    except RecursionError:
        raise InputError(f"{name}: nested too deeply to be a plan") from None
    where = regions(text.decode("utf-8"), [place for place, _ in made])
    declared: dict[str, Resource] = {}
    for place, resource in made:
        if resource.id in declared:
            raise InputError(f"{name}: {pointer(place)}: a second resource {resource.id!r}")
        declared[resource.id] = resource._replace(lines={(): where[place].line})
    return Declared(name, declared)


def _check(body: Any, name: str) -> None:
    if not isinstance(body, dict) or not isinstance(body.get("planned_values"), dict):
        raise InputError(
            f"{name}: no planned_values: this is not the output of terraform show -json on a plan"
        )
    version = body.get("format_version")
    if not isinstance(version, str) or not version.startswith(FORMATS):
        raise InputError(f"{name}: /format_version is {version!r}, which is not known here")
    if body.get("errored"):
        raise InputError(f"{name}: /errored: the plan ended in an error and is not whole")
    if body.get("deferred_changes"):
        raise InputError(f"{name}: /deferred_changes: the plan leaves resources for later")


def _resources(node: Any, place: Place, name: str) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The managed resources of a module and of those below it."""
    if not place[1:]:
        node, place = node.get("root_module"), (*place, "root_module")
        if node is None:  # the plan of nothing
            return
    module = _typed(node, dict, place, name)
    resources = _typed(module.get("resources", []), list, (*place, "resources"), name)
    for index, entry in enumerate(resources):
        at = (*place, "resources", index)
        _typed(entry, dict, at, name)
        for member in ("address", "type"):
            _typed(entry.get(member), str, (*at, member), name)
        if entry.get("mode") == "managed":
            yield at, entry
    below = _typed(module.get("child_modules", []), list, (*place, "child_modules"), name)
    for index, child in enumerate(below):
        yield from _resources(child, (*place, "child_modules", index), name)


def _changes(body: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    for index, entry in enumerate(_typed(body.get("resource_changes", []), list, (), name)):
        at = ("resource_changes", index)
        _typed(_typed(entry, dict, at, name).get("address"), str, (*at, "address"), name)
        _typed(entry.get("change"), dict, (*at, "change"), name)
        if "deposed" not in entry:  # what is left of a replaced one is not what will be
            yield entry


def _typed(node: Any, kind: type, place: Place, name: str) -> Any:
    if not isinstance(node, kind):
        words: dict[type, str] = {dict: "an object", list: "a list", str: "a text"}
        raise InputError(f"{name}: {pointer(place)} is not {words[kind]}")
    return node


class _Reader:
    def __init__(self, given: Given, name: str) -> None:
        self.given = given
        self.name = name

    def resource(self, entry: Mapping[str, Any], change: Mapping[str, Any]) -> Resource:
        """A resource of the planned values, with what its change says is not known."""
        address = entry["address"]
        values = self._merged(
            entry.get("values") or {},
            change.get("after_unknown"),
            entry.get("sensitive_values"),
            f"plan:{address}",
        )
        return Resource(address, entry["type"], values, {})

    def _merged(self, value: Any, unknown: Any, hidden: Any, label: str) -> Any:
        if unknown is True or hidden is True:
            given = self.given.get(label)
            return symbol(label) if given is None else given
        if isinstance(value, str) and (START in value or END in value):
            raise InputError(
                f"{self.name}: {label.removeprefix('plan:')}: a character of Unicode's private "
                "use area (U+E000 or U+E001)"
            )
        if isinstance(value, dict) or (value is None and _any_of(unknown, dict)):
            return self._object(value or {}, _object(unknown), _object(hidden), label)
        if isinstance(value, list) or (value is None and _any_of(unknown, list)):
            return self._list(value or [], _list(unknown), _list(hidden), label)
        return value

    def _object(
        self, value: dict[str, Any], unknown: dict[str, Any], hidden: dict[str, Any], label: str
    ) -> dict[str, Any]:
        names = [*value, *(name for name in unknown if name not in value and _any(unknown[name]))]
        return {
            name: self._merged(
                value.get(name), unknown.get(name), hidden.get(name), f"{label}.{name}"
            )
            for name in names
        }

    def _list(
        self, value: list[Any], unknown: list[Any], hidden: list[Any], label: str
    ) -> list[Any]:
        length = max(len(value), *(i + 1 for i, one in enumerate(unknown) if _any(one)), 0)
        return [
            self._merged(_at(value, i), _at(unknown, i), _at(hidden, i), f"{label}[{i}]")
            for i in range(length)
        ]


def _any(unknown: Any) -> bool:
    """Whether anything in there is not known."""
    if isinstance(unknown, (dict, list)):
        return any(_any(one) for one in (unknown.values() if type(unknown) is dict else unknown))
    return unknown is True


def _any_of(unknown: Any, kind: type) -> bool:
    return isinstance(unknown, kind) and _any(unknown)


def _object(node: Any) -> dict[str, Any]:
    return node if isinstance(node, dict) else {}


def _list(node: Any) -> list[Any]:
    return node if isinstance(node, list) else []


def _at(values: list[Any], index: int) -> Optional[Any]:
    return values[index] if index < len(values) else None
