"""Who can do something, and under which conditions.

for one in Reach(access).reached("s3:GetObject", "arn:aws:s3:::data/*"): ...
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple, Optional

from ormer.model.access import Access, Holder
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
    reasons,
)
from ormer.proofs.difference.groups import GRANTING, OF_RESOURCES, Group, groups
from ormer.proofs.difference.joint import Joint, assumed_environment
from ormer.proofs.difference.necessary import candidates, necessary
from ormer.proofs.difference.outsiders import Outsider, as_met, outside, outsiders
from ormer.proofs.difference.prevented import prevented
from ormer.proofs.difference.sides import Side, actions_of, entries
from ormer.proofs.difference.smallest import smallest
from ormer.proofs.replay import request_of
from ormer.prove.formula import Formula, all_of, negation
from ormer.prove.layers import Layers, Part
from ormer.prove.pattern import glob
from ormer.prove.policies import keys_of
from ormer.prove.question import Question
from ormer.prove.reaching import may_need_own_policy, needs_nothing
from ormer.prove.request_space import RequestSpace
from ormer.prove.solver import Model
from ormer.prove.statements import is_about
from ormer.prove.views import RESOURCE

_ASKED, _ALLOWED, _DENIED = "asked", "allowed", "denied"
_UNLISTED = "the policy that is not listed allows it"
_MAY = "may allow it by itself, and the access file does not list it under resource_policies"
SECONDS = 300.0


class Can(str, Enum):
    """Whether a principal can do it; ``ALWAYS``: every request is allowed."""

    ALWAYS = "yes"
    CONDITIONS = "yes, under conditions"
    NO = "no"
    UNKNOWN = "unknown"


class Reached(NamedTuple):
    """Some actions of one principal.

    ``needs`` is what every allowed request has in common; where it is empty and ``can`` is
    under conditions, there are several ways. ``because`` says what allows the example, or for
    "no" what prevents it. ``why`` is there where something is not known.
    """

    principal: str
    can: Can
    actions: tuple[str, ...]
    needs: tuple[str, ...] = ()
    request: Optional[AuthorizationRequest] = None
    through: str = ""
    because: tuple[str, ...] = ()
    given: str = ""
    why: str = ""


class _InWorld(NamedTuple):
    """``necessary`` is what ``needs`` of the answer is a part of: all that is necessary."""

    reached: Reached
    necessary: frozenset[str] = frozenset()


class _Who(NamedTuple):
    name: str
    access: Access
    holder: Holder
    outsider: Optional[Outsider] = None


class Reach:
    """``environment`` gives likely values alone; ``seconds`` is the time for everything."""

    def __init__(
        self,
        access: Access,
        environment: Optional[Environment] = None,
        seconds: float = SECONDS,
        principals: Optional[Iterable[str]] = None,
    ) -> None:
        self.access = access
        self.principals = None if principals is None else tuple(principals)
        self.environment = environment or assumed_environment(access)
        self.deadline = time.monotonic() + seconds
        self._joint = Joint(access, access, self.environment)

    def actions(self, pattern: str) -> tuple[str, ...]:
        """The actions that a pattern means; none for what no service has."""
        known = actions_of(entries(Side(self.access, None)))
        return tuple(known.name(each) for each in sorted(known.of(pattern)))

    def reached(self, action: str, resource: str) -> Iterator[Reached]:
        """Of each principal of the file, and of others where a resource's policy lets them.

        ``action`` may be a pattern (``s3:Get*``), ``resource`` is an ARN, a pattern of ARNs, or
        ``*`` for any.
        """
        for who in self._everybody():
            yield from self._of(who, action, resource)

    def _everybody(self) -> Iterator[_Who]:
        for arn, holder in self.access.holders.items():
            if self.principals is None or arn in self.principals:
                yield _Who(arn, self.access, holder)
        if self.principals is not None:
            return
        account, partition = self.environment.account, self.environment.partition
        for one in outsiders((self.access,), account, partition):
            yield _Who(one.words, as_met(self.access, one), one.holder, one)

    def _of(self, who: _Who, action: str, resource: str) -> Iterator[Reached]:
        side = Side(who.access, who.holder)
        layers_ = GRANTING if who.outsider is None else OF_RESOURCES
        facts = self._joint.after.facts
        is_one = resource != "*"  # of which not every action can be
        found = groups(Side(who.access, None), side, facts, layers_, action, is_one)
        for group in found:
            one = self._group(who, group, resource)
            if who.outsider is None or one.can is not Can.NO:
                yield one
        if who.outsider is None:
            asked = {each.lower() for group in found for each in group.actions}
            known = actions_of(entries(side))
            rest = sorted(each for each in known.of(action) if each not in asked)
            free = [each for each in rest if needs_nothing(each, who.holder.principal)]
            yield from self._free(who, side, map(known.name, free), resource)
            rest = [each for each in rest if each not in free]
            untold = list(self._untold(who, side, map(known.name, rest), resource))
            yield from untold
            rest = [r for r in rest if not any(known.name(r) in one.actions for one in untold)]
            if rest:
                because = ("no Allow of an identity policy or a resource's policy is about it",)
                names = tuple(map(known.name, rest))
                yield Reached(who.name, Can.NO, names, because=because)

    def _free(
        self, who: _Who, side: Side, actions: Iterable[str], resource: str
    ) -> Iterator[Reached]:
        """Of actions that need no permission, of which an endpoint's policy alone decides."""
        for action in actions:
            if who.access.endpoint_of(action) is not None:
                yield self._group(who, _alone(side, action), resource)
            else:
                because = ("no permission is needed",)
                yield Reached(who.name, Can.ALWAYS, (action,), because=because)

    def _untold(
        self, who: _Who, side: Side, rest: Iterable[str], resource: str
    ) -> Iterator[Reached]:
        """Of actions that no Allow is about, those that a policy may allow that nobody shows."""
        found: dict[str, list[str]] = {}
        for action in rest:
            if may_need_own_policy(action.lower()):
                one = self._group(who, _alone(side, action), resource)
                if one.can is Can.UNKNOWN:
                    found.setdefault(one.why, []).append(action)
        for why, actions in found.items():
            yield Reached(who.name, Can.UNKNOWN, tuple(actions), why=why)

    def _group(self, who: _Who, group: Group, resource: str) -> Reached:
        keys = keys_of(group.statements)
        worlds = relevant_worlds(group.actions[0], keys, self._joint.after, self.environment)
        return _over_worlds([self._in_world(who, group, resource, world) for world in worlds])

    def _in_world(self, who: _Who, group: Group, resource: str, world: World) -> _InWorld:
        action = group.actions[0]
        unknown = Reached(who.name, Can.UNKNOWN, group.actions)
        named = (resource, *(r for each in group.statements for r in each.resources or ()))
        side = Side(who.access, who.holder)
        _, space = self._joint.spaces(action, side, side, world, named, who.outsider)
        question = Question(space, group.statements, self.deadline)
        question.assume(_ASKED, self._is_asked(who, question, resource))
        parts = Layers(who.access, who.holder, question.request, may=True).parts()
        for part in parts:
            question.assume(part.name, part.formula)
        question.assume(_ALLOWED, all_of(part.formula for part in parts))
        if may_need_own_policy(action.lower()):
            more = Layers(who.access, who.holder, question.request, may=True, unlisted=True)
            question.assume(_UNLISTED, more.allowed())
        less = Layers(who.access, who.holder, question.request, may=False)
        question.assume(_DENIED, negation(less.allowed()))
        made = self._answered(who, unknown, question, space, parts, group, resource)
        question.close()
        return made

    def _is_asked(self, who: _Who, question: Question, resource: str) -> Formula:
        """The resource is meant, and of the caller's account where its ARN names no other."""
        request = question.request
        meant = request.atoms.matches(RESOURCE, glob(resource))
        if who.outsider is not None:
            return all_of((meant, outside(request, who.outsider)))
        owner = resource.split(":")[4] if resource.count(":") >= 5 else ""
        if not owner and request.space.of_others:
            return meant  # a bucket of the file is another account's to this principal
        is_other = bool(owner) and not set("*?") & set(owner)
        is_other = is_other and owner != who.holder.principal.account
        return all_of((meant, request.foreign if is_other else negation(request.foreign)))

    def _answered(
        self,
        who: _Who,
        unknown: Reached,
        question: Question,
        space: RequestSpace,
        parts: tuple[Part, ...],
        group: Group,
        resource: str,
    ) -> _InWorld:
        answer = question.ask(_ASKED, _ALLOWED)
        if answer.unknown:
            return _InWorld(unknown._replace(why=answer.unknown))
        if answer.model is None and may_need_own_policy(unknown.actions[0].lower()):
            named = question.ask(_ASKED, _UNLISTED)
            if named.model is not None or named.unknown:
                why = named.unknown or _of_unlisted(named.model, question)
                return _InWorld(unknown._replace(why=why))
        if answer.model is None:
            return _InWorld(unknown._replace(can=Can.NO, because=_prevented(question, parts)))
        found = question.found(answer.model, question.request)
        request = request_of(who.holder, unknown.actions[0], found)
        if who.outsider is not None:
            request = request._replace(account=who.outsider.account)
        asked = Asked(request, found.is_through_listed)
        decision = decided(who.access, asked)
        if not is_allowed(who.access, asked):
            doubts = question.doubts(answer.model)
            why = "; ".join(decision.why) or doubts or evaluator_says(decision)
            return _InWorld(unknown._replace(why=f"{request.action} {request.resource}: {why}"))
        if asked.is_through_listed:
            space = space._replace(always=space.always | {"aws:sourcevpce"})
        small = asked._replace(
            request=smallest(
                request, space, lambda one: is_allowed(who.access, asked._replace(request=one))
            )
        )
        endpoint = who.access.endpoint_of(request.action) if found.is_through_listed else None
        made = unknown._replace(
            request=small.request,
            through="" if endpoint is None else endpoint.id,
            because=reasons(decided(who.access, small)),
            given=assumption(who.access, small),
        )
        denied = question.ask(_ASKED, _DENIED)
        if denied.model is None and not denied.unknown:
            return _InWorld(made._replace(can=Can.ALWAYS))
        is_one = not set("*?") & set(resource)
        through = space.route.endpoint
        asked_for = candidates(question, group.statements, through, is_one)
        found_ = necessary(question, (_ASKED,), _ALLOWED, asked_for)
        why = found_.unknown or denied.unknown
        made = made._replace(can=Can.CONDITIONS, needs=found_.words, why=why)
        return _InWorld(made, found_.all_)


