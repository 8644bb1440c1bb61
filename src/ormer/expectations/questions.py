"""An expectation and a profile -> the requests to decide.

Who asks: ``execution`` and ``pipeline`` are the profile's roles, with what the access file
attaches to them; ``any role`` is a role of the account with every permission, so that what
stops it is a policy of the resource, of the endpoint or of the organisation; ``a stranger`` is
such a role of another account; ``anonymous``; ``service NAME``; the ARN of a principal of the
access file.

What AWS would fill in by itself is filled in: ``aws:PrincipalArn`` and its account, TLS, the
endpoint, the resource's account.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple, Optional

from ormer.expectations.expectation import Ask, Expectation
from ormer.expectations.lacking import lacking
from ormer.model.access import Access, Holder
from ormer.model.authorization import AuthorizationRequest, Context
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Statement
from ormer.model.principal import (
    ANONYMOUS,
    Principal,
    is_account,
    principal_from_arn,
    service_principal,
)
from ormer.read.environment import is_field

ANY_ROLE, STRANGER = "any role", "a stranger"
OTHER_ACCOUNT = "999988887777"
VPC = "vpc"
_PROFILES = ("execution", "pipeline")
_SERVICE, _ARN = "service ", "arn:"
_FIELD = re.compile(r"\$\{([^}]*)\}")
_IN_VPC = frozenset(["aws:sourcevpc", "aws:vpcsourceip"])
_OUTSIDE = frozenset(["aws:sourceip"])
"""Keys of the network whose value no question says: a Deny that hangs on one is not certain."""
_EVERYTHING = Policy(
    "every permission",
    CURRENT_VERSION,
    (Statement("All", Effect.ALLOW, ("*",), False, ("*",), False, None, False, ()),),
)


class NotConfigured(Exception):
    """The profile lacks a field that the question is about."""


class Question(NamedTuple):
    """A request, whether it comes through the VPC, and the words for it.

    ``given`` are the condition keys that the question is about. ``lacks`` is the bucket, key or
    role of the profile that it is about and whose policy the access file does not have.
    """

    who: str
    is_in_vpc: bool
    request: AuthorizationRequest
    given: tuple[str, ...] = ()
    lacks: str = ""

    @property
    def text(self) -> str:
        """It for a person, and as a test's id."""
        way = "through the VPC" if self.is_in_vpc else "from outside the VPC"
        request = self.request
        given = f" with {', '.join(self.given)}" if self.given else ""
        return f"{self.who} {way}: {request.action} {request.resource}{given}"


def with_any_role(access: Access, environment: Environment) -> Access:
    """The access with the two principals that hold every permission."""
    holders = dict(access.holders)
    for principal in (_any_role(environment), _stranger(environment)):
        holders[principal.name] = Holder(principal, {}, (_EVERYTHING,))
    for principal in (ANONYMOUS,):
        holders[principal.name] = Holder(principal, {}, ())
    return access._replace(holders=holders)


def questions(
    expectation: Expectation, environment: Environment, access: Access
) -> Iterator[Question]:
    """Every request of an expectation, each once.

    Raises NotConfigured naming the field that the profile lacks, and InputError for a
    principal or a placeholder that is none.
    """
    found: dict[str, Question] = {}
    for ask in expectation.asks:
        for question in _of_ask(ask, expectation.file, environment, access):
            found.setdefault(question.text, question)
    yield from found.values()


def _of_ask(ask: Ask, file: str, environment: Environment, access: Access) -> Iterator[Question]:
    for who, way in product(ask.who, ask.ways):
        principals = tuple(_principals(who, environment, file))
        for principal, action, resource in product(principals, ask.actions, ask.resources):
            for arn in _filled(resource, environment, file):
                request = _request(ask, principal, action, arn, environment, access)
                question = Question(
                    _name(who, principal, len(principals)),
                    way == VPC,
                    request,
                    tuple(_shown(ask, request)),
                    lacking(request, environment, access),
                )
                yield _by_way(question, ask, access)


def _name(who: str, principal: Principal, of: int) -> str:
    if who.startswith(_ARN):
        return principal.name
    return who if of == 1 else f"{who} {principal.name}"


def _shown(ask: Ask, request: AuthorizationRequest) -> Iterator[str]:
    for key in ask.given:
        value = request.context.get(key.lower())
        if value is None:
            yield f"no {key}"
        else:
            yield f"{key}={value if isinstance(value, str) else ','.join(value)}"


