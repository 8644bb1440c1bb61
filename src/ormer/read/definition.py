"""Definition text -> Definition.

What is here an error is what makes a definition unreadable; what can be read but is
wrong (an unknown step type, a dangling reference) is a finding and found later.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ormer.facts.step_types import STEP_TYPES
from ormer.model.definition import Definition, Parameter, Place, Step, pointer
from ormer.model.digest import sha256
from ormer.model.errors import InputError
from ormer.read.text.json_text import read_json

PARAMETER_TYPES = ("String", "Integer", "Float", "Boolean")
DEEPEST = 64
"""Condition and ForEach steps inside each other. The service allows far fewer."""


def read_definition(text: bytes, name: str) -> Definition:
    """Read a pipeline definition.

    Raises InputError naming ``name`` and the JSON Pointer for what is no definition:
    not a JSON object, no list of Steps, a step without Name or Type, two steps or two
    parameters of one name, Parameters that are no list.
    """
    return definition_of(read_json(text, name), name, text)


def definition_of(body: Any, name: str, text: bytes) -> Definition:
    """The definition that a JSON value is; ``text`` is what it was written as."""
    if not isinstance(body, dict):
        raise InputError(f"{name}: a definition is a JSON object, this is {_kind(body)}")
    if "Steps" not in body:
        raise InputError(f"{name}: no Steps: this is not a pipeline definition")
    parameters = _parameters(body.get("Parameters"), name)
    steps = tuple(_steps(body["Steps"], ("Steps",), "", "", name, 0))
    return Definition(body, parameters, steps, _by_name(steps, name), _digest(text))


def _digest(text: bytes) -> str:
    return sha256(text).hexdigest()


def _parameters(entries: Any, name: str) -> dict[str, Parameter]:
    if entries is None:
        return {}
    if not isinstance(entries, list):
        raise InputError(f"{name}: /Parameters is {_kind(entries)}, not a list")
    found: dict[str, Parameter] = {}
    for index, entry in enumerate(entries):
        place = ("Parameters", index)
        parameter = _parameter(entry, place, name)
        if parameter.name in found:
            raise _refused(name, place, f": a second parameter {parameter.name!r}")
        found[parameter.name] = parameter
    return found


def _parameter(entry: Any, place: Place, name: str) -> Parameter:
    if not isinstance(entry, dict):
        raise _refused(name, place, f" is {_kind(entry)}, not an object")
    for member in ("Name", "Type"):
        if not isinstance(entry.get(member), str) or not entry[member]:
            raise _refused(name, place, f": a parameter without {member}")
    if entry["Type"] not in PARAMETER_TYPES:
        known = ", ".join(PARAMETER_TYPES)
        raise _refused(name, place, f"/Type is {entry['Type']!r}, not one of {known}")
    choices = entry.get("EnumValues")
    if choices is not None and not isinstance(choices, list):
        raise _refused(name, place, f"/EnumValues is {_kind(choices)}, not a list")
    if choices and "DefaultValue" in entry and entry["DefaultValue"] not in choices:
        raise _refused(name, place, "/DefaultValue is none of its EnumValues")
    return Parameter(
        entry["Name"],
        entry["Type"],
        entry.get("DefaultValue"),
        tuple(choices) if choices else None,
        place,
    )


def _steps(
    entries: Any, place: Place, prefix: str, parent: str, name: str, depth: int
) -> Iterator[Step]:
    if not isinstance(entries, list):
        raise _refused(name, place, f" is {_kind(entries)}, not a list of steps")
    if depth > DEEPEST:
        raise _refused(name, place, f": nested deeper than {DEEPEST} steps")
    for index, body in enumerate(entries):
        at = (*place, index)
        step = _step(body, at, prefix, parent, name)
        yield step
        step_type = STEP_TYPES.get(step.type)
        for branch in step_type.branches if step_type else ():
            inner = step.arguments.get(branch)
            if inner is not None:
                inner_prefix = f"{step.path}/{branch}/"
                inner_place = (*at, "Arguments", branch)
                yield from _steps(inner, inner_place, inner_prefix, step.name, name, depth + 1)


def _step(body: Any, place: Place, prefix: str, parent: str, name: str) -> Step:
    if not isinstance(body, dict):
        raise _refused(name, place, f" is {_kind(body)}, not a step")
    for member in ("Name", "Type"):
        if not isinstance(body.get(member), str) or not body[member]:
            raise _refused(name, place, f": a step without {member}")
    if not isinstance(body.get("Arguments", {}), (dict, type(None))):
        raise _refused(name, place, f"/Arguments is {_kind(body['Arguments'])}, not an object")
    return Step(body["Name"], body["Type"], body, place, prefix + body["Name"], parent)


def _by_name(steps: tuple[Step, ...], name: str) -> dict[str, Step]:
    found: dict[str, Step] = {}
    for step in steps:
        if step.name in found:
            places = f"{pointer(found[step.name].place)} and {pointer(step.place)}"
            raise InputError(f"{name}: two steps named {step.name!r}: {places}")
        found[step.name] = step
    return found


def _refused(name: str, place: Place, why: str) -> InputError:
    return InputError(f"{name}: {pointer(place)}{why}")


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return names.get(type(value), "a number")
