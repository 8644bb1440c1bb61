"""A control and a profile -> what it forbids of each action, in what a policy can see.

Of a control's conditions, some are about members of the API input that no condition key shows.
So there are two sets of an action: ``possible``, what may be forbidden, whatever those members
are, and ``certain``, what is surely forbidden. Policies that allow nothing of the first prevent
the control's violation; those that allow something of the second do not, though they could;
between the two nobody can prevent without denying what is permitted, and the check detects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple, Optional

from ormer.controls.resolve import NotConfigured, resolved
from ormer.controls.vocabulary import CARRIERS, known_actions
from ormer.facts.carriers import CREATE, load_carriers
from ormer.facts.iam_actions import action as find_action
from ormer.facts.iam_actions import service_actions, services
from ormer.facts.service import load_service
from ormer.model.control import MEMBER, Condition, Control, Statement
from ormer.model.environment import Environment
from ormer.model.policy import Condition as PolicyCondition
from ormer.model.policy import Effect
from ormer.model.policy import Statement as PolicyStatement
from ormer.prove.forbidden import Forbidden

_UNSEEN = "api:"
_SAGEMAKER = "sagemaker:"
_TAGS = ("aws:RequestTag", "aws:TagKeys")
_STRICTER = "stricter"


class Target(NamedTuple):
    """An action and the two sets. ``certain`` is None where no condition key shows anything."""

    action: str
    possible: Forbidden
    certain: Optional[Forbidden]


class Targets(NamedTuple):
    """A control's actions. ``unseen`` are those of which the control forbids something that no
    condition key shows; ``why`` says why there is nothing to ask, or is empty."""

    control: Control
    actions: tuple[Target, ...]
    unseen: tuple[str, ...] = ()
    why: str = ""


def targets(control: Control, environment: Environment) -> Targets:
    """What a control forbids, for one profile."""
    disabled = environment.mapping("disabled_controls")
    if control.id in disabled:
        return Targets(control, (), (), f"disabled by the profile: {disabled[control.id][0]}")
    try:
        forbid = [s for each in control.forbid for s in resolved(each, environment)]
        exceptions = [s for each in control.exceptions for s in resolved(each, environment)]
    except NotConfigured as missing:
        return Targets(control, (), (), f"not configured: the profile has no {missing}")
    seen: dict[str, list[Statement]] = {}
    unseen: dict[str, None] = {}
    for statement in forbid:
        if _is_hidden(statement):
            unseen.update(dict.fromkeys(_with_members(statement)))
        else:
            for action in _actions(statement):
                seen.setdefault(action, []).append(statement)
    made = [
        _target(control, action, seen[action], exceptions, environment.partition)
        for action in sorted(seen)
    ]
    return Targets(control, tuple(made), tuple(sorted(unseen)))


def approved_values(all_: Iterator[Targets]) -> Mapping[str, tuple[str, ...]]:
    """The values that controls name for each key, in lower case: what is approved, mostly."""
    found: dict[str, dict[str, None]] = {}
    for one in all_:
        for target in one.actions:
            for statement in target.possible.statements:
                for condition in statement.conditions:
                    if condition.operator.lower() != "null":  # its values are none of the key's
                        found.setdefault(condition.key.lower(), {}).update(
                            dict.fromkeys(condition.values)
                        )
    return {key: tuple(values) for key, values in found.items()}


def _is_hidden(statement: Statement) -> bool:
    """Whether no condition key shows any of what makes it forbidden."""
    if statement.facet == MEMBER:
        return True
    keys = [condition.key for condition in statement.conditions]
    return bool(keys) and all(key.startswith(_UNSEEN) for key in keys)


def _target(
    control: Control,
    action: str,
    statements: list[Statement],
    exceptions: list[Statement],
    partition: str,
) -> Target:
    about = [each for each in exceptions if action in _actions(each)]
    possible = Forbidden(
        tuple(_shown(_by_value(each, action), action, partition) for each in statements),
        tuple(_shown(each, action, partition) for each in about if not _has_unseen(each)),
    )
    certain = [each for each in statements if not _has_unseen(each)]
    if not certain:
        return Target(action, possible, None)
    is_stricter = control.raw.get("guardrail", {}).get("form") == _STRICTER
    owed = [each if is_stricter else _owed(each, action) for each in certain]
    return Target(
        action,
        possible,
        Forbidden(
            tuple(_shown(_by_value(each, action), action, partition) for each in owed),
            tuple(_shown(each, action, partition) for each in about),
        ),
    )


def _has_unseen(statement: Statement) -> bool:
    return any(condition.key.startswith(_UNSEEN) for condition in statement.conditions)


def _by_value(statement: Statement, action: str) -> Statement:
    """Of SageMaker's actions that change something, only what they hold is judged."""
    if not action.startswith(_SAGEMAKER) or action.startswith(CREATE):
        return statement
    return _present(statement, (condition.key for condition in statement.conditions))


