"""Patterns of IAM as regular expressions of z3.

Source: "IAM JSON policy elements: Condition operators" and "Resource" in the IAM User Guide.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import z3

_ANY_CHARACTER = z3.AllChar(z3.ReSort(z3.StringSort()))
_ANYTHING = z3.Star(_ANY_CHARACTER)
_NO_COLON = z3.Union(z3.Range("!", "9"), z3.Range(";", "~"))
_SEGMENTS = 6


def like(value: Any, pattern: str) -> Any:
    """Whether a text matches a pattern, without a regular expression where there is another way."""
    core = pattern.strip("*")
    first, star, last = pattern.partition("*")
    if star and first and last and not set("*?") & set(first + last):
        ends = z3.And(
            z3.PrefixOf(z3.StringVal(first), value), z3.SuffixOf(z3.StringVal(last), value)
        )
        return z3.And(ends, z3.Length(value) >= len(first) + len(last))
    if "*" in core or "?" in core:
        return z3.InRe(value, glob(pattern))
    starts, ends = pattern.endswith("*"), pattern.startswith("*")
    if not core and pattern:
        return z3.BoolVal(True)
    text = z3.StringVal(core)
    if starts and ends:
        return z3.Contains(value, text)
    if starts:
        return z3.PrefixOf(text, value)
    return z3.SuffixOf(text, value) if ends else value == text


@cache
def glob(pattern: str) -> Any:
    """``*`` is any characters, ``?`` is any one."""
    return _joined(pattern, _ANYTHING, _ANY_CHARACTER)


@cache
def arn(pattern: str) -> Any:
    """A pattern of ArnLike: wildcards of the first five segments stay within their segment."""
    segments = pattern.split(":", _SEGMENTS - 1)
    if len(segments) < _SEGMENTS:
        return glob(pattern)
    parts = [_joined(each, z3.Star(_NO_COLON), _NO_COLON) for each in segments[:-1]]
    parts.append(glob(segments[-1]))
    whole = [parts[0]]
    for part in parts[1:]:
        whole += [z3.Re(":"), part]
    return z3.Concat(*whole)


@cache
def folded(text: str) -> Any:
    """A text in any case."""
    pieces = [_either(character) for character in text]
    return _concatenated(pieces)


def _either(character: str) -> Any:
    lower, upper = character.lower(), character.upper()
    return z3.Re(character) if lower == upper else z3.Union(z3.Re(lower), z3.Re(upper))


def _joined(pattern: str, star: Any, one: Any) -> Any:
    pieces: list[Any] = []
    literal = ""
    for character in pattern:
        if character in "*?":
            pieces += [z3.Re(literal)] if literal else []
            pieces.append(star if character == "*" else one)
            literal = ""
        else:
            literal += character
    return _concatenated(pieces + ([z3.Re(literal)] if literal else []))


def _concatenated(pieces: list[Any]) -> Any:
    if not pieces:
        return z3.Re("")
    return pieces[0] if len(pieces) == 1 else z3.Concat(*pieces)
