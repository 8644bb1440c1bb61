"""Where the lines of a definition stand in the YAML file that holds it as a block of text."""

from __future__ import annotations

from collections.abc import Sequence

_FARTHEST = 3
"""Lines between the member's name and the block: ``Fn::Sub:``, and the dash of its list."""


def first_line(file: Sequence[str], line: int, text: str) -> int:
    """The line of the file that holds the first line of ``text``, counted from 1; 0 for none.

    ``line`` is that of the member whose value it is. The text stands there line by line: what
    is not the same is a line of the file with a reference in it.
    """
    lines = text.rstrip("\n").split("\n")
    if len(lines) == 1:
        return 0
    for start in range(line, line + _FARTHEST):
        there = file[start : start + len(lines)]
        if len(there) == len(lines) and all(
            said.strip() == one.strip() or "${" in said
            for said, one in zip(there, lines, strict=True)
        ):
            return start + 1
    return 0
