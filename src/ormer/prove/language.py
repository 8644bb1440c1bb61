"""A text that is in each of some patterns and in none of others, or the proof that there is none.

The patterns run side by side as automata, whose states are bits of one integer each. Where a
``*`` is reached, what came before it can be forgotten: whatever it would still match, the star
matches. The search is breadth first, so that the text is as short as any.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, Optional

from ormer.prove.pattern import Pattern, only_text

MOST_STATES = 60_000
_STEPS_A_LOOK = 64
_PLAIN = "x0aobcdefghijklmnpqrstuvwyz123456789XABCDEFGHIJKLMNOPQRSTUVWYZ-_./:@%&#!~+=, "


class TooManyStates(Exception):
    """The search was given up: nothing is known."""


class Automaton(NamedTuple):
    """A pattern with bit i for "at step i". ``takes`` has the steps that take a character which
    is named somewhere, ``others`` those that take any that is not; ``stars`` and ``wide`` the
    starred ones, and those of them that take everything; ``end`` is the accepting bit."""

    takes: dict[str, int]
    others: int
    stars: int
    wide: int
    end: int
    start: int
    named: tuple[frozenset[str], ...]


@lru_cache(maxsize=65536)
def automaton(pattern: Pattern) -> Automaton:
    """The automaton of a pattern."""
    takes: dict[str, int] = {}
    others = stars = wide = 0
    alphabet = frozenset(character for step in pattern for character in step.named)
    for index, step in enumerate(pattern):
        bit = 1 << index
        stars |= bit if step.star else 0
        wide |= bit if step.star and step.but and not step.named else 0
        others |= bit if step.but else 0
        for character in alphabet:
            if (character in step.named) is not step.but:
                takes[character] = takes.get(character, 0) | bit
            else:
                takes.setdefault(character, 0)
    made = Automaton(
        takes, others, stars, wide, 1 << len(pattern), 0, tuple(step.named for step in pattern)
    )
    return made._replace(start=_closed(made, 1))


def _closed(one: Automaton, state: int) -> int:
    """With every step that a star lets one skip, and without what a wide star makes idle."""
    skipping = state & one.stars
    while skipping:
        reached = (skipping << 1) & ~state
        state |= skipping << 1
        skipping = reached & one.stars
    wide = state & one.wide
    if wide:
        state &= -(1 << (wide.bit_length() - 1))
    return state


def _after(one: Automaton, state: int, character: str) -> int:
    taking = state & one.takes.get(character, one.others)
    return _closed(one, (taking & one.stars) | ((taking & ~one.stars) << 1)) if taking else 0


@lru_cache(maxsize=262144)
def matches(pattern: Pattern, text: str) -> bool:
    """Whether the whole text is in the pattern."""
    only = only_text_of(pattern)
    if only is not None:
        return only == text
    one = automaton(pattern)
    state = one.start
    for character in text:
        state = _after(one, state, character)
        if not state:
            return False
    return bool(state & one.end)


only_text_of = lru_cache(maxsize=65536)(only_text)


def witness(
    inside: Sequence[Pattern],
    outside: Sequence[Pattern],
    hints: Iterable[str] = (),
    deadline: float = float("inf"),
) -> Optional[str]:
    """A text in all of ``inside`` and none of ``outside``, one of ``hints`` if one of them is.

    None if there is none. Raises TooManyStates where that cannot be told, or not before the
    deadline, which is of time.monotonic.
    """
    for text in (*_literals(inside), *hints):
        if _is_witness(text, inside, outside):
            return text
    if any(only_text_of(pattern) is not None for pattern in inside):
        return None
    return _search([automaton(p) for p in inside], [automaton(p) for p in outside], deadline)


def _literals(patterns: Sequence[Pattern]) -> list[str]:
    found = (only_text_of(pattern) for pattern in patterns)
    return [text for text in found if text is not None]


def _is_witness(text: str, inside: Sequence[Pattern], outside: Sequence[Pattern]) -> bool:
    return all(matches(p, text) for p in inside) and not any(matches(p, text) for p in outside)


_State = tuple[int, ...]


def _search(inside: list[Automaton], outside: list[Automaton], deadline: float) -> Optional[str]:
    automata = [*inside, *outside]
    count = len(inside)
    start = tuple(one.start for one in automata)
    seen: dict[_State, tuple[Optional[_State], str]] = {start: (None, "")}
    queue = deque([start])
    steps = 0
    while queue:
        state = queue.popleft()
        steps += 1
        if not steps % _STEPS_A_LOOK and time.monotonic() > deadline:
            raise TooManyStates
        if _accepts(automata, count, state):
            return _text(seen, state)
        for character in _characters(automata, count, state):
            after = _step(automata, count, state, character)
            if after is not None and after not in seen:
                seen[after] = (state, character)
                queue.append(after)
        if len(seen) > MOST_STATES:
            raise TooManyStates
    return None


def _accepts(automata: list[Automaton], count: int, state: _State) -> bool:
    for index, (one, bits) in enumerate(zip(automata, state, strict=True)):
        if bool(bits & one.end) is not (index < count):
            return False
    return True


def _step(automata: list[Automaton], count: int, state: _State, character: str) -> Optional[_State]:
    """The next state, or None where no text beyond it can be a witness."""
    after: list[int] = []
    for index, (one, bits) in enumerate(zip(automata, state, strict=True)):
        found = _after(one, bits, character) if bits else 0
        if index < count:
            if not found:
                return None
        elif found & one.wide & (one.end >> 1):
            return None  # it ends in a star that is reached: every text beyond is in it
        after.append(found)
    return tuple(after)


def _characters(automata: list[Automaton], count: int, state: _State) -> Iterable[str]:
    """The characters that lead on in different ways: the named ones, and one that is not named."""
    named: set[str] = set()
    choices: Optional[set[str]] = None
    for index, (one, bits) in enumerate(zip(automata, state, strict=True)):
        found = _named(one, bits)
        named |= found
        if (
            index < count
            and not bits & one.others
            and (choices is None or len(found) < len(choices))
        ):
            choices = found
    if choices is not None:
        return sorted(choices)
    fresh = next((c for c in _PLAIN if c not in named), None)
    if fresh is None:
        fresh = next(chr(code) for code in range(0x100, 0x10000) if chr(code) not in named)
    return [fresh, *sorted(named)]


def _named(one: Automaton, bits: int) -> set[str]:
    found: set[str] = set()
    while bits:
        low = bits & -bits
        index = low.bit_length() - 1
        if index < len(one.named):
            found |= one.named[index]
        bits ^= low
    return found


def _text(seen: dict[_State, tuple[Optional[_State], str]], state: Optional[_State]) -> str:
    characters: list[str] = []
    while state is not None:
        state, character = seen[state]
        characters.append(character)
    return "".join(reversed(characters))
