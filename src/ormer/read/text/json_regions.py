"""Where in a JSON text some places of the document stand: for reports that point into it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple, Optional

from ormer.model.definition import Place
from ormer.read.text.json_tokens import Lines, tokens


class Region(NamedTuple):
    """A stretch of the text, counted from 1; ``end_column`` is the one after its last character."""

    line: int
    column: int
    end_line: int
    end_column: int


def regions(text: str, places: Iterable[Place]) -> dict[Place, Region]:
    """The region of each place in ``text``, a JSON document that the strict reader has read.

    A member is its name and, if that is no structure, its value; an element of a list is its
    value, or the bracket that opens it. So a region stays short where a step is long. A place
    that is not in the text has the region of its nearest ancestor that is. One pass over the
    text, whatever the number of places.
    """
    asked = list(places)
    root = _Wanted()
    for place in asked:
        root.add(place)
    _find(text, root)
    lines = Lines(text)
    return {
        place: Region(*lines.at(start), *lines.at(end))
        for place in asked
        for start, end in [root.nearest(place)]
    }


class _Wanted:
    """A place that is asked for or leads to one: its offsets, and the places below it."""

    __slots__ = ("below", "span")

    def __init__(self) -> None:
        self.below: dict[Any, _Wanted] = {}
        self.span: Optional[tuple[int, int]] = None

    def add(self, place: Place) -> None:
        node = self
        for part in place:
            node = node.below.setdefault(part, _Wanted())

    def nearest(self, place: Place) -> tuple[int, int]:
        """The offsets of the place or of the last thing on the way to it."""
        node, span = self, self.span
        for part in place:
            node = node.below[part]
            if node.span is None:
                break
            span = node.span
        return span or (0, 0)


class _Open:
    """A structure that is not closed yet; ``index`` counts a list and is None for an object."""

    __slots__ = ("index", "name", "wanted")

    def __init__(self, wanted: _Wanted, index: Optional[int]) -> None:
        self.wanted = wanted
        self.index = index
        self.name: Optional[re.Match[str]] = None

    def value(self, token: re.Match[str], opens: bool) -> Optional[_Wanted]:
        """Note where the value that ``token`` is or opens stands, if that is asked for."""
        name, self.name = self.name, None
        key = self.index if name is None else _text(name[0])
        wanted = self.wanted.below.get(key)
        if wanted is not None:
            last = name if name is not None and opens else token
            wanted.span = ((name or token).start(), last.end())
        return wanted


def _find(text: str, root: _Wanted) -> None:
    """Give every wanted place of the document its span."""
    document = _Wanted()
    document.below[0] = root
    around = [_Open(document, 0)]
    skipped = 0  # how deep the walk is in a structure that holds nothing of interest
    for token in tokens(text):
        mark = text[token.start()]
        inner = around[-1]
        if skipped:
            skipped += (mark in "{[") - (mark in "}]")
        elif mark in "}]":
            around.pop()
        elif mark == ",":
            inner.index = None if inner.index is None else inner.index + 1
        elif mark == '"' and inner.index is None and inner.name is None:
            inner.name = token
        elif mark in "{[":
            wanted = inner.value(token, opens=True)
            if wanted is None:
                skipped = 1
            else:
                around.append(_Open(wanted, None if mark == "{" else 0))
        elif mark != ":":
            inner.value(token, opens=False)


def _text(name: str) -> str:
    """A member's name as the reader reads it."""
    read: str = json.loads(name) if "\\" in name else name[1:-1]
    return read
