"""A context in which a statement's conditions hold.

Keys are chosen one by one, each from a short list of values, so that every condition about it
holds. That finds most contexts that there are; where it finds none, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Optional

from ormer.evaluate.conditions import condition_test
from ormer.facts.iam_actions import Action
from ormer.lint.key_facts import (
    carries,
    follows_from_caller,
    is_always_there,
    is_multivalued,
    key_type,
)
from ormer.lint.samples import Value, foreign, values
from ormer.model.authorization import AuthorizationRequest, Context
from ormer.model.policy import Condition, Statement
from ormer.model.principal import ANONYMOUS, is_account

Forced = Mapping[str, tuple[Value, ...]]
"""Key in lower case -> the only values that it may take, the preferred one first."""


def choose_context(
    statement: Statement,
    version: str,
    base: Mapping[str, str],
    forced: Forced,
    action: Optional[Action],
) -> Optional[dict[str, str | tuple[str, ...]]]:
    """``base`` with a value for each key of the statement, or None if none was found."""
    chosen: dict[str, str | tuple[str, ...]] = dict(base)
    about: dict[str, list[Condition]] = {key: [] for key in forced}
    for condition in statement.conditions:
        about.setdefault(condition.key.lower(), []).append(condition)
    for key, conditions in about.items():
        tests = [condition_test(each, version, statement.effect) for each in conditions]
        for value in candidates(key, conditions, version, base, forced, action):
            if key.endswith("account") and not (value is None or is_account(str(value))):
                continue  # the key holds an account's id
            tried = {other: held for other, held in chosen.items() if other != key}
            if value is not None:
                tried[key] = value
            request = _request(tried)
            if all(test(request) for test in tests):
                chosen = tried
                break
        else:
            return None
    return chosen


def candidates(
    key: str,
    conditions: list[Condition],
    version: str,
    base: Mapping[str, str],
    forced: Forced,
    action: Optional[Action],
) -> Iterator[Value]:
    """What the key may hold, the simplest first: what is given, nothing, what is named, else."""
    possible = key_type(key) is not None and (action is None or carries(action, key))
    if key in forced:
        yield from (each for each in forced[key] if each is None or possible)
        return
    if key in base:
        yield base[key]
    if key in base and is_always_there(key):
        return
    if key != "aws:resourceaccount":
        yield None
    if possible and not (follows_from_caller(key) and key not in base):
        found = [each for c in conditions for each in values(c, version, base)]
        for text in dict.fromkeys((*found, *foreign(key))):
            yield (text,) if is_multivalued(key) else text


def _request(context: Context) -> AuthorizationRequest:
    return AuthorizationRequest(ANONYMOUS, "", "", "", context)
