"""Whether Denies close an action that was open: the access with them, asked again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple, Optional

from ormer.model.access import Access, Holder
from ormer.model.environment import Environment
from ormer.model.world import World
from ormer.proofs.asked.spaces import Spaces
from ormer.proofs.asked.targets import Target, Targets
from ormer.proofs.closing.candidates import Body, policy_of
from ormer.proofs.proof import Verdict
from ormer.proofs.prover import CERTAIN, POSSIBLE, Prover
from ormer.read.policies.policy import PolicyKind, PolicyReader

_CLOSED = (Verdict.PROVED, Verdict.DETECTED)
_NAME = "the Deny that closes it"


class Question(NamedTuple):
    """One action of a control, as targets of its own. ``open_worlds``: those in which a request
    was found."""

    access: Access
    environment: Environment
    asked: Targets
    target: Target
    holder: Holder
    open_worlds: frozenset[str]
    deadline: float
    spaces: Spaces

    @property
    def is_late(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() > self.deadline


class Trial:
    """The access with some Denies at the principal, and a prover for it."""

    def __init__(self, question: Question, bodies: Sequence[Body]) -> None:
        self.question = question
        self.bodies = tuple(bodies)
        self.access, self.holder = _with(bodies, question)
        self.prover = Prover(
            self.access,
            question.environment,
            [question.asked],
            _time_left(question),
            False,
            question.spaces,
        )

    def worlds(self) -> tuple[World, ...]:
        """The worlds that can matter to the action."""
        return self.prover.worlds(self.question.target.action, self.holder)

    def left(self, is_whole: bool) -> Optional[frozenset[str]]:
        """The worlds in which it is left open; None where that is no fix: in one of them, or, if
        not ``is_whole``, in as many as without it."""
        before = self.question.open_worlds
        open_: set[str] = set()
        for world in self.worlds():
            if not self._is_closed(world):
                open_.add(world.name)
                if is_whole or world.name not in before:
                    return None
        if not open_:
            return frozenset()
        if open_ == before:
            return None
        self.prover.seconds = _time_left(self.question)
        (proof,) = self.prover.proof(self.question.asked, self.holder).actions
        if proof.verdict in _CLOSED:
            return frozenset()
        is_less = proof.verdict is Verdict.UNKNOWN and proof.counterexample is not None
        if not is_less or not set(proof.worlds) < before:
            return None
        return frozenset(proof.worlds)

    def fewest(self, left: frozenset[str]) -> tuple[Body, ...]:
        """As few of the statements as close it as all of them do, which is in the same worlds:
        what was allowed with all of them is with some."""
        kept = list(self.bodies)
        for body in self.bodies:
            fewer = [each for each in kept if each is not body]
            if not fewer or self.question.is_late:
                break
            without = frozenset(str(each["Sid"]) for each in self.bodies if each not in fewer)
            if all(
                world.name in left or self._is_closed(world, without) for world in self.worlds()
            ):
                kept = fewer
        return tuple(kept)

    def _is_closed(self, world: World, without: frozenset[str] = frozenset()) -> bool:
        """Whether nothing that is surely forbidden is allowed in a world; ``without`` are the
        Denies that do not count."""
        target = self.question.target
        case = self.prover.case(target.action, self.holder, world)
        case.solver.deadline = self.question.deadline
        parts = [
            part.name
            for part in case.parts
            if part.policy != _NAME or part.statement not in without
        ]
        for forbidden, name in ((target.certain, CERTAIN), (target.possible, POSSIBLE)):
            if forbidden is not None:
                answer = case.ask(f"{self.question.asked.control.id} {name}", parts)
                if answer.model is None and not answer.unknown:
                    return True
        return False


def _with(bodies: Sequence[Body], question: Question) -> tuple[Access, Holder]:
    """The access with the Deny, read as it is printed."""
    reader = PolicyReader(_NAME)
    policy = reader.policy(policy_of(bodies), (), PolicyKind.IDENTITY, _NAME)
    denied = question.holder._replace(identity=(*question.holder.identity, policy))
    holders = {**question.access.holders, denied.principal.name: denied}
    return question.access._replace(holders=holders), denied


def _time_left(question: Question) -> float:
    return max(question.deadline - time.monotonic(), 0.0)
