"""Requests and policies as ``ormer decide`` reads them, decided in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormer.evaluate.decide import decide
from ormer.model.authorization import Decision, Level, PolicySet
from ormer.model.policy import Policy
from ormer.read.policies.decide_line import check_line, read_policies, read_request
from ormer.read.policies.open_policy import OpenPolicyReader
from ormer.read.policies.policy import PolicyKind

Decide = Callable[[dict[str, Any]], Decision]


@pytest.fixture(scope="session")
def decided() -> Decide:
    """``decided({"request": ..., ...})``: the decision of a line."""

    def _decided(line: dict[str, Any]) -> Decision:
        read = check_line(line, "line")
        return decide(read_policies(read, "line"), read_request(read, "line"))

    return _decided


@pytest.fixture(scope="session")
def policy_set() -> Callable[[dict[str, Any]], PolicySet]:
    """``policy_set(line)``: the policies of a line whose texts may have symbols."""
    reader = OpenPolicyReader("line")

    def one(document: Any, member: str, kind: PolicyKind) -> Policy:
        return reader.policy(document, (member,), kind, member)

    def levels(line: dict[str, Any], member: str, kind: PolicyKind) -> tuple[Level, ...]:
        return tuple(
            Level(
                each["id"], tuple(one(document, each["id"], kind) for document in each["policies"])
            )
            for each in line.get(member) or ()
        )

    def _policy_set(line: dict[str, Any]) -> PolicySet:
        def several(member: str, kind: PolicyKind) -> tuple[Policy, ...]:
            return tuple(one(document, member, kind) for document in line.get(member) or ())

        session, resource = line.get("sessionPolicy"), line.get("resourcePolicy")
        return PolicySet(
            several("identityPolicies", PolicyKind.IDENTITY),
            one(session, "session", PolicyKind.IDENTITY) if session else None,
            several("permissionBoundaries", PolicyKind.IDENTITY) or None,
            one(resource, "resource", PolicyKind.RESOURCE) if resource else None,
            several("vpcEndpointPolicies", PolicyKind.GUARDED_RESOURCE) or None,
            levels(line, "scps", PolicyKind.IDENTITY),
            levels(line, "rcps", PolicyKind.GUARDED_RESOURCE),
            bool((line.get("publicAccessBlock") or {}).get("RestrictPublicBuckets")),
            line.get("managementAccount") or "",
        )

    return _policy_set
