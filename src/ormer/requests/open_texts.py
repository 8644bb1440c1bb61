"""A text that no service model describes -> the locations that it names, or may name.

A free part is a mark, one character that no pipeline has, so that a text with free parts is
searched and cut like any other. Sources of what is a location, and of what parts two of them:
"Work with storage and file systems" in the Amazon EMR Management Guide, and "Advanced
Dependency Management" in Spark's "Submitting Applications".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise, product
from math import prod
from typing import NamedTuple, Optional

from ormer.model.value import CALLER, DEPLOY, Expression, Free, Opaque, Value, join


class Reading(IntEnum):
    """What a text is read for; each adds to the one before.

    ``SHOWN``: S3 locations that it shows; ``PLACE``: it is a place, so what is open may be
    one; ``CODE``: code is loaded from it, so any other URL is one; ``LIST``: it takes several,
    so what is open may bring in another.
    """

    SHOWN = 0
    PLACE = 1
    CODE = 2
    LIST = 3


class Text(NamedTuple):
    """A text with a mark for each of its free parts, in order."""

    text: str
    free: tuple[Free, ...] = ()

    def value(self, start: int, end: int) -> Value:
        """A piece of it, with the free parts in their places."""
        pieces = re.split(f"({MARK})", self.text[start:end]) if self.free else self.text[start:end]
        return join([self.part(p) if self.free and re.match(MARK, p) else p for p in pieces])

    def part(self, mark: str) -> Free:
        """The free part that a mark stands for."""
        return self.free[ord(mark) - _FIRST]

    def is_open(self, start: int, end: int) -> bool:
        """Whether a piece has a part that may be a location."""
        return any(_may_be_location(self.part(m)) for m in re.findall(MARK, self.text[start:end]))


_FIRST = 0xF0000
MARK = f"[{chr(_FIRST)}-{chr(0xFFFFD)}]"
_MOST_TEXTS = 256
_LONGEST_SCHEME = 64
_SCHEME = rf"(?:[A-Za-z0-9+.-]|{MARK})+$"
_S3 = r"(?i)s3[an]?$"
_OF_THE_CLUSTER = ("file:///", "hdfs:///", "local:///")
_CLOSER = r"[)`'\"\]}]"
_END = rf"[\s,;|&<>]|{_CLOSER}{{1,8}}(?=[\s,;|&<>:]|$)"
"""What ends a location. A shell joins what follows a quote, ``s3://bucket''-of-another``, so a
quote or a bracket ends it only where nothing does."""
_BETWEEN = r"[^\s,;'\"=|&()`<>]+"


def texts(value: Value) -> Optional[tuple[Text, ...]]:
    """Every text that the value's enums leave, or None where that cannot be told."""
    if isinstance(value, str):
        return (Text(value),)
    if not isinstance(value, Expression):
        return None if isinstance(value, Opaque) else (Text(str(value)),)
    if any(isinstance(part, str) and re.search(MARK, part) for part in value.parts):
        return None
    enums = {p: p.choices for p in value.parts if isinstance(p, Free) and p.choices is not None}
    if prod(len(choices) for choices in enums.values()) > _MOST_TEXTS:
        return None
    return tuple(
        _marked(value, dict(zip(enums, chosen, strict=True))) for chosen in product(*enums.values())
    )


def _marked(value: Expression, chosen: dict[Free, str]) -> Text:
    free: list[Free] = []
    pieces: list[str] = []
    for part in value.parts:
        if isinstance(part, str):
            pieces.append(part)
        elif part in chosen:
            pieces.append(chosen[part])
        else:
            pieces.append(chr(_FIRST + len(free)))
            free.append(part)
    return Text("".join(pieces), tuple(free))


@lru_cache(maxsize=4096)
def locations(value: Value, reading: Reading) -> tuple[Value, ...]:
    """The locations in a value; Opaque where it cannot be told what they are."""
    if isinstance(value, str) and ":" not in value:
        return ()
    known = texts(value)
    if known is None:
        return (value if isinstance(value, Opaque) else Opaque("it may be too many texts"),)
    found = [tuple(_of_text(text, reading)) for text in known]
    if all(
        places == (text.value(0, len(text.text)),)
        for places, text in zip(found, known, strict=True)
    ):
        return (value,)
    return tuple(dict.fromkeys(place for places in found for place in places))


def _of_text(text: Text, reading: Reading) -> Iterator[Value]:
    spans = list(_spans(text.text, reading))
    yield from (text.value(start, end) for start, end in spans)
    if not text.free or not (spans or reading >= Reading.PLACE):
        return
    for start, end in _outside(text.text, spans):
        if text.is_open(start, end):
            yield text.value(start, end)
    if reading is Reading.LIST or (reading >= Reading.PLACE and re.search(r"\s", text.text)):
        marks = {mark for start, end in spans for mark in re.findall(MARK, text.text[start:end])}
        for part in (text.part(mark) for mark in sorted(marks)):
            if _may_be_several(part):
                yield Expression((part,))


def _spans(text: str, reading: Reading) -> Iterator[tuple[int, int]]:
    """Where the locations are that the text shows."""
    starts = [s for found in re.finditer("://", text) for s in _start(text, found.start(), reading)]
    for (start, body), (limit, _) in pairwise([*starts, (len(text), 0)]):
        end = re.compile(_END).search(text, body, max(body, limit))
        yield start, end.start() if end else limit


def _start(text: str, colon: int, reading: Reading) -> Iterator[tuple[int, int]]:
    """Where the URL starts whose scheme ends at the colon, and its body; a number may be s3's 3."""
    scheme = re.search(_SCHEME, text[max(0, colon - _LONGEST_SCHEME) : colon])
    if scheme is None:
        return
    is_hidden = re.search(MARK, scheme[0])
    s3 = re.search(_S3, scheme[0])
    if s3 is not None and reading < Reading.CODE:
        yield colon - len(s3[0]), colon + 3
    elif is_hidden or s3 is not None or reading >= Reading.CODE:
        start = colon - len(scheme[0])
        if not text.startswith(_OF_THE_CLUSTER, start):
            yield start, colon + 3


def _outside(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where the pieces are that the text has beside its locations."""
    at = 0
    for start, end in [*spans, (len(text), len(text))]:
        for piece in re.compile(_BETWEEN).finditer(text, at, start):
            yield piece.span()
        at = end


def _may_be_location(part: Free) -> bool:
    """No number is one, and nothing that the service makes up for the run itself."""
    return part.kind == "String" and not part.name.startswith("Execution.")


def _may_be_several(part: Free) -> bool:
    """Whether a part may have a comma or a blank: what a service makes (ids, places) has none."""
    if part.source in (CALLER, DEPLOY):
        return part.kind == "String"
    return ".OutputParameters" in part.name or part.name == "Std:JsonGet"
