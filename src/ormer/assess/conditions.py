"""IAM condition operators over values that are partly open.

Semantics: "IAM JSON policy elements: Condition operators" and "Multivalued context keys"
in the IAM User Guide. Values OR; negated operators NOR; a missing key makes a negated
operator and ``...IfExists`` true, ``ForAllValues`` true, everything else false.
"""

from __future__ import annotations

from collections.abc import Callable

from ormer.assess.membership import Membership, comparison, emptiness, flag, membership
from ormer.assess.outcome import CALLER, NEVER, NO, UNKNOWN, YES, Outcome
from ormer.assess.textset import ArnSet, TextSet
from ormer.model.operators import BOOL, NULL, split_operator
from ormer.model.request import Found, Operand
from ormer.model.value import Opaque, Value

ConditionTest = Callable[[Operand], Outcome]
_ValueTest = Callable[[Value], Membership]


_TEXT = {"StringEquals": (False, False), "StringLike": (True, False)}
_TEXT["StringEqualsIgnoreCase"] = (False, True)
_TEXT["ArnEquals"] = _TEXT["ArnLike"] = (True, False)
_NUMERIC: dict[str, Callable[[float, float], bool]] = {
    "NumericEquals": lambda a, b: a == b,
    "NumericLessThan": lambda a, b: a < b,
    "NumericLessThanEquals": lambda a, b: a <= b,
    "NumericGreaterThan": lambda a, b: a > b,
    "NumericGreaterThanEquals": lambda a, b: a >= b,
}


def condition_test(operator: str, values: tuple[str, ...]) -> ConditionTest:
    """A test of one key of a Condition block. Raises KeyError for an unknown operator."""
    parsed = split_operator(operator)
    if parsed.base == NULL:
        return _null_test(values[0].lower() == "true")
    value_test = _value_test(parsed.base, values)
    when_missing = YES if parsed.negated or parsed.if_exists else NO
    if parsed.each == "ForAllValues":
        return _all_test(value_test)
    return _any_test(value_test, NO if parsed.each else when_missing)


def _value_test(base: str, values: tuple[str, ...]) -> _ValueTest:
    negated = "Not" in base
    plain = base.replace("Not", "", 1)
    if base == BOOL:
        wanted = values[0].lower() == "true"
        return lambda value: flag(value, wanted)
    if plain in _TEXT:
        globs, ignore_case = _TEXT[plain]
        is_arn = plain.startswith("Arn")
        texts = ArnSet(values) if is_arn else TextSet(values, globs, ignore_case)
        return lambda value: membership(value, texts, negated)
    compare, limits = _NUMERIC[plain], [float(value) for value in values]
    return lambda value: comparison(
        value, lambda number: any(compare(number, limit) for limit in limits) is not negated
    )


def _any_test(test: _ValueTest, when_missing: int) -> ConditionTest:
    def run(operand: Operand) -> Outcome:
        if not operand.found:
            return _missing(operand, when_missing) if operand.demanded else NEVER
        worst = NEVER
        for found in operand.found:
            one = test(found.value)
            if one.code == YES:
                return _outcome(one, found)
            if _worse(one.code, worst.code):
                worst = _outcome(one, found)
        return worst

    return run


def _all_test(test: _ValueTest) -> ConditionTest:
    def run(operand: Operand) -> Outcome:
        if not operand.demanded:
            return NEVER
        outcome = Outcome(YES)
        for found in operand.found:
            one = test(found.value)
            if one.code == NO:
                return NEVER
            if one.code != YES and outcome.code != UNKNOWN:
                outcome = _outcome(one, found)
        return outcome

    return run


def _null_test(absent: bool) -> ConditionTest:
    def run(operand: Operand) -> Outcome:
        if absent and not operand.missing and operand.found:
            first = operand.found[0]
            if type(first.value) is str:
                return NEVER
        if not operand.demanded:
            return NEVER
        known = [found for found in operand.found if not isinstance(found.value, Opaque)]
        if operand.missing:
            return _missing(operand, YES if absent else NO)
        if known and absent:
            empty = [emptiness(found.value) for found in known]
            if any(one.code == NO for one in empty):
                return NEVER
            return _outcome(empty[0], known[0])
        if known:
            return Outcome(YES, known[0].place, known[0].value)
        if operand.found:
            first = operand.found[0]
            return Outcome(
                UNKNOWN, first.place, first.value, str(getattr(first.value, "reason", ""))
            )
        return _missing(operand, YES if absent else NO)

    return run


def _missing(operand: Operand, code: int) -> Outcome:
    if code == NO:
        return NEVER
    return Outcome(code, operand.missing[0] if operand.missing else (), None, "is missing")


def _outcome(one: Membership, found: Found) -> Outcome:
    return Outcome(one.code, found.place, found.value, one.note, one.names)


def _worse(code: int, than: int) -> bool:
    order = (NO, UNKNOWN, CALLER, YES)
    return order.index(code) > order.index(than)
