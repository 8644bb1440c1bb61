"""Small questions, written as policies are, and the prover's answers to them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Optional

import pytest

from ormer.model.access import Access, Endpoint, Holder, ResourcePolicy
from ormer.model.authorization import Level
from ormer.model.policy import Policy
from ormer.model.principal import principal_from_arn
from ormer.prove.case import Case, Found
from ormer.prove.forbidden import Forbidden
from ormer.prove.request_space import KeyFacts, RequestSpace
from ormer.prove.views import UNSHOWN
from ormer.read.policies.open_policy import OpenPolicyReader
from ormer.read.policies.policy import PolicyKind

ROLE = "arn:aws:iam::111122223333:role/exec"
ALL: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
Statements = list[dict[str, Any]]


def read(statements: Statements, kind: PolicyKind, called: str, version: str) -> Policy:
    document = {"Version": version, "Statement": statements}
    return OpenPolicyReader(called).policy(document, (), kind, called)


def _forbidding(said: dict[str, Any]) -> dict[str, Any]:
    about = {} if "NotResource" in said else {"Resource": "*"}
    return {"Action": "*", **about, **said, "Effect": "Deny"}


class Question:
    """Policies and a request space; ``ask`` says "allowed", "not allowed" or "unknown"."""

    def __init__(
        self,
        action: str = "s3:GetObject",
        principal: str = ROLE,
        identity: Optional[Statements] = None,
        boundary: Optional[Statements] = None,
        session: Optional[Statements] = None,
        resources: Optional[Mapping[str, Statements]] = None,
        endpoint: Optional[Statements] = None,
        scp: Optional[Statements] = None,
        rcp: Optional[Statements] = None,
        management: str = "",
        keys: Optional[Mapping[str, KeyFacts]] = None,
        arns: Optional[tuple[str, ...]] = ("arn:*:s3:::*/*",),
        versions: Mapping[str, str] = {},
        **space: Any,
    ) -> None:
        def one(name: str, found: Statements, kind: PolicyKind) -> Policy:
            return read(found, kind, name, versions.get(name, "2012-10-17"))

        who = principal_from_arn(principal)
        self.holder = Holder(
            who,
            {},
            (one("identity", [ALL] if identity is None else identity, PolicyKind.IDENTITY),),
            None if boundary is None else (one("boundary", boundary, PolicyKind.IDENTITY),),
            None if session is None else one("session", session, PolicyKind.IDENTITY),
        )
        service = action.partition(":")[0]
        self.access = Access(
            {principal: self.holder},
            tuple(
                ResourcePolicy(arn, one("resource", found, PolicyKind.RESOURCE))
                for arn, found in (resources or {}).items()
            ),
            ()
            if endpoint is None
            else (Endpoint("vpce-1", service, one("vpce", endpoint, PolicyKind.GUARDED_RESOURCE)),),
            () if scp is None else (Level("root", (one("scp", scp, PolicyKind.IDENTITY),)),),
            ()
            if rcp is None
            else (Level("root", (one("rcp", rcp, PolicyKind.GUARDED_RESOURCE),)),),
            management,
        )
        self.space = RequestSpace(action, who, arns, dict(keys or {}).get, **space)
        self.sets: dict[str, Forbidden] = {}
        self.found: Optional[Found] = None
        self.why = ""
        self.is_unshown = False

    def ask(self, *forbidden: dict[str, Any], seconds: float = 60.0) -> str:
        """Whether a request that one of the statements matches is allowed."""
        statements = [_forbidding(each) for each in forbidden]
        policy = read(statements, PolicyKind.IDENTITY, "forbidden", "2012-10-17")
        sets = {"set": Forbidden(policy.statements)} if forbidden else {}
        deadline = time.monotonic() + seconds
        case = Case(self.access, self.holder, self.space, sets, deadline)
        answer = case.ask("set" if forbidden else "")
        self.why = answer.unknown
        if answer.unknown:
            return "unknown"
        if answer.model is None:
            return "not allowed"
        self.found = case.found(answer.model)
        self.is_unshown = bool(answer.model.switches.get(UNSHOWN))
        return "allowed"


@pytest.fixture(scope="session")
def question() -> Callable[..., Question]:
    return Question
