"""ORMER_7 and ORMER_8: policies of VPC endpoints and of KMS keys, decided by requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Troubles = Callable[..., list[str]]
OURS = {"StringEquals": {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}}}
BOTH = {
    "StringEquals": {
        "aws:PrincipalAccount": {"Ref": "AWS::AccountId"},
        "aws:ResourceAccount": {"Ref": "AWS::AccountId"},
    }
}
ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}


def allow(action: Any, resource: Any = "*", condition: Any = None) -> dict[str, Any]:
    body = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource}
    return body if condition is None else {**body, "Condition": condition}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


S3 = {
    "principals and buckets of this account": (allow("s3:*", "*", BOTH), ""),
    "reading a bucket of AWS": (allow("s3:GetObject", "arn:aws:s3:::prod-layers/*"), ""),
    "principals of this account, one bucket by name": (
        allow("s3:PutObject", "arn:aws:s3:::data/*", OURS),
        "s3:PutObject on arn:aws:s3:::data/ormer-nobody-named-this by a role of this account",
    ),
    "everything": (allow("*"), "by a role of another account is let through"),
    "no policy": (None, "by a role of another account is let through"),
    "buckets by a pattern": (
        allow("s3:PutObject", "arn:aws:s3:::*sagemaker*/*", OURS),
        "by a role of this account is let through",
    ),
    "buckets of this account, whoever writes": (
        allow("s3:PutObject", "*", {"StringEquals": {"aws:ResourceAccount": "111111111111"}}),
        "by a role of another account is let through",
    ),
}


@pytest.mark.parametrize("what", S3)
def test_s3_endpoint(what: str, troubles: Troubles) -> None:
    statement, message = S3[what]
    properties: dict[str, Any] = {"ServiceName": {"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"}}
    if statement is not None:
        properties["PolicyDocument"] = document(statement)
    found = troubles("ORMER_7", "AWS::EC2::VPCEndpoint", properties)
    assert (found == []) is (message == "")
    assert all(message in each for each in found)


OTHERS = {
    "this account": (allow("kms:*", "*", OURS), True),
    "the organisation": (allow("kms:*", "*", ORGANIZATION), True),
    "reading, whoever": (allow("kms:Describe*"), True),
    "anybody": (allow("kms:Encrypt"), False),
    "no policy": (None, False),
    "everything": (allow("*"), False),
}


@pytest.mark.parametrize("what", OTHERS)
def test_other_endpoint(what: str, troubles: Troubles) -> None:
    statement, good = OTHERS[what]
    properties: dict[str, Any] = {"ServiceName": "com.amazonaws.eu-west-1.kms"}
    if statement is not None:
        properties["PolicyDocument"] = document(statement)
    assert (troubles("ORMER_7", "AWS::EC2::VPCEndpoint", properties) == []) is good


def test_a_policy_may_be_json_text(troubles: Troubles) -> None:
    text = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}'
    properties = {"ServiceName": "com.amazonaws.eu-west-1.s3", "PolicyDocument": {"Fn::Sub": text}}
    assert troubles("ORMER_7", "AWS::EC2::VPCEndpoint", properties) != []


ROOT = {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}
KEYS = {
    "this account": ({**allow("kms:*"), "Principal": ROOT}, True),
    "everybody of this account, through a service": (
        allow("kms:*", "*", {"StringEquals": {"kms:CallerAccount": {"Ref": "AWS::AccountId"}}}),
        True,
    ),
    "an account that is named": ({**allow("kms:*"), "Principal": {"AWS": "222222222222"}}, True),
    "everybody": (allow("kms:*"), False),
    "everybody through Amazon S3": (
        allow(
            "kms:Decrypt", "*", {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
        ),
        False,
    ),
    "everybody, grants only": (allow("kms:CreateGrant"), False),
}


@pytest.mark.parametrize("what", KEYS)
def test_key(what: str, troubles: Troubles) -> None:
    statement, good = KEYS[what]
    found = troubles("ORMER_8", "AWS::KMS::Key", {"KeyPolicy": document(statement)})
    assert (found == []) is good
    assert all("is allowed to a role of another account" in each for each in found)
