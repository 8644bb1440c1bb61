"""The access properties load, mean what their examples say, and refuse words that are none."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from benchmarks.forbidden import forbidden, is_forbidden
from ormer.controls.resolve import NotConfigured, resolved
from ormer.evaluate.open.verdict import AccessEvaluator
from ormer.facts.iam_actions import service_actions
from ormer.model.authorization import AuthorizationRequest, Outcome
from ormer.model.control import Control
from ormer.model.errors import InputError
from ormer.model.principal import principal_from_arn
from ormer.proofs.asked.properties import load_properties, with_properties
from ormer.proofs.asked.targets import targets
from ormer.read.environment import read_environment
from ormer.run.access import load_access

ROOT = Path(__file__).parents[2]
PROFILE = (resources.files("ormer.controls") / "example_environment.yaml").read_bytes()
ENVIRONMENT = read_environment(PROFILE, "example_environment.yaml")
PROPERTIES = load_properties()
FOUND = {"pass": False, "fail": True}
SHORT = """
account: "111122223333"
region: eu-west-1
vpc: {subnets: [subnet-0aaa], security_groups: [sg-0aaa]}
kms:
  volume: arn:aws:kms:eu-west-1:111122223333:key/ebs
  output: arn:aws:kms:eu-west-1:111122223333:key/s3
"""
GOOD = """
id: ACS-99
title: t
severity: low
why: w
fix: f
forbid: [{Action: "s3:GetObject", Condition: {Bool: {"aws:SecureTransport": "false"}}}]
examples: {fail: [{}]}
"""


def request_of(example: dict[str, Any]) -> AuthorizationRequest:
    role = ENVIRONMENT.lookup(f"roles.{example['by']}") or (example["by"],)
    principal = principal_from_arn(role[0])
    assert principal is not None
    context = {"aws:principalarn": role[0]}
    for key, value in example.get("given", {}).items():
        context[key.lower()] = value
    return AuthorizationRequest(principal, example["do"], example["to"], principal.account, context)


def examples() -> list[Any]:
    return [
        pytest.param(control, verdict, example, id=f"{control.id}-{verdict}-{number}")
        for control in PROPERTIES
        for verdict in FOUND
        for number, example in enumerate(control.raw["examples"][verdict], 1)
    ]


@pytest.mark.parametrize("control, verdict, example", examples())
def test_an_example_gets_its_verdict(
    control: Control, verdict: str, example: dict[str, Any]
) -> None:
    found = is_forbidden(forbidden(control, ENVIRONMENT), request_of(example))
    assert found is FOUND[verdict]


@pytest.mark.parametrize("control", PROPERTIES, ids=lambda control: control.id)
def test_an_exception_is_narrow_and_says_why(control: Control) -> None:
    for exception in control.exceptions:
        assert exception.reason
        assert exception.resources or exception.conditions
        assert not any("*" in action for action in exception.actions)


@pytest.mark.parametrize("control", PROPERTIES, ids=lambda control: control.id)
def test_every_exception_and_statement_is_needed_by_an_example(control: Control) -> None:
    whole = forbidden(control, ENVIRONMENT)
    asked = [request_of(e) for v in FOUND for e in control.raw["examples"][v]]
    before = [is_forbidden(whole, one) for one in asked]
    for index in range(len(whole.exceptions)):
        rest = whole.exceptions[:index] + whole.exceptions[index + 1 :]
        assert [is_forbidden(whole._replace(exceptions=rest), one) for one in asked] != before
    for index in range(len(whole.forbid)):
        rest = whole.forbid[:index] + whole.forbid[index + 1 :]
        assert [is_forbidden(whole._replace(forbid=rest), one) for one in asked] != before


def test_this_repositorys_policies_deny_what_the_examples_of_failures_ask() -> None:
    """The same requests, of the profile that this repository is deployed with."""
    profile = ROOT / "pipelines" / "environment.yaml"
    environment = read_environment(profile.read_bytes(), "environment.yaml")
    access = load_access(str(ROOT / "pipelines" / "access.yaml"))
    evaluator = AccessEvaluator(access)
    names = {
        name: (ENVIRONMENT.lookup(name) or ("",))[0]
        for name in ENVIRONMENT.values
        if name.startswith(("buckets", "kms", "roles", "vpc.endpoints"))
    }

    def moved(text: str) -> str:
        for name, value in sorted(names.items(), key=lambda pair: -len(pair[1])):
            text = text.replace(value, (environment.lookup(name) or ("",))[0])
        return text

    asked = 0
    for control in PROPERTIES:
        for example in control.raw["examples"]["fail"]:
            if example["by"] not in ("execution", "pipeline"):
                continue
            given = {key: moved(value) for key, value in example.get("given", {}).items()}
            there = {**example, "by": environment.lookup(f"roles.{example['by']}")[0]}
            request = request_of({**there, "to": moved(example["to"]), "given": given})
            request = request._replace(
                context={"aws:principalaccount": environment.account, **request.context}
            )
            assert is_forbidden(forbidden(control, environment), request), example
            decision = evaluator.decide(request, None)
            assert decision.outcome is not Outcome.ALLOWED, example
            asked += 1
    assert asked > 20


def test_an_exception_for_what_the_profile_does_not_name_is_none() -> None:
    text = SHORT.replace("groups: [sg-0aaa]", "groups: [sg-0aaa], endpoints: {s3: vpce-0s3}")
    environment = read_environment((text + "buckets: {data: data-bucket}\n").encode(), "e")
    first = PROPERTIES[0]
    assert first.exceptions and forbidden(first, environment).exceptions == ()


def test_a_property_of_a_profile_without_its_fields_is_not_configured() -> None:
    environment = read_environment(SHORT.encode(), "e")
    with pytest.raises(NotConfigured):
        forbidden(PROPERTIES[0], environment)


@pytest.mark.parametrize(
    "before, after, told",
    [
        ("s3:GetObject", "s3:HeadObject", "no action 's3:HeadObject'"),
        ("s3:GetObject", "s4:GetObject", "no action 's4:GetObject'"),
        (
            "aws:SecureTransport",
            "s3:x-amz-acl",
            "none of its actions carries the key 's3:x-amz-acl'",
        ),
        ("Bool:", "Boolean:", "unknown condition operator 'Boolean'"),
        ('"false"', '"no"', "Bool takes true or false"),
        (
            '"s3:GetObject"',
            '"s3:GetObject", Resource: "${env.bucket.x}"',
            "${env.bucket.x} is no field",
        ),
        (
            '"s3:GetObject"',
            '"s3:GetObject", Resource: "${env.account"',
            "a reference that does not end",
        ),
        ('"s3:GetObject"', '"s3:GetObject", facet: member', "about requests, not about members"),
        ("id: ACS-99", "id: ACS-98", "name the file after it"),
        ("forbid:", "forbids:", "unknown field 'forbids'"),
    ],
)
def test_words_that_are_none_are_refused(
    before: str, after: str, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "ACS-99.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert [one.id for one in load_properties(tmp_path)] == ["ACS-99"]
    path.write_text(GOOD.replace(before, after), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load_properties(tmp_path)
    assert told in str(raised.value) and "ACS-99.yaml" in str(raised.value)


def test_a_folder_without_properties_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder with files of access properties"):
        load_properties(tmp_path)


def test_everybody_asks_the_same_of_a_profile_that_names_less() -> None:
    """An exception for what the profile does not name is none; a control replaces a property."""
    values = {key: v for key, v in ENVIRONMENT.values.items() if not key.startswith("roles.")}
    bare = ENVIRONMENT._replace(values=values)
    mine = PROPERTIES[0]._replace(title="mine")
    asked = {one.id: one for one in with_properties([mine], bare)}
    assert asked[mine.id].title == "mine"
    for one in asked.values():
        if one.id != mine.id:
            for exception in one.exceptions:
                list(resolved(exception, bare))


def asked(control: str) -> set[str]:
    (found,) = (one for one in PROPERTIES if one.id == control)
    return {target.action for target in targets(found, ENVIRONMENT).actions}


def changing(service: str, kind: str, *verbs: str) -> set[str]:
    """The actions of these verbs about resources of a kind, by the end of its ARN's format."""
    facts = service_actions(service)
    assert facts is not None
    return {
        action.name
        for action in facts.actions.values()
        if action.name.partition(":")[2].startswith(verbs)
        and any(arn.split(":", 5)[5] == kind for arn in action.arns)
    }


