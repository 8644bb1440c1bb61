"""Mutation operators: ways to make one statement of a policy wrong."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple, Optional

from ormer.model.policy import Effect, Policy, Principals, Statement

DROPPED = "dropped"
FLIPPED = "effect turned around"
NO_CONDITION = "without a condition"
NO_VALUE = "without a value of a condition"
NO_ACTION = "without an action"
NO_RESOURCE = "without a resource"
EVERY_ACTION = "on every action"
EVERY_RESOURCE = "on every resource"
EVERYONE = "for everyone"
OPERATORS = (
    *(DROPPED, FLIPPED, NO_CONDITION, NO_VALUE, NO_ACTION, NO_RESOURCE),
    *(EVERY_ACTION, EVERY_RESOURCE, EVERYONE),
)
_EVERYTHING = ("*",)


class Way(str, Enum):
    """What a mutant can change: more Allows never deny more, and more Denies never allow more."""

    OPENS = "opens"
    CLOSES = "closes"
    EITHER = "either"


_LESS = (DROPPED, NO_ACTION, NO_RESOURCE)
"""What makes a statement match less, unless it lists what it is not about."""


class Mutant(NamedTuple):
    """A policy of which one statement is changed; ``after`` is None where it is gone.

    ``what`` says which part of it, and is empty where the operator leaves no choice.
    """

    document: str
    operator: str
    what: str
    before: Statement
    after: Optional[Statement]
    policy: Policy

    @property
    def id(self) -> str:
        """``iam/boundary.yaml#Boundary Jobs: without an action: s3:GetObject``."""
        part = f": {self.what}" if self.what else ""
        return f"{self.document} {self.before.name}: {self.operator}{part}"

    @property
    def way(self) -> Way:
        """Whether it can only allow more, or only deny more."""
        if self.operator == NO_VALUE:
            return Way.EITHER
        is_deny = self.before.effect is Effect.DENY
        if self.operator == FLIPPED:
            return Way.OPENS if is_deny else Way.CLOSES
        lists_others = (NO_ACTION, self.before.not_action), (NO_RESOURCE, self.before.not_resource)
        is_less = self.operator in _LESS and (self.operator, True) not in lists_others
        return Way.CLOSES if is_less is not is_deny else Way.OPENS

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What decides otherwise than before, if anything does: as it was, and as it is."""
        return (self.before,) if self.after is None else (self.before, self.after)


def mutants(document: str, policy: Policy) -> Iterator[Mutant]:
    """Every mutant of a document."""
    for index, statement in enumerate(policy.statements):
        for operator, what, after in _changed(statement):
            rest = () if after is None else (after,)
            statements = (*policy.statements[:index], *rest, *policy.statements[index + 1 :])
            changed = policy._replace(statements=statements)
            yield Mutant(document, operator, what, statement, after, changed)


def _changed(one: Statement) -> Iterator[tuple[str, str, Optional[Statement]]]:
    yield DROPPED, "", None
    is_deny = one.effect is Effect.DENY
    yield FLIPPED, "", one._replace(effect=Effect.ALLOW if is_deny else Effect.DENY)
    yield from _conditions(one)
    for action, rest in _without(one.actions):
        yield NO_ACTION, action, one._replace(actions=rest)
    for resource, rest in _without(one.resources or ()):
        yield NO_RESOURCE, resource, one._replace(resources=rest)
    if one.actions != _EVERYTHING:
        yield EVERY_ACTION, "", one._replace(actions=_EVERYTHING, not_action=False)
    if one.resources is not None and one.resources != _EVERYTHING:
        yield EVERY_RESOURCE, "", one._replace(resources=_EVERYTHING, not_resource=False)
    if one.principals is not None and not one.principals.everyone:
        everyone = Principals(everyone=True)
        yield EVERYONE, "", one._replace(principals=everyone, not_principal=False)


def _conditions(one: Statement) -> Iterator[tuple[str, str, Statement]]:
    for index, condition in enumerate(one.conditions):
        before, after = one.conditions[:index], one.conditions[index + 1 :]
        name = f"{condition.operator} {condition.key}"
        yield NO_CONDITION, name, one._replace(conditions=(*before, *after))
        for value, rest in _without(condition.values):
            fewer = (*before, condition._replace(values=rest), *after)
            yield NO_VALUE, f"{name} {value}", one._replace(conditions=fewer)


def _without(values: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each value, and the others; nothing for a single one: a list of none is no policy's."""
    for index, value in enumerate(values if len(values) > 1 else ()):
        yield value, (*values[:index], *values[index + 1 :])
