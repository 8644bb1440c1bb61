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
from ormer.guardrails.projection import Projection
from ormer.guardrails.statements import as_json, statements
from ormer.model.access import Access, Holder
from ormer.model.control import Control
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.policy import CURRENT_VERSION, Statement
from ormer.model.principal import Kind
from ormer.model.world import World
from ormer.proofs.asked.spaces import Spaces
from ormer.proofs.asked.targets import Target, Targets
from ormer.proofs.closing.document import statement_of
from ormer.proofs.closing.liveness import Liveness
from ormer.proofs.proof import Proof, Verdict
from ormer.proofs.prover import CERTAIN, POSSIBLE, Prover
from ormer.proofs.replay import Kept
from ormer.read.policies.policy import PolicyKind, PolicyReader

_HAVE_IDENTITY = (Kind.USER, Kind.ROLE, Kind.SESSION, Kind.FEDERATED_USER)
_CLOSED = (Verdict.PROVED, Verdict.DETECTED)
_NAME = "the Deny that closes it"
Body = Mapping[str, Any]


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


class _Candidate(NamedTuple):
    statements: tuple[Body, ...]
    also: tuple[str, ...] = ()


class _Question(NamedTuple):
    """One action. ``before``: the worlds in which it is open."""

    control: Control
    asked: Targets
    target: Target
    holder: Holder
    before: frozenset[str]
    deadline: float
    spaces: Spaces


class _Trial(NamedTuple):
    """The access with some Denies, and a prover for it."""

    access: Access
    holder: Holder
    prover: Prover


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
                asked = one._replace(actions=(target,), unseen=())
                worlds = before[target.action]
                question = _Question(
                    control, asked, target, holder, worlds, deadline, prover.spaces
                )
                found = self._closing(question, live, projections)
                if found is not None:
                    closed[target.action] = found
        return _fix_of(closed, [action for action in before if action not in closed])

    def _closing(
        self, question: _Question, live: Liveness, projections: Sequence[Projection]
    ) -> Optional[_Closed]:
        """The first candidate that closes the action, if need be not in every world."""
        tried: dict[int, _Trial] = {}
        candidates = list(_candidates(question, projections))
        for is_whole in (True, False):
            for number, candidate in enumerate(candidates):
                if time.monotonic() > question.deadline:
                    return None
                if number not in tried:
                    tried[number] = self._trial(candidate.statements, question)
                found = self._closed(candidate, tried[number], question, live, is_whole)
                if found is not None:
                    return found
        return None

    def _closed(
        self,
        candidate: _Candidate,
        trial: _Trial,
        question: _Question,
        live: Liveness,
        is_whole: bool,
    ) -> Optional[_Closed]:
        """The candidate, if it closes what is asked, and leaves what is permitted alone."""
        left = self._left(trial, question, is_whole)
        if left is None:
            return None
        kept = self._fewest(candidate.statements, trial, question, left)
        if len(kept) < len(candidate.statements):
            trial = self._trial(kept, question)
        after = Liveness(trial.access, trial.holder, trial.prover)
        if not after.is_kept(question.target, live):
            return None
        also = (*candidate.also, *_lost(question.target, live, after))
        asked = tuple(w.name for w in trial.prover.worlds(question.target.action, trial.holder))
        return _Closed(kept, also, left, asked)

    def _projections(self, control: Control) -> tuple[Projection, ...]:
        try:
            return self._projector.project(control)
        except NotConfigured:
            return ()

    def _fewest(
        self, bodies: Sequence[Body], trial: _Trial, question: _Question, left: frozenset[str]
    ) -> tuple[Body, ...]:
        """As few of the statements as close it as all of them do, which is in the same worlds:
        what was allowed with all of them is with some."""
        kept = list(bodies)
        for body in bodies:
            fewer = [each for each in kept if each is not body]
            if not fewer or time.monotonic() > question.deadline:
                break
            without = frozenset(str(each["Sid"]) for each in bodies if each not in fewer)
            if all(
                world.name in left or self._is_closed(trial, question, world, without)
                for world in self._worlds(trial, question)
            ):
                kept = fewer
        return tuple(kept)

    def _left(self, trial: _Trial, question: _Question, is_whole: bool) -> Optional[frozenset[str]]:
        """The worlds in which it is left open; None where that is no fix: in one of them, or, if
        not ``is_whole``, in as many as without it."""
        open_: set[str] = set()
        for world in self._worlds(trial, question):
            if not self._is_closed(trial, question, world):
                open_.add(world.name)
                if is_whole or world.name not in question.before:
                    return None
        if not open_:
            return frozenset()
        if open_ == question.before:
            return None
        trial.prover.seconds = _time_left(question)
        (proof,) = trial.prover.proof(question.asked, trial.holder).actions
        if proof.verdict in _CLOSED:
            return frozenset()
        is_less = proof.verdict is Verdict.UNKNOWN and proof.counterexample is not None
        if not is_less or not set(proof.worlds) < question.before:
            return None
        return frozenset(proof.worlds)

    def _worlds(self, trial: _Trial, question: _Question) -> tuple[World, ...]:
        return trial.prover.worlds(question.target.action, trial.holder)

    def _is_closed(
        self,
        trial: _Trial,
        question: _Question,
        world: World,
        without: frozenset[str] = frozenset(),
    ) -> bool:
        """Whether nothing that is surely forbidden is allowed in a world; ``without`` are the
        Denies that do not count."""
        case = trial.prover.case(question.target.action, trial.holder, world)
        case.solver.deadline = question.deadline
        parts = [
            part.name
            for part in case.parts
            if part.policy != _NAME or part.statement not in without
        ]
        sets = (question.target.certain, CERTAIN), (question.target.possible, POSSIBLE)
        for forbidden, name in sets:
            if forbidden is not None:
                answer = case.ask(f"{question.control.id} {name}", parts)
                if answer.model is None and not answer.unknown:
                    return True
        return False

    def _trial(self, bodies: Sequence[Body], question: _Question) -> _Trial:
        access, denied = self._with(bodies, question.holder)
        left = _time_left(question)
        prover = Prover(access, self.environment, [question.asked], left, False, question.spaces)
        return _Trial(access, denied, prover)

    def _with(self, bodies: Sequence[Body], holder: Holder) -> tuple[Access, Holder]:
        """The access with the Deny, read as it is printed."""
        reader = PolicyReader(_NAME)
        policy = reader.policy(_document(bodies), (), PolicyKind.IDENTITY, _NAME)
        denied = holder._replace(identity=(*holder.identity, policy))
        holders = {**self.access.holders, holder.principal.name: denied}
        return self.access._replace(holders=holders), denied


