"""Controls and an access file -> proofs.

for proof in Prover(access, environment, controls).proofs(): ...
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Optional

from ormer.model.access import Access, Holder
from ormer.model.control import Control
from ormer.model.environment import Environment
from ormer.model.policy import Statement
from ormer.model.world import World
from ormer.proofs.alike import Alike
from ormer.proofs.asked.spaces import Spaces
from ormer.proofs.asked.targets import Target, Targets, approved_values, targets
from ormer.proofs.asked.worlds import relevant_worlds, seen_worlds
from ormer.proofs.carriers import carriers_of
from ormer.proofs.minimal import minimal
from ormer.proofs.over_worlds import InWorld, names, over_worlds
from ormer.proofs.pinned import open_statements, pinned, unbound
from ormer.proofs.proof import ActionProof, Counterexample, Proof, Verdict
from ormer.proofs.replay import Kept, Replayed, replay
from ormer.prove.case import Case
from ormer.prove.forbidden import Forbidden
from ormer.prove.idle import Idle
from ormer.prove.policies import asked_keys, named_resources, variables_of
from ormer.prove.solver import Model
from ormer.prove.views import DOUBT, UNSHOWN, left_open

POSSIBLE, CERTAIN = "possible", "certain"
_JOBS = ("roles.execution", "roles.pipeline")
_PIPELINE = "pipeline"
_UNTOLD = "may allow it by itself, and the access file does not list it under resource_policies"
NOBODY = "nobody to ask about: it is about roles.execution and roles.pipeline of the profile alone"
UNSEEN = "no condition key shows what is forbidden; the check of the definition does"


class Prover:
    """``seconds`` is the time for each control and principal; what is not decided by then is
    unknown. Not ``minimal``: counterexamples may hold more than shows the violation. A control
    may be given as its targets, or as some of them. ``spaces`` are those of another prover whose
    access differs in the principals' own policies alone."""

    def __init__(
        self,
        access: Access,
        environment: Environment,
        controls: Iterable[Control | Targets],
        seconds: float = 60.0,
        minimal: bool = True,
        spaces: Optional[Spaces] = None,
    ) -> None:
        self.minimal = minimal
        self.access = access
        self.environment = environment
        self.seconds = seconds
        self.targets = tuple(
            each if isinstance(each, Targets) else targets(each, environment) for each in controls
        )
        self.spaces = spaces or Spaces(access, environment, approved_values(iter(self.targets)))
        self._sets = _sets(self.targets)
        self._cases: dict[tuple[str, str, World], Case] = {}
        self._alive: dict[int, bool] = {}
        self.evaluators: Kept = {}
        self._idle: dict[str, Idle] = {}
        self._proofs: dict[tuple[str, tuple[str, ...], str], Proof] = {}
        self._alike = Alike(access, self.spaces, _statements(self._sets))
        self._worlds: dict[tuple[str, str], tuple[World, ...]] = {}
        self._likest: dict[tuple[str, str], Mapping[World, World]] = {}

    def proofs(self, principals: Optional[Iterable[str]] = None) -> Iterator[Proof]:
        """A proof a control and principal, in the order of controls.

        What a control keeps from pipelines alone is asked of the profile's roles only.
        """
        for one in self.targets:
            for holder in self.holders(one.control, principals):
                yield self.proof(one, holder)

    def holders(
        self, control: Control, principals: Optional[Iterable[str]] = None
    ) -> Iterator[Holder]:
        """The principals that a control is about."""
        wanted = None if principals is None else set(principals)
        attach = control.raw.get("guardrail", {}).get("attach", ())
        jobs = {arn for field in _JOBS for arn in self.environment.lookup(field) or ()}
        for arn, holder in self.access.holders.items():
            if (wanted is None or arn in wanted) and (list(attach) != [_PIPELINE] or arn in jobs):
                yield holder

    def proof(self, one: Targets, holder: Holder) -> Proof:
        """The proof of one control and principal; that of another one that is alike, where it
        was made before."""
        asked = (*(target.action for target in one.actions), *one.unseen)
        key = (one.control.id, asked, self._alike.first(holder))
        known = self._proofs.get(key)
        if known is not None and known.principal != holder.principal.name:
            made = self._alike.renamed(one, known, holder, self.evaluators)
            if made is not None:
                return made
        made = self._proof(one, holder)
        self._proofs.setdefault(key, made)
        return made

    def _proof(self, one: Targets, holder: Holder) -> Proof:
        deadline = time.monotonic() + self.seconds
        found = [self._action(one, target, holder, deadline) for target in one.actions]
        found += [self._unseen(action, holder) for action in one.unseen]
        id_, title, severity = one.control.id, one.control.title, one.control.severity.value
        return Proof(id_, title, severity, holder.principal.name, tuple(found), one.why)

    def _unseen(self, action: str, holder: Holder) -> ActionProof:
        """An action of which no condition key shows all that is forbidden."""
        if self._is_idle(action, holder):
            return ActionProof(action, Verdict.PROVED, (), vacuous=True)
        return ActionProof(action, Verdict.DETECTED, (), why=f"{action}: {UNSEEN}")

    def _is_idle(self, action: str, holder: Holder) -> bool:
        name = holder.principal.name
        if name not in self._idle:
            self._idle[name] = Idle(self.access, holder)
        return self._idle[name].is_idle(action)

    def _action(self, one: Targets, target: Target, holder: Holder, deadline: float) -> ActionProof:
        if self._is_idle(target.action, holder):
            return ActionProof(target.action, Verdict.PROVED, (), vacuous=True)
        decided: dict[World, InWorld] = {}
        for world in self.worlds(target.action, holder):
            likest = self.likest(target.action, holder, world)
            if likest not in decided:
                decided[likest] = self._in_world(one, target, holder, likest, deadline)
            decided[world] = decided[likest]
        told = over_worlds(target.action, decided)._replace(asked=names(decided))
        shown = next((each for each in decided.values() if each.case is not None), None)
        if self.minimal and shown is not None and shown.case is not None:
            least = self._least(f"{one.control.id} {CERTAIN}", target, holder, shown.case)
            if least is not None and told.counterexample is not None:
                return told._replace(counterexample=least)
        return told

    def worlds(self, action: str, holder: Holder) -> tuple[World, ...]:
        """The worlds that can matter to an action of a principal."""
        key = (holder.principal.name, action)
        if key not in self._worlds:
            sets = self._sets.get(action, {})
            keys = asked_keys(self.access, holder, action, sets.values())
            self._worlds[key] = relevant_worlds(action, keys, self.spaces, self.environment)
        return self._worlds[key]

    def likest(self, action: str, holder: Holder, world: World) -> World:
        """The first world in which the policies see the principal's requests of the action as in
        this one: what they allow is the same. What is forbidden is what requests really hold."""
        key = (holder.principal.name, action)
        if key not in self._likest:
            asked = asked_keys(self.access, holder, action)
            for one in self._sets.get(action, {}).values():
                asked |= variables_of((*one.statements, *one.exceptions))
            self._likest[key] = seen_worlds(action, asked, self.spaces, self.environment)
        return self._likest[key][world]

    def _in_world(
        self, one: Targets, target: Target, holder: Holder, world: World, deadline: float
    ) -> InWorld:
        case = self.case(target.action, holder, world)
        case.solver.deadline = deadline
        if not self._is_alive(case):
            return InWorld(Verdict.PROVED, is_alive=False)
        name = f"{one.control.id} {POSSIBLE}"
        answer = case.ask(name)
        if answer.unknown:
            return InWorld(Verdict.UNKNOWN, why=f"{target.action}: {answer.unknown}")
        if answer.model is None:
            return InWorld(Verdict.PROVED, carriers=carriers_of(case, name, answer.core))
        return self._violated(one, target, holder, case)

    def _violated(self, one: Targets, target: Target, holder: Holder, case: Case) -> InWorld:
        unseen = f"{target.action}: {UNSEEN}"
        if target.certain is None:
            return InWorld(Verdict.DETECTED, why=unseen)
        answer = case.ask(f"{one.control.id} {CERTAIN}")
        if answer.unknown:
            return InWorld(Verdict.UNKNOWN, why=f"{target.action}: {answer.unknown}")
        if answer.model is None:
            return InWorld(Verdict.DETECTED, why=unseen)
        return self._replayed(one, target, holder, case, answer.model)

    def _replayed(
        self, one: Targets, target: Target, holder: Holder, case: Case, model: Model
    ) -> InWorld:
        """The evaluator's word on what was found.

        Where that is no violation to it, on what is found with less in the request, and, as a
        policy variable is taken for anything, with a value for it.
        """
        name = f"{one.control.id} {CERTAIN}"
        first = self._replay(target, holder, case, model)
        if first.counterexample is not None and model.switches.get(UNSHOWN):
            return self._untold(target.action, case, model)
        if first.counterexample is not None:
            return InWorld(Verdict.VIOLATED, counterexample=first.counterexample, case=case)
        tries = [case]
        for space in pinned(case.request.space, self.access, holder, case.found(model)):
            tries.append(Case(self.access, holder, space, self._sets.get(target.action, {})))
        for each in tries:
            each.solver.deadline = case.solver.deadline
            found = self._least(name, target, holder, each)
            if found is not None:
                return InWorld(Verdict.VIOLATED, counterexample=found, case=each)
        if model.switches.get(UNSHOWN):
            return self._untold(target.action, case, model)
        return self._undecided(target.action, holder, first.why)

    def _untold(self, action: str, case: Case, model: Model) -> InWorld:
        """What no evaluator can replay, by name where that is something that AWS leaves open."""
        doubts = [
            name.removeprefix(DOUBT)
            for name, is_so in model.switches.items()
            if is_so and name.startswith(DOUBT)
        ]
        resource = case.found(model).resource
        why = left_open(doubts) or f"the policy of {resource} {_UNTOLD}"
        return InWorld(Verdict.UNKNOWN, why=f"{action} {resource}: {why}")

    def _undecided(self, action: str, holder: Holder, said: str) -> InWorld:
        why = "; ".join([said, *open_statements(self.access, holder, action, said)])
        names = unbound(self.access, holder, action, why)
        return InWorld(Verdict.UNKNOWN, why=why, unbound=names)

    def _least(
        self, name: str, target: Target, holder: Holder, case: Case
    ) -> Optional[Counterexample]:
        """A counterexample of the case with as little in it as can be."""
        answer = case.ask(name)
        if answer.model is None:
            return None
        fewest = minimal(case, name, answer.model)
        return self._replay(target, holder, case, fewest).counterexample

    def _replay(self, target: Target, holder: Holder, case: Case, model: Model) -> Replayed:
        found = case.found(model)
        return replay(self.access, holder, target.action, target.certain, found, self.evaluators)

    def case(self, action: str, holder: Holder, world: World) -> Case:
        """The case of one action, principal and world, made when it is first asked for; one for
        all worlds that are alike to the policies."""
        world = self.likest(action, holder, world)
        key = (holder.principal.name, action, world)
        if key not in self._cases:
            sets = self._sets.get(action, {})
            named = named_resources(self.access, holder, action, sets.values())
            space = self.spaces.space(action, holder, world, named)
            self._cases[key] = Case(self.access, holder, space, sets)
        return self._cases[key]

    def _is_alive(self, case: Case) -> bool:
        """Whether anything of the action may be allowed."""
        if id(case) not in self._alive:
            answer = case.ask()
            self._alive[id(case)] = answer.model is not None or bool(answer.unknown)
        return self._alive[id(case)]


def _sets(all_: Iterable[Targets]) -> Mapping[str, dict[str, Forbidden]]:
    """Action -> what controls forbid of it, by name."""
    found: dict[str, dict[str, Forbidden]] = {}
    for one in all_:
        for target in one.actions:
            sets = found.setdefault(target.action, {})
            sets[f"{one.control.id} {POSSIBLE}"] = target.possible
            if target.certain is not None:
                sets[f"{one.control.id} {CERTAIN}"] = target.certain
    return found


def _statements(sets: Mapping[str, Mapping[str, Forbidden]]) -> Iterator[Statement]:
    """All that controls forbid and except."""
    for of_action in sets.values():
        for one in of_action.values():
            yield from (*one.statements, *one.exceptions)
