"""One key of a Condition block, as a test of a request.

Source: "IAM JSON policy elements: Condition operators" (missing keys, IfExists, Null) and
"Single-valued vs. multivalued context keys" (ForAllValues, ForAnyValue) in the IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Callable

from ormer.evaluate.operators import Match, static_texts, value_match
from ormer.evaluate.predicate import Test
from ormer.model.authorization import AuthorizationRequest, Context
from ormer.model.policy import Condition, Effect
from ormer.model.policy_operators import FOR_ALL, FOR_ANY, PolicyOperator, split_policy_operator

Holds = Callable[[str, Context], bool]


def condition_test(condition: Condition, version: str, effect: Effect) -> Test:
    """A test of what the request holds for the condition's key.

    Where AWS leaves open whether a negated operator holds (see ``operators``), it holds in a
    Deny and does not in an Allow: the stricter of the two each time.
    """
    operator = split_policy_operator(condition.operator)
    key = condition.key.lower()
    if operator.kind == "null":
        return _null(key, condition.values)
    if operator.kind == "text" and not operator.each:
        texts = static_texts(condition.values, version)
        if texts is not None:
            return _equals(key, texts, operator)
    match = value_match(operator, condition.values, version)
    holds = _negation(match, effect) if operator.negated else _assertion(match)
    if operator.each == FOR_ANY:
        return _for_any(key, holds, operator.if_exists)
    if operator.each == FOR_ALL:
        return _for_all(key, holds)
    return _single(key, holds, operator.if_exists or operator.negated)


def _assertion(match: Match) -> Holds:
    return lambda value, context: match(value, context) is True


def _negation(match: Match, effect: Effect) -> Holds:
    in_doubt = effect is Effect.DENY

    def holds(value: str, context: Context) -> bool:
        matched = match(value, context)
        return in_doubt if matched is None else not matched

    return holds


def _null(key: str, values: tuple[str, ...]) -> Test:
    """ "true" (the key is not there), "false" (it is), whatever their case."""
    wanted = {value.lower() for value in values}
    if_missing, if_there = "true" in wanted, "false" in wanted
    return lambda request: if_there if key in request.context else if_missing


def _equals(key: str, texts: frozenset[str], operator: PolicyOperator) -> Test:
    """StringEquals and StringNotEquals without variables: most conditions there are."""
    if operator.negated:

        def differs(request: AuthorizationRequest) -> bool:
            value = request.context.get(key)
            return value not in texts and type(value) is not tuple

        return differs
    if operator.if_exists:
        return lambda request: request.context.get(key) in texts or key not in request.context
    return lambda request: request.context.get(key) in texts


def _single(key: str, holds: Holds, missing: bool) -> Test:
    """A multivalued key under an operator for single values matches nothing, even negated."""

    def test(request: AuthorizationRequest) -> bool:
        value = request.context.get(key)
        if value is None:
            return missing
        return type(value) is str and holds(value, request.context)

    return test


def _for_any(key: str, holds: Holds, missing: bool) -> Test:
    def test(request: AuthorizationRequest) -> bool:
        value = request.context.get(key)
        if value is None:
            return missing
        values = (value,) if isinstance(value, str) else value
        return any(holds(each, request.context) for each in values)

    return test


def _for_all(key: str, holds: Holds) -> Test:
    """True also "if there are no context keys in the request", or for an empty value."""

    def test(request: AuthorizationRequest) -> bool:
        value = request.context.get(key)
        if not value:
            return True
        values = (value,) if isinstance(value, str) else value
        return all(holds(each, request.context) for each in values)

    return test
