"""Sets of requests as IAM states them: alternatives of conditions that hold together.

A term is a set of conditions, all of which hold: one Condition block. Alternatives are terms of
which one holds: a statement each. Semantics: "IAM JSON policy elements: Condition operators" and
"Single-valued vs. multivalued context keys" in the IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Optional

from ormer.model.policy import Condition
from ormer.model.policy_operators import FOR_ALL, PolicyOperator, split_policy_operator

Term = frozenset[Condition]
Alternatives = tuple[Term, ...]

ALWAYS: Alternatives = (frozenset(),)
NEVER: Alternatives = ()
NULL, BOOL = "Null", "Bool"
_IF_EXISTS = "IfExists"


def term(*conditions: Condition) -> Term:
    """Conditions that hold together."""
    return frozenset(conditions)


def both(first: Alternatives, second: Alternatives) -> Alternatives:
    """What is in both sets."""
    return simplified(one | other for one, other in product(first, second))


def either(*parts: Alternatives) -> Alternatives:
    """What is in one of the sets."""
    return simplified(one for part in parts for one in part)


def simplified(alternatives: Iterable[Term]) -> Alternatives:
    """The same set in fewer words: without what cannot be and what another alternative has."""
    possible = [one for raw in alternatives if (one := _possible(raw)) is not None]
    merged = _with_missing(list(dict.fromkeys(possible)))
    kept: list[Term] = []
    for index, one in enumerate(merged):
        others = [*kept, *merged[index + 1 :]]
        if not any(_within(one, other) for other in others):
            kept.append(one)
    return tuple(sorted(_shortened(kept), key=order))


def _shortened(terms: list[Term]) -> list[Term]:
    """Negated conditions replaced by "missing", where other terms have all that is there.

    A negated condition holds of what is missing and of what is wrong. ``wrong and X`` next to
    ``wrong and there`` says no more than ``missing and X``, which is shorter.
    """
    short = []
    for one in terms:
        negated = frozenset(c for c in one if not needs_presence(c) and "Not" in c.operator)
        there = [negated | {Condition(NULL, c.key, ("false",))} for c in negated]
        others = [other for other in terms if other != one]
        rest = one - negated
        known = {condition.key for condition in rest}
        if (
            rest
            and negated
            and not known & {condition.key for condition in negated}
            and all(any(_within(each, other) for other in others) for each in there)
        ):
            one = rest | {Condition(NULL, c.key, ("true",)) for c in negated}
        short.append(one)
    return short


def order(one: Term) -> tuple[object, ...]:
    """Terms in an order that no run changes: what is missing first, then by words."""
    words = tuple(sorted(one))
    return (not any(c.operator == NULL and "true" in c.values for c in words), words)


def needs_presence(condition: Condition) -> bool:
    """Whether it never holds of a missing key."""
    if condition.operator == NULL:
        return condition.values == ("false",)
    return not _holds_missing(split_policy_operator(condition.operator))


def _holds_missing(operator: PolicyOperator) -> bool:
    if operator.each:
        return operator.each == FOR_ALL
    return operator.negated or operator.if_exists


def _is_absence(condition: Condition) -> bool:
    return condition.operator == NULL and condition.values == ("true",)


def _possible(raw: Term) -> Optional[Term]:
    """The term without what its other conditions say anyway; None if they contradict each other."""
    kept: set[Condition] = set(raw)
    for condition in raw:
        same = {c for c in raw if c.key == condition.key and c is not condition}
        if _is_absence(condition) and any(needs_presence(other) for other in same):
            return None
        if condition.operator == BOOL and any(_is_other_bool(condition, c) for c in same):
            return None
    for condition in sorted(raw):
        others = kept - {condition}
        if any(_implies(other, condition) for other in others):
            kept = others
    return frozenset(kept)


def _is_other_bool(condition: Condition, other: Condition) -> bool:
    return other.operator in (BOOL, BOOL + _IF_EXISTS) and other.values != condition.values


def _implies(first: Condition, second: Condition) -> bool:
    """Whether the second holds wherever the first does. Only about one key, and not complete."""
    if first == second:
        return True
    if first.key != second.key:
        return False
    if second.operator == NULL:
        return second.values == ("false",) and needs_presence(first)
    operator = split_policy_operator(second.operator)
    if _is_absence(first):
        return _holds_missing(operator)
    if first.operator + _IF_EXISTS == second.operator and first.values == second.values:
        return True
    same = first.operator == second.operator and operator.negated
    return same and set(first.values) >= set(second.values)


def _within(one: Term, other: Term) -> bool:
    """Whether every request in ``one`` is in ``other``."""
    return all(any(_implies(mine, its) for mine in one) for its in other)


def _with_missing(terms: list[Term]) -> list[Term]:
    """ "missing" or "there and so": one term, with IfExists, where the rest is the same."""
    for one, other in product(terms, terms):
        joined = _joined(one, other)
        if joined is not None:
            rest = [each for each in terms if each not in (one, other)]
            return _with_missing([*rest, joined])
    return terms


def _joined(one: Term, other: Term) -> Optional[Term]:
    absent, there = one - other, other - one
    if len(absent) != 1 or len(there) != 1:
        return None
    (first,), (second,) = absent, there
    if not _is_absence(first) or first.key != second.key or second.operator == NULL:
        return None
    operator = split_policy_operator(second.operator)
    if operator.each or operator.if_exists or operator.negated:
        return None
    return (one & other) | {second._replace(operator=second.operator + _IF_EXISTS)}
