"""Whom a statement of a resource's, an endpoint's or an organisation's policy names.

Sources: "AWS JSON policy elements: Principal", "AWS JSON policy elements: NotPrincipal" and
"Policy evaluation for requests within a single account" in the IAM User Guide.
"""

from __future__ import annotations

from enum import IntEnum
from fnmatch import fnmatchcase

from ormer.model.policy import Effect, Principals, Statement
from ormer.model.principal import Kind, Principal
from ormer.model.symbol import as_glob, has_symbol


class Named(IntEnum):
    """How a principal is named: what else has to allow what the statement allows.

    ``BY_ACCOUNT``: its own policies; ``AS_ROLE``: boundary and session policy must not be in the
    way; ``AS_USER``: the session policy must not; ``ITSELF``: nothing.
    """

    NOT = 0
    BY_ACCOUNT = 1
    AS_ROLE = 2
    AS_USER = 3
    ITSELF = 4


def named(statement: Statement, principal: Principal, has_boundary: bool, may: bool) -> Named:
    """How the statement names the principal; where that depends on a symbol, ``may`` says."""
    who = statement.principals
    if who is None:
        return Named.ITSELF
    if not statement.not_principal:
        return _by(who, principal, may)
    if statement.effect is Effect.ALLOW:
        return Named.NOT if _by(who, principal, not may) else Named.ITSELF
    spared = not has_boundary and _is_spared(who, principal, not may)
    return Named.NOT if spared else Named.ITSELF


def _by(who: Principals, principal: Principal, may: bool) -> Named:
    if who.everyone:
        return Named.ITSELF
    lists = {Kind.SERVICE: who.service, Kind.FEDERATED: who.federated}
    if principal.kind in lists:
        found = lists[principal.kind]
        listed = "*" in found or any(_is(text, principal.name, may) for text in found)
        return Named.ITSELF if listed else Named.NOT
    if principal.kind is Kind.ANONYMOUS:
        return Named.NOT
    ways = [_by_arn(text, principal, may) for text in who.aws]
    canonical = principal.canonical_user
    if canonical and any(_is(text, canonical, may) for text in who.canonical_user):
        ways.append(_whole_account(principal))
    return max(ways, default=Named.NOT)


def _by_arn(text: str, principal: Principal, may: bool) -> Named:
    """A symbol may be anything, so the closest way counts if ``may``."""
    if has_symbol(text) and not may:
        return Named.NOT
    if _is(text, principal.name, may):
        closest = {Kind.USER: Named.AS_USER, Kind.ROLE: Named.AS_ROLE}
        return closest.get(principal.kind, Named.ITSELF)
    if principal.kind is Kind.SESSION and any(
        _is(text, role, may) for role in _roles(text, principal)
    ):
        return Named.AS_ROLE
    root = f"arn:{_partition(principal)}:iam::{principal.account}:root"
    if _is(text, principal.account, may) or _is(text, root, may):
        return _whole_account(principal)
    return Named.NOT


def _whole_account(principal: Principal) -> Named:
    return Named.ITSELF if principal.kind is Kind.ROOT else Named.BY_ACCOUNT


def _roles(text: str, session: Principal) -> tuple[str, ...]:
    """The ARNs that the session's role may have: a session's own ARN has no path."""
    head = f"arn:{_partition(session)}:iam::{session.account}:role/"
    if has_symbol(text):
        return (f"{head}{session.role}",)
    is_role = text.startswith(head) and text.rpartition("/")[2] == session.role
    return (text,) if is_role else ()


def _is(text: str, name: str, may: bool) -> bool:
    if not has_symbol(text):
        return text == name
    return may and fnmatchcase(name, as_glob(text).replace("[", "[[]"))


def _partition(principal: Principal) -> str:
    return principal.name.split(":", 2)[1]


def _is_spared(who: Principals, principal: Principal, may: bool) -> bool:
    """Whether a Deny for all but ``who`` spares the principal: listed with its account, and a
    session with its role, too."""
    if who.everyone or principal.kind in (Kind.SERVICE, Kind.FEDERATED, Kind.ANONYMOUS):
        return _by(who, principal, may) is Named.ITSELF
    ways = [_by_arn(text, principal, may) for text in who.aws]
    root = f"arn:{_partition(principal)}:iam::{principal.account}:root"
    own = (principal.account, root)
    with_account = any(_is(text, each, may) for text in who.aws for each in own)
    canonical = principal.canonical_user
    with_account = with_account or bool(
        canonical and any(_is(text, canonical, may) for text in who.canonical_user)
    )
    if not with_account or principal.kind is Kind.ROOT:
        return with_account
    if principal.kind is Kind.SESSION:
        return Named.AS_ROLE in ways
    return any(_is(text, principal.name, may) for text in who.aws)
