"""One request that several sets of policies see: what of it can be true together.

question = Question(space, slots)
question.assume("after", Layers(after, holder, question.request, may=True).allowed())
question.assume("before", negation(Layers(before, holder, other, may=False).allowed()))
answer = question.ask("after", "before")
"""

from __future__ import annotations

from collections.abc import Iterable

from ormer.model.policy import Statement
from ormer.model.policy_operators import split_policy_operator
from ormer.prove.atoms import Atoms
from ormer.prove.axioms import axioms, links
from ormer.prove.formula import Formula
from ormer.prove.found import Found, found_in
from ormer.prove.request_space import RequestSpace
from ormer.prove.solver import Answer, Model, Solver
from ormer.prove.views import Request, left_open

MOST_SLOTS = 12
_AS_READ = "what is not documented is as the evaluator reads it"


class Question:
    """``statements`` are all that any of the sets has about the action.

    What is open in their texts is a choice, the same for every set (``Request.is_shared``), so
    that "not allowed" is the opposite of "allowed". ``deadline`` is of time.monotonic.
    """

    def __init__(
        self,
        space: RequestSpace,
        statements: Iterable[Statement],
        deadline: float = float("inf"),
    ) -> None:
        self.atoms = Atoms()
        self._slots = slots_of(statements, space)
        self._few = max(self._slots.values(), default=0) > MOST_SLOTS
        self._views: list[Request] = []
        self.request = self.seen_in(space)
        self.solver = Solver(self.atoms, deadline)
        self._axioms_added = False
        self._read: set[str] = set()

    def seen_in(self, space: RequestSpace) -> Request:
        """The same request as policies see it where it has other fixed keys."""
        made = Request(self.atoms, space, self._slot_count, is_shared=True)
        self._views.append(made)
        return made

    def _slot_count(self, key: str) -> int:
        return min(self._slots.get(key, 1), MOST_SLOTS)

    def assume(self, name: str, formula: Formula) -> None:
        """``ask(name)`` then means that the formula holds."""
        self.solver.add_if(name, formula)

    def ask(self, *names: str) -> Answer:
        """Whether there is a request for which all of them hold."""
        if not self._axioms_added:
            self._axioms_added = True
            managing = [one.management_account for one in self._views if one.management_account]
            for view in self._views:
                view.management_account = managing[0] if managing else ""
            self.solver.add(axioms(self.request))
        for view in self._views:
            for key, _ in list(view.all_really()):
                self.request.really(key)
        self.solver.add(links(self.request))
        answer = self._answer(names)
        if answer.model is None and not answer.core and not answer.unknown:
            return Answer(unknown="what is known of the action's requests contradicts itself")
        if answer.model is None and not answer.unknown and self._few:
            return Answer(unknown="more values of one key are asked for than are tried")
        return answer

    def _answer(self, names: tuple[str, ...]) -> Answer:
        """First with what AWS does not document as the evaluator reads it, which can replay it."""
        for name, as_read in self.atoms.as_read.items():
            if name not in self._read:
                self._read.add(name)
                switch = self.atoms.switch(name)
                self.solver.add_if(_AS_READ, switch if as_read else -switch)
        if self._read:
            answer = self.solver.answer(dict.fromkeys((*names, _AS_READ)))
            if answer.model is not None:
                return answer
        return self.solver.answer(dict.fromkeys(names))

    def found(self, model: Model, seen: Request) -> Found:
        """The request of a model, as ``seen`` shows it, with the keys that any of them asks for."""
        for view in self._views:
            for name, _ in list(view.all_seen()):
                seen.seen(name)
        return found_in(model, seen)

    def doubts(self, model: Model) -> str:
        """What of a model AWS leaves open and the evaluator reads otherwise, or not at all; empty
        where nothing is."""
        read = self.atoms.as_read
        there = {n: said for n, said in self.atoms.doubts.items() if n in model.switches}
        other = [said for n, said in there.items() if n in read and model.switches[n] != read[n]]
        return left_open(other or [said for n, said in there.items() if n not in read])

    def close(self) -> None:
        """Free the solver's memory."""
        self.solver.close()


def slots_of(statements: Iterable[Statement], space: RequestSpace) -> dict[str, int]:
    """How many values of a multivalued key can matter: one for each "there is a value that",
    or its opposite, and one to be there at all."""
    asked: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
    for statement in statements:
        for condition in statement.conditions:
            operator = split_policy_operator(condition.operator)
            key = condition.key.lower()
            key = space.renamed.get(key, key)
            if operator.each or (operator.kind != "null" and space.may_be_list(key)):
                said = (condition.operator.lower(), condition.values)
                asked.setdefault(key, set()).add(said)
    return {key: len(said) + 1 for key, said in asked.items()}
