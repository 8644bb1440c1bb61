"""What AWS fills in with a request by itself ("AWS global condition context keys")."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.model.access import Access
from ormer.model.environment import Environment
from ormer.model.principal import ANONYMOUS, Principal


def by_default(
    principal: Principal, account: str, environment: Environment
) -> Iterator[tuple[str, str]]:
    """What comes with every request."""
    is_service = not principal.account and principal is not ANONYMOUS
    if principal.account:
        yield "aws:principalarn", principal.name
        yield "aws:principalaccount", principal.account
        yield "aws:principaltype", "AssumedRole"
    yield "aws:principalisawsservice", "true" if is_service else "false"
    yield "aws:viaawsservice", "false"
    yield "aws:securetransport", "true"
    yield "aws:requestedregion", environment.region
    yield "aws:resourceaccount", account
    yield "s3:resourceaccount", account
    yield "s3:tlsversion", "1.3"


def of_organization(
    principal: Principal, account: str, environment: Environment, access: Access
) -> Iterator[tuple[str, str]]:
    """The organisation's id, of whom and what belongs to it, where the access file tells it."""
    if not access.organization:
        return
    if principal.account == environment.account:
        yield "aws:principalorgid", access.organization
    if account == environment.account:
        yield "aws:resourceorgid", access.organization
