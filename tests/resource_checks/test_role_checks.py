"""ORMER_4, ORMER_5 and ORMER_6: what policies of IAM allow, decided by requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Troubles = Callable[..., list[str]]
TO_SAGEMAKER = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
ROLE = "arn:aws:iam::111111111111:role/sm-exec"


def allow(action: Any, resource: Any = "*", condition: Any = None) -> dict[str, Any]:
    body = {"Effect": "Allow", "Action": action, "Resource": resource}
    return body if condition is None else {**body, "Condition": condition}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


PASSING = {
    "the role by its name": (allow("iam:PassRole", ROLE, TO_SAGEMAKER), True),
    "a role that a parameter names": (allow("iam:PassRole", {"Ref": "RoleArn"}), True),
    "roles with a prefix": (allow("iam:PassRole", ROLE.replace("exec", "*")), True),
    "to another service": (
        allow("iam:PassRole", "*", {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}),
        True,
    ),
    "nothing of the kind": (allow("s3:GetObject"), True),
    "any role": (allow("iam:PassRole"), False),
    "any role, to SageMaker": (allow("iam:PassRole", "*", TO_SAGEMAKER), False),
    "any role of the account": (
        allow("iam:PassRole", {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/*"}),
        False,
    ),
    "by a wildcard": (allow("iam:Pass*"), False),
    "everything": (allow("*"), False),
    "for a job that exists": (
        allow("iam:PassRole", "*", {"ArnLike": {"iam:AssociatedResourceArn": "arn:aws:*:*:*:*"}}),
        False,
    ),
}


@pytest.mark.parametrize("what", PASSING)
@pytest.mark.parametrize("type", ["AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"])
def test_passing_roles(what: str, type: str, troubles: Troubles) -> None:
    statement, good = PASSING[what]
    parameters = {"RoleArn": {"Type": "String"}}
    properties = {"PolicyDocument": document(statement)}
    found = troubles("ORMER_4", type, properties, Parameters=parameters)
    assert (found == []) is good
    assert all("which nobody named, may go to SageMaker" in each for each in found)


def test_an_inline_policy_is_looked_at(troubles: Troubles) -> None:
    inline = {"PolicyName": "all", "PolicyDocument": document(allow("iam:PassRole"))}
    assert len(troubles("ORMER_4", "AWS::IAM::Role", {"Policies": [inline]})) == 1


def test_a_deny_counts(troubles: Troubles) -> None:
    denied = {**allow("iam:PassRole"), "Effect": "Deny"}
    properties = {"PolicyDocument": document(allow("*"), denied)}
    assert troubles("ORMER_4", "AWS::IAM::ManagedPolicy", properties) == []


TRAIN = "sagemaker:CreateTrainingJob"
SUBNETS = {"ForAllValues:StringEquals": {"sagemaker:VpcSubnets": ["subnet-1"]}}
THERE = {"Null": {"sagemaker:VpcSubnets": "false"}}
JOBS = {
    "with subnets": (allow(TRAIN, "*", {**SUBNETS, **THERE}), True),
    "any of the subnets": (
        allow(TRAIN, "*", {"ForAnyValue:StringEquals": SUBNETS["ForAllValues:StringEquals"]}),
        True,
    ),
    "reading": (allow(["sagemaker:Describe*", "sagemaker:List*"]), True),
    "no condition": (allow(TRAIN), False),
    "ForAllValues holds of none": (allow(TRAIN, "*", SUBNETS), False),
    "another condition": (
        allow(TRAIN, "*", {"Bool": {"sagemaker:NetworkIsolation": "true"}}),
        False,
    ),
    "a key that a parameter names": (
        allow(TRAIN, "*", {"ArnEquals": {"sagemaker:VolumeKmsKeyArn": {"Ref": "Key"}}}),
        False,
    ),
    "jobs of pipelines": (
        allow("sagemaker:Create*", "arn:aws:sagemaker:*:*:*/pipelines-*"),
        False,
    ),
    "notebooks": (allow("sagemaker:CreateNotebookInstance"), False),
}


@pytest.mark.parametrize("what", JOBS)
def test_jobs_in_a_network(what: str, troubles: Troubles) -> None:
    statement, good = JOBS[what]
    properties = {"PolicyDocument": document(statement)}
    parameters = {"Key": {"Type": "String"}}
    found = troubles("ORMER_5", "AWS::IAM::ManagedPolicy", properties, Parameters=parameters)
    assert (found == []) is good
    assert all("is allowed without subnets" in each for each in found)


def trust(principal: Any, condition: Any = None) -> dict[str, Any]:
    body = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return body if condition is None else {**body, "Condition": condition}


SAGEMAKER = {"Service": "sagemaker.amazonaws.com"}
HERE = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
TRUST = {
    "SageMaker for this account": (trust(SAGEMAKER, HERE), ""),
    "SageMaker for its jobs": (
        trust(
            SAGEMAKER,
            {"ArnLike": {"aws:SourceArn": {"Fn::Sub": "arn:aws:sagemaker:*:${AWS::AccountId}:*"}}},
        ),
        "",
    ),
    "another service": (trust({"Service": "lambda.amazonaws.com"}), ""),
    "this account": (trust({"AWS": {"Ref": "AWS::AccountId"}}), ""),
    "an account that is named": (trust({"AWS": "222222222222"}), ""),
    "SageMaker for anybody": (trust(SAGEMAKER), "SageMaker for another account"),
    "SageMaker where it says so": (
        trust(SAGEMAKER, {"StringLike": {"aws:SourceAccount": "*"}}),
        "SageMaker for another account",
    ),
    "everybody": (trust("*"), "a role of another account"),
    "everybody with an external id": (
        trust({"AWS": "*"}, {"StringEquals": {"sts:ExternalId": "secret"}}),
        "a role of another account",
    ),
}


@pytest.mark.parametrize("what", TRUST)
def test_trust(what: str, troubles: Troubles) -> None:
    statement, who = TRUST[what]
    properties = {"AssumeRolePolicyDocument": document(statement)}
    found = troubles("ORMER_6", "AWS::IAM::Role", properties)
    assert found[:1] == ([f"{who} may assume the role"] if who else [])
