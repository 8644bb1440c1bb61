"""Which actions two sets of policies differ about, put together where one answer is for all.

Two actions are one question where the same statements of both sets are about them, and their
requests have the same keys, as far as those statements ask for them, and the same resources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Optional

from ormer.facts.feasible import feasible
from ormer.facts.iam_actions import Action
from ormer.model.policy import Effect, Statement
from ormer.model.principal import Kind
from ormer.proofs.asked.spaces import has_definitions, may_be_foreign
from ormer.proofs.difference.sides import (
    ENDPOINT,
    IDENTITY,
    RCP,
    RESOURCE,
    Actions,
    Entry,
    Place,
    Side,
    actions_of,
    entries,
    everything_about,
    places_of_services,
)
from ormer.prove.arns import changes_policy
from ormer.prove.policies import keys_of
from ormer.prove.reaching import needs_nothing

Facts = Callable[[str, Optional[Action], str], object]
"""What is known of a key of an action; the key is in lower case."""
GRANTING = frozenset((IDENTITY, RESOURCE))
OF_RESOURCES = frozenset((RESOURCE,))
_OWN_WAYS = ("kms", "sts")
_RESOURCE_LAYERS = frozenset((RESOURCE, ENDPOINT, RCP))


class Group(NamedTuple):
    """Actions with one answer. ``statements`` are all that are about them; ``width`` is the
    number of actions that the narrowest of those that changed is about."""

    actions: tuple[str, ...]
    statements: tuple[Statement, ...]
    width: int


def groups(
    before: Side,
    after: Side,
    facts: Facts,
    layers: frozenset[str] = GRANTING,
    pattern: str = "*",
    by_resources: bool = False,
) -> list[Group]:
    """The groups of actions of which ``after`` may allow what ``before`` does not.

    Actions that no Allow of ``after`` is about, in one of ``layers``, are left out, and those
    that both sets say the same of, and those that ``pattern`` does not mean. What few actions
    have comes first. A root user needs no Allow, nor does what needs no permission, of which an
    endpoint's policy decides. ``by_resources``: actions with other resources are another question,
    whatever the statements say.
    """
    old, new = dict.fromkeys(entries(before)), dict.fromkeys(entries(after))
    changed = old.keys() ^ new.keys()
    differ = everything_about(before) != everything_about(after)
    moved = places_of_services(before) ^ places_of_services(after)
    if not changed and not differ and not moved:
        return []
    actions = actions_of((*old, *new))
    about = {entry: actions.about(entry.statement) for entry in dict.fromkeys((*old, *new))}
    allowed = frozenset().union(*(about[entry] for entry in new if _may_grant(entry, layers)))
    is_root = after.holder is not None and after.holder.principal.kind is Kind.ROOT
    free = frozenset(actions.known) if is_root else _without_permission(before, after, actions)
    allowed |= free
    if pattern != "*":
        allowed &= actions.of(pattern)
    made: dict[object, list[str]] = {}
    relevant: dict[object, tuple[Entry, ...]] = {}
    numbered = list(about)
    own_ways = frozenset(_services((*places_of_services(before), *places_of_services(after))))
    granting = {
        number for number, entry in enumerate(about) if entry in new and _may_grant(entry, layers)
    }
    for action, numbers in sorted(_numbers(about, allowed).items()):
        reach = tuple(n for n in numbers if numbered[n].place.reaches(action))
        found = tuple(numbered[number] for number in reach)
        is_changed = differ or any(entry in changed for entry in found)
        if not is_changed and not any(place.reaches(action) for place in moved):
            continue
        if action not in free and granting.isdisjoint(reach):
            continue
        key = (reach, _space(action, actions.known[action], found, facts, own_ways, by_resources))
        made.setdefault(key, []).append(action)
        relevant[key] = found
    return sorted(
        (_group(made[key], relevant[key], changed, about, actions) for key in made),
        key=lambda one: one.width,
    )


def _without_permission(before: Side, after: Side, actions: Actions) -> frozenset[str]:
    """What a principal that is in both needs no permission for, where there is an endpoint."""
    if before.holder is None or after.holder is None:
        return frozenset()
    principal, accesses = after.holder.principal, (before.access, after.access)
    return frozenset(
        each
        for each in actions.known
        if needs_nothing(each, principal) and any(one.endpoint_of(each) for one in accesses)
    )


def _may_grant(entry: Entry, layers: frozenset[str]) -> bool:
    return entry.statement.effect is Effect.ALLOW and entry.place.layer in layers


def _numbers(about: dict[Entry, frozenset[str]], allowed: frozenset[str]) -> dict[str, list[int]]:
    """The numbers of the statements that are about each action."""
    found: dict[str, list[int]] = {action: [] for action in allowed}
    for number, actions in enumerate(about.values()):
        for action in actions & allowed:
            found[action].append(number)
    return found


def _space(
    action: str,
    known: Optional[Action],
    found: tuple[Entry, ...],
    facts: Facts,
    own_ways: frozenset[str],
    by_resources: bool,
) -> tuple[object, ...]:
    """What the requests of an action are like, as far as the statements can tell."""
    service, _, name = action.partition(":")
    asked = sorted(keys_of(entry.statement for entry in found))
    rules = feasible(action)
    has_own_ways = service in own_ways or any(_tells_resources(entry) for entry in found)
    return (
        service if has_own_ways else "",
        name if service == "sts" else "",
        changes_policy(action),
        may_be_foreign(action if known is None else known.name),
        (known.arns, known.may_be_without)
        if known is not None and (has_own_ways or by_resources)
        else None,
        has_definitions(action if known is None else known.name),
        tuple((key, facts(action, known, key)) for key in asked),
        (rules.required, rules.together, tuple(rules.implies.items())) if asked else (),
    )


def _services(places: Iterable[Place]) -> Iterator[str]:
    """The services whose resources or endpoints have a policy, and those with rules of their
    own."""
    yield from _OWN_WAYS
    for place in places:
        yield place.of if place.layer == ENDPOINT else place.of.split(":")[2]


def _tells_resources(entry: Entry) -> bool:
    """Whether it matters to the statement what the resource is, or of which service."""
    of = entry.statement
    is_about_all = not of.not_resource and of.resources is not None and "*" in of.resources
    return entry.place.layer in _RESOURCE_LAYERS or not is_about_all


def _group(
    actions: list[str],
    found: tuple[Entry, ...],
    changed: set[Entry],
    about: dict[Entry, frozenset[str]],
    all_: Actions,
) -> Group:
    narrow = [len(about[entry]) for entry in found if entry in changed]
    statements = tuple(dict.fromkeys(entry.statement for entry in found))
    width = min(narrow, default=len(all_.known))
    return Group(tuple(map(all_.name, actions)), statements, width)
