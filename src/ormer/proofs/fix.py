"""The smallest Deny that closes a violation, and the proof that it does.

It is made of what the control forbids of the actions that were found, as guardrails say it: in
every world. It is attached to the principal, where a Deny comes before every Allow ("Policy
evaluation logic" in the IAM User Guide). The prover then says whether nothing forbidden is
allowed any more, and whether something permitted still is where it was.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase
from typing import Any, NamedTuple, Optional

from ormer.controls.resolve import NotConfigured
from ormer.facts.carriers import load_carriers
from ormer.facts.service import load_service
from ormer.guardrails.project import Projector
from ormer.guardrails.statements import as_json, statements
from ormer.model.access import Access, Holder
from ormer.model.control import Control
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.policy import CURRENT_VERSION, Statement
from ormer.model.principal import Kind
from ormer.proofs.document import statement_of
from ormer.proofs.liveness import Liveness
from ormer.proofs.proof import Proof, Verdict
from ormer.proofs.prover import Prover
from ormer.proofs.targets import Target, Targets
from ormer.read.policies.policy import PolicyKind, PolicyReader

_HAVE_IDENTITY = (Kind.USER, Kind.ROLE, Kind.SESSION, Kind.FEDERATED_USER)
_CLOSED = (Verdict.PROVED, Verdict.DETECTED)
_NAME = "the Deny that closes it"
Body = Mapping[str, Any]


class Fix(NamedTuple):
    """``document`` is the policy to attach to the principal; None where there is none, and
    ``why`` says so. ``actions`` are closed by it; ``also`` is what it denies besides.

    ``left`` are the worlds in which it stays open: no condition key shows it there.
    """

    document: Optional[Body]
    actions: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    why: str = ""


class _Candidate(NamedTuple):
    statements: tuple[Body, ...]
    also: tuple[str, ...] = ()


class _Question(NamedTuple):
    """``before``: the worlds of each action's verdict."""

    control: Control
    asked: Targets
    holder: Holder
    before: Mapping[str, frozenset[str]]
    deadline: float


class Fixer:
    """Fixes for one access file and profile. ``seconds`` is the time for each."""

    def __init__(self, access: Access, environment: Environment, seconds: float = 60.0) -> None:
        self.access = access
        self.environment = environment
        self.seconds = seconds
        self._projector = Projector(load_carriers(), load_service(), environment)

    def fix(self, control: Control, proof: Proof) -> Fix:
        """The Deny for every action of a proof that has a counterexample."""
        holder = self.access.holders[proof.principal]
        actions = tuple(each.action for each in proof.actions if each.counterexample is not None)
        if holder.principal.kind not in _HAVE_IDENTITY:
            return Fix(None, why=_elsewhere(holder))
        deadline = time.monotonic() + self.seconds
        prover = Prover(self.access, self.environment, [control], self.seconds)
        (one,) = prover.targets
        asked = one._replace(
            actions=tuple(each for each in one.actions if each.action in actions), unseen=()
        )
        before = {each.action: frozenset(each.worlds) for each in proof.actions}
        question = _Question(control, asked, holder, before, deadline)
        live = Liveness(self.access, holder, prover)
        for is_whole in (True, False):
            for candidate in self._candidates(control, asked):
                found = self._fix(candidate, question, live, is_whole)
                if found is not None:
                    return found
        return Fix(None, why="no Deny of what the control forbids was proved to close it")

    def _fix(
        self, candidate: _Candidate, question: _Question, live: Liveness, is_whole: bool
    ) -> Optional[Fix]:
        """The candidate, if it closes what is asked, and leaves what is permitted alone."""
        kept = self._fewest(candidate.statements, question, is_whole)
        if not kept:
            return None
        access, denied = self._with(kept, question.holder)
        prover = Prover(access, self.environment, [question.control], self.seconds)
        after = Liveness(access, denied, prover)
        targets = question.asked.actions
        if not all(live.permits(each) <= after.permits(each) for each in targets):
            return None
        proof = prover.proof(question.asked, denied)
        left = [w for each in proof.actions if each.verdict not in _CLOSED for w in each.worlds]
        also = (*candidate.also, *_lost(question.asked, live, after))
        actions = tuple(target.action for target in targets)
        return Fix(_document(kept), actions, also, tuple(dict.fromkeys(left)))

    def _candidates(self, control: Control, asked: Targets) -> Iterator[_Candidate]:
        projected = self._projected(control, asked)
        if projected.statements:
            yield projected
        for spare in (True, False):
            plain = _plain(control.id, asked.actions, spare)
            if plain:
                yield _Candidate(plain)

    def _projected(self, control: Control, asked: Targets) -> _Candidate:
        wanted = {target.action for target in asked.actions}
        try:
            found = [p for p in self._projector.project(control) if p.action in wanted]
            made = tuple(as_json(each) for each in statements(found))
        except (InputError, NotConfigured):
            return _Candidate(())
        return _Candidate(made, tuple(dict.fromkeys(more for one in found for more in one.also)))

    def _fewest(
        self, bodies: Sequence[Body], question: _Question, is_whole: bool
    ) -> tuple[Body, ...]:
        """As few of the statements as close it; none where all of them do not."""
        left = self._left(bodies, question, is_whole)
        if left is None:
            return ()
        kept = list(bodies)
        for body in bodies:
            fewer = [each for each in kept if each is not body]
            if fewer and time.monotonic() < question.deadline:
                if self._left(fewer, question, is_whole) == left:
                    kept = fewer
        return tuple(kept)

    def _left(
        self, bodies: Sequence[Body], question: _Question, is_whole: bool
    ) -> Optional[frozenset[str]]:
        """The worlds in which something is left open; None where that is no fix: one more than
        none, or, if not ``is_whole``, as many as without it."""
        access, denied = self._with(bodies, question.holder)
        prover = Prover(access, self.environment, [question.control], self.seconds)
        left: set[str] = set()
        for each in prover.proof(question.asked, denied).actions:
            if each.verdict in _CLOSED:
                continue
            is_less = each.verdict is Verdict.UNKNOWN and each.counterexample is not None
            if is_whole or not is_less or not set(each.worlds) < question.before[each.action]:
                return None
            left.update(each.worlds)
        return frozenset(left)

    def _with(self, bodies: Sequence[Body], holder: Holder) -> tuple[Access, Holder]:
        """The access with the Deny, read as it is printed."""
        reader = PolicyReader(_NAME)
        policy = reader.policy(_document(bodies), (), PolicyKind.IDENTITY, _NAME)
        denied = holder._replace(identity=(*holder.identity, policy))
        holders = {**self.access.holders, holder.principal.name: denied}
        return self.access._replace(holders=holders), denied


