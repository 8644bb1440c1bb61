"""The table of guarded members (``tests/teeth/guards.yaml``) as rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Optional

import yaml

from docs.teeth.operators import OPERATORS
from docs.teeth.places import MISSING

TABLES = Path(__file__).parents[2] / "tests" / "teeth"
_SKIP = "skip"
_ABSENT = "absent"
_MISS = "miss"
_SAID = r"(\S+)(?: of (\S+))?(?: at (\S+))?"


class Said(NamedTuple):
    """A finding that is expected: by which control, of which step, at which member.

    ``step`` is empty for the broken step itself, ``at`` for the broken place itself.
    """

    verdict: str
    control: str
    step: str = ""
    at: str = ""


class Excuse(NamedTuple):
    """Why nothing turns red: the mutant is ``harmless``, or else it is missed."""

    harmless: bool
    why: str


class Guard(NamedTuple):
    """What an operator on a member has to cause: ``expected`` findings, or none for a reason."""

    control: str
    member: str
    operator: str
    value: Any
    expected: tuple[Said, ...]
    excuse: Optional[Excuse]


class Unguarded(NamedTuple):
    """Members by the end of their path that need no row of a control.

    ``instead`` are controls one of which has a row for the member, where that is why.
    """

    control: str
    ends: str
    instead: tuple[str, ...]


@cache
def unguarded() -> tuple[Unguarded, ...]:
    """What needs no row; the table says why."""
    return tuple(
        Unguarded(row["control"], row["ends"], tuple(row.get("instead", ())))
        for row in _table()["unguarded"]
    )


@cache
def guards() -> tuple[Guard, ...]:
    """Every row of the table, one for each member and operator."""
    rows, behaviours = _table()["guards"], _table()["behaviours"]
    return tuple(guard for row in rows for guard in _of_row(row, behaviours))


@cache
def _table() -> Any:
    return yaml.safe_load((TABLES / "guards.yaml").read_text("utf-8"))


def _of_row(row: Mapping[str, Any], behaviours: Mapping[str, Any]) -> Iterator[Guard]:
    control = row["red"][0].split()[0]
    for member in row["members"]:
        answers = dict(behaviours[row["as"]])
        for change in row.get("but", ()):
            if member.startswith(change.get("at", "")):
                answers |= {name: answer for name, answer in change.items() if name != "at"}
        for operator, answer in answers.items():
            assert operator in OPERATORS, f"{operator} is no operator"
            if answer == _SKIP:
                continue
            excuse = _excuse(answer, row)
            expected = () if excuse else tuple(_answer(answer, row["red"]))
            yield Guard(control, member, operator, _value(row, operator), expected, excuse)


def _excuse(answer: Any, row: Mapping[str, Any]) -> Optional[Excuse]:
    """Why nothing turns red, or None if something does."""
    if isinstance(answer, dict):
        return Excuse(False, answer[_MISS])
    if answer != _ABSENT:
        return None
    return Excuse(_ABSENT in row, row.get(_ABSENT) or row[_MISS])


def _value(row: Mapping[str, Any], operator: str) -> Any:
    names = {"wrong": "wrong", "second": "bad element", "caller": "default"}
    value = row.get(names.get(operator, ""), MISSING)
    needed = operator in ("wrong", "second")
    assert value is not MISSING or not needed, f"{row['red']}: nothing to put for {operator}"
    return value


def _answer(answer: str, red: list[str]) -> Iterator[Said]:
    for part in answer.split(" + "):
        verdict, _, named = part.partition(" ")
        for text in [named] if named else red:
            match = re.fullmatch(_SAID, text)
            assert match is not None, f"{text!r} names no control"
            yield Said(verdict, match[1], match[2] or "", match[3] or "")
