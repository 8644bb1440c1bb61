"""Whether a statement is about an action.

Source: "IAM JSON policy elements: Action" and "NotAction": ``*`` and ``?`` are wildcards, and
neither the service's prefix nor the action's name has a case.
"""

from __future__ import annotations

from functools import lru_cache

from ormer.evaluate.globs import match_glob, parse_glob
from ormer.model.policy import Statement


def matches_action(statement: Statement, action: str) -> bool:
    """``action`` is in lower case."""
    listed = any(_matches(pattern, action) for pattern in statement.actions)
    return listed is not statement.not_action


@lru_cache(maxsize=16384)
def _matches(pattern: str, action: str) -> bool:
    return match_glob(parse_glob(pattern.lower()), action)
