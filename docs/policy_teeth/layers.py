"""Which documents a case meets, and what they decide together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Optional

from docs.plain_documents import ROOT
from docs.policy_teeth.documents import BOUNDARY_PACK, IAM_PACK, SCP_PACK, pack, policies
from docs.policy_teeth.requests import (
    ACCOUNT,
    BUCKET,
    REGION,
    ROLES,
    Case,
    account_of,
    arn_of,
    request_of,
    role_arn,
)
from ormer.evaluate.decide import Evaluator
from ormer.model.authorization import AuthorizationRequest, Decision, Level, PolicySet
from ormer.model.policy import Policy
from ormer.read.policies.policy import PolicyKind, PolicyReader

_IMAGES = f"arn:aws:ecr:{REGION}:141502667606:repository/"
"""SageMaker's own images, in an account of AWS whose repositories let every account pull."""
_PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
_ENDPOINTS = {"s3": "S3", "sagemaker": "SageMakerApi", "kms": "Kms", "sts": "Sts", "ssm": "Ssm"}
_BUCKETS = {
    "data": "policies/buckets.yaml#DataBucketPolicy",
    "models": "policies/buckets.yaml#ModelsBucketPolicy",
}
_KEYS = {
    "output-key": "policies/keys.yaml#OutputKey",
    "volume-key": "policies/keys.yaml#VolumeKey",
}


def _allow(name: str, kind: PolicyKind, **elements: Any) -> Policy:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", **elements}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return PolicyReader(name).policy(document, (), kind, name)


_EVERYTHING = _allow("everything", PolicyKind.IDENTITY)
_PULLED = _allow("images", PolicyKind.RESOURCE, Principal="*", Action=_PULL)
_OPEN = _allow("open", PolicyKind.RESOURCE, Principal="*")
_TRUSTING = _allow(
    "trusting", PolicyKind.RESOURCE, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
)
"""What is not in the repository: full access, SageMaker's images, a key that trusts the account."""


class Layers(NamedTuple):
    """The documents that a case meets, by name, or others; None is a layer that is not there."""

    identity: tuple[str | Policy, ...] = (_EVERYTHING,)
    boundary: str | Policy | None = None
    resource: str | Policy | None = None
    endpoint: str | Policy | None = None
    perimeter: str | Policy | None = None

    def names(self) -> frozenset[str]:
        """Every document of this repository among them."""
        return frozenset(one for one in (*self.identity, *self[1:]) if isinstance(one, str))

    def policy_set(self, changed: Mapping[str, Policy]) -> PolicySet:
        """The policies, those in ``changed`` instead of the document of that name."""

        def policy(one: str | Policy) -> Policy:
            return one if isinstance(one, Policy) else changed.get(one) or policies()[one]

        def optional(one: str | Policy | None) -> Optional[tuple[Policy, ...]]:
            return None if one is None else (policy(one),)

        return PolicySet(
            identity=tuple(policy(one) for one in self.identity),
            boundary=optional(self.boundary),
            resource=None if self.resource is None else policy(self.resource),
            endpoint=optional(self.endpoint),
            rcps=tuple(Level("root", each) for each in [optional(self.perimeter)] if each),
        )


class Prepared(NamedTuple):
    """A case with its request and the documents it meets."""

    case: Case
    request: AuthorizationRequest
    layers: Layers

    @classmethod
    def of(cls, case: Case) -> Prepared:
        """A case, ready to be decided."""
        return cls(case, request_of(case), layers_of(case))

    def decided(self, changed: Mapping[str, Policy]) -> Decision:
        """What is decided with other policies in place of some."""
        return Evaluator(self.layers.policy_set(changed)).decide(self.request)

    def is_as_expected(self, decision: Decision) -> bool:
        """Whether a decision is the one that the table has."""
        named = {reason.statement for reason in decision.reasons}
        return decision.outcome.value == self.case.expect and set(self.case.by) <= named


def layers_of(case: Case) -> Layers:
    """The documents that a case meets."""
    role, arn = case.role, arn_of(case.to)
    own = f"iam/{role}-role.yaml#{_logical(role)}Policy"
    holds_all = role != case.who or role not in (*ROLES, "anonymous")
    found = Layers(
        (*((own,) if role in ROLES else ()), *((_EVERYTHING,) if holds_all else ())),
        "iam/boundary.yaml#Boundary" if role in ROLES else None,
        _resource_policy(arn),
        _endpoint(case),
        "policies/organization.yaml#DataPerimeter" if account_of(arn) == ACCOUNT else None,
    )
    attached = pack(IAM_PACK) if role in guarded_roles() else ()
    guarded = found._replace(identity=(*found.identity, *attached))
    trusting = _TRUSTING if arn.split(":")[2:3] in (["kms"], ["iam"]) else None
    lent = _OPEN if arn.startswith(_IMAGES) else trusting
    alone = {
        "": found,
        "identity": Layers(found.identity, resource=lent),
        "boundary": Layers(boundary=found.boundary, resource=trusting),
        "resource": Layers(resource=found.resource),
        "resource without identity": Layers((), resource=found.resource),
        "endpoint": Layers(resource=_OPEN, endpoint=found.endpoint),
        "perimeter": Layers(resource=trusting, perimeter=found.perimeter),
        "guardrail boundary": Layers(boundary=BOUNDARY_PACK, resource=trusting),
        "guardrail policies": Layers((_EVERYTHING, *pack(IAM_PACK)), resource=trusting),
        "guardrail SCPs": Layers((_EVERYTHING, *pack(SCP_PACK)), resource=trusting),
        "guarded": guarded,
        "generated": guarded._replace(boundary=BOUNDARY_PACK),
    }
    return alone[case.only]


@cache
def guarded_roles() -> tuple[str, ...]:
    """The roles whose templates take guardrails."""
    return tuple(role for role in ROLES if _GUARDRAILS in _template(role).read_text("utf-8"))


_GUARDRAILS = "!Ref GuardrailPolicyArns"


def _template(role: str) -> Path:
    return ROOT / "iam" / f"{role}-role.yaml"


def _resource_policy(resource: str) -> str | Policy | None:
    if resource.startswith(BUCKET):
        return _BUCKETS.get(resource.removeprefix(BUCKET).partition("/")[0])
    if resource.startswith(_IMAGES):
        return _PULLED
    keys = {arn_of(to): name for to, name in _KEYS.items()}
    trusts = {role_arn(name): f"iam/{name}-role.yaml#{_logical(name)}Role.trust" for name in ROLES}
    return keys.get(resource) or trusts.get(resource)


def _logical(role: str) -> str:
    return "".join(part.capitalize() for part in role.split("-"))


def _endpoint(case: Case) -> Optional[str]:
    name: Optional[str] = None
    if case.via == "vpc":
        name = _ENDPOINTS.get(case.does.partition(":")[0])
    elif case.is_in_vpc:
        name = case.via.partition(" ")[2]
    return f"policies/endpoints.yaml#{name}Endpoint" if name else None