def _document(bodies: Sequence[Body]) -> dict[str, Any]:
    return {"Version": CURRENT_VERSION, "Statement": list(bodies)}


def _lost(asked: Targets, before: Liveness, after: Liveness) -> tuple[str, ...]:
    """What exceptions of the control spare and the Deny does not."""
    lost: dict[str, None] = {}
    for target in asked.actions:
        left = after.excepted(target)
        lost.update(dict.fromkeys(each for each in before.excepted(target) if each not in left))
    return tuple(f"what the control excepts: {reason}" for reason in lost)


def _plain(control: str, targets: Sequence[Target], spare: bool) -> tuple[Body, ...]:
    """What is surely forbidden as Denies, one for all actions of which it says the same.

    ``spare``: a Deny on all but some resources leaves those of exceptions out, too.
    """
    actions: dict[str, list[str]] = {}
    bodies: dict[str, Body] = {}
    for target in targets:
        for statement in target.certain.statements if target.certain else ():
            if not _can_be_written(statement):
                continue
            body = statement_of(_spared(statement, target, spare))
            del body["Sid"]
            key = repr({**body, "Action": ""})
            bodies.setdefault(key, body)
            actions.setdefault(key, []).append(target.action)
    stem = re.sub(r"[^A-Za-z0-9]", "", control)
    return tuple(
        {"Sid": f"{stem}{_letter(number)}", **bodies[key], "Action": _listed(actions[key])}
        for number, key in enumerate(bodies)
    )


def _spared(statement: Statement, target: Target, spare: bool) -> Statement:
    if statement.resources is None:
        return statement._replace(resources=("*",))
    if not statement.not_resource or not spare or target.certain is None:
        return statement
    excepted = (each for each in target.certain.exceptions if not each.not_resource)
    more = [text for each in excepted for text in each.resources or ()]
    return statement._replace(resources=tuple(dict.fromkeys((*statement.resources, *more))))


def _can_be_written(statement: Statement) -> bool:
    """One Condition block holds an operator and key once."""
    asked = [(each.operator, each.key) for each in dict.fromkeys(statement.conditions)]
    return len(asked) == len(set(asked))


def _letter(number: int) -> str:
    above, here = divmod(number, len(ascii_lowercase))
    return (_letter(above - 1) if above else "") + ascii_lowercase[here]


def _listed(actions: list[str]) -> Any:
    found = list(dict.fromkeys(actions))
    return found[0] if len(found) == 1 else found


def _elsewhere(holder: Holder) -> str:
    kind = holder.principal.kind.value
    return (
        f"a Deny of its own does not reach the {kind}: it belongs into the resource's policy, or, "
        "for the account's root user, into an SCP"
    )
