"""One key of a Condition block as a formula.

Sources: "IAM JSON policy elements: Condition operators" (missing keys, IfExists, Null) and
"Single-valued vs. multivalued context keys" in the IAM User Guide. ``may`` says which side to err
on where a value depends on what is not known: on the condition that holds, or that does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Optional

from ormer.model.policy import Condition, Effect
from ormer.model.policy_operators import FOR_ALL, FOR_ANY, PolicyOperator, split_policy_operator
from ormer.model.symbol import has_symbol
from ormer.prove.formula import Formula, all_of, any_of, implies, negation
from ormer.prove.pattern import EVERYTHING, IS_ARN, literal
from ormer.prove.texts import Fixed, Read, read_arn, read_glob, read_literal
from ormer.prove.typed_conditions import Compared, compared, name_of, typed
from ormer.prove.views import Request, View

Holds = Callable[[str], Formula]
"""A variable -> where its text passes."""


class Reading(NamedTuple):
    """How a statement's conditions are read: its effect, its policy's version, and ``may``.

    ``is_ours``: it is no policy, but what is asked about. Then nothing is in doubt, whatever AWS
    does not document: the evaluator's reading is what is meant. ``place`` says
    which statement it is.
    """

    effect: Effect
    version: str
    may: bool
    is_ours: bool = False
    place: str = ""

    def doubt(self, request: Request, called: str, as_read: bool) -> Formula:
        """Whether something holds that AWS does not document (``Request.in_doubt``)."""
        if self.is_ours:
            return as_read
        return request.in_doubt(called, as_read, self.may, self.place)


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
        found = any_of(
            (
                *(all_of((w, holds(n), _is_value(n, reading, request))) for w, n in shown.single),
                *(all_of((where, holds(name))) for where, name in shown.many),
            )
        )
        if not operator.if_exists:
            return found
        called = f"{condition.operator} holds where {condition.key} is missing"
        return any_of(
            (
                found,
                all_of((negation(shown.present), reading.doubt(request, called, True))),
            )
        )
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
            _of_lists(condition, reading, request, holds, shown),
        )
    )
    is_missing_enough = operator.if_exists or operator.negated
    return any_of((found, negation(shown.present))) if is_missing_enough else found


def _of_lists(
    condition: Condition, reading: Reading, request: Request, holds: Holds, shown: View
) -> Formula:
    """An operator for one value, on a list: nobody documents whether one that fits is enough."""
    if not shown.many:
        return False
    found = any_of(all_of((where, holds(name))) for where, name in shown.many)
    called = (
        f"one value of several is enough to {condition.operator} {condition.key.lower()}"
        " (ForAllValues or ForAnyValue says it)"
    )
    return all_of((found, request.unsure(called, reading.may, reading.place)))


def _null(values: tuple[str, ...], present: Formula) -> Formula:
    words = {value.lower() for value in values}
    missing = negation(present) if "true" in words else False
    return any_of((missing, present if "false" in words else False))


def _is_value(name: str, reading: Reading, request: Request) -> Formula:
    """An empty text as a key's one value may be a value, or none: of a set operator the page says
    "a null data set, such as an empty string"."""
    about = request.atoms.variables[name]
    if about.kind or (about.values is not None and "" not in about.values):
        return True
    doubt = reading.doubt(request, f"an empty text is a value of {name_of(name)}", True)
    return any_of((negation(request.atoms.matches(name, literal(""))), doubt))


def _value(
    operator: PolicyOperator, values: tuple[str, ...], reading: Reading, request: Request
) -> Holds:
    if operator.kind in ("text", "folded text", "glob", "arn"):
        return _textual(operator, values, reading, request)
    if any(map(has_symbol, values)):
        called = f"{operator.base} {values}"
        return lambda name: request.either(f"{name} {called}", reading.may)
    is_denial = operator.negated and reading.effect is Effect.DENY

    def doubt(name: str, called: str) -> Formula:
        said = f"{operator.base} holds of {name_of(name)} {called}"
        return reading.doubt(request, said, is_denial)

    return typed(operator, values, Compared(request, doubt))


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
    doubts = [
        each.doubtful
        for each in found
        if each.doubtful is not None and (operator.negated or not each.is_lost)
    ]
    matches = request.atoms.matches
    wide = reading.may or request.is_shared
    called = f"{operator.kind} {reading.version}"
    is_denial = operator.negated and reading.effect is Effect.DENY

    def holds(name: str) -> Formula:
        said = f"{operator.base} holds of {name_of(name)} {compared(values)}"
        surely = any_of(matches(name, pattern) for pattern in sure)
        doubtful = any_of(True if each == EVERYTHING else matches(name, each) for each in doubts)
        widely = any_of(
            all_of((matches(name, pattern), request.either(f"{name} {called} {value}", True)))
            for value, pattern in perhaps
        )
        doubt = reading.doubt(request, said, is_denial) if doubts else False
        if not operator.negated:
            return any_of((surely, widely if wide else False, all_of((doubtful, doubt))))
        apart = negation(any_of((surely, widely)) if request.is_shared or not wide else surely)
        apart = all_of((apart, any_of((negation(doubtful), doubt))))
        if reading.effect is Effect.DENY:
            return apart
        if perhaps and not wide:
            return False
        readable = all_of(request.either(f"{called} {value} is read", True) for value, _ in perhaps)
        return all_of((apart, readable, _is_arn(name, operator, reading, request)))

    return holds


def _is_arn(name: str, operator: PolicyOperator, reading: Reading, request: Request) -> Formula:
    """Whether a negated operator of an Allow holds of what is no ARN is in doubt."""
    if operator.kind != "arn":
        return True
    called = f"{operator.base} holds of {name_of(name)} in an Allow where that is no ARN"
    doubt = reading.doubt(request, called, False)
    return any_of((request.atoms.matches(name, IS_ARN), doubt))


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
