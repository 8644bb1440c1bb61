"""The Deny that closes a violation: as small as can be, and no more than is forbidden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Tell = Callable[..., Any]
JOBS = {"Sid": "Jobs", "Effect": "Allow", "Action": "sagemaker:CreateTrainingJob", "Resource": "*"}
SUBNETS = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
NO_SUBNETS = {"Null": {"sagemaker:VpcSubnets": "true"}}
OTHER_SUBNETS = {"ForAnyValue:StringNotEquals": {"sagemaker:VpcSubnets": SUBNETS}}


def deny(condition: dict[str, Any]) -> dict[str, Any]:
    return {**JOBS, "Sid": "No", "Effect": "Deny", "Condition": condition}


def conditions(told: Any) -> list[Any]:
    return [each.get("Condition") for each in told.fix.document["Statement"]]


@pytest.mark.parametrize(
    "there, needed",
    [
        pytest.param([], [NO_SUBNETS, OTHER_SUBNETS], id="both-halves"),
        pytest.param([NO_SUBNETS], [OTHER_SUBNETS], id="missing-is-denied-already"),
        pytest.param([OTHER_SUBNETS], [NO_SUBNETS], id="wrong-is-denied-already"),
    ],
)
def test_only_the_statements_that_are_needed(
    told: Tell, there: list[dict[str, Any]], needed: list[dict[str, Any]]
) -> None:
    found = told("NET-01", JOBS, *map(deny, there))
    assert conditions(found) == needed
    assert found.fix.actions == ("sagemaker:CreateTrainingJob",)
    assert (found.fix.also, found.fix.left, found.fix.why) == ((), (), "")


def test_only_the_actions_that_are_open(told: Tell) -> None:
    both = {**JOBS, "Action": ["sagemaker:CreateTrainingJob", "sagemaker:CreateModel"]}
    closed = [deny(NO_SUBNETS), deny(OTHER_SUBNETS)]
    (statement, *more) = told("NET-01", both, *closed).fix.document["Statement"]
    assert {statement["Action"], *(each["Action"] for each in more)} == {"sagemaker:CreateModel"}


def test_what_is_said_of_several_actions_is_said_once(told: Tell) -> None:
    names = ["sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob"]
    found = told("NET-01", {**JOBS, "Action": names})
    assert [each["Action"] for each in found.fix.document["Statement"]] == [names, names]
    sids = [each["Sid"] for each in found.fix.document["Statement"]]
    assert sids == ["NET01a", "NET01b"]


def test_an_Allow_of_nothing_else_may_be_closed_altogether(told: Tell) -> None:
    """Nothing permitted was allowed: so nothing is lost."""
    allow = {
        **JOBS,
        "Action": "iam:PassRole",
        "Resource": "arn:aws:iam::111122223333:role/administrator",
    }
    found = told("ROLE-01", allow)
    assert found.proof.verdict.value == "violated"
    assert found.fix.document is not None


def test_what_a_control_excepts_is_told(told: Tell) -> None:
    """Of its own bucket the pipeline reads two kinds of files from anywhere: no Deny that is
    attached to the role can tell them from the others."""
    allow = {**JOBS, "Action": "s3:GetObject"}
    found = told("ACS-01", allow)
    assert found.fix.document is not None
    (also,) = found.fix.also
    assert also.startswith("what the control excepts: SageMaker reads the report of a condition")


def test_a_Deny_on_all_but_some_resources_leaves_the_exceptions_out(told: Tell) -> None:
    allow = {**JOBS, "Action": ["s3:GetObject", "s3:PutObject"]}
    found = told("ACS-04", allow)
    read, write = found.fix.document["Statement"]
    layers = "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*"
    assert layers in read["NotResource"] and layers not in write["NotResource"]
    assert found.fix.also == ()


def test_where_no_condition_key_shows_it_the_worlds_are_told(told: Tell) -> None:
    """Several definitions in one request hide what one of them lacks."""
    found = told("NET-01", {**JOBS, "Action": "sagemaker:CreateHyperParameterTuningJob"})
    assert found.proof.verdict.value == "violated"
    (left,) = found.fix.left
    assert left.action == "sagemaker:CreateHyperParameterTuningJob"
    assert all(world.endswith("job definitions union") for world in left.worlds)


def test_a_root_user_has_no_policy_of_its_own(told: Tell) -> None:
    arn = "arn:aws:iam::111122223333:root"
    found = told("ACS-06", JOBS, arn=arn)
    assert found.proof.verdict.value == "violated"
    assert found.fix.document is None
    assert "does not reach the root user" in found.fix.why and "SCP" in found.fix.why


def test_what_is_proved_has_no_fix(told: Tell) -> None:
    found = told("NET-01", JOBS, deny(NO_SUBNETS), deny(OTHER_SUBNETS))
    assert found.proof.verdict.value == "proved" and found.fix is None
    assert not found.proof.vacuous
