"""One principal in one set of policies, and which statements of it are about which actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple, Optional

from ormer.facts.iam_actions import Action, service_actions, services
from ormer.model.access import Access, Holder
from ormer.model.policy import Effect, Policy, Statement
from ormer.model.symbol import has_symbol
from ormer.proofs.asked.spaces import may_tag_sessions
from ormer.prove.reaching import may_be_of
from ormer.prove.statements import is_about

_SOME = "Any"
IDENTITY, BOUNDARY, SESSION, RESOURCE = "identity", "boundary", "session", "resource"
ENDPOINT, SCP, RCP = "endpoint", "scp", "rcp"


class Side(NamedTuple):
    """``holder`` is None where the set does not have the principal: nothing is allowed then."""

    access: Access
    holder: Optional[Holder]


class Place(NamedTuple):
    """Where a policy is: its layer, and of what resource, service or level."""

    layer: str
    of: str = ""

    def reaches(self, action: str) -> bool:
        """Whether a policy in this place can be about the action, in lower case, at all."""
        if self.layer == RESOURCE:
            return may_be_of(action, self.of)
        return self.layer != ENDPOINT or action.partition(":")[0] == self.of


class Entry(NamedTuple):
    """A statement as far as it decides: without its name."""

    place: Place
    version: str
    statement: Statement


Known = Mapping[str, Optional[Action]]
"""Actions by name, each with what is known of it."""


def places(side: Side) -> Iterator[tuple[Place, tuple[Policy, ...]]]:
    """Every place that policies are in, with them."""
    access, holder = side
    if holder is None:
        return
    yield Place(IDENTITY), holder.identity
    if holder.boundary is not None:
        yield Place(BOUNDARY), holder.boundary
    if holder.session is not None:
        yield Place(SESSION), (holder.session,)
    for one in access.resource_policies:
        yield Place(RESOURCE, one.resource), (one.policy,)
    for endpoint in access.endpoints:
        yield Place(ENDPOINT, endpoint.service), (endpoint.policy,)
    for layer, levels in ((SCP, access.scps), (RCP, access.rcps)):
        for number, level in enumerate(levels):
            yield Place(layer, str(number)), level.policies


def entries(side: Side) -> tuple[Entry, ...]:
    """Every statement, each once."""
    found = (
        Entry(place, policy.version, statement._replace(name=""))
        for place, policies in places(side)
        for policy in policies
        for statement in policy.statements
    )
    return tuple(dict.fromkeys(found))


def everything_about(side: Side) -> tuple[object, ...]:
    """What decides every action, beside statements: limits that are there at all, and tags, also
    those that sessions may bring."""
    access, holder = side
    if holder is None:
        return (None,)
    limits = tuple(p for p, _ in places(side) if p.layer in (BOUNDARY, SESSION, SCP, RCP))
    tags = tuple(sorted(holder.tags.items()))
    can_bring = may_tag_sessions(access, holder)
    return limits, tags, can_bring, access.management_account, access.organization


def places_of_services(side: Side) -> frozenset[Place]:
    """The resources and endpoints that have a policy."""
    return frozenset(place for place, _ in places(side) if place.layer in (RESOURCE, ENDPOINT))


@lru_cache(maxsize=1)
def known_actions() -> Known:
    """Every action of every service, by its name in lower case."""
    made: dict[str, Optional[Action]] = {}
    for service in sorted(services()):
        found = service_actions(service)
        for name, action in (found.actions if found else {}).items():
            made[f"{service}:{name}"] = action
    return made


def actions_of(all_: Iterable[Entry]) -> Actions:
    """The known actions, and those that statements name and no service has."""
    return _actions(frozenset(_written(all_)))


@lru_cache(maxsize=8)
def _actions(written: frozenset[str]) -> Actions:
    return Actions(written)


def _written(all_: Iterable[Entry]) -> Iterator[str]:
    known = known_actions()
    for pattern in dict.fromkeys(p for entry in all_ for p in entry.statement.actions):
        name = pattern.lower()
        if ":" not in name or has_symbol(pattern):
            continue
        if not set("*?") & set(name):
            if name not in known:
                yield pattern
        elif not _means_any(name):
            yield pattern.replace("*", _SOME).replace("?", "x")


def _means_any(pattern: str) -> bool:
    """Whether a pattern of actions, in lower case, means one that is known: if not, it is about
    what the reference does not list yet, and one such action stands for them."""
    service, _, name = pattern.partition(":")
    if set("*?") & set(service):
        return True
    found = service_actions(service)
    return found is not None and any(fnmatchcase(each, name) for each in found.actions)


class Actions:
    """Which of ``known_actions``, and of others that are ``written``, a pattern means."""

    def __init__(self, written: Iterable[str]) -> None:
        self.written = {each.lower(): each for each in sorted(written)}
        self.known: dict[str, Optional[Action]] = {
            **known_actions(),
            **dict.fromkeys(self.written),
        }
        self._by_service: dict[str, list[str]] = {}
        for name in self.known:
            self._by_service.setdefault(name.partition(":")[0], []).append(name)
        self._of_pattern: dict[str, frozenset[str]] = {}

    def name(self, action: str) -> str:
        """The action as its service spells it, or as a policy does."""
        known = self.known[action]
        return self.written[action] if known is None else known.name

    def about(self, statement: Statement) -> frozenset[str]:
        """Those that it may be about."""
        if not statement.not_action:
            return frozenset().union(*(self.of(each) for each in statement.actions))
        sure = (self.of(each) for each in statement.actions if not has_symbol(each))
        return frozenset(self.known).difference(*sure)

    def of(self, pattern: str) -> frozenset[str]:
        """Those that a pattern of actions may mean."""
        if pattern not in self._of_pattern:
            one = Statement("", Effect.ALLOW, (pattern,), False, None, False, None, False, ())
            service = pattern.partition(":")[0].lower()
            is_open = bool(set("*?") & set(service)) or has_symbol(service)
            near = self.known if is_open else self._by_service.get(service, ())
            found = near if pattern == "*" else (a for a in near if is_about(one, a, may=True))
            self._of_pattern[pattern] = frozenset(found)
        return self._of_pattern[pattern]
