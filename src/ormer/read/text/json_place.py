"""Where in a JSON text the strict reader's objection is: for the message, after the fact."""

from __future__ import annotations

from typing import NamedTuple, Optional

from ormer.read.text.json_tokens import Lines, tokens

_LONGEST_NUMBER = 4300
"""Digits that Python converts (``sys.get_int_max_str_digits``)."""


class Objection(NamedTuple):
    """What a strict reader refuses, and its place, both counted from 1."""

    message: str
    line: int
    column: int


def first_objection(text: str) -> Optional[Objection]:
    """The first duplicate name, non-finite number or endless integer of a JSON text."""
    names: list[Optional[set[str]]] = []  # of each open object; None for a list
    key = ""
    for token in tokens(text):
        word = token[0]
        if word in "{[":
            names.append(set() if word == "{" else None)
        elif word in "}]" and names:
            names.pop()
        elif word == ":" and names and names[-1] is not None:
            if key in names[-1]:
                name = repr(key[1:-1])
                return _objection(text, token.start(), f"duplicate name {name} in one JSON object")
            names[-1].add(key)
        elif word[0] == '"':
            key = word
        elif word.endswith(("Infinity", "NaN")):
            return _objection(text, token.start(), f"{word} is not a JSON number")
        elif len(word) > _LONGEST_NUMBER:
            return _objection(
                text, token.start(), f"not JSON that can be read: a number of {len(word)} digits"
            )
    return None


def _objection(text: str, at: int, message: str) -> Objection:
    return Objection(message, *Lines(text).at(at))