@pytest.mark.parametrize(
    ("control", "service", "kind", "verbs", "others"),
    [
        ("ACS-06", "s3", "*", ("Put", "Update", "Delete", "Tag", "Untag"), set()),
        ("ACS-01", "s3", "*/*", ("Get", "Put", "Delete", "List", "Update", "Restore"), set()),
        (
            "ACS-09",
            "iam",
            "role/*",
            ("Put", "Attach", "Detach", "Tag", "Untag", "Create", "UpdateAssume"),
            {"iam:CreateServiceLinkedRole"},
        ),
        ("ACS-09", "iam", "group/*", ("Put", "Attach", "Detach", "Add", "Remove"), set()),
        ("ACS-09", "iam", "user/*", ("Put", "Attach", "Detach", "Tag", "Untag", "Create"), set()),
        ("ACS-09", "iam", "user/*", ("Update", "Upload", "Enable", "Deactivate", "Resync"), set()),
    ],
)
def test_a_property_asks_of_every_action_that_does_it(
    control: str, service: str, kind: str, verbs: tuple[str, ...], others: set[str]
) -> None:
    found = changing(service, kind, *verbs)
    assert len(found) > 3
    assert found - others <= asked(control)


@pytest.mark.parametrize("condition", [{}, {"Null": {"iam:PassedToService": "false"}}])
def test_a_call_is_shown_only_where_it_makes_the_request(told: Any, condition: Any) -> None:
    """SageMaker says to which service a role is passed: itself, which is permitted."""
    role = "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-execution"
    passing = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": role}
    found = told("ACS-05", {**passing, "Condition": condition} if condition else passing)
    assert found.worst.counterexample is not None
    assert found.worst.aws_cli == ""


def test_a_role_that_is_not_approved_is_passed_in_the_profiles_region(told: Any) -> None:
    every = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
    (shown,) = [each for each in told("ROLE-01", every).actions if each.counterexample is not None]
    assert " --region eu-west-1 " in shown.aws_cli
    assert "dkr.ecr.eu-west-1." in shown.aws_cli
