"""Texts with ``*`` (any characters) and ``?`` (any one character), matched in linear space.

A glob is a tuple of chunks with a ``*`` between each two; a chunk is a tuple of texts with a
``?`` between each two. There is no backtracking: between its first and its last chunk, each
chunk is taken at the first place that has it, which is right for globs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Chunk = tuple[str, ...]
Glob = tuple[Chunk, ...]
TextTest = Callable[[str], bool]


def parse_glob(text: str) -> Glob:
    """A text in which every ``*`` and ``?`` is a wildcard."""
    return tuple(tuple(chunk.split("?")) for chunk in text.split("*"))


def join_globs(globs: Iterable[Glob]) -> Glob:
    """Globs written one after the other."""
    chunks: list[Chunk] = [("",)]
    for glob in globs:
        last, first = chunks[-1], glob[0]
        chunks[-1] = (*last[:-1], last[-1] + first[0], *first[1:])
        chunks += glob[1:]
    return tuple(chunks)


def literal(text: str) -> Glob:
    """A glob that matches this text alone, whatever is in it."""
    return ((text,),)


def match_glob(glob: Glob, text: str) -> bool:
    """Whether the whole text matches."""
    first, last = glob[0], glob[-1]
    if len(glob) == 1:
        return len(text) == _length(first) and _at(first, text, 0)
    start, end = _length(first), len(text) - _length(last)
    if start > end or not _at(first, text, 0) or not _at(last, text, end):
        return False
    for chunk in glob[1:-1]:
        start = _find(chunk, text, start, end)
        if start < 0:
            return False
        start += _length(chunk)
    return True


def glob_test(glob: Glob) -> TextTest:
    """``match_glob`` for one glob, in the fewest steps that its shape allows."""
    if any(len(chunk) > 1 for chunk in glob) or len(glob) > 2:
        return lambda text: match_glob(glob, text)
    prefix = glob[0][0]
    if len(glob) == 1:
        return lambda text: text == prefix
    suffix = glob[1][0]
    if not suffix:
        return lambda text: text.startswith(prefix)
    if not prefix:
        return lambda text: text.endswith(suffix)
    least = len(prefix) + len(suffix)
    return lambda text: len(text) >= least and text.startswith(prefix) and text.endswith(suffix)


def is_anything(glob: Glob) -> bool:
    """Whether it is nothing but stars."""
    return len(glob) > 1 and all(chunk == ("",) for chunk in glob)


def _length(chunk: Chunk) -> int:
    return sum(map(len, chunk)) + len(chunk) - 1


def _at(chunk: Chunk, text: str, at: int) -> bool:
    for piece in chunk:
        if not text.startswith(piece, at):
            return False
        at += len(piece) + 1
    return True


def _find(chunk: Chunk, text: str, start: int, end: int) -> int:
    """The first place from ``start`` where the chunk stands and ends before ``end``, or -1."""
    if len(chunk) == 1:
        return text.find(chunk[0], start, end)
    for at in range(start, end - _length(chunk) + 1):
        if _at(chunk, text, at):
            return at
    return -1
