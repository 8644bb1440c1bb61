"""How much of a definition is searched for secrets, so that no definition takes for ever.

Both amounts are counted and not measured: the same definition is always searched as far.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from ormer.requests.resolve import Resolver

_EFFORT = 1_200_000
"""About a microsecond each; the longest definitions that anybody wrote take some thousands."""

_BUILT = 1_000_000
"""Characters of the texts that references may become."""


class Budget:
    """What is left of both for one definition."""

    __slots__ = ("_effort", "_built")

    def __init__(self) -> None:
        self._effort = _EFFORT
        self._built = _BUILT

    def search(self, effort: int) -> bool:
        """Take it for the search of a text, if so much is left: a cheaper text may be next."""
        if effort > self._effort:
            return False
        self._effort -= effort
        return True

    def build(self, length: int) -> bool:
        """Take it for a text of so many characters, if so much is left."""
        self._built -= length + 1
        return self._built >= 0


_BUDGETS: WeakKeyDictionary[Resolver, Budget] = WeakKeyDictionary()


def budget_of(resolver: Resolver) -> Budget:
    """The budget of the definition whose references this resolves."""
    budget = _BUDGETS.get(resolver)
    if budget is None:
        budget = _BUDGETS[resolver] = Budget()
    return budget
