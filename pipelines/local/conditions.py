"""Conditions of a condition step (AWS: "Condition step")."""

from __future__ import annotations

import operator
from typing import Any, Callable, Mapping, Sequence

from ormer.model.errors import InputError
from pipelines.local.values import Values

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}


def all_hold(conditions: Sequence[Mapping[str, Any]], values: Values) -> bool:
    """Whether every condition holds; raises InputError for one that cannot be compared."""
    return all(_holds(condition, values) for condition in conditions)


def _holds(condition: Mapping[str, Any], values: Values) -> bool:
    kind = condition["Type"]
    if kind == "Not":
        return not _holds(condition["Expression"], values)
    if kind == "Or":
        return any(_holds(inner, values) for inner in condition["Conditions"])
    if kind == "In":
        return bool(values.resolve(condition["QueryValue"]) in values.resolve(condition["Values"]))
    if kind not in _COMPARISONS:
        raise InputError(f"condition of type {kind!r}: cannot be evaluated on this machine")
    left = values.resolve(condition["LeftValue"])
    right = values.resolve(condition["RightValue"])
    try:
        return _COMPARISONS[kind](left, right)
    except TypeError:
        raise InputError(f"condition {kind}: {left!r} and {right!r} cannot be compared") from None
