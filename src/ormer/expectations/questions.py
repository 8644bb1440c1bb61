"""An expectation and a profile -> the requests to decide."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple, Optional

from ormer.expectations.askers import ARN, askers
from ormer.expectations.expectation import Ask, Expectation
from ormer.expectations.filled_in import by_default, of_organization
from ormer.expectations.lacking import lacking
from ormer.expectations.placeholders import OTHER_ACCOUNT, filled
from ormer.model.access import Access
from ormer.model.authorization import AuthorizationRequest, Context
from ormer.model.environment import Environment
from ormer.model.principal import ANONYMOUS, Principal, is_account

VPC = "vpc"
_IN_VPC = frozenset(["aws:sourcevpc", "aws:vpcsourceip"])
_OUTSIDE = frozenset(["aws:sourceip"])
"""Keys of the network whose value no question says: a Deny that hangs on one is not certain."""


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
        principals = tuple(askers(who, environment, file))
        for principal, action, resource in product(principals, ask.actions, ask.resources):
            for arn in filled(resource, environment, file):
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
    if who.startswith(ARN):
        return principal.name
    return who if of == 1 else f"{who} {principal.name}"


def _shown(ask: Ask, request: AuthorizationRequest) -> Iterator[str]:
    for key in ask.given:
        value = request.context.get(key.lower())
        if value is None:
            yield f"no {key}"
        else:
            yield f"{key}={value if isinstance(value, str) else ','.join(value)}"


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


def _given(value: str | tuple[str, ...], environment: Environment) -> str | tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(text for item in value for text in filled(item, environment, "given"))
    return next(filled(value, environment, "given"))


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
