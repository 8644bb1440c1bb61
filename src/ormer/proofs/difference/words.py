"""What is true of a request, as a person says it: a condition that holds, or does not."""

from __future__ import annotations

from functools import lru_cache

from ormer.facts.carriers import load_carriers
from ormer.facts.global_keys import GLOBAL_KEYS
from ormer.model.policy import Condition
from ormer.model.policy_operators import FOR_ANY, PolicyOperator, split_policy_operator
from ormer.model.symbol import readable

_VERBS = {
    "text": ("is", "is not"),
    "folded text": ("is, in any case,", "is not, in any case,"),
    "glob": ("matches", "does not match"),
    "arn": ("matches", "does not match"),
    "bool": ("is", "is not"),
    "ip": ("is in", "is not in"),
    "binary": ("is", "is not"),
}
_COMPARED = {
    "Equals": ("is", "is not"),
    "LessThan": ("is less than", "is not less than"),
    "LessThanEquals": ("is at most", "is more than"),
    "GreaterThan": ("is more than", "is at most"),
    "GreaterThanEquals": ("is at least", "is less than"),
}
IF_THERE, OR_MISSING = ", if it is there", ", or is missing"
_TAGS = {"aws:principaltag": "aws:PrincipalTag", "aws:requesttag": "aws:RequestTag"}


def spelt(key: str) -> str:
    """A key as AWS writes it, where it is a global one."""
    known = GLOBAL_KEYS.get(key.lower())
    if known is not None:
        return known.key
    if key.lower() in _carried():
        return _carried()[key.lower()]
    head, slash, tail = key.partition("/")
    names = _TAGS | {"aws:resourcetag": "aws:ResourceTag"}
    return f"{names[head.lower()]}/{tail}" if slash and head.lower() in names else key


@lru_cache(maxsize=1)
def _carried() -> dict[str, str]:
    return {key.lower(): key for key in load_carriers().keys}


def condition_words(condition: Condition, holds: bool) -> str:
    """``aws:SecureTransport is true``; where it does not hold, the opposite."""
    operator = split_policy_operator(condition.operator)
    key = spelt(condition.key)
    if operator.kind == "null":
        is_missing = ("true" in (value.lower() for value in condition.values)) is holds
        return f"{key} is {'missing' if is_missing else 'there'}"
    values = " or ".join(readable(value) for value in condition.values)
    if operator.each:
        return _of_values(operator, key, values, holds)
    positive, negative = _verbs(operator)
    is_positive = operator.negated is not holds
    told = f"{key} {positive if is_positive else negative} {values}"
    may_be_missing = (operator.negated or operator.if_exists) is holds
    if is_positive:
        return f"{told}{IF_THERE}" if may_be_missing else told
    return f"{told}{OR_MISSING}" if may_be_missing else f"{told}, and is there"


def _verbs(operator: PolicyOperator) -> tuple[str, str]:
    if operator.kind in _VERBS:
        return _VERBS[operator.kind]
    base = operator.base.removeprefix("Numeric").removeprefix("Date").removeprefix("Not")
    return _COMPARED[base]


def _of_values(operator: PolicyOperator, key: str, values: str, holds: bool) -> str:
    positive, negative = _verbs(operator)
    is_positive = operator.negated is not holds
    verb = positive if is_positive else negative
    if (operator.each == FOR_ANY) is holds:
        return f"a value of {key} {verb} {values}"
    return f"every value of {key}, if there are any, {verb} {values}"
