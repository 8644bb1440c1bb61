"""Is there a request for which formulas hold? A SAT solver, corrected by what texts there are.

The solver's choice of atoms is tried variable by variable. Where no text fits, the atoms that
contradict each other, as few as can be, become a clause, and it chooses again. Only what the
formulas need of an atom counts: where they ask that it is true, not that it is false, it is free
to be true. Sources: "Lazy satisfiability modulo theories" (Sebastiani, 2007) for the loop,
"A structure-preserving clause form translation" (Plaisted and Greenbaum, 1986) for the clauses.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any as Anything
from typing import NamedTuple, Optional

from ormer.prove.atoms import Atoms, Undecided
from ormer.prove.formula import All, Formula
from ormer.prove.language import surely_apart, surely_includes
from ormer.prove.pattern import Pattern

_MOST_ROUNDS = 20_000
_CONFLICTS_A_LOOK = 5_000
_CORE = "minisat22"
_TIME = "the time is over"


class Model(NamedTuple):
    """A request: its switches, and the texts of those variables of which something is asked."""

    switches: Mapping[str, bool]
    texts: Mapping[str, str]


class Answer(NamedTuple):
    """``model`` is there where the formulas can hold; ``core`` are the names of the assumptions
    that cannot hold together, else; ``unknown`` says why neither could be found."""

    model: Optional[Model] = None
    core: tuple[str, ...] = ()
    unknown: str = ""


class Solver:
    """Formulas over the atoms of one question; more can be added between two answers."""

    def __init__(self, atoms: Atoms, deadline: float = float("inf")) -> None:
        from pysat.solvers import Solver as Sat  # late: only a proof needs it

        self.atoms = atoms
        self.deadline = deadline
        self._sat: Anything = Sat(name=_CORE)
        self._numbers: dict[int, int] = {}
        self._joined: dict[Formula, int] = {}
        self._top = 0
        self._asked: dict[int, int] = {}
        self._assumed: dict[str, int] = {}
        self._told: set[int] = set()
        self._variables: dict[str, list[int]] = {}
        self._texts: dict[tuple[str, tuple[int, ...], tuple[int, ...]], str] = {}

    def add(self, formula: Formula) -> None:
        """The formula has to hold."""
        if formula is False:
            self._sat.add_clause([])
        elif isinstance(formula, All):
            for part in formula.parts:
                self.add(part)
        elif formula is not True:
            parts = (formula,) if isinstance(formula, int) else formula.parts
            self._sat.add_clause([self._literal(part) for part in parts])

    def add_if(self, name: str, formula: Formula) -> None:
        """The formula has to hold where ``name`` is assumed."""
        selector = self._assumed.setdefault(name, 0) or self._new()
        self._assumed[name] = selector
        if formula is not True:
            clause = [-selector]
            if formula is not False:
                clause.append(self._literal(formula))
            self._sat.add_clause(clause)

    def answer(self, assumed: Iterable[str] = ()) -> Answer:
        """Whether everything can hold, with what is assumed."""
        names = {self._assumed[name]: name for name in assumed}
        self.atoms.deadline = self.deadline
        for _ in range(_MOST_ROUNDS):
            if time.monotonic() > self.deadline:
                return Answer(unknown=_TIME)
            is_possible = self._solve(list(names))
            if is_possible is None:
                return Answer(unknown=_TIME)
            if not is_possible:
                core = self._sat.get_core() or []
                return Answer(core=tuple(names[literal] for literal in core if literal in names))
            try:
                model = self._model()
            except Undecided as why:
                return Answer(unknown=str(why))
            if model is not None:
                return Answer(model)
        return Answer(unknown="too many attempts")

    def _solve(self, assumed: list[int]) -> Optional[bool]:
        """Whether the clauses can hold; None where the time is over."""
        while True:
            self._sat.conf_budget(_CONFLICTS_A_LOOK)
            found: Optional[bool] = self._sat.solve_limited(assumptions=assumed)
            if found is not None or time.monotonic() > self.deadline:
                return found

    def close(self) -> None:
        """Free the solver's memory."""
        self._sat.delete()

    def _new(self) -> int:
        self._top += 1
        return self._top

    def _literal(self, formula: Formula) -> int:
        """A literal that implies the formula."""
        if isinstance(formula, int):
            return self._of_atom(formula)
        found = self._joined.get(formula)
        if found is None:
            found = self._joined[formula] = self._new()
            parts = [self._literal(part) for part in formula.parts]
            if isinstance(formula, All):
                for part in parts:
                    self._sat.add_clause([-found, part])
            else:
                self._sat.add_clause([-found, *parts])
        return found

    def _of_atom(self, literal: int) -> int:
        atom = abs(literal)
        number = self._numbers.get(atom)
        if number is None:
            number = self._numbers[atom] = self._new()
            known = self.atoms.by_number.get(atom)
            if known is not None:
                self._variables.setdefault(known.variable, []).append(atom)
        self._asked[atom] = self._asked.get(atom, 0) | (1 if literal > 0 else 2)
        return number if literal > 0 else -number

    def _model(self) -> Optional[Model]:
        """The solver's choice as a request, or None after a clause that forbids the choice."""
        chosen: list[int] = self._sat.get_model()
        texts: dict[str, str] = {}
        is_possible = True
        for variable, atoms in self._variables.items():
            true, false = self._chosen(chosen, atoms)
            if not true and not false:
                continue
            asked = (variable, tuple(true), tuple(false))
            text = self._texts.get(asked)
            if text is None:
                text, conflict = self._text(variable, true, false)
                if text is None:
                    self._forbid(*conflict)
                    is_possible = False
                    continue
                self._texts[asked] = text
            texts[variable] = text
        if not is_possible:
            return None
        switches = {
            name: self._is_true(chosen, number)
            for name, number in self.atoms.switches.items()
            if number in self._numbers
        }
        return Model(switches, texts)

    def _chosen(self, chosen: Sequence[int], atoms: Sequence[int]) -> tuple[list[int], list[int]]:
        """Those atoms that a text has to fit, and those that it must not."""
        true: list[int] = []
        false: list[int] = []
        for atom in atoms:
            if chosen[self._numbers[atom] - 1] > 0:
                if self._asked[atom] & 1:
                    true.append(atom)
            elif self._asked[atom] & 2:
                false.append(atom)
        return true, false

    def _is_true(self, chosen: Sequence[int], atom: int) -> bool:
        return chosen[self._numbers[atom] - 1] > 0

    def _text(
        self, variable: str, true: list[int], false: list[int]
    ) -> tuple[Optional[str], tuple[list[int], list[int]]]:
        """A text that fits; or atoms, true and false, that no text fits."""
        if self.atoms.is_textual(variable, (*true, *false)):
            hint = self.atoms.hint(variable, true, false)
            if hint is not None:
                return hint, ([], [])
        against: list[int] = []
        while True:
            text = self.atoms.text_for(variable, true, against)
            if text is None:
                return None, (self._fewest(variable, true, against), against)
            wrong = next((a for a in false if self.atoms.holds(a, text)), None)
            if wrong is None:
                return text, ([], [])
            against.append(wrong)

    def _fewest(self, variable: str, true: list[int], against: list[int]) -> list[int]:
        kept = list(true)
        for atom in true:
            fewer = [each for each in kept if each != atom]
            try:
                if self.atoms.text_for(variable, fewer, against) is None:
                    kept = fewer
            except Undecided:
                continue
        return kept

    def _forbid(self, true: list[int], false: list[int]) -> None:
        """The atoms cannot be so together; and likewise others of the same kind, at once."""
        self._clause(true, false)
        if len(true) == 1 and len(false) == 1:
            wide = self.atoms.by_number[false[0]].pattern
            for atom, pattern in self._patterns(false[0]):
                if wide is not None and atom != true[0] and surely_includes(wide, pattern):
                    self._clause([atom], false)
        elif len(true) == 2 and not false:
            for one in true:
                mine = self.atoms.by_number[one].pattern
                for atom, pattern in self._patterns(one):
                    if mine is not None and atom not in true and surely_apart(mine, pattern):
                        self._clause([one, atom], [])

    def _patterns(self, atom: int) -> Iterator[tuple[int, Pattern]]:
        """The other patterns that the atom's variable may have to match."""
        if atom in self._told:
            return
        self._told.add(atom)
        for other in self._variables[self.atoms.by_number[atom].variable]:
            pattern = self.atoms.by_number[other].pattern
            if other != atom and pattern is not None and self._asked[other] & 1:
                yield other, pattern

    def _clause(self, true: list[int], false: list[int]) -> None:
        clause = [-self._numbers[atom] for atom in true]
        self._sat.add_clause(clause + [self._numbers[atom] for atom in false])
