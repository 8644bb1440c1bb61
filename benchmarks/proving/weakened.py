"""An access file with some of its statements changed at random: most changes open something."""

from __future__ import annotations

import random

from ormer.model.access import Access, Holder
from ormer.model.policy import Condition, Policy, Statement
from ormer.model.policy_operators import split_policy_operator

_SWAPS = (
    ("IfExists", ""),
    ("ForAnyValue:", "ForAllValues:"),
    ("ForAllValues:", "ForAnyValue:"),
    ("NotEquals", "Equals"),
    ("NotLike", "Like"),
    ("StringEquals", "StringLike"),
    ("StringNotEquals", "StringNotEqualsIgnoreCase"),
)


def weakened(access: Access, draw: random.Random) -> Access:
    """The access file with a few changes."""
    count = draw.choice((2, 10, 30, 60))
    chance = count / max(sum(len(p.statements) for p in _all(access)), 1)

    def policy(one: Policy) -> Policy:
        statements: list[Statement] = []
        for statement in one.statements:
            if draw.random() < chance:
                statements += _changed(statement, draw)
            else:
                statements.append(statement)
        return one._replace(statements=tuple(statements))

    def several(found: tuple[Policy, ...]) -> tuple[Policy, ...]:
        return tuple(map(policy, found))

    holders = {
        name: Holder(
            one.principal,
            one.tags,
            several(one.identity),
            None if one.boundary is None else several(one.boundary),
            None if one.session is None else policy(one.session),
        )
        for name, one in access.holders.items()
    }
    return access._replace(
        holders=holders,
        resource_policies=tuple(
            one._replace(policy=policy(one.policy)) for one in access.resource_policies
        ),
        endpoints=tuple(one._replace(policy=policy(one.policy)) for one in access.endpoints),
        scps=tuple(one._replace(policies=several(one.policies)) for one in access.scps),
        rcps=tuple(one._replace(policies=several(one.policies)) for one in access.rcps),
    )


def _all(access: Access) -> list[Policy]:
    found = [one.policy for one in access.resource_policies]
    found += [one.policy for one in access.endpoints]
    found += [policy for level in (*access.scps, *access.rcps) for policy in level.policies]
    for holder in access.holders.values():
        found += [*holder.identity, *(holder.boundary or ())]
    return found


def _changed(statement: Statement, draw: random.Random) -> list[Statement]:
    kind = draw.randrange(6)
    if kind == 0:
        return []
    if kind == 1:
        return [statement._replace(resources=statement.resources and ("*",), not_resource=False)]
    if kind == 2:
        return [statement._replace(actions=(*statement.actions, "*"))]
    if kind == 3:
        return [statement._replace(conditions=statement.conditions[1:])]
    if not statement.conditions:
        return [statement]
    at = draw.randrange(len(statement.conditions))
    made = [*statement.conditions]
    made[at] = _condition(made[at], draw)
    return [statement._replace(conditions=tuple(made))]


def _condition(one: Condition, draw: random.Random) -> Condition:
    if draw.random() < 0.5 and one.operator != "Null":
        old, new = draw.choice(_SWAPS)
        made = one.operator.replace(old, new)
        return one._replace(operator=made) if _is_operator(made) else one
    if draw.random() < 0.5:
        return one._replace(values=one.values[1:])
    flipped = {"true": "false", "false": "true"}
    return one._replace(values=tuple(flipped.get(value, f"{value}*") for value in one.values))


def _is_operator(name: str) -> bool:
    try:
        split_policy_operator(name)
    except KeyError:
        return False
    return True
