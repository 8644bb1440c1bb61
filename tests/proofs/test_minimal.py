"""A counterexample holds what shows the violation and what the API asks for, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Tell = Callable[..., Any]
JOBS = {
    "Sid": "Jobs",
    "Effect": "Allow",
    "Action": "sagemaker:CreateTrainingJob",
    "Resource": "*",
}
ALWAYS = {"aws:resourceaccount", "aws:viaawsservice", "aws:principalarn"}
GOOD_SUBNET, GOOD_GROUP = "subnet-0a1b2c3d4e5f60001", "sg-0a1b2c3d4e5f60001"


def keys(told: Any) -> dict[str, Any]:
    """What a counterexample holds besides what every request has."""
    request = told.worst.counterexample.request
    return {key: value for key, value in request.context.items() if key not in ALWAYS}


def when(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {**JOBS, "Condition": {operator: {key: list(values)}}}


@pytest.mark.parametrize(
    "control, statements, expected",
    [
        pytest.param("NET-01", [JOBS], {}, id="nothing-is-needed-to-leave-it-out"),
        pytest.param(
            "NET-02",
            [when("Null", "sagemaker:VpcSubnets", "false")],
            {
                "sagemaker:vpcsubnets": (GOOD_SUBNET,),
                "sagemaker:vpcsecuritygroupids": ("sg-0f9e8d7c6b5a43210",),
            },
            id="what-comes-together-stays-together-and-the-rest-is-approved",
        ),
        pytest.param(
            "NET-01",
            [when("StringEquals", "aws:RequestTag/team", "red")],
            {"aws:requesttag/team": "red"},
            id="what-the-Allow-asks-for-stays",
        ),
        pytest.param(
            "NET-01",
            [JOBS, {**when("Null", "sagemaker:VpcSubnets", "true"), "Effect": "Deny"}],
            {
                "sagemaker:vpcsubnets": ("subnet-0f9e8d7c6b5a43210",),
                "sagemaker:vpcsecuritygroupids": (GOOD_GROUP,),
            },
            id="what-escapes-the-Deny-stays-and-looks-like-a-subnet",
        ),
        pytest.param(
            "DBG-01",
            [when("ForAnyValue:StringLike", "sagemaker:InstanceTypes", "ml.p5*")],
            {"sagemaker:enableremotedebug": "true", "sagemaker:instancetypes": ("ml.p5",)},
            id="a-value-that-no-hint-fits-is-the-shortest",
        ),
    ],
)
def test_no_more_than_is_needed(
    told: Tell, control: str, statements: list[dict[str, Any]], expected: dict[str, Any]
) -> None:
    found = told(control, *statements)
    assert found.proof.verdict.value == "violated"
    if control == "DBG-01":
        expected = {**expected, "sagemaker:instancetypes": keys(found)["sagemaker:instancetypes"]}
        assert all(text.startswith("ml.p5") for text in expected["sagemaker:instancetypes"])
    assert keys(found) == expected


def test_each_key_that_is_left_is_needed(told: Tell) -> None:
    """Without any of them the evaluator no longer allows it, or it is no longer forbidden."""
    statement = when("Null", "sagemaker:VpcSubnets", "false")
    found = told("NET-02", statement)
    request = found.worst.counterexample.request
    from ormer.evaluate.decide import decide
    from ormer.model.authorization import Outcome, PolicySet
    from ormer.model.policy import Condition, Effect, Policy, Statement

    allow = Statement(
        *("Jobs", Effect.ALLOW, ("sagemaker:CreateTrainingJob",), False, ("*",), False, None),
        False,
        (Condition("Null", "sagemaker:VpcSubnets", ("false",)),),
    )
    policies = PolicySet(identity=(Policy("p", "2012-10-17", (allow,)),))
    assert decide(policies, request).outcome is Outcome.ALLOWED
    fewer = {k: v for k, v in request.context.items() if k != "sagemaker:vpcsubnets"}
    assert decide(policies, request._replace(context=fewer)).outcome is Outcome.IMPLICITLY_DENIED


def test_twice_is_the_same(told: Tell) -> None:
    first, second = (told("NET-02", JOBS) for _ in range(2))
    assert first.worst.counterexample.request == second.worst.counterexample.request


def test_the_resource_is_one_that_the_policies_name(told: Tell) -> None:
    named = {**JOBS, "Resource": "arn:aws:sagemaker:*:*:training-job/nightly-*"}
    request = told("NET-01", named).worst.counterexample.request
    expected = "arn:aws:sagemaker:eu-west-1:111122223333:training-job/nightly-example"
    assert request.resource == expected


def test_an_own_account_is_likelier_than_another(told: Tell) -> None:
    write = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
    request = told("ACS-03", write).worst.counterexample.request
    assert request.account == "111122223333"
    assert request.resource.startswith("arn:aws:s3:::mlops-dev-eu-west-1-111122223333-data/")
