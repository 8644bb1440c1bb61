"""Whether a bucket policy is public, which Amazon S3's public access block then restricts.

Source: "Blocking public access to your Amazon S3 storage" (The meaning of "public") in the
Amazon S3 User Guide. What the page does not call fixed is public here.
"""

from __future__ import annotations

from ormer.evaluate.readings import Network, network
from ormer.model.policy import Condition, Effect, Policy, Statement
from ormer.model.policy_operators import FOR_ALL, split_policy_operator

_FIXED_KEYS = frozenset(
    ("aws:principalorgid", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce")
    + ("aws:sourceowner", "aws:sourceaccount", "aws:userid", "s3:dataaccesspointaccount")
    + ("aws:principalarn", "aws:principalaccount", "s3:dataaccesspointarn")
)
_WIDEST_V4 = 2**24
_WIDEST_V6 = 2**96
_ACCOUNT_SEGMENTS = 5


def is_public(policy: Policy) -> bool:
    """Whether some statement grants to everyone and no condition narrows it to fixed values."""
    return any(_grants_to_everyone(statement) for statement in policy.statements)


def _grants_to_everyone(statement: Statement) -> bool:
    who = statement.principals
    if statement.effect is Effect.DENY or who is None:
        return False
    if not (statement.not_principal or who.everyone):
        return False
    return not any(_narrows(condition) for condition in statement.conditions)


def _narrows(condition: Condition) -> bool:
    operator = split_policy_operator(condition.operator)
    if operator.negated or operator.if_exists or operator.each == FOR_ALL:
        return False
    if not condition.values:
        return False
    key = condition.key.lower()
    if operator.kind == "ip":
        return key == "aws:sourceip" and all(map(_is_narrow_network, condition.values))
    if key not in _FIXED_KEYS or operator.kind not in ("text", "folded text", "glob", "arn"):
        return False
    return all(_is_fixed(value, key) for value in condition.values)


def _is_fixed(value: str, key: str) -> bool:
    """No wildcard and no variable; in an access point's ARN, none up to the account."""
    if key == "s3:dataaccesspointarn":
        value = ":".join(value.split(":")[:_ACCOUNT_SEGMENTS])
    return not any(mark in value for mark in ("*", "?", "${"))


def _is_narrow_network(value: str) -> bool:
    """ "Very broad" ranges are public: wider than /8 (IPv4) or /32 (IPv6)."""
    block = network(value)
    return block is not None and _size(block) <= (_WIDEST_V4 if block.version == 4 else _WIDEST_V6)


def _size(block: Network) -> int:
    return block.last - block.first + 1
