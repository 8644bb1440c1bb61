"""The contexts in which a request is tried: what its policy asks for, as far as callers choose it.

A policy that lets a request through for a tag, a referer or the flag of a service is open to
whoever sets it. So each value that stands in a condition is tried alone, and the first values of
all conditions together; those keys are left out that tell who calls and from where.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ormer.model.policy import Condition, Policy
from ormer.model.policy_operators import split_policy_operator

_WHO_AND_WHERE = frozenset(
    f"aws:{name}"
    for name in (
        *("principalaccount", "principalarn", "principalisawsservice", "principalorgid"),
        *("principalorgpaths", "principalservicename", "principalservicenameslist"),
        *("principaltype", "resourceaccount", "resourceorgid", "resourceorgpaths"),
        *("securetransport", "sourceaccount", "sourcearn", "sourceorgid", "sourceorgpaths"),
        *("sourcevpc", "sourcevpcarn", "sourcevpce", "userid", "username", "vpceaccount"),
        *("vpceorgid", "vpceorgpaths", "vpcsourceip"),
    )
) | {"kms:calleraccount", "s3:resourceaccount"}
"""Keys that AWS fills and a caller cannot ("AWS global condition context keys", IAM)."""


def contexts(policy: Policy, fixed: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """``fixed`` alone, and with what the conditions of the policy ask for; keys in lower case."""
    wished = _wished(policy, frozenset(fixed) | _WHO_AND_WHERE)
    found = [dict(fixed)]
    found += [{**fixed, key: value} for key, values in wished.items() for value in values]
    found.append({**fixed, **{key: values[0] for key, values in wished.items()}})
    unique = {tuple(sorted(each.items())): each for each in found}
    yield from unique.values()


def _wished(policy: Policy, without: frozenset[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    presence: list[str] = []
    for statement in policy.statements:
        for condition in statement.conditions:
            key = condition.key.lower()
            if key in without:
                continue
            if split_policy_operator(condition.operator).base == "Null":
                presence.append(key)
                continue
            values = found.setdefault(key, [])
            values += [value for value in _values(condition) if value not in values]
    for key in presence:
        found.setdefault(key, ["x"])
    return {key: values for key, values in found.items() if values}


def _values(condition: Condition) -> Iterator[str]:
    operator = split_policy_operator(condition.operator).base
    if operator == "Bool":
        yield from ("true", "false")
    elif operator.endswith("IpAddress"):
        yield from (value.partition("/")[0] for value in condition.values)
    else:
        yield from map(concrete, condition.values)


def concrete(pattern: str, star: str = "x") -> str:
    """A text that a pattern matches."""
    return pattern.replace("*", star).replace("?", "x")
