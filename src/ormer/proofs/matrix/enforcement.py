"""The enforcement matrix: which layer of the policies keeps out what, alone and all together.

made = matrix(Prover(access, environment, controls))
for row in made.rows: row.control, row.action, row.principal, row.cells[Column.BOUNDARY]
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple, Optional

from ormer.model.access import Holder
from ormer.model.authorization import Layer
from ormer.model.world import World
from ormer.proofs.asked.targets import Target, Targets
from ormer.proofs.matrix.alone import WORST, Alone, Cell, Enforcement
from ormer.proofs.matrix.surplus import SurplusOf
from ormer.proofs.proof import ActionProof, Verdict
from ormer.proofs.prover import NOBODY, Prover
from ormer.prove.case import Case
from ormer.prove.layers import Part

_THROUGH = "through the endpoint"


class Column(str, Enum):
    """Which Denies and limits count. ``ENDPOINT``: for the requests that come through it."""

    IDENTITY = "identity"
    DENIES = "identity Denies"
    ALLOWS = "identity Allows"
    BOUNDARY = "boundary"
    SCP = "SCPs"
    RCP = "RCPs"
    RESOURCE = "resource policies"
    ENDPOINT = "endpoint"
    SESSION = "session"
    TOGETHER = "all together"

    def counts(self, part: Part) -> bool:
        """Whether a part is one of the column's."""
        if self in (Column.DENIES, Column.ALLOWS):
            return part.layer is Layer.IDENTITY and bool(part.statement) is (self is Column.DENIES)
        return self is Column.TOGETHER or part.layer is _LAYERS[self]


_LAYERS = {
    Column.IDENTITY: Layer.IDENTITY,
    Column.BOUNDARY: Layer.BOUNDARY,
    Column.SCP: Layer.SCP,
    Column.RCP: Layer.RCP,
    Column.RESOURCE: Layer.RESOURCE,
    Column.ENDPOINT: Layer.ENDPOINT,
    Column.SESSION: Layer.SESSION,
}

Cells = Mapping[Column, Cell]
"""A column in which nothing meets the action is not there: nothing of it stands in the way."""


class Row(NamedTuple):
    """A control on an action that a principal may call; of every principal that may, where
    ``principals`` are several: what is worst in each column."""

    control: str
    action: str
    principals: tuple[str, ...]
    cells: Cells


class Idle(NamedTuple):
    """Actions of a control that nobody of those asked may call at all."""

    control: str
    actions: tuple[str, ...]


class Unseen(NamedTuple):
    """Of these actions (patterns) no condition key shows what the control forbids."""

    control: str
    actions: tuple[str, ...]


class NotAsked(NamedTuple):
    """A control of which nothing was asked, and why."""

    control: str
    why: str


