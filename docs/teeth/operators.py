"""Mutation operators: ways to break a definition in one place.

Each takes a definition, the place of a member and a value where it needs one, and gives the
mutant's definition and the place that is wrong in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from docs.teeth.places import MISSING, Place, at, changed, put, refer

PARAMETER = "Mutant"
EARLIER = "Earlier"
_FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:approved"


class Broken(NamedTuple):
    """A definition after an operator, and the place where it is broken."""

    definition: Any
    place: Place


Operator = Callable[[Any, Place, Any], Broken]


def remove(definition: Any, place: Place, value: Any) -> Broken:
    """The member is not there."""

    def change(holder: Any, key: Any) -> None:
        del holder[key]

    return Broken(changed(definition, place, change), place)


def empty(definition: Any, place: Place, value: Any) -> Broken:
    """The member holds nothing: an empty list, structure or text."""
    here = at(definition, place)
    nothing: Any = type(here)() if isinstance(here, (list, dict)) else ""
    return Broken(put(definition, place, nothing), place)


def null(definition: Any, place: Place, value: Any) -> Broken:
    """The member is null."""
    return Broken(put(definition, place, None), place)


def wrong(definition: Any, place: Place, value: Any) -> Broken:
    """The member has another value; in a list, every element is replaced by it."""
    if isinstance(at(definition, place), list) and not isinstance(value, list):
        return Broken(put(definition, place, [value]), (*place, 0))
    return Broken(put(definition, place, value), place)


def second(definition: Any, place: Place, value: Any) -> Broken:
    """A list gets one more element, which is not like the others."""
    here = at(definition, place)
    element = (*place, len(here))
    return Broken(put(definition, place, [*here, value]), element)


def caller(definition: Any, place: Place, value: Any) -> Broken:
    """A parameter takes the member's place: a caller may pass anything, its default is fine.

    ``value`` is the default where it is not the member's own value.
    """
    place = _first(definition, place)
    here = at(definition, place)
    default = here if value is MISSING else value
    kind = _KINDS.get(type(default), "String")
    parameter = {"Name": PARAMETER, "Type": kind}
    if type(default) in _KINDS:
        parameter["DefaultValue"] = default
    made = refer(definition, place, {"Get": f"Parameters.{PARAMETER}"})
    made["Parameters"] = [*made.get("Parameters", []), parameter]
    return Broken(made, place)


def run_time(definition: Any, place: Place, value: Any) -> Broken:
    """The output of a function takes the member's place: known only while the pipeline runs."""
    place = _first(definition, place)
    reference = {"Get": f"Steps.{EARLIER}.OutputParameters['value']"}
    made = refer(definition, place, reference)
    step = {
        "Name": EARLIER,
        "Type": "Lambda",
        "FunctionArn": _FUNCTION,
        "OutputParameters": [{"OutputName": "value", "OutputType": "String"}],
        "Arguments": {},
    }
    made["Steps"] = [*made["Steps"], step]
    return Broken(made, place)


def _first(definition: Any, place: Place) -> Place:
    """A list's first element; the place itself for anything else."""
    here = at(definition, place)
    is_of_texts = isinstance(here, list) and here and isinstance(here[0], str)
    return (*place, 0) if is_of_texts else place


_KINDS: dict[type, str] = {str: "String", bool: "Boolean", int: "Integer", float: "Float"}

OPERATORS: dict[str, Operator] = {
    "remove": remove,
    "empty": empty,
    "null": null,
    "wrong": wrong,
    "caller": caller,
    "run time": run_time,
    "second": second,
}
