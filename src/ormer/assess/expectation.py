"""What a control asks for, in a few words, from what it forbids."""

from __future__ import annotations

from ormer.model.control import Condition, Statement
from ormer.model.operators import BOOL, NULL, NUMERIC, split_operator

_MOST_SHOWN = 6
_LIMITS = {
    "NumericGreaterThan": "at most",
    "NumericGreaterThanEquals": "below",
    "NumericLessThan": "at least",
    "NumericLessThanEquals": "above",
    "NumericNotEquals": "",
    "NumericEquals": "not",
}


def expectation(statements: list[Statement]) -> str:
    """The opposite of the statements: ``one of a, b``, ``true``, ``at most 3600``, ``present``."""
    asked: list[str] = []
    for statement in statements:
        text = _of_statement(statement)
        if text and text not in asked:
            asked.append(text)
    specific = [text for text in asked if text != "present"]
    return "; ".join(specific or asked)


def _of_statement(statement: Statement) -> str:
    if statement.resources is not None:
        return _of_values(statement.resources, not statement.not_resource)
    texts = [_of_condition(condition) for condition in statement.conditions]
    texts = [text for text in texts if text]
    return texts[-1] if texts else ""


def _of_condition(condition: Condition) -> str:
    operator = split_operator(condition.operator)
    if operator.base == NULL:
        return "present" if condition.values[0].lower() == "true" else ""
    if operator.base == BOOL:
        return "true" if condition.values[0].lower() == "false" else "not true"
    if operator.base in NUMERIC:
        return f"{_LIMITS[operator.base]} {', '.join(condition.values)}".strip()
    return _of_values(condition.values, not operator.negated)


def _of_values(values: tuple[str, ...], forbidden: bool) -> str:
    shown = ", ".join(values[:_MOST_SHOWN])
    if len(values) > _MOST_SHOWN:
        shown += f", ... ({len(values)} in all)"
    if not values:
        return "nothing is approved" if not forbidden else ""
    if forbidden:
        return f"not {shown}"
    return shown if len(values) == 1 else f"one of {shown}"
