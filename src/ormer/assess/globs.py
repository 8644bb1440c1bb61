"""Sets of texts written with ``*`` and ``?``: membership, inclusion, intersection.

A set is one pattern as IAM's StringLike reads it.
"""

from __future__ import annotations

import re
from functools import lru_cache

ANY = "*"
ONE = "?"
_STAR, _MARK = "\ue001", "\ue002"  # a star and a question mark that are no wildcards


@lru_cache(maxsize=65536)
def matcher(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression for whole texts."""
    pieces = (".*" if c == ANY else "." if c == ONE else re.escape(c) for c in pattern)
    return re.compile("".join(pieces), re.DOTALL)


def literal(text: str) -> str:
    """A text in which ``*`` and ``?`` stand for themselves."""
    if ANY not in text and ONE not in text:
        return text
    return text.replace(ANY, _STAR).replace(ONE, _MARK)


def unescaped(pattern: str) -> str:
    """A pattern with ``${*}``, ``${?}`` and ``${$}`` as the characters they stand for."""
    if "${" not in pattern:
        return pattern
    return pattern.replace("${*}", _STAR).replace("${?}", _MARK).replace("${$}", "$")


def is_glob(pattern: str) -> bool:
    """Whether the pattern can match more than itself."""
    return ANY in pattern or ONE in pattern


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern matches the whole text."""
    head = prefix(pattern)
    if pattern == head:
        return text == pattern
    if pattern == head + ANY:
        return text.startswith(head)
    return bool(matcher(pattern).fullmatch(text))


def prefix(pattern: str) -> str:
    """The text that everything the pattern matches starts with."""
    return pattern.partition(ANY)[0].partition(ONE)[0]


def apart(one: str, other: str) -> bool:
    """Whether the patterns' prefixes alone show that no text is matched by both."""
    a, b = prefix(one), prefix(other)
    return not (a.startswith(b) or b.startswith(a))


def includes(outer: tuple[str, ...], inner: str) -> bool:
    """Whether every text that ``inner`` matches is matched by some pattern of ``outer``.

    Exact; where the search would grow too large, False.
    """
    near = tuple(pattern for pattern in outer if not apart(pattern, inner))
    if any(_is_prefix_of(pattern, inner) for pattern in near):
        return True
    return bool(near) and _includes(near, inner)


@lru_cache(maxsize=4096)
def _includes(outer: tuple[str, ...], inner: str) -> bool:
    """A search for a text that ``inner`` matches and ``outer`` does not.

    Over the characters in the patterns and one more, which stands for all others.
    """
    letters = {c for pattern in (*outer, inner) for c in pattern if c not in (ANY, ONE)}
    alphabet = (*sorted(letters), _ANOTHER)
    start = (frozenset(_closed({0}, inner)), _start(outer))
    seen, todo, work = {start}, [start], 0
    while todo:
        inside, outside = todo.pop()
        if len(inner) in inside and not _accepts(outside, outer):
            return False
        work += len(alphabet) * (len(inside) + sum(map(len, outside)))
        if work > _MOST_WORK:
            return False
        for letter in alphabet:
            after = frozenset(_closed(_step(inside, inner, letter), inner))
            if not after:
                continue
            state = (after, _advance(outside, outer, letter))
            if state not in seen:
                seen.add(state)
                todo.append(state)
    return True


_ANOTHER = "\ue000"
_MOST_WORK = 200_000
"""Positions looked at; a search takes some tenths of a second then."""

_Reach = tuple[frozenset[int], ...]


def _start(patterns: tuple[str, ...]) -> _Reach:
    return tuple(frozenset(_closed({0}, pattern)) for pattern in patterns)


def _advance(reaches: _Reach, patterns: tuple[str, ...], letter: str) -> _Reach:
    return tuple(
        frozenset(_closed(_step(reach, pattern, letter), pattern))
        for reach, pattern in zip(reaches, patterns, strict=True)
    )


def _accepts(reaches: _Reach, patterns: tuple[str, ...]) -> bool:
    return any(len(pattern) in reach for reach, pattern in zip(reaches, patterns, strict=True))


def _step(reach: set[int] | frozenset[int], pattern: str, letter: str) -> set[int]:
    after: set[int] = set()
    for i in reach:
        if i == len(pattern):
            continue
        if pattern[i] == ANY:
            after.add(i)
        elif pattern[i] in (ONE, letter):
            after.add(i + 1)
    return after


def _closed(reach: set[int], pattern: str) -> set[int]:
    """The positions with stars passed over (a star may match nothing)."""
    todo, closed = list(reach), set(reach)
    while todo:
        i = todo.pop()
        if i < len(pattern) and pattern[i] == ANY and i + 1 not in closed:
            closed.add(i + 1)
            todo.append(i + 1)
    return closed


def intersects(one: str, other: str) -> bool:
    """Whether some text is matched by both patterns.

    Exact; where the search would grow too large, True.
    """
    if apart(one, other):
        return False
    if len(one) * len(other) > _MOST_WORK:
        return True
    return _is_prefix_of(one, other) or _is_prefix_of(other, one) or _intersects(one, other)


def _is_prefix_of(pattern: str, other: str) -> bool:
    """Whether the pattern is a text and a star, and everything in ``other`` starts with it."""
    head = prefix(pattern)
    return pattern == head + ANY and prefix(other).startswith(head)


@lru_cache(maxsize=4096)
def _intersects(one: str, other: str) -> bool:
    """A walk through both patterns at once."""
    seen: set[tuple[int, int]] = set()
    todo = [(0, 0)]
    while todo:
        state = todo.pop()
        if state in seen:
            continue
        seen.add(state)
        i, j = state
        if i == len(one) and j == len(other):
            return True
        if i < len(one) and one[i] == ANY:
            todo.append((i + 1, j))
        if j < len(other) and other[j] == ANY:
            todo.append((i, j + 1))
        if i < len(one) and j < len(other):
            a, b = one[i], other[j]
            if a == b or ONE in (a, b) or ANY in (a, b):
                todo.append((i if a == ANY else i + 1, j if b == ANY else j + 1))
    return False
