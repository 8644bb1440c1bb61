"""Whether a statement is about an action.

Source: "IAM JSON policy elements: Action" and "NotAction": ``*`` and ``?`` are wildcards, and
neither the service's prefix nor the action's name has a case.
"""

from __future__ import annotations

from functools import lru_cache

from ormer.evaluate.globs import Glob, match_glob, parse_glob
from ormer.model.policy import Statement


def matches_action(statement: Statement, action: str) -> bool:
    """``action`` is in lower case."""
    return is_listed(statement.actions, action) is not statement.not_action


@lru_cache(maxsize=16384)
def is_listed(patterns: tuple[str, ...], action: str) -> bool:
    """Whether one of the patterns matches; ``action`` is in lower case."""
    names, globs = _read(patterns)
    return action in names or any(match_glob(glob, action) for glob in globs)


@lru_cache(maxsize=4096)
def _read(patterns: tuple[str, ...]) -> tuple[frozenset[str], tuple[Glob, ...]]:
    """The names among patterns, and those with wildcards."""
    globs = [parse_glob(pattern.lower()) for pattern in dict.fromkeys(patterns)]
    names = frozenset(glob[0][0] for glob in globs if _is_name(glob))
    return names, tuple(glob for glob in globs if not _is_name(glob))


def _is_name(glob: Glob) -> bool:
    return len(glob) == 1 and len(glob[0]) == 1
