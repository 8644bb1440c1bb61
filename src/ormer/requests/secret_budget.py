"""How much of a definition is searched for secrets, so that no definition takes for ever.

Both amounts are counted and not measured: the same definition is always searched as far. A
text that is there again is searched and counted once.
"""

from __future__ import annotations

from typing import Any, Optional

from ormer.requests.resolve import Resolver
from ormer.requests.secret_kinds import kind_of

_EFFORT = 1_200_000
"""About a microsecond each; a definition of a hundred steps takes some thousands."""

_BUILT = 1_200_000
"""Characters of the texts that references may become, each text once, and what follows."""

_AGAIN = 8
"""For a text wherever it is: to look at it under one more name takes as long as characters."""


class Budget:
    """What is left of both for one definition, and what was found for it."""

    __slots__ = ("_effort", "_built", "_kinds", "_seen")

    def __init__(self) -> None:
        self._effort = _EFFORT
        self._built = _BUILT
        self._kinds: dict[int, Any] = {}
        self._seen: set[int] = set()

    def search(self, name: str, text: str, effort: int, otherwise: Any) -> Any:
        """The kind of secret in the text; ``otherwise`` if there is too little left for it.

        A text that comes later may take less, and is then searched.
        """
        key = hash((name, text))
        if key not in self._kinds:
            if effort > self._effort:
                return otherwise
            self._effort -= effort
            self._kinds[key] = kind_of(name, text)
        return self._kinds[key]

    def is_built_up(self) -> bool:
        """Whether nothing is left for the texts that references may become."""
        return self._built < 0

    def build(self, text: str) -> bool:
        """Whether enough is left for the text, which is then taken."""
        key = hash(text)
        self._built -= _AGAIN if key in self._seen else _AGAIN + len(text)
        self._seen.add(key)
        return self._built >= 0


def budget_of(resolver: Resolver) -> Budget:
    """The budget of the definition whose references this resolves."""
    budget: Optional[Budget] = resolver.kept.get(Budget)
    if budget is None:
        budget = resolver.kept[Budget] = Budget()
    return budget
