"""What is unknown says which policy is missing, or which statement is in doubt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("pysat")

from ormer.proofs.proof import Verdict

Told = Callable[..., Any]
KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-1111-4111-8111-111111111111"
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
TEAM = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
TRUST = {
    "resource": "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-pipeline",
    "policy": {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sagemaker.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    },
}


def whys(found: Any) -> set[str]:
    return {each.proof.why.partition(": ")[2] for each in found.actions if each.proof.why}


def test_the_policy_that_is_missing_is_named(told: Told) -> None:
    found = told("ACS-07", READ)
    assert found.proof.verdict is Verdict.UNKNOWN
    assert (
        f"the policy of {KEY} may allow it by itself, and the access file does not list it under "
        "resource_policies"
    ) in whys(found)


def test_the_statement_that_is_in_doubt_is_named(told: Told) -> None:
    jobs = {"Effect": "Allow", "Action": "sagemaker:CreateProcessingJob", "Resource": "*"}
    one = {"sagemaker:VpcSubnets": "subnet-0a1b2c3d4e5f60001"}
    found = told("NET-01", jobs | {"Sid": "Jobs", "Condition": {"StringEquals": one}})
    assert found.proof.verdict is Verdict.UNKNOWN
    (why,) = whys(found)
    assert "the evaluator says" not in why
    assert "one value of several is enough to StringEquals sagemaker:vpcsubnets" in why
    assert "(ForAllValues or ForAnyValue says it), in statement Jobs of" in why


def test_a_tag_that_nobody_has_equals_nothing(told: Told) -> None:
    """As AWS's own policies for SageMaker Studio ask for it: without the tag, nothing is allowed."""
    invoke = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
    found = told("EXT-01", invoke | {"Condition": TEAM}, resource_policies=[TRUST])
    assert found.proof.verdict is not Verdict.UNKNOWN
    free = told("EXT-01", invoke | {"Condition": TEAM})  # a session may bring the tag
    assert free.proof.verdict is Verdict.VIOLATED
