"""How a statement of a resource's policy knows the principal of a request, if it does.

Source: "AWS JSON policy elements: Principal", "AWS JSON policy elements: NotPrincipal", and
"Policy evaluation for requests within a single account" in the IAM User Guide.
"""

from __future__ import annotations

from enum import IntEnum

from ormer.model.policy import Effect, Principals, Statement
from ormer.model.principal import Kind, Principal


class Grant(IntEnum):
    """How closely a Principal element names who asks; the more closely, the less limits it.

    ``ACCOUNT``: only the account, which "delegates authority": an identity policy has to
    allow it, too. ``ROLE``: the role of a session, limited by an implicit deny of the boundary
    and the session policy. ``USER``: an IAM user, limited by a session policy only.
    ``DIRECT``: the session itself, everyone, a service: limited by neither.
    """

    NONE = 0
    ACCOUNT = 1
    ROLE = 2
    USER = 3
    DIRECT = 4


def match_principal(statement: Statement, principal: Principal, bounded: bool) -> Grant:
    """How the statement's Principal or NotPrincipal takes in the principal.

    A Deny with NotPrincipal "will always deny any IAM principal that has a permissions boundary
    policy attached, regardless of the values specified": ``bounded`` tells whether it has one.
    """
    if statement.principals is None:
        return Grant.DIRECT
    if not statement.not_principal:
        return _named(statement.principals, principal)
    if statement.effect is Effect.DENY:
        exempt = not bounded and _exempt(statement.principals, principal)
        return Grant.NONE if exempt else Grant.DIRECT
    named = _named(statement.principals, principal)
    return Grant.DIRECT if named is Grant.NONE else Grant.NONE


def _named(who: Principals, principal: Principal) -> Grant:
    if who.everyone:
        return Grant.DIRECT
    if principal.kind is Kind.SERVICE:
        return _listed(principal.name, who.service)
    if principal.kind is Kind.FEDERATED:
        return _listed(principal.name, who.federated)
    if principal.kind is Kind.ANONYMOUS:
        return Grant.NONE
    return max(_by_name(who, principal), _by_account(who, principal))


def _listed(name: str, names: tuple[str, ...]) -> Grant:
    return Grant.DIRECT if name in names or "*" in names else Grant.NONE


def _by_name(who: Principals, principal: Principal) -> Grant:
    if principal.name in who.aws:
        return {Kind.USER: Grant.USER, Kind.ROLE: Grant.ROLE}.get(principal.kind, Grant.DIRECT)
    if principal.kind is Kind.SESSION and any(_is_role_of(arn, principal) for arn in who.aws):
        return Grant.ROLE
    return Grant.NONE


def _is_role_of(arn: str, session: Principal) -> bool:
    """A session's ARN has no path, and a role's name is unique in its account."""
    head, _, rest = arn.partition(":role/")
    if not rest or rest.rpartition("/")[2] != session.role:
        return False
    return head == f"arn:{_partition(session)}:iam::{session.account}"


def _by_account(who: Principals, principal: Principal) -> Grant:
    account = principal.account
    root = f"arn:{_partition(principal)}:iam::{account}:root"
    canonical = principal.canonical_user
    if account in who.aws or root in who.aws or (canonical and canonical in who.canonical_user):
        return Grant.DIRECT if principal.kind is Kind.ROOT else Grant.ACCOUNT
    return Grant.NONE


def _partition(principal: Principal) -> str:
    return principal.name.split(":", 2)[1]


def _exempt(who: Principals, principal: Principal) -> bool:
    """Whether a Deny with NotPrincipal leaves the principal alone.

    "You must also specify the account ARN of the not-denied principal", and for a session the
    role's: AWS "might validate the account first, then the role".
    """
    if who.everyone or principal.kind in (Kind.SERVICE, Kind.FEDERATED, Kind.ANONYMOUS):
        return _named(who, principal) is Grant.DIRECT
    if not _by_account(who, principal):
        return False
    if principal.kind is Kind.ROOT:
        return True
    if principal.kind is Kind.SESSION:
        return any(_is_role_of(arn, principal) for arn in who.aws)
    return principal.name in who.aws
