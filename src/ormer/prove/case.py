"""One principal, one action, one world: what is allowed there, asked as often as one likes.

case = Case(access, holder, space, {"NET-01": forbidden})
answer = case.ask("NET-01")
if answer.model is not None: found = case.found(answer.model)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Optional

from ormer.model.access import Access, Holder
from ormer.model.policy import Effect, Statement
from ormer.model.policy_operators import FOR_ALL, FOR_ANY, split_policy_operator
from ormer.model.world import World
from ormer.prove.atoms import Atoms
from ormer.prove.axioms import axioms, links
from ormer.prove.forbidden import Forbidden, forbidden_formula
from ormer.prove.formula import negation
from ormer.prove.found import Found, found_in
from ormer.prove.layers import Layers
from ormer.prove.policies import statements
from ormer.prove.request_space import RequestSpace
from ormer.prove.solver import Answer, Model, Solver
from ormer.prove.views import UNSHOWN, Request

_MOST_SLOTS = 12


class Case:
    """``sets`` are what may be asked about, by name. ``deadline`` is of time.monotonic."""

    def __init__(
        self,
        access: Access,
        holder: Holder,
        space: RequestSpace,
        sets: Mapping[str, Forbidden],
        deadline: float = float("inf"),
    ) -> None:
        self.atoms = Atoms()
        self._slots = _slots(access, holder, space, sets.values())
        self._few = max(self._slots.values(), default=0) > _MOST_SLOTS
        self.request = Request(self.atoms, space, self._slot_count)
        self.parts = Layers(access, holder, self.request, may=True).parts()
        self.solver = Solver(self.atoms, deadline)
        for part in self.parts:
            self.solver.add_if(part.name, part.formula)
        self._sets = sets
        self._added: set[str] = set()
        self._axioms_added = False

    def _slot_count(self, key: str) -> int:
        return min(self._slots.get(key, 1), _MOST_SLOTS)

    def ask(self, name: str = "", parts: Optional[Iterable[str]] = None) -> Answer:
        """Whether a request of the set ``name`` (of any, for an empty one) is allowed.

        ``parts`` are the names of those parts that count; all of them by default.
        """
        if name and name not in self._added:
            self._added.add(name)
            formula = forbidden_formula(self._sets[name], self.request)
            self.solver.add_if(f"set\n{name}", formula)
            self.solver.add(links(self.request))
        if not self._axioms_added:
            self._axioms_added = True
            self.solver.add(axioms(self.request))
            self.solver.add(links(self.request))
        kept = [part.name for part in self.parts] if parts is None else list(parts)
        answer = self._answer([*dict.fromkeys(kept), *([f"set\n{name}"] if name else [])])
        if answer.model is None and not answer.unknown and self._few:
            return Answer(unknown="more values of one key are asked for than are tried")
        return answer

    def _answer(self, assumed: list[str]) -> Answer:
        """First without what policies that nobody shows may allow: no evaluator can replay that.

        Facts of an action that contradict each other prove nothing.
        """
        if UNSHOWN in self.atoms.switches:
            self.solver.add_if(UNSHOWN, negation(self.request.unshown))
            answer = self.solver.answer([*assumed, UNSHOWN])
            if answer.model is not None:
                return answer
        answer = self.solver.answer(assumed)
        if answer.model is None and not answer.core and not answer.unknown:
            return Answer(unknown="what is known of the action's requests contradicts itself")
        return answer

    def found(self, model: Model, world: Optional[World] = None) -> Found:
        """The request of a model, as policies see it in this world or in another."""
        if world is None or world == self.request.space.world:
            return found_in(model, self.request)
        return found_in(model, self.request.in_world(world))


def _slots(
    access: Access, holder: Holder, space: RequestSpace, sets: Iterable[Forbidden]
) -> dict[str, int]:
    """How many values of a multivalued key can matter: one for each "there is a value that" that
    may have to hold, and one to be there at all. Keys have the names of today."""
    asked: dict[str, int] = {}
    counted: set[tuple[str, str, tuple[str, ...], bool]] = set()
    for statement, is_wanted in _statements(access, holder, space.action, sets):
        for condition in statement.conditions:
            operator = split_policy_operator(condition.operator)
            key = condition.key.lower()
            key = space.renamed.get(key, key)
            is_single = is_wanted and not operator.each and operator.kind != "null"
            if operator.each != (FOR_ANY if is_wanted else FOR_ALL) and not (
                is_single and space.may_be_list(key)
            ):
                continue
            said = (key, condition.operator.lower(), condition.values, is_wanted)
            if said not in counted or any("${" in value for value in condition.values):
                counted.add(said)
                asked[key] = asked.get(key, 0) + 1
    return {key: count + 1 for key, count in asked.items()}


def _statements(
    access: Access, holder: Holder, action: str, sets: Iterable[Forbidden]
) -> Iterator[tuple[Statement, bool]]:
    """Every statement, and whether a request has to match it: an Allow, what is forbidden."""
    for forbidden in sets:
        yield from ((each, True) for each in forbidden.statements)
        yield from ((each, False) for each in forbidden.exceptions)
    for statement in statements(access, holder, action):
        yield statement, statement.effect is Effect.ALLOW