def _principals(who: str, environment: Environment, file: str) -> Iterator[Principal]:
    if who in _PROFILES:
        for arn in _field(f"roles.{who}", environment):
            yield principal_from_arn(arn)
    elif who == ANY_ROLE:
        yield _any_role(environment)
    elif who == STRANGER:
        yield _stranger(environment)
    elif who == ANONYMOUS.name:
        yield ANONYMOUS
    elif who.startswith(_SERVICE):
        yield service_principal(who[len(_SERVICE) :])
    elif who.startswith(_ARN):
        for arn in _filled(who, environment, file):
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


def _field(path: str, environment: Environment) -> tuple[str, ...]:
    found = environment.lookup(path)
    if not found:
        raise NotConfigured(path)
    return found


def _filled(text: str, environment: Environment, file: str) -> Iterator[str]:
    """The text with the profile's values in it, each combination."""
    names = list(dict.fromkeys(_FIELD.findall(text)))
    choices = [_values(name, environment, file) for name in names]
    for values in product(*choices):
        chosen = dict(zip(names, values, strict=True))
        yield _FIELD.sub(lambda match, chosen=chosen: chosen[match[1]], text)  # type: ignore[misc]


def _values(name: str, environment: Environment, file: str) -> tuple[str, ...]:
    fixed = {
        "partition": environment.partition,
        "account": environment.account,
        "region": environment.region,
        "other-account": OTHER_ACCOUNT,
    }
    if name in fixed:
        return (fixed[name],)
    if name == "bucket":
        buckets = _field("buckets.*", environment)
        return tuple(dict.fromkeys(bucket.partition("/")[0] for bucket in buckets))
    if name.startswith("env."):
        if not is_field(name[len("env.") :]):
            raise InputError(f"{file}: ${{{name}}}: a profile has no such field")
        return _field(name[len("env.") :], environment)
    raise InputError(f"{file}: ${{{name}}} is no placeholder")


def _request(
    ask: Ask,
    principal: Principal,
    action: str,
    resource: str,
    environment: Environment,
    access: Access,
) -> AuthorizationRequest:
    account = resource.split(":")[4] if resource.count(":") >= 5 else ""
    if not is_account(account):
        is_others = OTHER_ACCOUNT in resource
        account = OTHER_ACCOUNT if is_others else environment.account
    context: dict[str, str | tuple[str, ...]] = dict(by_default(principal, account, environment))
    context.update(of_organization(principal, account, environment, access))
    for key, value in ask.given.items():
        if value is None:
            context.pop(key.lower(), None)
        else:
            context[key.lower()] = _given(value, environment)
    if access.organization and context.get("aws:sourceaccount") == environment.account:
        context.setdefault("aws:sourceorgid", access.organization)
    return AuthorizationRequest(principal, action, resource, account, context)


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


def _given(value: str | tuple[str, ...], environment: Environment) -> str | tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(text for item in value for text in _filled(item, environment, "given"))
    return next(_filled(value, environment, "given"))


def by_default(
    principal: Principal, account: str, environment: Environment
) -> Iterator[tuple[str, str]]:
    """What AWS fills in with every request ("AWS global condition context keys")."""
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


def _by_way(question: Question, ask: Ask, access: Access) -> Question:
    """With the endpoint that the traffic takes, and what the network may add to it."""
    request = question.request
    said = {key.lower() for key in ask.given}
    endpoint = access.endpoint_of(request.action) if question.is_in_vpc else None
    if endpoint is not None and "aws:sourcevpce" not in said:
        context: Context = {**request.context, "aws:sourcevpce": endpoint.id}
        request = request._replace(context=context)
    unsaid = (_IN_VPC if question.is_in_vpc else _OUTSIDE) - said
    return question._replace(request=request._replace(uncertain=unsaid))


def tagged(question: Question, access: Access) -> Optional[AuthorizationRequest]:
    """The request with the tags of its principal; None where the access does not know it."""
    request = question.request
    if not request.principal.account and request.principal is not ANONYMOUS:
        return request  # a service has no policies of its own
    holder = access.holders.get(request.principal.name)
    if holder is None:
        return None
    tags = {f"aws:principaltag/{key.lower()}": value for key, value in holder.tags.items()}
    return request._replace(context={**tags, **request.context})
