"""The smallest Deny that closes a violation, and the proof that it does.

It is made of what the control forbids of the actions that were found, as guardrails say it: in
every world. It is attached to the principal, where a Deny comes before every Allow ("Policy
evaluation logic" in the IAM User Guide). The prover then says whether nothing forbidden is
allowed any more, and whether something permitted still is where it was.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Optional

from ormer.controls.resolve import NotConfigured
from ormer.facts.carriers import load_carriers
from ormer.facts.service import load_service
from ormer.guardrails.project import Projector
from ormer.guardrails.projection import Projection
from ormer.model.access import Access, Holder
from ormer.model.control import Control
from ormer.model.environment import Environment
from ormer.model.principal import Kind
from ormer.proofs.asked.targets import Target
from ormer.proofs.closing.candidates import Body, Candidate, candidates, joined, policy_of
from ormer.proofs.closing.liveness import Liveness
from ormer.proofs.closing.trial import Question, Trial
from ormer.proofs.proof import Proof
from ormer.proofs.prover import Prover
from ormer.proofs.replay import Kept

_HAVE_IDENTITY = (Kind.USER, Kind.ROLE, Kind.SESSION, Kind.FEDERATED_USER)


class Left(NamedTuple):
    """An action that a fix closes in some worlds and not in others: there, no key shows it.

    ``asked`` are the worlds that what is asked about it tells apart."""

    action: str
    worlds: tuple[str, ...]
    asked: tuple[str, ...]


class Fix(NamedTuple):
    """``document`` is the policy to attach to the principal; None where there is none.

    It closes ``actions``, those of ``left`` not in every world; ``also`` is what it denies
    besides. ``why`` says why actions are not among them, or is empty.
    """

    document: Optional[Body]
    actions: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    why: str = ""


class _Closed(NamedTuple):
    statements: tuple[Body, ...]
    also: tuple[str, ...]
    left: frozenset[str]
    asked: tuple[str, ...]


class Fixer:
    """Fixes for one access file and profile. ``seconds`` is the time for each."""

    def __init__(self, access: Access, environment: Environment, seconds: float = 60.0) -> None:
        self.access = access
        self.environment = environment
        self.seconds = seconds
        self._evaluators: Kept = {}
        self._projector = Projector(load_carriers(), load_service(), environment)

    def fix(self, control: Control, proof: Proof) -> Fix:
        """The Deny for every action of a proof that has a counterexample."""
        holder = self.access.holders[proof.principal]
        if holder.principal.kind not in _HAVE_IDENTITY:
            return Fix(None, why=_elsewhere(holder))
        deadline = time.monotonic() + self.seconds
        prover = Prover(self.access, self.environment, [control], self.seconds)
        prover.evaluators = self._evaluators
        (one,) = prover.targets
        live = Liveness(self.access, holder, prover)
        projections = self._projections(control)
        before = {
            each.action: frozenset(each.worlds)
            for each in proof.actions
            if each.counterexample is not None
        }
        closed: dict[str, _Closed] = {}
        for target in one.actions:
            if target.action in before:
                question = Question(
                    access=self.access,
                    environment=self.environment,
                    asked=one._replace(actions=(target,), unseen=()),
                    target=target,
                    holder=holder,
                    open_worlds=before[target.action],
                    deadline=deadline,
                    spaces=prover.spaces,
                )
                found = _closing(question, live, projections)
                if found is not None:
                    closed[target.action] = found
        return _fix_of(closed, [action for action in before if action not in closed])

    def _projections(self, control: Control) -> tuple[Projection, ...]:
        try:
            return self._projector.project(control)
        except NotConfigured:
            return ()


def _closing(
    question: Question, live: Liveness, projections: Sequence[Projection]
) -> Optional[_Closed]:
    """The first candidate that closes the action, if need be not in every world."""
    tried: dict[int, Trial] = {}
    could = list(candidates(question.asked.control.id, question.target, projections))
    for is_whole in (True, False):
        for number, candidate in enumerate(could):
            if question.is_late:
                return None
            if number not in tried:
                tried[number] = Trial(question, candidate.statements)
            found = _closed(candidate, tried[number], live, is_whole)
            if found is not None:
                return found
    return None


def _closed(
    candidate: Candidate, trial: Trial, live: Liveness, is_whole: bool
) -> Optional[_Closed]:
    """The candidate, if it closes what is asked, and leaves what is permitted alone."""
    left = trial.left(is_whole)
    if left is None:
        return None
    kept = trial.fewest(left)
    if len(kept) < len(candidate.statements):
        trial = Trial(trial.question, kept)
    after = Liveness(trial.access, trial.holder, trial.prover)
    target = trial.question.target
    if not after.is_kept(target, live):
        return None
    also = (*candidate.also, *_lost(target, live, after))
    return _Closed(kept, also, left, tuple(world.name for world in trial.worlds()))


def _lost(target: Target, before: Liveness, after: Liveness) -> tuple[str, ...]:
    """What exceptions of the control spare and the Deny does not."""
    spared = before.excepted(target)
    left = after.excepted(target) if spared else ()
    return tuple(f"what the control excepts: {each}" for each in spared if each not in left)


def _fix_of(closed: Mapping[str, _Closed], open_: Sequence[str]) -> Fix:
    why = f"no Deny of what the control forbids was proved to close {', '.join(open_)}"
    why = why if open_ else ""
    if not closed:
        return Fix(None, why=why)
    also = dict.fromkeys(text for each in closed.values() for text in each.also)
    left = tuple(
        Left(action, tuple(name for name in each.asked if name in each.left), each.asked)
        for action, each in closed.items()
        if each.left
    )
    said = joined({action: each.statements for action, each in closed.items()})
    return Fix(policy_of(said), tuple(closed), tuple(also), left, why)


def _elsewhere(holder: Holder) -> str:
    kind = holder.principal.kind.value
    return (
        f"a Deny of its own does not reach the {kind}: it belongs into the resource's policy, or, "
        "for the account's root user, into an SCP"
    )