class Matrix(NamedTuple):
    """The matrix. ``controls`` are all that were asked about, id -> title."""

    controls: Mapping[str, str]
    rows: tuple[Row, ...]
    idle: tuple[Idle, ...]
    unseen: tuple[Unseen, ...]
    not_asked: tuple[NotAsked, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those in which something meets an action."""
        return tuple(each for each in Column if any(each in row.cells for row in self.rows))

    @property
    def is_kept(self) -> bool:
        """Whether something was asked, and all together let in nothing that a condition key shows
        to be forbidden."""
        bad = (Enforcement.OPEN, Enforcement.UNKNOWN)
        is_asked = len(self.not_asked) < len(self.controls)
        return is_asked and not any(
            row.cells[Column.TOGETHER].enforcement in bad for row in self.rows
        )


def matrix(prover: Prover, principals: Optional[Iterable[str]] = None) -> Matrix:
    """The matrix with a row a control, action and principal that may call it."""
    chosen = None if principals is None else tuple(principals)
    maker = _Maker(prover)
    rows: list[Row] = []
    idle: list[Idle] = []
    not_asked: list[NotAsked] = []
    for one in prover.targets:
        if one.why or not any(True for _ in prover.holders(one.control, chosen)):
            not_asked.append(NotAsked(one.control.id, one.why or NOBODY))
            continue
        found = tuple(maker.rows(one, chosen))
        rows += found
        called = {row.action for row in found}
        nobody = tuple(t.action for t in one.actions if t.action not in called)
        if nobody:
            idle.append(Idle(one.control.id, nobody))
    return Matrix(
        {one.control.id: one.control.title for one in prover.targets},
        tuple(rows),
        tuple(idle),
        tuple(Unseen(one.control.id, one.unseen) for one in prover.targets if one.unseen),
        tuple(not_asked),
    )


def every_principal(rows: Sequence[Row]) -> tuple[Row, ...]:
    """A row a control and action: the worst of those that may call it, column by column."""
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        grouped.setdefault((row.control, row.action), []).append(row)
    return tuple(
        Row(control, action, tuple(name for row in found for name in row.principals), _worst(found))
        for (control, action), found in grouped.items()
    )


def _worst(rows: Sequence[Row]) -> Cells:
    """A layer that somebody does not have is open to them."""
    cells: dict[Column, Cell] = {}
    for column in Column:
        found = [row.cells[column] for row in rows if column in row.cells]
        if found and len(found) < len(rows):
            found = [Cell(Enforcement.OPEN)]
        if found:
            cells[column] = worst_of(found)
    return cells


def worst_of(cells: Iterable[Cell]) -> Cell:
    """The worst, with all that is told of those that are as bad."""
    found = tuple(cells)
    enforcement = min((one.enforcement for one in found), key=WORST.__getitem__)
    same = [one for one in found if one.enforcement is enforcement]
    also = {one.by: one for cell in reversed(same) for one in reversed(cell.also)}
    return Cell(
        enforcement,
        tuple(dict.fromkeys(by for one in same for by in one.by)),
        tuple(reversed(also.values())),
        "; ".join(dict.fromkeys(one.why for one in same if one.why)),
        all(one.is_idle for one in same),
        tuple(dict.fromkeys(name for one in same for name in one.worlds)),
        "; ".join(dict.fromkeys(one.where for one in same if one.where)),
        next((one.example for one in same if one.example is not None), None),
    )


class _Maker:
    def __init__(self, prover: Prover) -> None:
        self.prover = prover
        self._surplus: dict[int, SurplusOf] = {}

    def rows(self, one: Targets, principals: Optional[tuple[str, ...]]) -> Iterator[Row]:
        """A row an action and principal that may call it."""
        holders = tuple(self.prover.holders(one.control, principals))
        proofs = [self.prover.proof(one, holder).actions for holder in holders]
        for index, target in enumerate(one.actions):
            for holder, proved in zip(holders, proofs, strict=True):
                if not proved[index].vacuous:
                    yield self._row(one, target, holder, proved[index])

    def _row(self, one: Targets, target: Target, holder: Holder, proof: ActionProof) -> Row:
        deadline = time.monotonic() + self.prover.seconds
        asked: dict[World, Alone] = {}
        for world in self.prover.worlds(target.action, holder):
            case = self.prover.case(target.action, holder, world)
            alike = next((each for each in asked.values() if each.case is case), None)
            surplus = self._surplus_of(target.action, holder, case)
            asked[world] = alike or Alone(case, one.control.id, target, surplus, deadline)
        cells = {
            column: _over_worlds(column, asked)
            for column in Column
            if all(_is_there(column, each.case) for each in asked.values())
        }
        cells[Column.TOGETHER] = _replayed(cells[Column.TOGETHER], proof)
        return Row(one.control.id, target.action, (holder.principal.name,), cells)

    def _surplus_of(self, action: str, holder: Holder, case: Case) -> SurplusOf:
        if id(case) not in self._surplus:
            sets = {
                one.control.id: target.possible
                for one in self.prover.targets
                for target in one.actions
                if target.action == action
            }
            space = case.request.space
            self._surplus[id(case)] = SurplusOf(self.prover.access, holder, space, sets)
        return self._surplus[id(case)]


def _over_worlds(column: Column, asked: Mapping[World, Alone]) -> Cell:
    """The worst; with the worlds that it is of where others are better."""
    of_each = {each: _cell(column, each) for each in dict.fromkeys(asked.values())}
    cells = {world: of_each[each] for world, each in asked.items()}
    enforcement = min((one.enforcement for one in cells.values()), key=WORST.__getitem__)
    where = [world for world, one in cells.items() if one.enforcement is enforcement]
    cells[where[0]] = asked[where[0]].with_surplus(cells[where[0]])
    worst = worst_of(cells[world] for world in where)
    if len(where) < len(cells):
        names = tuple(world.name for world in where)
        worst = worst._replace(worlds=names, where=_told(where, tuple(cells)))
    return worst


def _told(some: Sequence[World], every: Sequence[World]) -> str:
    """What some worlds have in common and others have not; their names where that is nothing."""
    said = [world.name.split(", ") for world in some]
    others = [world.name.split(", ") for world in every]
    common = [text for text in said[0] if all(text in each for each in said)]
    found = [text for text in common if not all(text in each for each in others)]
    return ", ".join(found) or "; ".join(world.name for world in some)


def _cell(column: Column, asked: Alone) -> Cell:
    case = asked.case
    parts = [part for part in case.parts if column.counts(part)]
    if column is not Column.ENDPOINT:
        return asked.cell(parts)
    case.solver.add_if(_THROUGH, case.request.listed)
    return asked.cell(parts, (_THROUGH,))


def _is_there(column: Column, case: Case) -> bool:
    """Whether something of it can keep anything out."""
    return any(column.counts(part) and part.formula is not True for part in case.parts)


def _replayed(cell: Cell, proof: ActionProof) -> Cell:
    """All together, as the proof has it: what is open was decided by the evaluator, too."""
    if proof.verdict is Verdict.UNKNOWN:
        return Cell(Enforcement.UNKNOWN, why=proof.why)
    if proof.verdict is Verdict.VIOLATED:
        found = proof.counterexample
        return Cell(Enforcement.OPEN, example=None if found is None else found.request)
    return cell
