"""Who makes the requests that a check decides, and the policies that are not in question.

Each caller's own policies allow everything, so that a check sees what the policy in question
does by itself. None of the callers is named by any policy: they stand for everybody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ormer.model.authorization import AuthorizationRequest
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Principals, Statement
from ormer.model.principal import (
    ANONYMOUS,
    Principal,
    is_account,
    principal_from_arn,
    service_principal,
)
from ormer.resource_checks.finding import Stack

NOBODY = "ormer-nobody-named-this"
"""The name of roles, buckets and objects that no policy names."""
SAGEMAKER = "sagemaker.amazonaws.com"
ELSEWHERE = "999999999990"
"""An account that is not the stack's."""


class Caller(NamedTuple):
    """Who calls; ``context`` are the condition keys that AWS fills for it, in lower case."""

    title: str
    principal: Principal
    context: Mapping[str, str]


def role_of(account: str, title: str, stack: Stack) -> Caller:
    """A session of a role in an account."""
    arn = f"arn:{stack.partition}:iam::{account}:role/{NOBODY}"
    session = f"arn:aws:sts::{account}:assumed-role/{NOBODY}/session"
    context = {
        "aws:principalarn": arn,
        "aws:principalaccount": account,
        "aws:principaltype": "AssumedRole",
        "aws:principalisawsservice": "false",
        "aws:viaawsservice": "false",
    }
    return Caller(title, principal_from_arn(session), context)


def insider(stack: Stack) -> Caller:
    """Some role of the stack's own account."""
    return role_of(stack.account, "a role of this account", stack)


def outsider(stack: Stack) -> Caller:
    """Some role of another account."""
    account = ELSEWHERE if stack.account != ELSEWHERE else ELSEWHERE[::-1]
    return role_of(account, "a role of another account", stack)


def nobody() -> Caller:
    """A request that nobody signed."""
    return Caller("an anonymous caller", ANONYMOUS, {"aws:viaawsservice": "false"})


def sagemaker_for(account: str, region: str, stack: Stack) -> Caller:
    """SageMaker itself, which acts for an account ("The confused deputy problem", IAM)."""
    source = f"arn:{stack.partition}:sagemaker:{region}:{account}:training-job/{NOBODY}"
    context = {
        "aws:sourceaccount": account,
        "aws:sourcearn": source,
        "aws:principalisawsservice": "true",
        "aws:principalservicename": SAGEMAKER,
    }
    return Caller("SageMaker for another account", service_principal(SAGEMAKER), context)


def request(
    caller: Caller, action: str, resource: str, account: str, context: Mapping[str, str]
) -> AuthorizationRequest:
    """A call over TLS; ``context`` counts where it and the caller's have the same key."""
    whole = {
        "aws:securetransport": "true",
        "aws:resourceaccount": account,
        **caller.context,
        **context,
    }
    return AuthorizationRequest(caller.principal, action, resource, account, whole)


def everything(with_principal: bool) -> Policy:
    """A policy that allows everything; with a principal it is a resource's or an endpoint's."""
    who = Principals(everyone=True) if with_principal else None
    statement = Statement("All", Effect.ALLOW, ("*",), False, ("*",), False, who, False, ())
    return Policy("everything", CURRENT_VERSION, (statement,))


def account_in(arn: str, default: str) -> str:
    """The account in an ARN, or ``default`` where it has none."""
    parts = arn.split(":")
    return parts[4] if len(parts) > 5 and is_account(parts[4]) else default
