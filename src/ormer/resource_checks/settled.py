"""The policies of a resource with what is still open taken for one thing that nobody names.

A parameter without a value stays in a text as a symbol (``model/symbol.py``). Taken as it
stands, a symbol is a text of its own, equal to no other: a role, a key or an endpoint that no
request names. Where it stands for more than a text (a statement, an effect, an action, whoever
may call), nothing can be decided, and that is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ormer.model.attached_policy import Attached
from ormer.model.definition import Place
from ormer.model.policy import Condition, Policy, Statement
from ormer.model.policy_operators import split_policy_operator
from ormer.model.resource import Declared, Resource
from ormer.model.symbol import has_symbol, pieces
from ormer.read.policies.attached import attached_policies
from ormer.read.policies.declared import ResourceReader


class Settled(NamedTuple):
    """A policy of a resource, and where its document stands in the properties."""

    policy: Policy
    place: Place


def settled(declared: Declared, resource: Resource, wanted: Attached) -> Iterator[Settled]:
    """The policies of that kind; a resource that may not be there is taken to be there.

    Raises InputError for what is no policy, and for one of which too much is open.
    """
    there = resource._replace(condition="")
    reader = ResourceReader(declared.name, there)
    for each in attached_policies(there):
        if each.attached is wanted:
            policy = reader.attached(each)
            for statement in policy.statements:
                if _is_open(statement):
                    why = f"statement {statement.name} is known only when the template is deployed"
                    raise reader.refuse(each.place, f"{why}: give its parameters")
            made = tuple(_with_arns(statement) for statement in policy.statements)
            yield Settled(policy._replace(statements=made), each.place)


def _is_open(statement: Statement) -> bool:
    if any(has_symbol(action) for action in statement.actions):
        return True
    who = statement.principals
    if who is not None and any(has_symbol(text) for text in (*who.service, *who.federated)):
        return True
    return any(has_symbol(each.key) for each in statement.conditions)


def _with_arns(statement: Statement) -> Statement:
    """With an ARN for a symbol that an Arn operator compares: it compares ARNs alone."""
    return statement._replace(conditions=tuple(map(_with_arn, statement.conditions)))


def _with_arn(condition: Condition) -> Condition:
    if not split_policy_operator(condition.operator).base.startswith("Arn"):
        return condition
    return condition._replace(values=tuple(map(as_arn, condition.values)))


def as_arn(text: str) -> str:
    """An ARN for a text that is one symbol; any other text as it is."""
    alone = has_symbol(text) and len(pieces(text)) == 3 and not "".join(pieces(text)[::2])
    return f"arn:aws:ormer:::{text}" if alone else text
