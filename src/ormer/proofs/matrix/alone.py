"""Some of the layers of a case, alone: do they keep out what a control forbids?

Alone: what these Denies and limits keep out is kept out, and what all others would is let in. A
limit (the Allows of a layer) still lets in what it would not reach with the others as they are:
what a bucket's policy grants to a role itself needs no Allow of the role's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple, Optional

from ormer.model.authorization import AuthorizationRequest
from ormer.proofs.asked.targets import Target
from ormer.proofs.matrix.surplus import SurplusOf
from ormer.prove.case import Case
from ormer.prove.layers import Part
from ormer.prove.solver import Answer


class Enforcement(str, Enum):
    """Worst first. What some layers come to, against what a control forbids of an action.

    ``OPEN``: they let in what a condition key shows to be forbidden. ``DETECTED``: nothing like
    that, but what may be forbidden by what no condition key shows. ``STRICTER``: nothing that
    may be forbidden, by what also denies a request that the control permits. ``PREVENTED``: by
    what denies none.
    """

    OPEN = "open"
    UNKNOWN = "unknown"
    DETECTED = "detected"
    STRICTER = "stricter"
    PREVENTED = "prevented"


WORST = {one: rank for rank, one in enumerate(Enforcement)}


class By(NamedTuple):
    """A Deny that has a part in it, or, where ``statement`` is empty, what a layer allows."""

    layer: str
    policy: str
    statement: str


class Also(NamedTuple):
    """A request that the control permits, and what denies it."""

    request: AuthorizationRequest
    by: By


class Cell(NamedTuple):
    """What some layers come to, in every world, or in the worst of them: those named ``worlds``,
    which ``where`` tells from the others. ``by`` is what it takes; ``also`` is of ``STRICTER``,
    a request for each that denies one; ``why`` says what could not be decided; ``is_idle``: they
    let in nothing of the action at all. ``example`` is a request that all layers together let in
    and that is forbidden."""

    enforcement: Enforcement
    by: tuple[By, ...] = ()
    also: tuple[Also, ...] = ()
    why: str = ""
    is_idle: bool = False
    worlds: tuple[str, ...] = ()
    where: str = ""
    example: Optional[AuthorizationRequest] = None


class Alone:
    """Asks one case about one control's target; ``name`` is of the sets: ``NET-01``."""

    def __init__(
        self, case: Case, name: str, target: Target, surplus: SurplusOf, deadline: float
    ) -> None:
        self.case = case
        self.target = target
        self.surplus = surplus
        self.name = name
        self.deadline = deadline
        self._possible, self._certain = f"{name} possible", f"{name} certain"
        case.solver.deadline = deadline

    def cell(self, parts: Iterable[Part], assumed: Iterable[str] = ()) -> Cell:
        """What some parts come to; ``assumed`` are the solver's names of what holds besides."""
        parts, assumed = tuple(parts), tuple(assumed)
        answer = self._ask(self._possible, parts, assumed)
        if answer.unknown:
            return self._unknown(answer)
        if answer.model is None:
            return self._proved(parts, assumed, answer)
        if self.target.certain is None:
            return Cell(Enforcement.DETECTED)
        shown = self._ask(self._certain, parts, assumed)
        if shown.unknown:
            return self._unknown(shown)
        if shown.model is not None:
            return Cell(Enforcement.OPEN)
        return Cell(Enforcement.DETECTED, self._by(self._fewest(parts, assumed, self._certain)))

    def _ask(self, name: str, parts: Iterable[Part], assumed: tuple[str, ...]) -> Answer:
        return self.case.ask(name, (*(part.name for part in parts), *assumed))

    def _unknown(self, answer: Answer) -> Cell:
        return Cell(Enforcement.UNKNOWN, why=f"{self.target.action}: {answer.unknown}")

    def _proved(self, parts: tuple[Part, ...], assumed: tuple[str, ...], first: Answer) -> Cell:
        """By what denies nothing else, if that is enough."""
        kept, core = list(parts), first.core
        while True:
            wide = [part for part in kept if part.name in core and not self._is_exact(part)]
            if not wide:
                exact = [part for part in kept if part.name in core]
                fewest = self._fewest(exact, assumed, self._possible)
                return Cell(Enforcement.PREVENTED, self._by(fewest))
            kept = [part for part in kept if part not in wide]
            answer = self._ask(self._possible, kept, assumed)
            if answer.model is not None or answer.unknown:
                return self._stricter(parts, kept, assumed)
            core = answer.core

    def _stricter(
        self, parts: tuple[Part, ...], others: list[Part], assumed: tuple[str, ...]
    ) -> Cell:
        """``others`` are not known to deny anything that is permitted, and are not enough."""
        wide = [part for part in parts if part not in others]
        kept = self._fewest([*wide, *others], assumed, self._possible)
        is_idle = self._is_idle(parts, assumed)
        return Cell(Enforcement.STRICTER, self._by(kept), is_idle=is_idle)

    def with_surplus(self, cell: Cell) -> Cell:
        """A stricter one with a request for each of ``by`` that denies one."""
        also: list[Also] = []
        whys: list[str] = []
        parts = {_by(part): part for part in self.case.parts}
        for by in cell.by if cell.enforcement is Enforcement.STRICTER else ():
            if not self._is_exact(parts[by]):
                found = self.surplus.of(self.name, parts[by], self.deadline)
                if found.request is not None:
                    also.append(Also(found.request, by))
                else:
                    whys.append(found.why)
        return cell._replace(also=tuple(also), why="; ".join(whys) or cell.why)

    def _is_idle(self, parts: tuple[Part, ...], assumed: tuple[str, ...]) -> bool:
        """Whether they let in nothing of the action at all."""
        answer = self._ask("", parts, assumed)
        return answer.model is None and not answer.unknown

    def _is_exact(self, part: Part) -> bool:
        return self.surplus.is_none(self.name, part, self.deadline)

    def _fewest(self, parts: Iterable[Part], assumed: tuple[str, ...], name: str) -> list[Part]:
        """Parts that are enough, none of which can be spared; the first are spared first."""
        kept = list(parts)
        for part in tuple(kept):
            fewer = [each for each in kept if each.name != part.name]
            answer = self._ask(name, fewer, assumed)
            if answer.model is None and not answer.unknown:
                kept = [each for each in fewer if each.name in answer.core]
        return kept

    def _by(self, parts: Iterable[Part]) -> tuple[By, ...]:
        return tuple(_by(part) for part in parts)


def _by(part: Part) -> By:
    return By(part.layer.value, part.policy, part.statement)
