"""Who asks.

``execution`` and ``pipeline`` are the profile's roles, with what the access file attaches to
them; ``any role`` is a role of the account with every permission, so that what stops it is a
policy of the resource, of the endpoint or of the organisation; ``a stranger`` is such a role of
another account; ``anonymous``; ``service NAME``; the ARN of a principal of the access file.
"""

from __future__ import annotations

from collections.abc import Iterator

from ormer.expectations.placeholders import OTHER_ACCOUNT, field_of, filled
from ormer.model.access import Access, Holder
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Statement
from ormer.model.principal import ANONYMOUS, Principal, principal_from_arn, service_principal

ANY_ROLE, STRANGER = "any role", "a stranger"
ARN = "arn:"
_PROFILES = ("execution", "pipeline")
_SERVICE = "service "
_EVERYTHING = Policy(
    "every permission",
    CURRENT_VERSION,
    (Statement("All", Effect.ALLOW, ("*",), False, ("*",), False, None, False, ()),),
)


def with_any_role(access: Access, environment: Environment) -> Access:
    """The access with the two principals that hold every permission."""
    holders = dict(access.holders)
    for principal in (_any_role(environment), _stranger(environment)):
        holders[principal.name] = Holder(principal, {}, (_EVERYTHING,))
    holders[ANONYMOUS.name] = Holder(ANONYMOUS, {}, ())
    return access._replace(holders=holders)


def askers(who: str, environment: Environment, file: str) -> Iterator[Principal]:
    """The principals that are meant.

    Raises NotConfigured for a role that the profile lacks, and InputError for nobody.
    """
    if who in _PROFILES:
        for arn in field_of(f"roles.{who}", environment):
            yield principal_from_arn(arn)
    elif who == ANY_ROLE:
        yield _any_role(environment)
    elif who == STRANGER:
        yield _stranger(environment)
    elif who == ANONYMOUS.name:
        yield ANONYMOUS
    elif who.startswith(_SERVICE):
        yield service_principal(who[len(_SERVICE) :])
    elif who.startswith(ARN):
        for arn in filled(who, environment, file):
            yield _by_arn(arn, file)
    else:
        raise InputError(f"{file}: {who!r} is nobody who can ask")


def _by_arn(arn: str, file: str) -> Principal:
    try:
        return principal_from_arn(arn)
    except ValueError as error:
        raise InputError(f"{file}: {error}") from None


def _any_role(environment: Environment) -> Principal:
    arn = f"arn:{environment.partition}:iam::{environment.account}:role/ormer-any-role"
    return principal_from_arn(arn)


def _stranger(environment: Environment) -> Principal:
    return principal_from_arn(
        f"arn:{environment.partition}:iam::{OTHER_ACCOUNT}:role/ormer-any-role"
    )
