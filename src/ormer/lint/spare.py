"""A request changed in what nobody asked of it, so that other Deny statements let it be.

A request that shows a hole in one statement is often denied by others, for a setting that it
merely happens to lack. It is given that setting, and decided again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Optional

from ormer.evaluate.conditions import condition_test
from ormer.facts.iam_actions import action
from ormer.lint.context import candidates
from ormer.lint.samples import Value
from ormer.lint.wish import OWNER, Attempt, Wish
from ormer.model.authorization import AuthorizationRequest, Context
from ormer.model.policy import Condition, Statement
from ormer.model.principal import ANONYMOUS


class Denying(NamedTuple):
    """A statement that denies the request, and the version of its policy."""

    statement: Statement
    version: str


Tried = set[tuple[str, Value]]
"""Keys in lower case with what they held."""


def spare(
    attempt: Attempt, wish: Wish, denying: Sequence[Denying], tried: Tried
) -> Optional[Attempt]:
    """The request with other values, so that none of the statements denies it; None if none was
    found. What the wish forces stays, and no key gets a value again that it had.
    """
    context = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in attempt.request["context"].items()
    }
    for each in denying:
        found = _spared(context, attempt, wish, each, tried)
        if found is None:
            return None
        context = found
    held = {key: list(v) if isinstance(v, tuple) else v for key, v in context.items()}
    return attempt._replace(request={**attempt.request, "context": held})


def _spared(
    context: dict[str, Any], attempt: Attempt, wish: Wish, denying: Denying, tried: Tried
) -> Optional[dict[str, Any]]:
    own = {condition.key.lower() for condition in wish.statement.conditions}
    tests = [
        condition_test(each, denying.version, denying.statement.effect)
        for each in denying.statement.conditions
    ]
    if not all(test(_request(context)) for test in tests):
        return context  # what another statement was spared for spares this one
    conditions = [
        each
        for each in denying.statement.conditions
        if each.key.lower() not in wish.forced and each.key.lower() not in OWNER
    ]
    changed_before = {key for key, _ in tried}
    for condition in sorted(
        conditions, key=lambda each: (each.key.lower() in own, each.key.lower() in changed_before)
    ):
        key = condition.key.lower()
        for value in _values(condition, attempt, denying):
            changed = {name: held for name, held in context.items() if name != key}
            if value is not None:
                changed[key] = value
            if (key, value) not in tried and not _holds(condition, denying, changed):
                tried |= {(key, value), (key, context.get(key))}
                return changed
    return None


def _values(condition: Condition, attempt: Attempt, denying: Denying) -> list[Value]:
    about = action(attempt.request["action"])
    base = attempt.caller.keys
    return list(candidates(condition.key.lower(), [condition], denying.version, base, {}, about))


def _holds(condition: Condition, denying: Denying, context: Context) -> bool:
    test = condition_test(condition, denying.version, denying.statement.effect)
    return test(_request(context))


def _request(context: Context) -> AuthorizationRequest:
    return AuthorizationRequest(ANONYMOUS, "", "", "", context)
