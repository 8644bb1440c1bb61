"""The mutants of the compliant definitions, each with the findings that it has to cause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, Optional

from docs.teeth.compliant import Stand, compliant, stands
from docs.teeth.guards import Excuse, Guard, Said, guards
from docs.teeth.moves import IN_PLACE, MOVES, Move
from docs.teeth.operators import OPERATORS, Broken
from docs.teeth.places import Place, expanded, label, tokens
from docs.teeth.verdicts import Red

_MEMBER = r"(\w+)([/@^])(.+)"
ARGUMENTS, STEP, DEFINITION = "/@^"


class Mutant(NamedTuple):
    """A broken definition. ``expected`` are the findings that it has to have, and no other.

    ``excuse`` says why there are none; ``accepted`` are controls that are red before. ``step`` is
    the name of the broken step, ``move`` the branch that the steps were moved into; the mutants
    that differ in that alone have the same ``id``.
    """

    id: str
    control: str
    operator: str
    step: str
    member: str
    move: str
    definition: Any
    expected: frozenset[Red]
    excuse: Optional[Excuse]
    accepted: frozenset[str]


@cache
def mutants() -> tuple[Mutant, ...]:
    """Every mutant of the table, and those that have to turn red in each kind of branch too."""
    return tuple(mutant for guard in guards() for mutant in _of_guard(guard))


def _of_guard(guard: Guard) -> Iterator[Mutant]:
    match = re.fullmatch(_MEMBER, guard.member)
    assert match is not None, f"{guard.member} is no member"
    step, where, path = match.groups()
    stand = stands()[step]
    source, accepted = compliant()[stand.definition]
    base = _base(stand, where)
    for place in expanded(source, base, tokens(path)):
        broken = OPERATORS[guard.operator](source, place, guard.value)
        member = label(place[len(base) :])
        is_moved = where != DEFINITION and bool(guard.expected)
        for move in MOVES if is_moved else (IN_PLACE,):
            expected = (_red(said, stand, where, place, broken, move) for said in guard.expected)
            yield Mutant(
                _id(guard, step, where, member),
                guard.control,
                guard.operator,
                step,
                member,
                move.branch,
                move.definition(broken.definition),
                frozenset(expected),
                guard.excuse,
                accepted,
            )


def _base(stand: Stand, where: str) -> Place:
    if where == DEFINITION:
        return ()
    return (*stand.place, "Arguments") if where == ARGUMENTS else stand.place


def _red(said: Said, stand: Stand, where: str, place: Place, broken: Broken, move: Move) -> Red:
    step = stands()[said.step] if said.step else stand
    subject = "" if where == DEFINITION else move.subject(step.path)
    found = broken.place
    if said.at == "..":
        found = place[:-1]
    elif said.at.startswith("."):
        below = broken.place if len(broken.place) > len(place) else place
        found = below + tokens(said.at)
    elif said.at:
        found = _base(stand, where) + tokens(said.at)
    return Red(said.verdict, said.control, subject, move.place(found))


def _id(guard: Guard, step: str, where: str, member: str) -> str:
    of = {ARGUMENTS: step, STEP: f"{step}-step", DEFINITION: f"{step}-definition"}[where]
    return f"{guard.control}-{of}-{guard.operator.replace(' ', '-')}-{member}"
