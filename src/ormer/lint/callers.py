"""Who makes the request of a witness, and the condition keys that follow from who that is.

Source: "AWS global condition context keys" in the IAM User Guide (properties of the principal).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ormer.lint.example import ACCOUNT, REGION
from ormer.lint.samples import FOREIGN_ACCOUNT, FOREIGN_ORGANISATION, texts
from ormer.model.policy import CURRENT_VERSION, Principals, Statement
from ormer.model.principal import is_account, principal_from_arn

_CALL = {
    "aws:securetransport": "true",
    "aws:requestedregion": REGION,
    "aws:currenttime": "2026-01-15T12:00:00Z",
    "aws:epochtime": "1768478400",
    "aws:viaawsservice": "false",
    "aws:sourceip": "203.0.113.9",
    "aws:useragent": "example",
}


class Caller(NamedTuple):
    """A principal as a line of ``ormer decide`` names it, its account, and its condition keys."""

    principal: Any
    account: str
    keys: dict[str, str]

    @property
    def is_outside(self) -> bool:
        """Whether it is of no account, or of one that no policy names."""
        return self.account in ("", FOREIGN_ACCOUNT)


def role_session(account: str, role: str = "example", path: str = "") -> Caller:
    """A session of a role."""
    keys = {
        **_CALL,
        "aws:principalarn": f"arn:aws:iam::{account}:role/{path}{role}",
        "aws:principalaccount": account,
        "aws:principaltype": "AssumedRole",
        "aws:userid": "AROAEXAMPLEEXAMPLE000:session",
        "aws:principalisawsservice": "false",
    }
    return Caller(f"arn:aws:sts::{account}:assumed-role/{role}/session", account, keys)


def user(account: str, name: str = "alice", path: str = "") -> Caller:
    """An IAM user."""
    arn = f"arn:aws:iam::{account}:user/{path}{name}"
    keys = {
        **_CALL,
        "aws:principalarn": arn,
        "aws:principalaccount": account,
        "aws:principaltype": "User",
        "aws:userid": "AIDAEXAMPLEEXAMPLE000",
        "aws:username": name,
        "aws:principalisawsservice": "false",
    }
    return Caller(arn, account, keys)


def service(name: str) -> Caller:
    """An AWS service."""
    keys = {**_CALL, "aws:principalisawsservice": "true", "aws:principalservicename": name}
    return Caller({"type": "Service", "service": name}, "", keys)


def federated(provider: str) -> Caller:
    """Who has a token of an identity provider."""
    return Caller({"type": "Federated", "id": provider}, "", dict(_CALL))


INSIDER = role_session(ACCOUNT)
OUTSIDER = role_session(FOREIGN_ACCOUNT, "outsider")
OUTSIDER.keys["aws:principalorgid"] = FOREIGN_ORGANISATION
ANYONE = Caller({"type": "Anonymous"}, "", dict(_CALL))


def callers(statement: Statement) -> Iterator[Caller]:
    """Callers whom the statement may be about: named in its Principal, or in its conditions."""
    who = statement.principals
    if who is None or who.everyone or statement.not_principal:
        named = [
            caller
            for condition in statement.conditions
            if condition.key.lower() in ("aws:principalarn", "aws:principalaccount")
            for value in condition.values
            for text in texts(value, CURRENT_VERSION, {})
            for caller in _of_arn(text)
        ]
        yield INSIDER
        yield from list({str(caller.principal): caller for caller in named}.values())[:4]
        yield user(ACCOUNT)
        return
    yield from _named(who)


def _named(who: Principals) -> Iterator[Caller]:
    for text in who.aws:
        yield from _of_arn(text)
    for name in who.service:
        yield service("lambda.amazonaws.com" if name == "*" else name)
    for provider in who.federated:
        yield federated(provider)


def _of_arn(text: str) -> Iterator[Caller]:
    """A caller of an account's id, or of the ARN of an account, role, session or user."""
    if is_account(text):
        yield role_session(text)
        return
    try:
        found = principal_from_arn(text)
    except ValueError:
        return
    kind, _, rest = text.split(":", 5)[5].partition("/")
    path, _, name = rest.rpartition("/")
    path = f"{path}/" if path else ""
    if kind == "role":
        yield role_session(found.account, name, path)
    elif kind == "assumed-role":
        yield role_session(found.account, rest.partition("/")[0])._replace(principal=text)
    elif kind == "user":
        yield user(found.account, name, path)
    elif kind == "root":
        yield role_session(found.account)
