"""One key of a Condition block, where the request or the policy has parts that are not known.

Says of a request what ``evaluate.conditions.condition_test`` says of everything that it may
turn out to be: True (holds), False (does not) or None (cannot be said).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Optional

from ormer.evaluate.conditions import condition_test
from ormer.evaluate.open.match import possible_match
from ormer.evaluate.open.text import may_be_empty, open_literal
from ormer.model.authorization import AuthorizationRequest
from ormer.model.policy import Condition, Effect
from ormer.model.policy_operators import FOR_ALL, FOR_ANY, PolicyOperator, split_policy_operator
from ormer.model.symbol import has_symbol

_Results = frozenset[bool]
_TRUE: _Results = frozenset((True,))
_FALSE: _Results = frozenset((False,))
_EITHER = _TRUE | _FALSE


def condition_holds(
    condition: Condition, version: str, effect: Effect, request: AuthorizationRequest
) -> Optional[bool]:
    """Whether the condition holds of the request."""
    if has_symbol(condition.operator) or has_symbol(condition.key):
        return None
    operator = split_policy_operator(condition.operator)
    key = condition.key.lower()
    if operator.kind == "null" and any(map(has_symbol, condition.values)):
        return None
    value = request.context.get(key)
    uncertain = key in request.uncertain
    results: _Results = frozenset()
    if value is None or uncertain:
        context = {name: found for name, found in request.context.items() if name != key}
        test = condition_test(condition, version, effect)
        results |= {test(request._replace(context=context))}
    if value is None and uncertain:
        results |= {_is_there(condition)} if operator.kind == "null" else _EITHER
    if value is not None:
        results |= _with_value(condition, operator, version, effect, value, request)
    return certain(results)


def certain(results: Iterable[bool]) -> Optional[bool]:
    """The result that all have, or None."""
    found = set(results)
    return found.pop() if len(found) == 1 else None


def _is_there(condition: Condition) -> bool:
    """What Null says of a key that the request has."""
    return "false" in (value.lower() for value in condition.values)


def _with_value(
    condition: Condition,
    operator: PolicyOperator,
    version: str,
    effect: Effect,
    value: str | tuple[str, ...],
    request: AuthorizationRequest,
) -> _Results:
    if operator.kind == "null":
        return frozenset((_is_there(condition),))
    if not operator.each and not isinstance(value, str):
        return _FALSE
    in_doubt = effect is Effect.DENY

    def holds(each: str) -> _Results:
        possible = possible_match(operator, condition.values, version, each, request)
        if not operator.negated:
            return frozenset(found is True for found in possible)
        return frozenset(in_doubt if found is None else not found for found in possible)

    values = (value,) if isinstance(value, str) else value
    if operator.each == FOR_ALL:
        if not value:  # an empty value is no value
            return _TRUE
        results = _all([holds(each) for each in values])
        empty = isinstance(value, str) and may_be_empty(open_literal(value))
        return results | _TRUE if empty else results
    if operator.each == FOR_ANY:
        return _any([holds(each) for each in values])
    return holds(values[0])


def _all(results: list[_Results]) -> _Results:
    """What ``all`` may come to when each value has one of its results."""
    true = all(True in each for each in results)
    false = any(False in each for each in results)
    return (_TRUE if true else frozenset()) | (_FALSE if false else frozenset())


def _any(results: list[_Results]) -> _Results:
    """What ``any`` may come to when each value has one of its results."""
    true = any(True in each for each in results)
    false = all(False in each for each in results)
    return (_TRUE if true else frozenset()) | (_FALSE if false else frozenset())
