"""Who makes a request, and the names a policy can know them by.

Source: "AWS JSON policy elements: Principal" and "IAM identifiers" in the IAM User Guide.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Kind(str, Enum):
    """What a principal is."""

    ROOT = "root user"
    USER = "IAM user"
    ROLE = "role"
    SESSION = "role session"
    FEDERATED_USER = "federated user session"
    FEDERATED = "federated identity"
    SERVICE = "service"
    ANONYMOUS = "anonymous"


class Principal(NamedTuple):
    """Who makes a request.

    ``name`` is the ARN, the service's name or the identity provider; ``account`` is empty
    for what belongs to none; ``role`` is a role session's role by name; ``key`` tells
    principals apart that any policy could.
    """

    kind: Kind
    name: str
    account: str = ""
    role: str = ""
    service_linked: bool = False
    canonical_user: str = ""
    key: str = ""


ANONYMOUS = Principal(Kind.ANONYMOUS, "anonymous", key="anonymous")
_ACCOUNT_LENGTH = 12
_SERVICE_LINKED_PATH = "aws-service-role/"
_SERVICE_LINKED_NAME = "AWSServiceRoleFor"


def principal_from_arn(arn: str, canonical_user: str = "") -> Principal:
    """The principal of an ARN. Raises ValueError saying what is wrong with it."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        raise ValueError(f"{arn!r} is not the ARN of a principal")
    _, _, service, _, account, resource = parts
    if not is_account(account):
        raise ValueError(f"{arn!r} has no account of {_ACCOUNT_LENGTH} digits")
    kind, _, rest = resource.partition("/")
    key = f"{arn} {canonical_user}"
    if service == "iam" and resource == "root":
        return Principal(Kind.ROOT, arn, account, "", False, canonical_user, key)
    if service == "iam" and kind == "user" and rest:
        return Principal(Kind.USER, arn, account, "", False, canonical_user, key)
    if service == "iam" and kind == "role" and rest:
        linked = rest.startswith(_SERVICE_LINKED_PATH)
        name = rest.rpartition("/")[2]
        return Principal(Kind.ROLE, arn, account, name, linked, canonical_user, key)
    if service == "sts" and kind == "assumed-role" and "/" in rest:
        role = rest.partition("/")[0]
        linked = role.startswith(_SERVICE_LINKED_NAME)
        return Principal(Kind.SESSION, arn, account, role, linked, canonical_user, key)
    if service == "sts" and kind == "federated-user" and rest:
        return Principal(Kind.FEDERATED_USER, arn, account, "", False, canonical_user, key)
    raise ValueError(f"{arn!r} is not the ARN of a user, a role, a session or the root user")


def service_principal(name: str) -> Principal:
    """An AWS service by its name, such as ``lambda.amazonaws.com``."""
    return Principal(Kind.SERVICE, name, key=f"service {name}")


def federated_principal(provider: str) -> Principal:
    """Who has a token of an identity provider and calls AssumeRoleWith... with it."""
    return Principal(Kind.FEDERATED, provider, key=f"federated {provider}")


def is_account(text: str) -> bool:
    """Whether it is an account's id."""
    return len(text) == _ACCOUNT_LENGTH and text.isascii() and text.isdigit()
