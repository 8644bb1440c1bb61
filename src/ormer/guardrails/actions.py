"""Names of actions in fewer characters: wildcards that match these and no other known action.

A wildcard also matches what AWS adds later under such a name, with keys that nobody has looked
at. So names are written out unless there is no room for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

_COMMA_AND_QUOTES = 3
_WORDS = r"[A-Z]+(?![a-z])[0-9]*|[A-Z][a-z]*[0-9]*"


def compressed(actions: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Patterns that match the actions and no other known one; fewest characters, greedily."""
    wanted = set(actions)
    others = [action for action in known if action not in wanted]
    candidates = {
        pattern: frozenset(action for action in wanted if fnmatchcase(action, pattern))
        for action in wanted
        for pattern in _patterns(action)
        if not any(fnmatchcase(other, pattern) for other in others)
    }
    left, chosen = set(wanted), []
    while left:
        best = min(candidates, key=lambda p: (-_saved(p, candidates[p] & left), len(p), p))
        if _saved(best, candidates[best] & left) <= 0:
            break
        chosen.append(best)
        left -= candidates[best]
    return tuple(sorted([*chosen, *left]))


def _saved(pattern: str, covered: Iterable[str]) -> int:
    written = sum(len(action) + _COMMA_AND_QUOTES for action in covered)
    return written - len(pattern) - _COMMA_AND_QUOTES


def _patterns(action: str) -> Iterator[str]:
    """The name with one run of words, or two of them, replaced by a star."""
    service, _, name = action.partition(":")
    words = re.findall(_WORDS, name)
    if "".join(words) != name:
        return
    for start in range(1, len(words)):
        for end in range(start, len(words) + 1):
            before, after = "".join(words[:start]), "".join(words[end:])
            yield f"{service}:{before}*{after}"
            for stop in range(end + 1, len(words)):
                yield f"{service}:{before}*{''.join(words[end:stop])}*"
