"""What is told of a principal's requests: nothing that is not so of every one of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ormer.controls.load import load_catalogue
from ormer.facts.feasible import _actions, feasible
from ormer.facts.iam_actions import action as find_action
from ormer.model.access import Access, Holder, ResourcePolicy
from ormer.model.environment import Environment
from ormer.model.principal import principal_from_arn
from ormer.model.world import World
from ormer.proofs.asked.spaces import Spaces, _type
from ormer.proofs.proof import Verdict
from ormer.proofs.prover import Prover
from ormer.read.environment import read_environment
from ormer.read.policies.policy import PolicyKind, PolicyReader

ROOT = Path(__file__).parents[2]
OWN = "111122223333"
ROLE = f"arn:aws:iam::{OWN}:role/exec"


@pytest.fixture(scope="module")
def environment() -> Environment:
    path = ROOT / "pipelines" / "environment.yaml"
    return read_environment(path.read_bytes(), "environment.yaml")


def policy(*statements: dict[str, Any], kind: PolicyKind = PolicyKind.IDENTITY) -> Any:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return PolicyReader("p").policy(document, (), kind, "p")


def access(name: str, *statements: dict[str, Any], trust: Any = None, **tags: str) -> Access:
    holder = Holder(principal_from_arn(name), tags, (policy(*statements),) if statements else ())
    listed = (
        () if trust is None else (ResourcePolicy(name, policy(trust, kind=PolicyKind.RESOURCE)),)
    )
    return Access({name: holder}, listed)


@pytest.mark.parametrize(
    ("name", "arn", "type_"),
    [
        (ROLE, ROLE, "AssumedRole"),
        (f"arn:aws:iam::{OWN}:user/ann", f"arn:aws:iam::{OWN}:user/ann", "User"),
        (f"arn:aws:iam::{OWN}:root", f"arn:aws:iam::{OWN}:root", "Account"),
        (
            f"arn:aws:sts::{OWN}:federated-user/ann",
            f"arn:aws:sts::{OWN}:federated-user/ann",
            "FederatedUser",
        ),
        (f"arn:aws:sts::{OWN}:assumed-role/exec/s", None, "AssumedRole"),
    ],
)
def test_how_a_principal_is_known(
    environment: Environment, name: str, arn: str | None, type_: str
) -> None:
    """A session is known by its role's ARN, whose path nobody tells."""
    found = access(name)
    space = Spaces(found, environment, {}).space("s3:GetObject", found.holders[name], World())
    assert space.fixed.get("aws:principalarn") == arn
    assert space.fixed["aws:principaltype"] == type_
    assert (space.key("aws:username") is None) and ("aws:username" in space.fixed) is (
        "user/" in name and "federated" not in name
    )


@pytest.mark.parametrize(
    ("trust", "is_fixed"),
    [
        (None, False),
        ({"Action": "sts:AssumeRole"}, True),
        ({"Action": ["sts:AssumeRole", "sts:TagSession"]}, False),
        ({"Action": "sts:*"}, False),
        ({"NotAction": "sts:AssumeRole"}, False),
        ({"NotAction": "sts:*"}, True),
        ({"Action": "sts:TagSession", "Effect": "Deny"}, True),
    ],
)
def test_tags_that_a_session_may_bring_are_not_the_roles(
    environment: Environment, trust: dict[str, Any] | None, is_fixed: bool
) -> None:
    if trust is not None:
        trust = {"Effect": "Allow", "Principal": {"AWS": OWN}, **trust}
    found = access(ROLE, trust=trust, team="ml")
    space = Spaces(found, environment, {}).space("s3:GetObject", found.holders[ROLE], World())
    assert (space.fixed.get("aws:principaltag/team") == "ml") is is_fixed
    assert (space.key("aws:principaltag/other") is None) is is_fixed


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        *(("s3:GetObject", True), ("kms:CreateGrant", True), ("glue:CreateTable", True)),
        *(("sagemaker:CreateTrainingJob", False), ("sagemaker:CreateModelPackage", True)),
        *(("sagemaker:DescribeModel", True), ("iam:PassRole", False), ("S3:CREATEBUCKET", True)),
    ],
)
def test_whose_resources_an_action_may_be_about(
    environment: Environment, action: str, expected: bool
) -> None:
    found = access(ROLE)
    space = Spaces(found, environment, {}).space(action, found.holders[ROLE], World())
    assert space.may_be_foreign is expected


def test_the_facts_of_each_action_speak_of_keys_that_it_has() -> None:
    """A required key that an action never has would make every proof of it hold."""
    for action, facts in _actions().items():
        known = find_action(action)
        assert known is not None, action
        asked = {*facts.required, *(key for group in facts.together for key in group)}
        asked |= {key for one, others in facts.implies.items() for key in (one, *others)}
        assert [key for key in asked if _type(key, action, known) is None] == [], action
    assert feasible("sagemaker:CreateTrainingJob").together


@pytest.mark.parametrize("key", ["aws:RequestTag/Team", "AWS:REQUESTTAG/team", "aws:TagKeys"])
def test_the_actions_that_list_a_family_of_keys_have_them(
    environment: Environment, key: str
) -> None:
    found = access(ROLE)
    spaces = Spaces(found, environment, {})
    carried, not_carried = (
        spaces.space(action, found.holders[ROLE], World()).key(key.lower())
        for action in ("sagemaker:CreateTrainingJob", "sagemaker:StopTrainingJob")
    )
    assert carried is not None
    assert not_carried is None


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        ("emr-serverless:CreateApplication", Verdict.DETECTED),
        ("emr-serverless:*", Verdict.DETECTED),
        ("s3:GetObject", Verdict.PROVED),
        ("sagemaker:CreateTrainingJob", Verdict.VIOLATED),
    ],
)
def test_an_allowed_action_that_no_key_shows_is_no_proof(
    environment: Environment, allowed: str, expected: Verdict
) -> None:
    controls = [one for one in load_catalogue(None).controls if one.id == "NET-01"]
    found = access(ROLE, {"Effect": "Allow", "Action": allowed, "Resource": "*"})
    (proof,) = Prover(found, environment, controls).proofs()
    assert proof.verdict is expected


def test_a_prover_without_time_proves_nothing(environment: Environment) -> None:
    controls = [one for one in load_catalogue(None).controls if one.id == "NET-01"]
    found = access(ROLE, {"Effect": "Allow", "Action": "*", "Resource": "*"})
    (proof,) = Prover(found, environment, controls, seconds=-1.0).proofs()
    assert proof.verdict is Verdict.UNKNOWN
    assert {one.verdict for one in proof.actions} <= {Verdict.UNKNOWN, Verdict.DETECTED}
    assert proof.worst is not None and "the time is over" in proof.worst.why
