"""Whether something that a control permits is allowed: a Deny must leave real work alone."""

from __future__ import annotations

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

_PERMITTED, _MATCHED, _EXCEPTED = "permitted", "matched", "excepted"


class Liveness:
    """Of one principal. ``prover`` is that of the access."""

    def __init__(self, access: Access, holder: Holder, prover: Prover) -> None:
        self.access = access
        self.holder = holder
        self.prover = prover
        self._cases: dict[tuple[str, World], Case] = {}

    def permits(self, target: Target) -> frozenset[World]:
        """The worlds in which a request of the action that no statement of the control matches is
        allowed; the evaluator has to say so, too.

        Where AWS shows a renamed key under neither name, nobody can tell what is permitted.
        """
        worlds = self.prover.worlds(target.action, self.holder)
        shown = [world for world in worlds if world.key_names != NEITHER]
        return frozenset(world for world in shown if self._permits(target, world))

    def _permits(self, target: Target, world: World) -> bool:
        case = self._case(target, world)
        answer = case.ask(_PERMITTED)
        if answer.model is None:
            return False
        found = case.found(answer.model)
        if self._is_allowed(target, found):
            return True
        for space in pinned(case.request.space, self.access, self.holder, found):
            case = Case(self.access, self.holder, space, _sets(target))
            answer = case.ask(_PERMITTED)
            if answer.model is not None and self._is_allowed(target, case.found(answer.model)):
                return True
        return False

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
