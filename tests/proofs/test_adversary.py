"""Whole access files that were once proved and are not in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormer.controls.grammar import control_of
from ormer.model.environment import Environment
from ormer.proofs.asked.targets import targets
from ormer.proofs.proof import Verdict

Told = Callable[..., Any]
ALL: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
ENDPOINT = "vpce-0a1b2c3d4e5f60001"
OWN, OTHER = "111122223333", "999900001111"
DATA = f"arn:aws:s3:::mlops-dev-eu-west-1-{OWN}-data"


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def endpoint(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"vpc_endpoints": [{"id": ENDPOINT, "service": "s3", "policy": document(*statements)}]}


def test_an_rcp_does_not_keep_data_from_a_bucket_outside_of_the_organisation(told: Told) -> None:
    everyone = ALL | {"Principal": "*"}
    denied = everyone | {"Effect": "Deny", "Action": "s3:*"}
    found = told("ACS-04", ALL, **endpoint(everyone), organization={"rcps": [[document(denied)]]})
    assert found.proof.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "statements",
    [
        (ALL | {"Principal": {"AWS": OWN}},),
        (ALL | {"Principal": "*"}, ALL | {"Effect": "Deny", "Principal": {"AWS": OWN}}),
    ],
)
def test_nobody_tells_whether_an_endpoint_is_a_gateway(
    told: Told, statements: tuple[dict[str, Any], ...]
) -> None:
    found = told("ACS-04", ALL, **endpoint(*statements))
    assert found.proof.verdict is Verdict.UNKNOWN


def test_a_key_that_is_not_listed_may_name_the_principal(told: Told) -> None:
    assert told("ACS-08", ALL | {"Action": "s3:*"}).proof.verdict is Verdict.UNKNOWN


def test_another_accounts_principal_reaches_the_profiles_buckets_as_foreign(told: Told) -> None:
    condition = {"StringEquals": {"aws:ResourceAccount": OWN}}
    shown = ALL | {"Principal": {"AWS": OTHER}, "Resource": [DATA, f"{DATA}/*"]}
    found = told(
        "ACS-01",
        ALL | {"Condition": condition},
        arn=f"arn:aws:iam::{OTHER}:role/x",
        resource_policies=[{"resource": DATA, "policy": document(shown)}],
    )
    assert found.proof.verdict is Verdict.VIOLATED


def test_an_action_of_a_control_in_small_letters_is_the_same_action() -> None:
    """Else it was taken for one that updates, of which no key has to be there."""

    def made(action: str) -> Any:
        missing = {"Null": {"sagemaker:VpcSubnets": "true"}}
        text = {"id": "USR-01", "title": "t", "severity": "high", "why": "w", "fix": "f"}
        text |= {"forbid": [{"Action": action, "Condition": missing}], "maps": []}
        text |= {"guardrail": {"form": "none", "reason": "r"}, "examples": {"pass": [], "fail": []}}
        return targets(control_of(text, "USR-01.yaml"), Environment(OWN, "eu-west-1", {})).actions

    assert made("sagemaker:createtrainingjob") == made("sagemaker:CreateTrainingJob")


JOBS: dict[str, Any] = {
    "Effect": "Allow",
    "Action": "sagemaker:CreateTrainingJob",
    "Resource": "*",
}
SUBNETS = {"sagemaker:VpcSubnets": ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]}
MISSING = JOBS | {"Effect": "Deny", "Condition": {"Null": {"sagemaker:VpcSubnets": "true"}}}
OTHERS = JOBS | {"Effect": "Deny", "Condition": {"ForAnyValue:StringNotEquals": SUBNETS}}


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        (
            (OTHERS | {"Condition": {"ForAnyValue:StringNotEqualsIfExists": SUBNETS}},),
            "whether ForAnyValue:StringNotEqualsIfExists holds where sagemaker:VpcSubnets is missing",
        ),
        (
            (MISSING, OTHERS | {"Resource": ["*", "arn:aws:sagemaker:*:*:x/${aws:username}"]}),
            "whether a statement counts where a variable does not resolve: aws:username",
        ),
        (
            (
                MISSING,
                JOBS
                | {
                    "Effect": "Deny",
                    "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*"}},
                },
            ),
            "where it is compared with arn:aws:iam::*",
        ),
    ],
)
def test_a_deny_that_aws_may_read_in_another_way_proves_nothing(
    told: Told, statements: tuple[dict[str, Any], ...], why: str
) -> None:
    found = told("NET-01", JOBS, *statements)
    assert found.proof.verdict is Verdict.UNKNOWN
    assert any(why in one.why for one in found.proof.actions)


def test_a_deny_that_aws_reads_in_one_way_alone_proves(told: Told) -> None:
    assert told("NET-01", JOBS, MISSING, OTHERS).proof.verdict is Verdict.PROVED