def _of_unlisted(model: Optional[Model], question: Question) -> str:
    assert model is not None
    return f"the policy of {question.found(model, question.request).resource} {_MAY}"


def _prevented(question: Question, parts: tuple[Part, ...]) -> tuple[str, ...]:
    """As few statements and layers as make it impossible, none of which can be spared."""
    alone = question.ask(_ASKED)
    if alone.model is None and not alone.unknown:
        return ("no request of the action is about such a resource",)
    return prevented(question, (_ASKED,), {part.name: part for part in parts})


def _alone(side: Side, action: str) -> Group:
    """One action, with all that is about it."""
    every = (entry.statement for entry in entries(side))
    about = (each for each in every if is_about(each, action.lower(), may=True))
    return Group((action,), tuple(dict.fromkeys(about)), 1)


def _over_worlds(found: list[_InWorld]) -> Reached:
    """What holds in every world; what differs between them is no more than under conditions."""
    cans = {one.reached.can for one in found}
    if Can.UNKNOWN in cans:
        return next(one.reached for one in found if one.reached.can is Can.UNKNOWN)
    able = [one for one in found if one.reached.can is not Can.NO]
    if not able:
        return found[0].reached
    words = dict.fromkeys(each for one in able for each in one.reached.needs)
    needs = tuple(each for each in words if all(each in one.necessary for one in able))
    first = able[0].reached._replace(needs=needs)
    if len(cans) == 1:
        return first
    told = "it depends on how AWS fills condition keys, which it does not document"
    return first._replace(can=Can.CONDITIONS, why=first.why or told)
