"""One key of a Condition block as a formula.

Sources: "IAM JSON policy elements: Condition operators" (missing keys, IfExists, Null) and
"Single-valued vs. multivalued context keys" in the IAM User Guide. ``may`` says which side to err
on where a value depends on what is not known: on the condition that holds, or that does not.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple, Optional

from ormer.model.policy import Condition, Effect
from ormer.model.policy_operators import FOR_ALL, FOR_ANY, PolicyOperator, split_policy_operator
from ormer.model.symbol import has_symbol
from ormer.prove.atoms import Atom
from ormer.prove.formula import Formula, all_of, any_of, implies, negation
from ormer.prove.pattern import IS_ARN, folded, literal
from ormer.prove.texts import Fixed, Read, read_arn, read_glob, read_literal
from ormer.prove.typed_values import (
    ADDRESS,
    BINARY,
    DATE,
    NUMBER,
    as_moment,
    as_network,
    as_number,
    contains,
)
from ormer.prove.views import Request, View

Holds = Callable[[str], Formula]
"""A variable -> where its text passes."""


class Reading(NamedTuple):
    """How a statement's conditions are read: its effect, its policy's version, and ``may``."""

    effect: Effect
    version: str
    may: bool


def condition_formula(
    condition: Condition, reading: Reading, request: Request, view: Callable[[str], View]
) -> Formula:
    """Where the condition holds; ``view`` shows a key."""
    if has_symbol(condition.key):
        return request.either(
            f"{condition.operator} {condition.key} {condition.values}", reading.may
        )
    operator = split_policy_operator(condition.operator)
    shown = view(condition.key.lower())
    if operator.kind == "null":
        if any(map(has_symbol, condition.values)):
            return request.either(f"Null {condition.key} {condition.values}", reading.may)
        return _null(condition.values, shown.present)
    holds, matches = _value(operator, condition.values, reading, request), request.atoms.matches
    if operator.each == FOR_ANY:
        found = any_of(all_of((where, holds(name))) for where, name in shown.places)
        return any_of((found, negation(shown.present))) if operator.if_exists else found
    if operator.each == FOR_ALL:
        empty = literal("")  # as a key's one value, it is no value there
        return all_of(
            (
                *(implies(w, any_of((matches(n, empty), holds(n)))) for w, n in shown.single),
                *(implies(where, holds(name)) for where, name in shown.many),
            )
        )
    found = any_of(
        (
            any_of(all_of((where, holds(name))) for where, name in shown.single),
            _of_lists(reading, request, holds, shown),
        )
    )
    is_missing_enough = operator.if_exists or operator.negated
    return any_of((found, negation(shown.present))) if is_missing_enough else found


def _of_lists(reading: Reading, request: Request, holds: Holds, shown: View) -> Formula:
    """An operator for one value, on a list: nobody documents whether one that fits is enough."""
    if not shown.many:
        return False
    found = any_of(all_of((where, holds(name))) for where, name in shown.many)
    return all_of((found, request.unsure("one value of a list is enough", reading.may)))


def _null(values: tuple[str, ...], present: Formula) -> Formula:
    words = {value.lower() for value in values}
    missing = negation(present) if "true" in words else False
    return any_of((missing, present if "false" in words else False))


def _value(
    operator: PolicyOperator, values: tuple[str, ...], reading: Reading, request: Request
) -> Holds:
    kind = operator.kind
    if kind in ("text", "folded text", "glob", "arn"):
        return _textual(operator, values, reading, request)
    if any(map(has_symbol, values)):
        called = f"{operator.base} {values}"
        return lambda name: request.either(f"{name} {called}", reading.may)
    if kind == "binary":
        return _binary(values, request)
    if kind == "bool":
        words = {value.lower() for value in values} & {"true", "false"}
        return lambda name: any_of(
            request.atoms.matches(name, folded(word)) for word in sorted(words)
        )
    if kind == "ip":
        return _within(operator, values, reading, request)
    return _ordered(operator, values, reading, request)


def _textual(
    operator: PolicyOperator, values: tuple[str, ...], reading: Reading, request: Request
) -> Holds:
    fixed = fixed_by(request)
    found = [_read(operator.kind, value, reading.version, fixed) for value in values]
    sure = [each.pattern for each in found if each.pattern is not None and not each.is_open]
    perhaps = [
        (value, each.pattern)
        for value, each in zip(values, found, strict=True)
        if each.pattern is not None and each.is_open
    ]
    doubts = [each.doubtful for each in found if each.doubtful is not None]
    matches = request.atoms.matches
    wide = reading.may or request.is_shared
    called = f"{operator.kind} {reading.version}"

    def holds(name: str) -> Formula:
        surely = any_of(matches(name, pattern) for pattern in sure)
        widely = any_of(
            all_of((matches(name, pattern), request.either(f"{name} {called} {value}", True)))
            for value, pattern in perhaps
        )
        if not operator.negated:
            return any_of((surely, widely)) if wide else surely
        apart = negation(any_of((surely, widely)) if request.is_shared or not wide else surely)
        if reading.effect is Effect.DENY:
            return apart
        if perhaps and not wide:
            return False
        is_arn = matches(name, IS_ARN) if operator.kind == "arn" else True
        readable = all_of(request.either(f"{called} {value} is read", True) for value, _ in perhaps)
        doubtful = any_of(matches(name, each) for each in doubts)
        return all_of((apart, is_arn, readable, negation(doubtful)))

    return holds


def _read(kind: str, value: str, version: str, fixed: Fixed) -> Read:
    if kind == "glob":
        return read_glob(value, version, fixed)
    if kind == "arn":
        return read_arn(value, version, fixed)
    return read_literal(value, version, fixed, fold=kind == "folded text")


def fixed_by(request: Request) -> Fixed:
    """The keys whose value is the same in every request of the question."""

    def fixed(key: str) -> tuple[bool, Optional[str]]:
        value = request.space.fixed.get(key)
        shown = request.seen(key)  # so that the request that is found has it
        if value is not None:
            request.seen(key)  # what is found has it
            return True, value
        return shown.present is False, None

    return fixed


def _binary(values: tuple[str, ...], request: Request) -> Holds:
    wanted = {each for value in values if (each := _bytes(value)) is not None}

    def holds(name: str) -> Formula:
        test = Atom(name, None, lambda text: _bytes(text) in wanted, BINARY)
        return request.atoms.passes((BINARY, values), test)

    return holds


def _bytes(text: str) -> Optional[bytes]:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _within(
    operator: PolicyOperator, values: tuple[str, ...], reading: Reading, request: Request
) -> Holds:
    blocks = tuple(block for value in values if (block := as_network(value)) is not None)

    def is_in(text: str) -> bool:
        return any(contains(block, text) for block in blocks)

    def is_address(text: str) -> bool:
        return "/" not in text and as_network(text) is not None

    def holds(name: str) -> Formula:
        found = request.atoms.passes(("in", values), Atom(name, None, is_in, ADDRESS, blocks))
        readable = request.atoms.passes(ADDRESS, Atom(name, None, is_address, ADDRESS))
        return _signed(found, readable, len(blocks) < len(values), operator, reading)

    return holds


def _ordered(
    operator: PolicyOperator, values: tuple[str, ...], reading: Reading, request: Request
) -> Holds:
    kind = NUMBER if operator.kind == "number" else DATE
    read = as_number if kind == NUMBER else as_moment
    limits = tuple(limit for value in values if (limit := read(value)) is not None)
    compared = operator.base.removeprefix("Numeric").removeprefix("Date").removeprefix("Not")

    def is_in(text: str) -> bool:
        value = read(text)
        return value is not None and any(_COMPARE[compared](value, limit) for limit in limits)

    def is_read(text: str) -> bool:
        return read(text) is not None

    def holds(name: str) -> Formula:
        test = Atom(name, None, is_in, kind, limits)
        found = request.atoms.passes((kind, compared, values), test)
        readable = request.atoms.passes(kind, Atom(name, None, is_read, kind))
        return _signed(found, readable, len(limits) < len(values), operator, reading)

    return holds


_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "Equals": lambda value, limit: value == limit,
    "LessThan": lambda value, limit: value < limit,
    "LessThanEquals": lambda value, limit: value <= limit,
    "GreaterThan": lambda value, limit: value > limit,
    "GreaterThanEquals": lambda value, limit: value >= limit,
}


def _signed(
    found: Formula, readable: Formula, malformed: bool, operator: PolicyOperator, reading: Reading
) -> Formula:
    """A negated operator on what cannot be read holds in a Deny and does not in an Allow."""
    if not operator.negated:
        return found
    if reading.effect is Effect.DENY:
        return negation(found)
    return False if malformed else all_of((negation(found), readable))
