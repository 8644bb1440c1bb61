"""Whom a statement of a resource's, an endpoint's or an organisation's policy names.

Sources: "AWS JSON policy elements: Principal", "AWS JSON policy elements: NotPrincipal" and
"Policy evaluation for requests within a single account" in the IAM User Guide.
"""

from __future__ import annotations

from enum import IntEnum

from ormer.model.policy import Effect, Principals, Statement
from ormer.model.principal import Kind, Principal
from ormer.model.symbol import has_symbol, pieces
from ormer.prove.arns import role_arns
from ormer.prove.language import matches, witness
from ormer.prove.pattern import EVERYTHING, Pattern, joined, literal


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
    if statement.effect is Effect.DENY and has_boundary:
        return Named.ITSELF
    if may:
        spared = _is_spared(who, principal)
    elif statement.effect is Effect.ALLOW:  # "not supported": for whom it is, nobody says
        spared = bool(_by(who, principal, may=True))
    else:
        spared = _may_be_spared(who, principal)
    return Named.NOT if spared else Named.ITSELF


def _by(who: Principals, principal: Principal, may: bool) -> Named:
    if who.everyone:
        return Named.ITSELF
    lists = {Kind.SERVICE: who.service, Kind.FEDERATED: who.federated}
    if principal.kind in lists:
        found = lists[principal.kind]
        listed = "*" in found or any(_is(text, principal.name, may) for text in found)
        return Named.ITSELF if listed or _is_anyone(who, may) else Named.NOT
    if _is_anyone(who, may):
        return Named.ITSELF
    if principal.kind is Kind.ANONYMOUS:
        return Named.NOT
    return max(_ways(who, principal, may), default=Named.NOT)


def _is_anyone(who: Principals, may: bool) -> bool:
    """Whether a symbol may be ``*``."""
    return any(_is(text, "*", may) for text in who.aws if has_symbol(text))


def _ways(who: Principals, principal: Principal, may: bool) -> list[Named]:
    """Each way in which it is named; a symbol may be each of its names."""
    ways: list[Named] = []
    for text in who.aws:
        if _is(text, principal.name, may):
            closest = {Kind.USER: Named.AS_USER, Kind.ROLE: Named.AS_ROLE}
            ways.append(closest.get(principal.kind, Named.ITSELF))
        if principal.kind is Kind.SESSION and _is_role_of(text, principal, may):
            ways.append(Named.AS_ROLE)
        if principal.kind is Kind.ROLE and may and _may_be_session_of(text, principal):
            ways.append(Named.ITSELF)
        if principal.kind is Kind.FEDERATED_USER and may and _may_be_its_user(text, principal):
            ways.append(Named.AS_ROLE)
        if any(_is(text, each, may) for each in _own_account(principal)):
            ways.append(_whole_account(principal))
    canonical = principal.canonical_user
    if canonical and any(_is(text, canonical, may) for text in who.canonical_user):
        ways.append(_whole_account(principal))
    if may and not canonical and who.canonical_user:  # one that nobody tells may be its account's
        ways.append(_whole_account(principal))
    return ways


def _own_account(principal: Principal) -> tuple[str, str]:
    return principal.account, f"arn:{_partition(principal)}:iam::{principal.account}:root"


def _whole_account(principal: Principal) -> Named:
    return Named.ITSELF if principal.kind is Kind.ROOT else Named.BY_ACCOUNT


def _is_role_of(text: str, session: Principal, may: bool) -> bool:
    """Whether it is the session's role, which may have any path: a session's ARN has none."""
    return _meets(text, role_arns(session), may)


def _may_be_session_of(text: str, role: Principal) -> bool:
    """Whether it is a session of the role: its requests are made by sessions, and a statement
    that names one lets that one in."""
    start = f"arn:{_partition(role)}:sts::{role.account}:assumed-role/{role.role}/"
    return _meets(text, (joined((*literal(start), *EVERYTHING)),), may=True)


def _may_be_its_user(text: str, session: Principal) -> bool:
    """Whether it is a user who may have made the federated user session, which does not say who
    did: a statement that names the user lets the session in, within boundary and session policy
    ("Identity-based policies and resource-based policies", IAM federated user sessions)."""
    start = f"arn:{_partition(session)}:iam::{session.account}:user/"
    return _meets(text, (joined((*literal(start), *EVERYTHING)),), may=True)


def _meets(text: str, forms: tuple[Pattern, ...], may: bool) -> bool:
    if not has_symbol(text):
        return any(matches(form, text) for form in forms)
    wide = joined(step for at, each in enumerate(pieces(text)) for step in _piece(at, each))
    return may and any(witness([form, wide], ()) is not None for form in forms)


def _piece(at: int, text: str) -> Pattern:
    return EVERYTHING if at % 2 else literal(text)


def _is(text: str, name: str, may: bool) -> bool:
    return _meets(text, (literal(name),), may)


def _partition(principal: Principal) -> str:
    return principal.name.split(":", 2)[1]


def _is_spared(who: Principals, principal: Principal) -> bool:
    """Whether a statement for all but ``who`` spares the principal for sure: listed with its
    account, and a session with its role, too."""
    if who.everyone or principal.kind in (Kind.SERVICE, Kind.FEDERATED, Kind.ANONYMOUS):
        return _by(who, principal, may=False) is Named.ITSELF
    ways = _ways(who, principal, may=False)
    if _whole_account(principal) not in ways or principal.kind is Kind.ROOT:
        return _whole_account(principal) in ways
    if principal.kind is Kind.SESSION:
        return Named.AS_ROLE in ways
    return any(_is(text, principal.name, may=False) for text in who.aws)


def _may_be_spared(who: Principals, principal: Principal) -> bool:
    """Whether a statement for all but ``who`` may spare the principal.

    Without its account, or its role, a principal that is listed "might" be denied, "depending on
    the service". An account that is listed with some of its principals spares no others; by
    itself, nobody says.
    """
    if principal.kind in (Kind.SERVICE, Kind.FEDERATED, Kind.ANONYMOUS):
        return _by(who, principal, may=True) is Named.ITSELF
    if who.everyone or _is_anyone(who, may=True):
        return True
    ways, whole = _ways(who, principal, may=True), _whole_account(principal)
    if principal.kind is Kind.ROOT or any(way is not whole for way in ways):
        return whole in ways or principal.kind is not Kind.ROOT
    return bool(ways) and not any(_is_within(text, principal) for text in who.aws)


def _is_within(text: str, principal: Principal) -> bool:
    """Whether it is a principal of the same account, and not the account itself."""
    of_account = not has_symbol(text) and text.split(":")[4:5] == [principal.account]
    return of_account and text not in _own_account(principal)