def _owed(statement: Statement, action: str) -> Statement:
    """Where a key belongs to a structure that need not be there, what it holds is judged."""
    keys = load_carriers().keys
    optional = [
        condition.key
        for condition in statement.conditions
        if condition.key in keys and action in keys[condition.key].demanded_by
    ]
    return _present(statement, optional)


def _present(statement: Statement, keys: Iterator[str] | list[str]) -> Statement:
    there = tuple(Condition("Null", key, ("false",)) for key in dict.fromkeys(keys))
    return statement._replace(conditions=(*statement.conditions, *there))


def _here(resources: Optional[tuple[str, ...]], partition: str) -> Optional[tuple[str, ...]]:
    """With the profile's partition, since a ``*`` in its place would match beyond it."""
    if resources is None:
        return None
    start = f"arn:{partition}:"
    return tuple(start + r[len("arn:*:") :] if r.startswith("arn:*:") else r for r in resources)


def _shown(statement: Statement, action: str, partition: str) -> PolicyStatement:
    """The statement in a policy's words, without what no condition key shows.

    A resource that the profile does not approve is none: NotResource of no resources is all.
    It is called by the reason of an exception, or by the action.
    """
    conditions = tuple(
        PolicyCondition(condition.operator, condition.key, condition.values)
        for condition in statement.conditions
        if not condition.key.startswith(_UNSEEN)
    )
    resources, not_resource = _here(statement.resources, partition), statement.not_resource
    if resources == () and not_resource:
        resources, not_resource = ("*",), False
    name = statement.reason or action
    return PolicyStatement(
        name, Effect.DENY, (action,), False, resources, not_resource, None, False, conditions
    )


def _actions(statement: Statement) -> tuple[str, ...]:
    return tuple(dict.fromkeys(a for p in statement.actions for a in _named(p)))


def _with_members(statement: Statement) -> tuple[str, ...]:
    """The actions of a statement about members: those whose input the check knows."""
    known = known_actions()
    found = _actions(statement)
    return tuple(a for a in found if a in known) or found


def _named(pattern: str) -> Iterator[str]:
    """The actions of a pattern, as the services' reference spells them."""
    if pattern.startswith(CARRIERS):
        key = pattern[len(CARRIERS) :]
        if key.startswith(_TAGS):
            yield from (a for a, one in load_service().actions.items() if one.takes_tags)
        else:
            yield from load_carriers().keys[key].actions
        return
    if not set("*?") & set(pattern):
        known = find_action(pattern)  # a policy may spell it in any case
        yield pattern if known is None else known.name
        return
    service, _, name = pattern.lower().partition(":")
    for one in sorted(services()):
        facts = service_actions(one) if fnmatchcase(one, service) else None
        for each, action in (facts.actions if facts else {}).items():
            if fnmatchcase(each, name or "*"):
                yield action.name
