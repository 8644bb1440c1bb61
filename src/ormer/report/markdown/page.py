"""A Markdown page of bounded size: lines are taken while they fit, and folds are always closed."""

from __future__ import annotations

_FOLD_END = ("", "</details>")
_LAST = 200
"""Bytes that are kept for the line that says that the page ends early."""


class Page:
    """Lines in order. Once a line did not fit, the page is full and takes no other."""

    def __init__(self, largest: int) -> None:
        self._left = largest - _LAST
        self._lines: list[str] = []
        self.full = False

    def put(self, *lines: str) -> bool:
        """Take all of the lines or none; says which."""
        cost = _size(lines)
        self.full = self.full or cost > self._left
        if not self.full:
            self._left -= cost
            self._lines += lines
        return not self.full

    def fold(self, summary: str, *lines: str) -> bool:
        """Begin a part that is shown when somebody asks for it; says whether these lines fit."""
        self._left -= _size(_FOLD_END)
        begun = self.put("", f"<details><summary>{summary}</summary>", "", *lines)
        if not begun:
            self._left += _size(_FOLD_END)
        return begun

    def unfold(self) -> None:
        """End the folded part, for which there is always room."""
        self._lines += _FOLD_END

    def end(self, line: str) -> None:
        """Write the last line of a full page."""
        self._lines += ("", line)

    def text(self) -> str:
        """The page, each line ended."""
        return "".join(f"{line}\n" for line in self._lines)


def _size(lines: tuple[str, ...]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)
