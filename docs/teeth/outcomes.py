"""Every mutant tried, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import NamedTuple, Optional

from docs.teeth.compliant import stands
from docs.teeth.guards import Excuse
from docs.teeth.mutants import Mutant, mutants
from docs.teeth.sdk import documents, tried
from docs.teeth.verdicts import red

IN_A_BRANCH = "in {}"
UNEXPLAINED = "no reason is known: this is a bug"


class Kind(str, Enum):
    """What became of a mutant."""

    CAUGHT = "caught"
    ELSEWHERE = "by another"
    HARMLESS = "harmless"
    MISSED = "missed"


class Outcome(NamedTuple):
    """A mutant tried. ``group`` is its column in the table, ``why`` is empty where it is caught.

    ``step`` is the type of the broken step.
    """

    control: str
    group: str
    step: str
    operator: str
    member: str
    kind: Kind
    why: str


@cache
def outcomes() -> tuple[Outcome, ...]:
    """The mutants of the compliant definitions and those of what the SDKs write."""
    return (*(_of(mutant) for mutant in mutants()), *_of_sdks())


def _of(mutant: Mutant) -> Outcome:
    as_expected = red(mutant.definition, mutant.accepted) == mutant.expected
    kind, why = _judged(as_expected and bool(mutant.expected), as_expected, mutant.excuse)
    group = IN_A_BRANCH.format(mutant.move) if mutant.move else mutant.operator
    step = stands()[mutant.step].type
    return Outcome(mutant.control, group, step, mutant.operator, plain(mutant.member), kind, why)


def _of_sdks() -> Iterator[Outcome]:
    for name in documents():
        group = f"SDK {name.partition('/')[0]}"
        for one in tried(name):
            row = None if one.caught else one.row
            kind, why = _judged(one.caught, True, row.excuse if row else None)
            if row is not None and row.instead:
                kind = Kind.ELSEWHERE
            member = re.sub(r"^.*Arguments\.|^Steps\[\*\]\.", "", one.member)
            yield Outcome(one.control, group, one.step, one.operator, member, kind, why)


def _judged(caught: bool, as_expected: bool, excuse: Optional[Excuse]) -> tuple[Kind, str]:
    if caught:
        return Kind.CAUGHT, ""
    if excuse is None or not as_expected:
        return Kind.MISSED, UNEXPLAINED
    return Kind.HARMLESS if excuse.harmless else Kind.MISSED, excuse.why


def plain(member: str) -> str:
    """A member's path with ``[*]`` for every index."""
    return re.sub(r"\[\d+\]", "[*]", member)
