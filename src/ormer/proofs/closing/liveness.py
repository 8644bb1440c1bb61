"""Whether something that a control permits is allowed: a Deny must leave real work alone."""

from __future__ import annotations

from typing import NamedTuple, Optional

from ormer.model.access import Access, Holder
from ormer.model.policy import Effect, Statement
from ormer.model.world import NEITHER, World
from ormer.proofs.asked.targets import Target
from ormer.proofs.pinned import pinned
from ormer.proofs.prover import Prover
from ormer.proofs.replay import replay
from ormer.prove.case import Case
from ormer.prove.forbidden import Forbidden
from ormer.prove.found import Found
from ormer.prove.policies import named_resources
from ormer.prove.solver import Model

_PERMITTED, _MATCHED, _EXCEPTED = "permitted", "matched", "excepted"


class _Permitted(NamedTuple):
    """A request that the evaluator allows, as a model of a case."""

    case: Case
    model: Model


class Liveness:
    """Of one principal. ``prover`` is that of the access."""

    def __init__(self, access: Access, holder: Holder, prover: Prover) -> None:
        self.access = access
        self.holder = holder
        self.prover = prover
        self._cases: dict[tuple[str, World], Case] = {}
        self._shown: dict[tuple[str, World], Optional[_Permitted]] = {}

    def is_kept(self, target: Target, before: Liveness) -> bool:
        """Whether, in each world in which a request of the action that no statement of the
        control matches was allowed, one still is; the evaluator has to say so, too.

        Where AWS shows a renamed key under neither name, nobody can tell what is permitted.
        """
        for world in before.prover.worlds(target.action, before.holder):
            if world.key_names != NEITHER:
                was = before.permitted(target, world)
                if was is not None and not self._is_still(target, world, was):
                    return False
        return True

    def _is_still(self, target: Target, world: World, was: _Permitted) -> bool:
        """Whether what was permitted still is allowed, or something else is that is permitted."""
        if self._is_allowed(target, was.case.found(was.model, world)):
            return True
        return self.permitted(target, world) is not None

    def permitted(self, target: Target, world: World) -> Optional[_Permitted]:
        """A request that is allowed in a world and that no statement of the control matches."""
        key = (target.action, self.prover.likest(target.action, self.holder, world))
        if key not in self._shown:
            self._shown[key] = self._permitted(target, world)
        return self._shown[key]

    def _permitted(self, target: Target, world: World) -> Optional[_Permitted]:
        case = self._case(target, world)
        answer = case.ask(_PERMITTED)
        if answer.model is None:
            return None
        found = case.found(answer.model)
        if self._is_allowed(target, found):
            return _Permitted(case, answer.model)
        for space in pinned(case.request.space, self.access, self.holder, found):
            case = Case(self.access, self.holder, space, _sets(target))
            answer = case.ask(_PERMITTED)
            if answer.model is not None and self._is_allowed(target, case.found(answer.model)):
                return _Permitted(case, answer.model)
        return None

    def _is_allowed(self, target: Target, found: Found) -> bool:
        kept = self.prover.evaluators
        replayed = replay(self.access, self.holder, target.action, None, found, kept)
        return replayed.counterexample is not None

    def excepted(self, target: Target) -> tuple[str, ...]:
        """The reasons of those exceptions by which something may be allowed that is forbidden
        but for them."""
        exceptions = target.certain.exceptions if target.certain else ()
        return tuple(
            each.name
            for number, each in enumerate(exceptions)
            if self._may_hold(target, f"{_EXCEPTED} {number}")
        )

    def _may_hold(self, target: Target, name: str) -> bool:
        """Whether something may be allowed that a statement and the exception match."""
        (world, *_) = self.prover.worlds(target.action, self.holder)
        case = self._case(target, world)
        case.ask(name)
        both = [*(part.name for part in case.parts), f"set\n{name}"]
        answer = case.ask(_MATCHED, both)
        return answer.model is not None or bool(answer.unknown)

    def _case(self, target: Target, world: World) -> Case:
        world = self.prover.likest(target.action, self.holder, world)
        key = (target.action, world)
        if key not in self._cases:
            sets = _sets(target)
            named = named_resources(self.access, self.holder, target.action, sets.values())
            space = self.prover.spaces.space(target.action, self.holder, world, named)
            self._cases[key] = Case(self.access, self.holder, space, sets)
        return self._cases[key]


def _sets(target: Target) -> dict[str, Forbidden]:
    certain = target.certain or Forbidden(())
    return {
        _PERMITTED: Forbidden((_everything(target.action),), target.possible.statements),
        _MATCHED: Forbidden(certain.statements),
        **{
            f"{_EXCEPTED} {number}": Forbidden((each,))
            for number, each in enumerate(certain.exceptions)
        },
    }


def _everything(action: str) -> Statement:
    return Statement("everything", Effect.DENY, (action,), False, ("*",), False, None, False, ())