def _time_left(question: _Question) -> float:
    return max(question.deadline - time.monotonic(), 0.0)


def _candidates(question: _Question, projections: Sequence[Projection]) -> Iterator[_Candidate]:
    """As a guardrail says it, and, where that is about other keys, as the control does."""
    found = [each for each in projections if each.action == question.target.action]
    try:
        projected = tuple(as_json(each) for each in statements(found))
    except InputError:  # a value in which IAM would see a variable
        projected = ()
    if projected:
        yield _Candidate(projected, tuple(dict.fromkeys(m for one in found for m in one.also)))
    told: list[tuple[Body, ...]] = []
    for spare in (True, False):
        plain = _plain(question.control.id, question.target, spare)
        if plain and plain not in told:
            told.append(plain)
            yield _Candidate(plain)


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
    return Fix(_document(_joined(closed)), tuple(closed), tuple(also), left, why)


def _joined(closed: Mapping[str, _Closed]) -> list[Body]:
    """The statements of all actions; what is said of several is said once."""
    actions: dict[str, list[str]] = {}
    bodies: dict[str, Body] = {}
    for action, one in closed.items():
        for body in one.statements:
            key = repr({**body, "Action": "", "Sid": ""})
            bodies.setdefault(key, body)
            actions.setdefault(key, []).append(action)
    return [
        {**bodies[key], "Sid": f"{_stem(bodies[key])}{_letter(number)}", "Action": _listed(names)}
        for number, (key, names) in enumerate(actions.items())
    ]


def _stem(body: Body) -> str:
    return str(body["Sid"]).rstrip(ascii_lowercase)


def _document(bodies: Sequence[Body]) -> dict[str, Any]:
    return {"Version": CURRENT_VERSION, "Statement": list(bodies)}


def _lost(target: Target, before: Liveness, after: Liveness) -> tuple[str, ...]:
    """What exceptions of the control spare and the Deny does not."""
    spared = before.excepted(target)
    left = after.excepted(target) if spared else ()
    return tuple(f"what the control excepts: {each}" for each in spared if each not in left)


def _plain(control: str, target: Target, spare: bool) -> tuple[Body, ...]:
    """What is surely forbidden as Denies.

    ``spare``: a Deny on all but some resources leaves those of exceptions out, too.
    """
    stem = re.sub(r"[^A-Za-z0-9]", "", control)
    found = [
        statement_of(_spared(statement, target, spare))
        for statement in (target.certain.statements if target.certain else ())
        if _can_be_written(statement)
    ]
    return tuple({**body, "Sid": f"{stem}{_letter(n)}"} for n, body in enumerate(found))


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
