"""A text that is in each of some patterns and in none of others, or the proof that there is none.

The patterns run side by side as automata, whose states are bits of one integer each. Where a
``*`` is reached, what came before it can be forgotten: whatever it would still match, the star
matches. The search is breadth first, so that the text is as short as any.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import NamedTuple, Optional

from ormer.prove.pattern import Pattern, Step, only_text

MOST_STATES = 60_000
_STEPS_A_LOOK = 64
_MOST_FOUND = 16_384
_PLAIN = "x0aobcdefghijklmnpqrstuvwyz123456789XABCDEFGHIJKLMNOPQRSTUVWYZ-_./:@%&#!~+=, "


class TooManyStates(Exception):
    """The search was given up: nothing is known."""


_FOUND: dict[tuple[tuple[Pattern, ...], tuple[Pattern, ...]], Optional[str]] = {}
"""What searches came to: much the same is asked of each action."""


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


def matches(pattern: Pattern, text: str) -> bool:
    """Whether the whole text is in the pattern."""
    found = test_of(pattern)(text)
    return found is not None and found is not False


@lru_cache(maxsize=65536)
def test_of(pattern: Pattern) -> Callable[[str], object]:
    """The quickest test of a pattern: comparing, a regular expression, its automaton. A text
    that does not pass gives None or False.

    Between its wide stars the expression takes the first place that fits and never goes back,
    which is right for globs and keeps it from taking long. So it is where every other star ends
    for sure at what comes next: what begins later does not end sooner.
    """
    only = only_text_of(pattern)
    if only is not None:
        return only.__eq__
    pieces = _pieces(pattern)
    if pieces is not None:
        return partial(_has_pieces, *pieces)
    if all(
        _is_wide(step) or not step.star or _ends(pattern, at) for at, step in enumerate(pattern)
    ):
        return re.compile(_expression(pattern), re.DOTALL).fullmatch
    return partial(_runs, pattern)


def _pieces(pattern: Pattern) -> Optional[tuple[str, tuple[str, ...], str]]:
    """The texts before, between and after its wide stars, where that is all that it is."""
    found: list[list[str]] = [[]]
    for step in pattern:
        if _is_wide(step):
            found.append([])
        elif step.star or step.but or len(step.named) != 1:
            return None
        else:
            found[-1] += step.named
    first, *between, last = map("".join, found)
    return first, tuple(between), last


def _has_pieces(first: str, between: tuple[str, ...], last: str, text: str) -> bool:
    at, end = len(first), len(text) - len(last)
    if at > end or not text.startswith(first) or not text.endswith(last):
        return False
    for piece in between:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _is_wide(step: Step) -> bool:
    return step.star and step.but and not step.named


def _ends(pattern: Pattern, at: int) -> bool:
    """Whether what comes after a star, if anything does, is one character that it does not take."""
    star = pattern[at]
    if at + 1 == len(pattern):
        return True
    after = pattern[at + 1]
    if after.star or after.but:
        return False
    return after.named <= star.named if star.but else not after.named & star.named


def _expression(pattern: Pattern) -> str:
    pieces = [""]
    for step in pattern:
        if _is_wide(step):
            pieces.append("")
        else:
            pieces[-1] += _characters_of(step) + ("*+" if step.star else "")
    if len(pieces) == 1:
        return pieces[0]
    first, *between, last = pieces
    return first + "".join(f"(?>.*?{piece})" for piece in between) + f".*{last}"


def _characters_of(step: Step) -> str:
    if step.but and not step.named:
        return "."
    named = "".join(re.escape(character) for character in sorted(step.named))
    return f"[^{named}]" if step.but else named if len(step.named) == 1 else f"[{named}]"


def _runs(pattern: Pattern, text: str) -> bool:
    one = automaton(pattern)
    state = one.start
    for character in text:
        state = _after(one, state, character)
        if not state:
            return False
    return bool(state & one.end)


def surely_includes(wide: Pattern, narrow: Pattern) -> bool:
    """Whether it is plain that every text of ``narrow`` is in ``wide``: step by step, what varies
    in the one is within a star of the other. False says nothing."""
    one = automaton(wide)
    state = one.start
    for step in narrow:
        if len(step.named) == 1 and not step.but and not step.star:
            state = _after(one, state, next(iter(step.named)))
        else:
            state = _closed(one, state & one.wide)
        if not state:
            return False
    return bool(state & one.end)


def surely_apart(one: Pattern, other: Pattern) -> bool:
    """Whether it is plain that no text is in both: they begin differently. False says nothing."""
    for mine, its in zip(one, other, strict=False):
        if mine.star or its.star or mine.but or its.but:
            return False
        if not mine.named & its.named:
            return True
    return False


only_text_of = lru_cache(maxsize=65536)(only_text)


def witness(
    inside: Sequence[Pattern], outside: Sequence[Pattern], deadline: float = float("inf")
) -> Optional[str]:
    """A text in all of ``inside`` and none of ``outside``, as short as any.

    None if there is none. Raises TooManyStates where that cannot be told, or not before the
    deadline, which is of time.monotonic.
    """
    for text in _literals(inside):
        if _is_witness(text, inside, outside):
            return text
    if any(only_text_of(pattern) is not None for pattern in inside):
        return None
    asked = (tuple(inside), tuple(outside))
    if asked not in _FOUND:
        found = _search([automaton(p) for p in inside], [automaton(p) for p in outside], deadline)
        if len(_FOUND) >= _MOST_FOUND:
            _FOUND.clear()
        _FOUND[asked] = found
    return _FOUND[asked]


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
