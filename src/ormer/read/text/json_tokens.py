"""The tokens of a JSON text in order, and the line and column of an offset in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

_TOKEN = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]|-?Infinity|NaN|-?[0-9][0-9.eE+-]*|true|false|null'


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Each name, value and punctuation mark of a JSON text (RFC 8259), with its offsets."""
    return re.finditer(_TOKEN, text)


class Lines:
    """Where the lines of a text begin, found once, so that each question is a bisection."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(end.end() for end in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1, columns in characters."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
