"""Policies with variables: a real violation is shown, and what is not known is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tell = Callable[..., Any]
JOBS = {"Sid": "Jobs", "Effect": "Allow", "Action": "sagemaker:CreateTrainingJob", "Resource": "*"}
OF_TEAM = "arn:aws:sagemaker:*:*:training-job/${aws:PrincipalTag/team}-*"


def test_a_variable_gets_a_value_that_shows_the_violation(told: Tell) -> None:
    found = told("NET-01", {**JOBS, "Resource": OF_TEAM})
    assert found.proof.verdict.value == "violated"
    request = found.worst.counterexample.request
    team = request.context["aws:principaltag/team"]
    assert request.resource.rpartition("/")[2].startswith(f"{team}-")


def test_the_value_is_one_that_the_policies_compare_it_with(told: Tell) -> None:
    block = {"StringEquals": {"aws:PrincipalTag/team": ["red", "blue"]}}
    found = told("NET-01", {**JOBS, "Resource": OF_TEAM, "Condition": block})
    assert found.proof.verdict.value == "violated"
    assert found.worst.counterexample.request.context["aws:principaltag/team"] == "red"


def test_two_keys_that_have_to_be_the_same(told: Tell) -> None:
    block = {"StringEquals": {"aws:RequestTag/team": "${aws:PrincipalTag/team}"}}
    found = told("NET-01", {**JOBS, "Condition": block})
    assert found.proof.verdict.value == "violated"
    context = found.worst.counterexample.request.context
    assert context["aws:requesttag/team"] == context["aws:principaltag/team"]


def test_a_variable_that_never_resolves_proves_it(told: Tell) -> None:
    """No request that a role makes has the key, so the Allow allows nothing."""
    found = told(
        "NET-01", {**JOBS, "Resource": "arn:aws:sagemaker:*:*:training-job/${aws:username}"}
    )
    assert found.proof.verdict.value == "proved"


TEMPLATE = """
AWSTemplateFormatVersion: '2010-09-09'
Parameters: {Team: {Type: String}}
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Sid: OfTeam
            Effect: Allow
            Action: sagemaker:CreateTrainingJob
            Resource: !Sub 'arn:aws:sagemaker:*:*:training-job/${Team}-*'
          - Sid: NotInRegion
            Effect: Deny
            Action: sagemaker:CreateTrainingJob
            Resource: '*'
            Condition: {StringEquals: {"aws:RequestedRegion": CONDITION}}
"""


def of_template(told: Tell, tmp_path: Path, condition: str, **given: Any) -> Any:
    (tmp_path / "t.yaml").write_text(TEMPLATE.replace("CONDITION", condition), encoding="utf-8")
    arn = "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-pipeline"
    principal = {"arn": arn, "identity_policies": ["t.yaml#Policy"]}
    return told("NET-01", JOBS, principals=[principal], **given)


def test_what_holds_whatever_a_template_leaves_open_is_violated(told: Tell, tmp_path: Path) -> None:
    """The job's name begins with the team's, whatever that is."""
    found = of_template(told, tmp_path, "mars-north-1")
    assert found.proof.verdict.value == "violated"
    assert found.worst.line["request"]["resource"].endswith(":training-job/Team-example")
    assert "t.yaml#Policy (line 11)" in found.worst.sentence


def test_what_depends_on_what_a_template_leaves_open_is_unknown_and_named(
    told: Tell, tmp_path: Path
) -> None:
    found = of_template(told, tmp_path, "!Ref Team")
    assert found.proof.verdict.value == "unknown"
    why = found.worst.proof.why
    assert "NotInRegion" in why and "t.yaml#Policy" in why and "${Team}" in why
    given = of_template(told, tmp_path, "!Ref Team", parameters={"Team": "red"})
    assert given.proof.verdict.value == "violated"


@pytest.mark.parametrize("control", ["NET-01", "NET-02", "KMS-02"])
def test_a_role_of_its_own_name_alone(told: Tell, control: str) -> None:
    """A variable that every request fills is no doubt."""
    block = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*-pipeline"}}
    found = told(control, {**JOBS, "Condition": block})
    assert found.proof.verdict.value == "violated"
