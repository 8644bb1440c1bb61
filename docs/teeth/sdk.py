"""Mutants of what the SDKs write: each member at which a control passes, broken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Optional

import yaml

from docs.teeth.guards import TABLES, Excuse
from docs.teeth.operators import OPERATORS
from docs.teeth.places import EACH, Place, at, label, nearest
from docs.teeth.verdicts import passing, red
from ormer.facts.step_types import STEP_TYPES

DEFINITIONS = TABLES.parent / "definitions"
USED = ("remove", "wrong")
_BARE = "_bare"


class Tried(NamedTuple):
    """A mutant of an SDK's document, and whether the control noticed.

    ``step`` is the type of the step that the place is in; ``beside`` tells whether the broken
    element of a list has others beside it; ``red`` are all controls that are red at the broken
    place, of whichever step.
    """

    document: str
    control: str
    operator: str
    member: str
    place: Place
    step: str
    beside: bool
    caught: bool
    red: frozenset[str]

    @property
    def row(self) -> Optional[Row]:
        """Why the control is not red, where the table says why."""
        return next((row for row in rows() if row.fits(self)), None)


class Row(NamedTuple):
    """A row that says why mutants do not turn their control red.

    ``instead`` are controls one of which is red at the place.
    """

    control: str
    operator: str
    ends: str
    document: str
    steps: frozenset[str]
    beside: bool
    instead: frozenset[str]
    excuse: Excuse

    def fits(self, tried: Tried) -> bool:
        """Whether the row is about this mutant."""
        return (
            (self.control, self.operator) == (tried.control, tried.operator)
            and tried.member.endswith(self.ends)
            and fnmatchcase(tried.document, self.document)
            and (not self.steps or tried.step in self.steps)
            and (not self.beside or tried.beside)
            and (not self.instead or bool(self.instead & tried.red))
        )


def documents() -> dict[str, Path]:
    """The documents of both SDKs that set what can be set, by name."""
    paths = sorted(DEFINITIONS.glob("v[23]/*.json"))
    return {f"{p.parent.name}/{p.stem}": p for p in paths if not p.stem.endswith(_BARE)}


@cache
def rows() -> tuple[Row, ...]:
    """The rows of the table that say why mutants do not turn their control red."""
    return tuple(
        Row(
            row["control"],
            row["operator"],
            row.get("ends", ""),
            row.get("in", "*"),
            frozenset(row.get("of", ())),
            row.get("beside", False),
            frozenset(row.get("instead", ())),
            Excuse("because" in row, row.get("because") or row["miss"]),
        )
        for row in _table()["excuses"]
    )


@cache
def tried(name: str) -> tuple[Tried, ...]:
    """Every mutant of a document, tried."""
    definition = json.loads(documents()[name].read_bytes())
    return tuple(_tried(definition, name))


def _tried(definition: Any, name: str) -> Iterator[Tried]:
    seen: dict[str, frozenset[tuple[str, str]]] = {}  # several controls pass at many places
    for control, subject, place in sorted(passing(definition), key=str):
        member = label(tuple(EACH if isinstance(t, int) else t for t in place))
        for operator in USED:
            value = _table()["wrong"][control]
            mutant, broken = OPERATORS[operator](definition, place, value)
            name_of_mutant = repr((operator, place, value if operator == "wrong" else None))
            if name_of_mutant not in seen:
                seen[name_of_mutant] = _red_there(mutant, broken)
            here = seen[name_of_mutant]
            caught = (control, subject) in here
            red_ones = frozenset(name for name, _ in here)
            step, beside = _step_type(definition, place), _has_others(definition, place)
            yield Tried(name, control, operator, member, place, step, beside, caught, red_ones)


def _red_there(mutant: Any, place: Place) -> frozenset[tuple[str, str]]:
    """(control, subject) of all that is red at the place."""
    here = nearest(mutant, place)
    found = red(mutant)
    return frozenset((r.control, r.subject) for r in found if nearest(mutant, r.place) == here)


def _step_type(definition: Any, place: Place) -> str:
    """The type of the innermost step around the place."""
    around = (at(definition, (*place[:end], "Type")) for end in range(len(place), 0, -1))
    return next((found for found in around if found in STEP_TYPES), "")


def _has_others(definition: Any, place: Place) -> bool:
    holder = at(definition, place[:-1])
    return isinstance(holder, list) and len(holder) > 1


@cache
def _table() -> Any:
    return yaml.safe_load((TABLES / "sdk.yaml").read_text("utf-8"))
