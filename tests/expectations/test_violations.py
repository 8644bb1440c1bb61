"""The violations of each guardrail: some of them no other guardrail denies as well."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest

from ormer.controls.load import load_catalogue
from ormer.evaluate.decide import Evaluator
from ormer.evaluate.open.verdict import AccessEvaluator
from ormer.expectations.answers import violation_answer
from ormer.expectations.violations import Violation, violations
from ormer.guardrails.generate import Guardrails, generate
from ormer.guardrails.projection import Kind
from ormer.guardrails.statements import as_json
from ormer.model.access import Access, Holder
from ormer.model.authorization import AuthorizationRequest, PolicySet
from ormer.model.environment import Environment
from ormer.model.finding import Verdict
from ormer.model.principal import principal_from_arn
from ormer.read.environment import read_environment
from ormer.read.policies.policy import PolicyKind, PolicyReader

SOMEBODY = principal_from_arn("arn:aws:iam::111122223333:role/somebody")
COVERED = {"ROLE02a"}
"""Passing the pipeline's role: where the execution role alone may be passed, ROLE01a denies it."""


@pytest.fixture(scope="module")
def environment() -> Environment:
    profile = resources.files("ormer.controls") / "example_environment.yaml"
    return read_environment(profile.read_bytes(), "example_environment.yaml")


def _denying(made: Guardrails, asked: Violation) -> set[str]:
    """The guardrails that deny a violation, by a decision of all of them together."""
    everything = {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}
    statements: list[Any] = [everything, *(as_json(one) for one in made.statements)]
    document = {"Version": "2012-10-17", "Statement": statements}
    policy = PolicyReader("all").policy(document, (), PolicyKind.IDENTITY, "all")
    keys = {key.lower(): value for key, value in asked.keys.items()}
    request = AuthorizationRequest(SOMEBODY, asked.action, asked.resource, SOMEBODY.account, keys)
    decision = Evaluator(PolicySet(identity=(policy,))).decide(request)
    return {reason.statement for reason in decision.reasons}


@pytest.mark.parametrize("kind", Kind)
def test_each_guardrail_is_asked_for_what_it_alone_denies(
    kind: Kind, environment: Environment
) -> None:
    made = generate(kind, load_catalogue(), environment)
    found = list(violations(made, environment))
    asked = {one.sid for one in found}
    alone = {one.sid for one in found if _denying(made, one) == {one.sid}}
    assert asked == {one.sid for one in made.statements}
    assert asked - alone - COVERED == set()


def test_what_is_approved_stays_where_a_missing_key_is_all_that_is_wrong(
    environment: Environment,
) -> None:
    made = generate(Kind.IAM, load_catalogue(), environment)
    keyless = [
        one
        for one in violations(made, environment)
        if one.sid == "KMS01b" and one.action == "sagemaker:CreateTrainingJob"
    ]
    first = keyless[0].keys
    assert first["sagemaker:InstanceTypes"] == ("ml.m5.large",)
    assert "sagemaker:VolumeKmsKey" not in first and "sagemaker:VolumeKmsKeyArn" not in first


def test_a_denial_that_hangs_on_the_network_is_no_guardrail(environment: Environment) -> None:
    """Who comes through the VPC does not meet it."""
    made = generate(Kind.IAM, load_catalogue(), environment)
    asked = next(one for one in violations(made, environment) if one.control == "NET-01")
    outside = {"StringNotEquals": {"aws:SourceVpce": "vpce-0s3"}}
    statements = [
        {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Sid": "Deny", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": outside},
    ]
    document = {"Version": "2012-10-17", "Statement": statements}
    policy = PolicyReader("role").policy(document, (), PolicyKind.IDENTITY, "role")
    access = Access({SOMEBODY.name: Holder(SOMEBODY, {}, (policy,))})
    found = violation_answer(asked, SOMEBODY, AccessEvaluator(access), environment)
    assert found.verdict is Verdict.UNKNOWN
    assert "aws:SourceVpce" in found.lines[1]
