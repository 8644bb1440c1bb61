"""A role's sessions, where policies name one: whether a job's session is that one is not known.

Source: "AWS JSON policy elements: Principal" in the IAM User Guide: a policy may name a role
session by its ARN, and who has assumed a role calls under it. How SageMaker names the sessions of
a role is not documented.
"""

from __future__ import annotations

from collections.abc import Iterator

from ormer.evaluate.open.text import ANY, meets, open_literal
from ormer.model.authorization import PolicySet
from ormer.model.policy import Policy
from ormer.model.principal import Kind, Principal, principal_from_arn
from ormer.model.symbol import has_symbol

_ANY_SESSION = "session"


def callers(policies: PolicySet, principal: Principal) -> tuple[Principal, ...]:
    """Whom the policies may take a role for: the role, and each session of it that they name."""
    if principal.kind is not Kind.ROLE:
        return (principal,)
    partition = principal.name.split(":", 2)[1]
    prefix = f"arn:{partition}:sts::{principal.account}:assumed-role/{principal.role}/"
    form = (*prefix, ANY)
    sessions: dict[str, Principal] = {}
    for name in _names(policies):
        if meets(open_literal(name), form):
            session = name.rpartition("/")[2]
            known = session and not has_symbol(session)
            arn = prefix + (session if known else _ANY_SESSION)
            sessions[arn] = principal_from_arn(arn, principal.canonical_user)
    return (principal, *sessions.values())


def _names(policies: PolicySet) -> Iterator[str]:
    """The names in Principal elements that may be a session's."""
    for policy in _with_principals(policies):
        for statement in policy.statements:
            for name in statement.principals.aws if statement.principals is not None else ():
                if ":sts:" in name:
                    yield name


def _with_principals(policies: PolicySet) -> Iterator[Policy]:
    if policies.resource is not None:
        yield policies.resource
    yield from policies.endpoint or ()
    for level in policies.rcps:
        yield from level.policies
