"""Two sets of policies: what does one allow that the other does not?

comparison = Comparison(before, after)
for change in comparison.changes(): ...            # what after allows and before does not
for change in comparison.reversed().changes(): ... # what is no longer allowed
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import NamedTuple, Optional

from ormer.model.access import Access
from ormer.model.authorization import AuthorizationRequest
from ormer.model.environment import Environment
from ormer.model.world import World
from ormer.proofs.asked.worlds import relevant_worlds
from ormer.proofs.difference.decided import (
    Asked,
    assumption,
    decided,
    evaluator_says,
    is_allowed,
    is_denied,
    reasons,
)
from ormer.proofs.difference.groups import GRANTING, OF_RESOURCES, Group, groups
from ormer.proofs.difference.joint import Joint, assumed_environment
from ormer.proofs.difference.outsiders import Outsider, as_met, outside, outsiders
from ormer.proofs.difference.prevented import prevented
from ormer.proofs.difference.sides import Side
from ormer.proofs.difference.smallest import smallest
from ormer.proofs.replay import request_of
from ormer.prove.formula import all_of, any_of, negation
from ormer.prove.found import Found
from ormer.prove.layers import Layers, Part
from ormer.prove.policies import keys_of
from ormer.prove.question import Question
from ormer.prove.request_space import RequestSpace

_AFTER, _BEFORE, _OUTSIDE, _OWN = "after", "before", "outside", "own"
_GONE = "gone"
SECONDS = 300.0
Progress = Callable[[str, int, int], None]
"""Called with a principal, how many of its groups are done, and how many there are."""


class Answer(str, Enum):
    """Of a group of actions. Nothing is said of a group that is not different."""

    NEW = "new"
    UNKNOWN = "unknown"


class Change(NamedTuple):
    """Actions of which the same request, but for its action, is allowed by one set alone.

    ``request`` shows it for the first action, as the evaluator decided it in both sets;
    ``through`` is the endpoint that it comes through, or empty. ``allowed_by`` and ``denied_by``
    say why in either set, ``given`` what is taken of policies that nobody shows. ``worlds`` are
    those ways of AWS's to fill condition keys in which it was found, where it is not every one.
    """

    principal: str
    answer: Answer
    actions: tuple[str, ...]
    request: Optional[AuthorizationRequest] = None
    through: str = ""
    allowed_by: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()
    given: str = ""
    worlds: tuple[str, ...] = ()
    why: str = ""


class _Pair(NamedTuple):
    """One principal, as both sets have it."""

    name: str
    before: Side
    after: Side
    outsider: Optional[Outsider] = None


class Comparison:
    """``environment`` gives likely values alone. ``seconds`` is the time for all questions;
    what is not decided by then is unknown. Where it ``explains``, ``kept_by`` are what of
    ``after`` keeps it from allowing more, in words."""

    def __init__(
        self,
        before: Access,
        after: Access,
        environment: Optional[Environment] = None,
        seconds: float = SECONDS,
        principals: Optional[Iterable[str]] = None,
        explains: bool = False,
    ) -> None:
        self.before = before
        self.after = after
        self.environment = environment or assumed_environment(after if after.holders else before)
        self.seconds = seconds
        self.principals = None if principals is None else tuple(principals)
        self._joint = Joint(before, after, self.environment)
        self.asked = 0
        self.explains = explains
        self.kept_by: dict[str, None] = {}

    def reversed(self) -> Comparison:
        """The same with the two sets swapped."""
        return Comparison(self.after, self.before, self.environment, self.seconds, self.principals)

    @property
    def added(self) -> tuple[str, ...]:
        """The principals that ``after`` alone has."""
        return tuple(arn for arn in self.after.holders if arn not in self.before.holders)

    def changes(self, progress: Optional[Progress] = None) -> Iterator[Change]:
        """What ``after`` allows and ``before`` does not, principal by principal."""
        deadline = time.monotonic() + self.seconds
        for pair in self._pairs():
            found = groups(
                pair.before,
                pair.after,
                self._joint.after.facts,
                GRANTING if pair.outsider is None else OF_RESOURCES,
            )
            for number, group in enumerate(found):
                if progress is not None:
                    progress(pair.name, number, len(found))
                change = self._change(pair, group, deadline)
                if change is not None:
                    yield change

    def _pairs(self) -> Iterator[_Pair]:
        wanted = self.principals
        for arn, holder in self.after.holders.items():
            if wanted is None or arn in wanted:
                old = Side(self.before, self.before.holders.get(arn))
                yield _Pair(arn, old, Side(self.after, holder))
        if wanted is not None:
            return
        account, partition = self.environment.account, self.environment.partition
        for outsider in outsiders((self.before, self.after), account, partition):
            before, after = as_met(self.before, outsider), as_met(self.after, outsider)
            holder = outsider.holder
            if outsider.holder.principal.name in (*self.before.holders, *self.after.holders):
                continue
            yield _Pair(outsider.words, Side(before, holder), Side(after, holder), outsider)

    def _change(self, pair: _Pair, group: Group, deadline: float) -> Optional[Change]:
        keys = keys_of(group.statements)
        worlds = relevant_worlds(group.actions[0], keys, self._joint.after, self.environment)
        made = {world: self._in_world(pair, group, world, deadline) for world in worlds}
        new = [world for world, one in made.items() if one and one.answer is Answer.NEW]
        if new:
            some = tuple(world.name for world in new) if len(new) < len(worlds) else ()
            found = made[new[0]]
            return found and found._replace(worlds=some)
        return next((one for one in made.values() if one is not None), None)

    def _in_world(
        self, pair: _Pair, group: Group, world: World, deadline: float
    ) -> Optional[Change]:
        action = group.actions[0]
        unknown = Change(pair.name, Answer.UNKNOWN, group.actions)
        if time.monotonic() > deadline:
            return unknown._replace(why="the time is over")
        self.asked += 1
        named = tuple(dict.fromkeys(r for each in group.statements for r in each.resources or ()))
        old_space, new_space = self._joint.spaces(
            action, pair.before, pair.after, world, named, pair.outsider
        )
        question = Question(new_space, group.statements, deadline)
        old_view = question.seen_in(old_space)
        assert pair.after.holder is not None
        after = Layers(pair.after.access, pair.after.holder, question.request, may=True)
        new_parts = after.parts()
        question.assume(_AFTER, all_of(part.formula for part in new_parts))
        old_parts: tuple[Part, ...] = ()
        if pair.before.holder is not None:
            before = Layers(pair.before.access, pair.before.holder, old_view, may=False)
            old_parts = before.parts()
            question.assume(_BEFORE, negation(all_of(part.formula for part in old_parts)))
        else:
            question.assume(_BEFORE, True)
        is_outside = True if pair.outsider is None else outside(question.request, pair.outsider)
        question.assume(_OUTSIDE, is_outside)
        question.assume(_OWN, negation(question.request.foreign))
        answer = question.ask(_AFTER, _BEFORE, _OUTSIDE, _OWN)
        if answer.model is None:
            answer = question.ask(_AFTER, _BEFORE, _OUTSIDE)
        if answer.unknown:
            return unknown._replace(why=answer.unknown)
        if answer.model is None:
            if self.explains:
                self._explain(question, new_parts, old_parts)
            question.close()
            return None
        seen = question.found(answer.model, question.request)
        seen_before = question.found(answer.model, old_view)
        doubts = question.doubts(answer.model)
        question.close()
        return _replayed(pair, unknown._replace(why=doubts), new_space, seen, seen_before)

    def _explain(
        self, question: Question, new_parts: tuple[Part, ...], old_parts: tuple[Part, ...]
    ) -> None:
        """What keeps that which the Denies of ``before`` alone have denied."""
        parts = {part.name: part for part in new_parts}
        for part in new_parts:
            question.assume(part.name, part.formula)
        gone = [negation(part.formula) for part in old_parts if part.name not in parts]
        question.assume(_GONE, any_of(gone))
        self.kept_by.update(dict.fromkeys(prevented(question, (_GONE, _OUTSIDE), parts)))


def _replayed(
    pair: _Pair, unknown: Change, space: RequestSpace, seen: Found, seen_before: Found
) -> Change:
    """The change with its request, where the evaluator says of it what the prover does; else
    ``unknown``, whose ``why`` says what is in doubt."""
    action = unknown.actions[0]
    new = _asked(pair, pair.after, action, seen)
    decision = decided(pair.after.access, new)
    if not is_allowed(pair.after.access, new):
        why = "; ".join(decision.why) or unknown.why or evaluator_says(decision)
        return unknown._replace(why=f"{action} {seen.resource}: {why}")
    if pair.before.holder is None:
        shown = _smaller(new, space, lambda one: is_allowed(pair.after.access, one))
        denied_by: tuple[str, ...] = ("the principal is not there",)
    else:
        old = _asked(pair, pair.before, action, seen_before)
        if not is_denied(pair.before.access, old):
            verdict = decided(pair.before.access, old)
            why = "; ".join(verdict.why) or unknown.why or "the evaluator says Allowed in both"
            return unknown._replace(why=f"{action} {seen.resource}: {why}")

        def shows(one: Asked) -> bool:
            other = old._replace(request=_with(old.request, one.request, new.request))
            return is_allowed(pair.after.access, one) and is_denied(pair.before.access, other)

        shown = _smaller(new, space, shows)
        last = old._replace(request=_with(old.request, shown.request, new.request))
        denied_by = reasons(decided(pair.before.access, last))
    endpoint = pair.after.access.endpoint_of(action) if shown.is_through_listed else None
    return unknown._replace(
        answer=Answer.NEW,
        why="",
        request=shown.request,
        through="" if endpoint is None else endpoint.id,
        allowed_by=reasons(decided(pair.after.access, shown)),
        denied_by=denied_by,
        given=assumption(pair.after.access, shown),
    )


def _with(
    old: AuthorizationRequest, smaller: AuthorizationRequest, whole: AuthorizationRequest
) -> AuthorizationRequest:
    """The old request without the keys that the new one was freed of, where it had the same."""
    gone = {key: v for key, v in whole.context.items() if key not in smaller.context}
    kept = {key: v for key, v in old.context.items() if gone.get(key) != v}
    return old._replace(context=kept)


def _smaller(asked: Asked, space: RequestSpace, shows: Callable[[Asked], bool]) -> Asked:
    if asked.is_through_listed:
        space = space._replace(always=space.always | {"aws:sourcevpce"})
    made = smallest(asked.request, space, lambda one: shows(asked._replace(request=one)))
    return asked._replace(request=made)


def _asked(pair: _Pair, side: Side, action: str, found: Found) -> Asked:
    assert side.holder is not None
    request = request_of(side.holder, action, found)
    if pair.outsider is not None:
        request = request._replace(account=pair.outsider.account)
    return Asked(request, found.is_through_listed)
