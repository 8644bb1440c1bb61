"""Policies that meet every expectation, policies that miss them, and a profile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ormer.model.access import Access, Endpoint, Holder, ResourcePolicy
from ormer.model.environment import Environment
from ormer.model.policy import Policy
from ormer.model.principal import principal_from_arn
from ormer.read.environment import read_environment
from ormer.read.policies.policy import PolicyKind, PolicyReader

ACCOUNT = "111122223333"
EXECUTION = f"arn:aws:iam::{ACCOUNT}:role/sm-exec"
PIPELINE = f"arn:aws:iam::{ACCOUNT}:role/sm-pipeline"
KEYS = [f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{name}" for name in ("ebs", "s3")]
OUTPUT = KEYS[1]
BUCKETS = ["data-bucket", "models-bucket"]


class Made(NamedTuple):
    """Access files and their parts."""

    execution: str
    pipeline: str
    good: Access
    bad: Access
    closed: Access
    policy: Callable[..., Policy]
    allow: Callable[..., dict[str, Any]]
    deny: Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def made() -> Made:
    return Made(EXECUTION, PIPELINE, good(), bad(), closed(), policy, allow, deny)


@pytest.fixture(scope="session")
def environment() -> Environment:
    path = Path(__file__).parents[2] / "src/ormer/controls/example_environment.yaml"
    return read_environment(path.read_bytes(), path.name)


def policy(kind: PolicyKind, *statements: dict[str, Any]) -> Any:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return PolicyReader("test").policy(document, (), kind, "test")


def allow(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(sid: str, action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny", "Sid": sid}


def bucket(name: str) -> ResourcePolicy:
    arn = f"arn:aws:s3:::{name}"
    every = {"Principal": "*"}
    key = "s3:x-amz-server-side-encryption"
    return ResourcePolicy(
        arn,
        policy(
            PolicyKind.RESOURCE,
            deny(
                "Endpoint",
                "s3:*",
                [arn, f"{arn}/*"],
                **every,
                Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-0s3"}},
            ),
            deny(
                "Account",
                "s3:*",
                [arn, f"{arn}/*"],
                **every,
                Condition={"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}},
            ),
            deny(
                "Tls",
                "s3:*",
                [arn, f"{arn}/*"],
                **every,
                Condition={"BoolIfExists": {"aws:SecureTransport": "false"}},
            ),
            deny(
                "Sse",
                "s3:PutObject",
                f"{arn}/*",
                **every,
                Condition={"StringNotEqualsIfExists": {key: "aws:kms"}},
            ),
            deny(
                "Key",
                ["s3:PutObject", "s3:UpdateObjectEncryption"],
                f"{arn}/*",
                **every,
                Condition={"StringNotEqualsIfExists": {f"{key}-aws-kms-key-id": OUTPUT}},
            ),
        ),
    )


def trust(role: str) -> ResourcePolicy:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
    }
    condition = {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}
    return ResourcePolicy(role, policy(PolicyKind.RESOURCE, {**statement, **condition}))


def key(arn: str) -> ResourcePolicy:
    root = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    return ResourcePolicy(arn, policy(PolicyKind.RESOURCE, allow("kms:*", "*", **root)))


def holder(arn: str, *statements: dict[str, Any]) -> Holder:
    return Holder(principal_from_arn(arn), {}, (policy(PolicyKind.IDENTITY, *statements),))


def good() -> Access:
    own = {
        "Condition": {
            "StringEquals": {"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT}
        }
    }
    through = {"Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}}
    passing = {"Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}}
    arns = [f"arn:aws:s3:::{name}" for name in BUCKETS]
    gateway = {"Principal": "*", **own}
    return Access(
        {
            EXECUTION: holder(
                EXECUTION,
                allow(["s3:GetObject", "s3:PutObject"], [f"{arn}/*" for arn in arns]),
                allow("s3:ListBucket", arns),
                allow(["kms:Decrypt", "kms:GenerateDataKey"], OUTPUT, **through),
            ),
            PIPELINE: holder(PIPELINE, allow("iam:PassRole", EXECUTION, **passing)),
        },
        (*map(bucket, BUCKETS), *map(key, KEYS), trust(EXECUTION), trust(PIPELINE)),
        tuple(
            Endpoint(
                f"vpce-0{service}",
                service,
                policy(PolicyKind.GUARDED_RESOURCE, allow("*", "*", **gateway)),
            )
            for service in ("s3", "sagemaker", "kms", "sts", "logs")
        ),
    )


def bad() -> Access:
    """Everything is allowed to everyone."""
    everyone = {"Principal": "*"}
    resources = [f"arn:aws:s3:::{name}" for name in BUCKETS] + KEYS + [EXECUTION, PIPELINE]
    return Access(
        {arn: holder(arn, allow("*", "*")) for arn in (EXECUTION, PIPELINE)},
        tuple(
            ResourcePolicy(
                arn, policy(PolicyKind.RESOURCE, allow("*", [arn, f"{arn}/*"], **everyone))
            )
            for arn in resources
        ),
        tuple(
            Endpoint(
                f"vpce-0{service}",
                service,
                policy(PolicyKind.GUARDED_RESOURCE, allow("*", "*", **everyone)),
            )
            for service in ("s3", "sagemaker", "kms", "sts", "logs")
        ),
    )


def closed() -> Access:
    """Nothing is allowed to anybody."""
    everyone = deny("No", "sts:*", "*", Principal="*")
    return Access(
        {arn: holder(arn, deny("No", "*", "*")) for arn in (EXECUTION, PIPELINE)},
        tuple(
            ResourcePolicy(arn, policy(PolicyKind.RESOURCE, everyone))
            for arn in (EXECUTION, PIPELINE)
        ),
    )
