"""A text of a policy with its variables and symbols -> a pattern.

Source: "IAM policy elements: Variables and tags" in the IAM User Guide. A variable whose value a
question fixes is that text; any other may be anything, and the pattern is then *open*: it has all
that it could match, and more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, Optional

from ormer.model.policy import CURRENT_VERSION
from ormer.model.symbol import has_symbol, pieces
from ormer.prove.pattern import EVERYTHING, Pattern, Step, folded, glob, joined, literal

_VARIABLE = re.compile(r"\$\{(?:([*?$])|([^\s{}',$*?][^{}',]*)(?:,\s*'([^']*)')?)\}")
_ARN_SEGMENTS = 6
_COLON = Step(frozenset(":"))

Fixed = Callable[[str], tuple[bool, Optional[str]]]
"""A key -> whether its value is known, and the value (None: it has none)."""


class Read(NamedTuple):
    """``pattern`` is None where nothing matches: a variable that does not resolve, no ARN.

    Of what matches ``doubtful`` IAM cannot say whether it matches the text, and a negated operator
    holds in a Deny and not in an Allow. ``is_lost``: for a variable with no value alone, to which
    nothing is equal or like ("Policy variables with no value").
    """

    pattern: Optional[Pattern]
    is_open: bool = False
    doubtful: Optional[Pattern] = None
    is_lost: bool = False


class _Part(NamedTuple):
    """``text`` of the policy itself, where wildcards count; or of a value; or None: anything."""

    text: Optional[str]
    is_written: bool


def needed_keys(text: str, version: str) -> Iterator[str]:
    """The keys, in lower case, without which the text does not resolve."""
    if version == CURRENT_VERSION and "${" in text:
        for found in _VARIABLE.finditer(text):
            if found[2] and found[3] is None and not has_symbol(found[0]):
                yield found[2].strip().lower()


def read_literal(text: str, version: str, fixed: Fixed, fold: bool = False) -> Read:
    """A value of StringEquals, without regard to case with ``fold``."""
    return _read(text, version, fixed, folded if fold else literal, folded if fold else literal)


def read_glob(text: str, version: str, fixed: Fixed) -> Read:
    """A value of StringLike, or a Resource."""
    return _read(text, version, fixed, glob, literal)


def read_arn(text: str, version: str, fixed: Fixed) -> Read:
    """A value of ArnLike or ArnEquals, cut at the first colons of the policy's own text.

    Whether the text is cut before or after a variable is replaced, nobody documents: with a colon
    in a value before the last segment it may be anything. A segment with a variable that does not
    resolve is in doubt, where the others match; so is a text with too few of them.
    """
    segments: list[list[Step]] = [[]]
    is_open = False
    lost: list[int] = []
    for part in _parts(text, version, fixed):
        if part is None:
            lost.append(len(segments) - 1)
        elif part.text is None:
            is_open = True
            segments[-1] += EVERYTHING
        elif not part.is_written:
            if ":" in part.text and len(segments) < _ARN_SEGMENTS:
                return Read(EVERYTHING, is_open=True)
            segments[-1] += literal(part.text)
        else:
            first, *rest = part.text.split(":", _ARN_SEGMENTS - len(segments))
            segments[-1] += glob(first)
            segments += [[*glob(each)] for each in rest]
    if len(segments) < _ARN_SEGMENTS:
        return Read(EVERYTHING, is_open=True) if is_open else Read(None, doubtful=EVERYTHING)
    for index in lost:
        segments[index] = [*EVERYTHING]
    if is_open:
        return Read(joined(_colons(segments)), is_open=True)
    within = [[_within(step) for step in segment] for segment in segments[:-1]]
    pattern = joined(_colons([*within, segments[-1]]))
    return Read(None, doubtful=pattern, is_lost=True) if lost else Read(pattern)


def _within(step: Step) -> Step:
    return step._replace(named=step.named | {":"}) if step.but else step


def _colons(segments: list[list[Step]]) -> Iterator[Step]:
    for index, segment in enumerate(segments):
        yield from segment
        if index < len(segments) - 1:
            yield _COLON


def _read(
    text: str,
    version: str,
    fixed: Fixed,
    written: Callable[[str], Pattern],
    value: Callable[[str], Pattern],
) -> Read:
    steps: list[Step] = []
    is_open = False
    for part in _parts(text, version, fixed):
        if part is None:
            return Read(None, doubtful=EVERYTHING, is_lost=True)
        if part.text is None:
            is_open = True
            steps += EVERYTHING
        else:
            steps += written(part.text) if part.is_written else value(part.text)
    return Read(joined(steps), is_open)


def _parts(text: str, version: str, fixed: Fixed) -> Iterator[Optional[_Part]]:
    """The parts in order; None for a variable that does not resolve.

    A symbol may stand within a variable, or complete one with what stands beside it, and what
    begins like a variable may be one that is read in another way: nothing is known of the text
    then. An empty value may be a value or none.
    """
    rest = _VARIABLE.sub("", text)
    if version != CURRENT_VERSION:
        yield from _written(text)
    elif "${" in rest or (has_symbol(text) and any(each in rest for each in "$}")):
        yield _Part(None, False)
    else:
        yield from _variables(text, fixed)


def _written(text: str) -> Iterator[_Part]:
    for index, piece in enumerate(pieces(text)):
        yield _Part(None, False) if index % 2 else _Part(piece, True)


def _variables(text: str, fixed: Fixed) -> Iterator[Optional[_Part]]:
    end = 0
    for found in _VARIABLE.finditer(text):
        yield from _written(text[end : found.start()])
        end = found.end()
        if found[1]:
            yield _Part(found[1], False)
            continue
        if has_symbol(found[0]) or found[2] != found[2].strip():
            yield _Part(None, False)
            continue
        known, value = fixed(found[2].lower())
        if known and value is None:
            yield None if found[3] is None else _Part(found[3], False)
        else:
            yield _Part(value if known and value else None, False)
    yield from _written(text[end:])
