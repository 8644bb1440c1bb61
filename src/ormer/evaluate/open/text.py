"""Texts of which parts are not known, and patterns of them: does one surely match, or perhaps?

A text is a tuple of tokens: a character, a symbol (``model/symbol.py``), ``ANY`` or ``ONE``.
On the side of a policy ``ANY`` and ``ONE`` are its wildcards; on the side of a request they
are parts that may be any text, any one character. A symbol is one text, the same on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ormer.model.symbol import END, START, pieces, symbol

ANY = "any text"
ONE = "any character"
Tokens = tuple[str, ...]
_WILDCARDS = {"*": ANY, "?": ONE}
_WITHOUT_COLONS = frozenset(map(symbol, ("AWS::Partition", "AWS::Region", "AWS::AccountId")))


@lru_cache(maxsize=16384)
def open_glob(text: str) -> Tokens:
    """A text in which ``*`` and ``?`` are wildcards."""
    return ordered(_WILDCARDS.get(token, token) for token in open_literal(text))


@lru_cache(maxsize=16384)
def open_literal(text: str) -> Tokens:
    """A text in which ``*`` and ``?`` are characters like any other."""
    tokens: list[str] = []
    for index, piece in enumerate(pieces(text)):
        tokens += (f"{START}{piece}{END}",) if index % 2 else piece
    return tuple(tokens)


def ordered(tokens: Iterable[str]) -> Tokens:
    """The same text, with each run of wildcards as ``ONE``s before one ``ANY``."""
    made: list[str] = []
    star = False
    for token in tokens:
        if token == ANY:
            star = True
            continue
        if star and token != ONE:
            made.append(ANY)
            star = False
        made.append(token)
    return (*made, ANY) if star else tuple(made)


def is_symbol(token: str) -> bool:
    """Whether the token is a symbol's."""
    return len(token) > 1 and token[0] == START


def is_closed(text: Tokens) -> bool:
    """Whether every part of the text is known."""
    return all(len(token) == 1 for token in text)


def may_be_empty(text: Tokens) -> bool:
    """Whether no character is certain."""
    return all(token == ANY or is_symbol(token) for token in text)


@lru_cache(maxsize=16384)
def folded(text: Tokens) -> Tokens:
    """The text without case; a symbol keeps its name's."""
    return tuple(token.lower() if len(token) == 1 else token for token in text)


def split_open(text: Tokens, count: int) -> tuple[Tokens, ...]:
    """The text cut at its first ``count - 1`` colons, those of symbols not counted."""
    cuts = [at for at, token in enumerate(text) if token == ":"][: count - 1]
    starts = [0, *(at + 1 for at in cuts)]
    return tuple(text[start:end] for start, end in zip(starts, [*cuts, len(text)], strict=True))


@lru_cache(maxsize=16384)
def covers(pattern: Tokens, text: Tokens) -> bool:
    """Whether the pattern matches everything that the text may turn out to be.

    A part of the text that may be anything is matched by a ``*`` of the pattern alone; a symbol
    by a ``*`` or by itself. Right each time it says True; it may say False of a text that only
    several parts of the pattern together match.
    """
    reach = _closed({0}, pattern)
    for token in text:
        after: set[int] = set()
        for at in reach:
            if at == len(pattern):
                continue
            if pattern[at] == ANY:
                after.add(at)
            elif pattern[at] == token or (pattern[at] == ONE and len(token) == 1):
                after.add(at + 1)
        reach = _closed(after, pattern)
        if not reach:
            return False
    return len(pattern) in reach


def _closed(reach: set[int], pattern: Tokens) -> set[int]:
    """The positions with stars passed over: a star may match nothing."""
    for at in sorted(reach):
        while at < len(pattern) and pattern[at] == ANY:
            at += 1
            reach.add(at)
    return reach


@lru_cache(maxsize=16384)
def meets(pattern: Tokens, text: Tokens) -> bool:
    """Whether the pattern may match the text, whatever their symbols are.

    Right each time it says False; a symbol that is on both sides may count as two.
    """
    if not _heads_agree(pattern, text):
        return False
    row = _row_start(text)
    for token in pattern:
        row = _next_row(row, token, text)
        if not any(row):
            return False
    return row[-1]


def _heads_agree(pattern: Tokens, text: Tokens) -> bool:
    for one, other in zip(pattern, text, strict=False):
        if len(one) > 1 or len(other) > 1:
            return True
        if one != other:
            return False
    return True


def _is_star(token: str) -> bool:
    return token == ANY or is_symbol(token)


def _may_hold(star: str, token: str) -> bool:
    """Whether what is not known may have the token in it."""
    return token != ":" or star not in _WITHOUT_COLONS


def _row_start(text: Tokens) -> list[bool]:
    """Which beginnings of the text an empty pattern matches."""
    row = [True]
    for token in text:
        row.append(row[-1] and _is_star(token))
    return row


def _next_row(row: list[bool], token: str, text: Tokens) -> list[bool]:
    """Which beginnings of the text the pattern matches with one token more."""
    star = _is_star(token)
    after = [row[0] and star]
    for at, other in enumerate(text):
        if star:
            fits = row[at + 1] or (after[at] and _may_hold(token, other))
        elif _is_star(other):
            fits = after[at] or (row[at + 1] and _may_hold(other, token))
        else:
            fits = row[at] and (ONE in (token, other) or token == other)
        after.append(fits)
    return after
