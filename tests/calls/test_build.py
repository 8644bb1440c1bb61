"""The calls of whoever upserts the pipeline."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ormer.assess.access_findings import access_findings
from ormer.assess.predict import Predictor
from ormer.model.access import Access, Endpoint, Holder
from ormer.model.environment import Environment
from ormer.model.finding import Finding
from ormer.model.principal import principal_from_arn
from ormer.read.policies.policy import PolicyKind, read_policy
from ormer.requests.calls.upsert_calls import Upsert, upsert_calls

BUILD = "arn:aws:iam::111122223333:role/build"
PIPELINE = "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-pipeline"
ALLOWED = [
    {
        "Sid": "Pipelines",
        "Effect": "Allow",
        "Action": ["sagemaker:*Pipeline*", "sagemaker:ListTags", "sagemaker:AddTags"],
        "Resource": "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/abalone*",
    },
    {
        "Sid": "PassPipelineRole",
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": PIPELINE,
        "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
    },
]


def said(
    environment: Environment, statements: list[Any], *, starts: bool = True, who: str = BUILD
) -> Finding:
    document = {"Version": "2012-10-17", "Statement": statements}
    policy = read_policy(json.dumps(document).encode(), "build.json", PolicyKind.IDENTITY)
    everything = read_policy(
        b'{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}',
        "endpoint.json",
        PolicyKind.GUARDED_RESOURCE,
    )
    access = Access(
        {who: Holder(principal_from_arn(who), {}, (policy,))},
        endpoints=(Endpoint("vpce-api", "sagemaker", everything),),
    )
    upsert = Upsert(who, "abalone", {"team": "ml"}, starts)
    predictor = Predictor(access, environment, PIPELINE, upsert=upsert)
    (found,) = access_findings(map(predictor.predict, upsert_calls(upsert, environment)))
    assert (found.control, found.subject, found.place) == ("ACC-04", "", ())
    return found


CASES = {
    "everything": ([], "pass", ""),
    "no PassRole": (["PassPipelineRole"], "fail",
        f"iam:PassRole on {PIPELINE} (the pipeline's role): no statement of the identity"),
    "nothing": (["Pipelines"], "fail", "sagemaker:CreatePipeline on arn:aws:sagemaker:eu-west-1:"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_build(case: str, environment: Environment) -> None:
    without, verdict, text = CASES[case]
    kept = [s for s in ALLOWED if s["Sid"] not in without] or [
        {"Effect": "Allow", "Action": "iam:ListRoles", "Resource": "*"}
    ]
    found = said(environment, kept)
    assert found.verdict.value == verdict and text in found.message


def test_starting_is_asked_only_where_it_is_started(environment: Environment) -> None:
    pipelines = {**ALLOWED[0], "Action": ["sagemaker:*ePipeline", "sagemaker:*Tags"]}
    assert said(environment, [pipelines, ALLOWED[1]], starts=False).verdict.value == "pass"
    found = said(environment, [pipelines, ALLOWED[1]])
    assert found.verdict.value == "fail" and "sagemaker:StartPipelineExecution" in found.message


DENY = {"Sid": "More", "Effect": "Deny", "Action": "sagemaker:*", "Resource": "*"}


@pytest.mark.parametrize("name, verdict", [("abalone", "pass"), ("other", "fail")])
def test_a_user_has_a_name(environment: Environment, name: str, verdict: str) -> None:
    """Only who makes the call without being a user has no ``aws:username``."""
    pipeline = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/${aws:username}*"
    statements = [{**ALLOWED[0], "Resource": pipeline}, ALLOWED[1]]
    user = f"arn:aws:iam::111122223333:user/team/{name}"
    assert said(environment, statements, who=user).verdict.value == verdict


def test_the_builds_network_is_not_known(environment: Environment) -> None:
    condition = {"StringNotEquals": {"aws:SourceVpce": "vpce-api"}}
    found = said(environment, [*ALLOWED, {**DENY, "Condition": condition}])
    assert found.verdict.value == "unknown"
    assert "(if the build does not call through the VPC); allowed (if" in found.message


def test_the_pipelines_tags_are_seen(environment: Environment) -> None:
    condition = {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}
    tags = {**DENY, "Action": "sagemaker:AddTags", "Condition": condition}
    assert "sagemaker:AddTags" in said(environment, [*ALLOWED, tags]).message
