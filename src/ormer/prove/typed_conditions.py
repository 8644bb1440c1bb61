"""Operators that read both values as bytes, flags, addresses, numbers or moments, as formulas.

Source: "IAM JSON policy elements: Condition operators" in the IAM User Guide. What an operator
does with a value that cannot be read, of the policy or of the request, the page does not say: it
is in doubt, and read as the evaluator does where it is replayed.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple, Optional

from ormer.model.policy_operators import PolicyOperator
from ormer.prove.atoms import Atom
from ormer.prove.formula import Formula, all_of, any_of, negation
from ormer.prove.pattern import folded
from ormer.prove.typed_values import (
    ADDRESS,
    BINARY,
    DATE,
    NUMBER,
    Limit,
    as_moment,
    as_network,
    as_number,
    contains,
    is_read,
)
from ormer.prove.views import Request

Holds = Callable[[str], Formula]
_FLAGS = ("false", "true")


class Compared(NamedTuple):
    """Where values are compared: of which request, and whether the operator holds of a variable of
    which something cannot be read, by a name for that."""

    request: Request
    doubt: Callable[[str, str], Formula]


def typed(operator: PolicyOperator, values: tuple[str, ...], where: Compared) -> Holds:
    """Where a variable's value passes the operator."""
    if operator.kind == "bool":
        return _flag(values, where)
    if operator.kind == "binary":
        return _binary(values, where)
    if operator.kind == "ip":
        return _within(operator, values, where)
    return _ordered(operator, values, where)


def name_of(variable: str) -> str:
    """A variable in words: that of a text that is fixed is the text."""
    return variable.removeprefix("=")


def compared(values: tuple[str, ...]) -> str:
    """What is in doubt where a policy's values cannot be read."""
    return f"where it is compared with {', '.join(values)}"


def _flag(values: tuple[str, ...], where: Compared) -> Holds:
    words = {value.lower() for value in values}
    is_malformed = any(word not in _FLAGS for word in words)

    def holds(name: str) -> Formula:
        doubt = where.doubt(name, compared(values)) if is_malformed else False
        matches = where.request.atoms.matches
        return any_of((*(matches(name, folded(w)) for w in _FLAGS if w in words), doubt))

    return holds


def _binary(values: tuple[str, ...], where: Compared) -> Holds:
    read = [_bytes(value) for value in values]
    wanted = {each for each in read if each is not None}

    def holds(name: str) -> Formula:
        doubt = where.doubt(name, compared(values)) if None in read else False
        test = Atom(name, None, lambda text: _bytes(text) in wanted, BINARY)
        return any_of((where.request.atoms.passes((BINARY, values), test), doubt))

    return holds


def _bytes(text: str) -> Optional[bytes]:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _within(operator: PolicyOperator, values: tuple[str, ...], where: Compared) -> Holds:
    blocks = tuple(block for value in values if (block := as_network(value)) is not None)

    def is_in(text: str) -> bool:
        return any(contains(block, text) for block in blocks)

    def holds(name: str) -> Formula:
        test = Atom(name, None, is_in, ADDRESS, blocks)
        found = where.request.atoms.passes(("in", values), test)
        return _signed(name, found, ADDRESS, blocks, operator, values, where)

    return holds


def _ordered(operator: PolicyOperator, values: tuple[str, ...], where: Compared) -> Holds:
    kind = NUMBER if operator.kind == "number" else DATE
    read = as_number if kind == NUMBER else as_moment
    limits = tuple(limit for value in values if (limit := read(value)) is not None)
    compared = operator.base.removeprefix("Numeric").removeprefix("Date").removeprefix("Not")

    def is_in(text: str) -> bool:
        value = read(text)
        return value is not None and any(_COMPARE[compared](value, limit) for limit in limits)

    def holds(name: str) -> Formula:
        test = Atom(name, None, is_in, kind, limits)
        found = where.request.atoms.passes((kind, compared, values), test)
        return _signed(name, found, kind, limits, operator, values, where)

    return holds


_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "Equals": lambda value, limit: value == limit,
    "LessThan": lambda value, limit: value < limit,
    "LessThanEquals": lambda value, limit: value <= limit,
    "GreaterThan": lambda value, limit: value > limit,
    "GreaterThanEquals": lambda value, limit: value >= limit,
}


def _signed(
    name: str,
    found: Formula,
    kind: str,
    limits: tuple[Limit, ...],
    operator: PolicyOperator,
    values: tuple[str, ...],
    where: Compared,
) -> Formula:
    """What is found, or its opposite, where both values can be read; else it is in doubt."""
    of_request = where.doubt(name, "where that cannot be read")
    of_policy = where.doubt(name, compared(values)) if len(limits) < len(values) else None
    readable = _readable(name, kind, where.request)
    if not operator.negated:
        of_request = all_of((negation(readable), of_request))
        return any_of((found, of_request, False if of_policy is None else of_policy))
    parts = (negation(found), any_of((readable, of_request)))
    return all_of((*parts, True if of_policy is None else of_policy))


def _readable(name: str, kind: str, request: Request) -> Formula:
    test = Atom(name, None, lambda text: is_read(kind, text), kind)
    return request.atoms.passes(kind, test)
