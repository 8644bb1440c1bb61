"""Roles and managed policies, read back from IAM, are those of the templates."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS:UserWarning")
ROLES = ("execution", "pipeline", "build", "data-scientist", "administrator")


def _tags(tags: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def _role(account: Any, name: str) -> Any:
    return account.client("iam").get_role(RoleName=name)["Role"]


def _document(account: Any, arn: str) -> Any:
    iam = account.client("iam")
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def test_these_are_the_roles(account: Any) -> None:
    declared = {one.properties["RoleName"] for _, one in account.of_type("AWS::IAM::Role")}
    assert declared == {f"mlops-dev-sagemaker-{role}" for role in ROLES}
    assert {one["RoleName"] for one in account.client("iam").list_roles()["Roles"]} == declared


def test_a_role_is_what_is_declared(account: Any) -> None:
    for stack, one in account.of_type("AWS::IAM::Role"):
        found = _role(account, stack.physical(one.id))
        wanted = one.properties
        assert found["RoleName"] == wanted["RoleName"]
        assert found["Description"] == wanted["Description"]
        assert found["AssumeRolePolicyDocument"] == wanted["AssumeRolePolicyDocument"], one.id
        boundary = found["PermissionsBoundary"]["PermissionsBoundaryArn"]
        assert boundary == wanted["PermissionsBoundary"]
        assert boundary == account.stacks["iam/boundary.yaml"].outputs["BoundaryArn"]
        assert _tags(found["Tags"]) == _tags(wanted["Tags"])


def test_a_role_has_the_policy_that_names_it_and_no_other(account: Any) -> None:
    iam = account.client("iam")
    named: dict[str, set[str]] = {}
    for stack, one in account.of_type("AWS::IAM::ManagedPolicy"):
        for role in one.properties.get("Roles", ()):
            named.setdefault(role, set()).add(stack.physical(one.id))
    for stack, one in account.of_type("AWS::IAM::Role"):
        role = stack.physical(one.id)
        attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        assert {each["PolicyArn"] for each in attached} == named[role], role
        assert "ManagedPolicyArns" not in one.properties
        assert iam.list_role_policies(RoleName=role)["PolicyNames"] == []


def test_a_managed_policy_is_the_document_that_is_declared(account: Any) -> None:
    policies = account.of_type("AWS::IAM::ManagedPolicy")
    assert len(policies) == 1 + len(ROLES)
    for stack, one in policies:
        arn = stack.physical(one.id)
        assert arn.rpartition("/")[2] == one.properties["ManagedPolicyName"]
        assert _document(account, arn) == one.properties["PolicyDocument"], one.id


def test_what_somebody_changes_afterwards_is_noticed(account: Any) -> None:
    """The comparison has teeth: a statement that is taken out of a live policy shows."""
    iam = account.client("iam")
    stack = account.stacks["iam/boundary.yaml"]
    arn, document = stack.outputs["BoundaryArn"], _document(account, stack.outputs["BoundaryArn"])
    fewer = {**document, "Statement": document["Statement"][1:]}
    text = json.dumps(fewer)
    made = iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)
    (declared,) = stack.of_type("AWS::IAM::ManagedPolicy")
    try:
        assert _document(account, arn) != declared.properties["PolicyDocument"]
    finally:
        iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
        version = made["PolicyVersion"]["VersionId"]
        iam.delete_policy_version(PolicyArn=arn, VersionId=version)
    assert _document(account, arn) == declared.properties["PolicyDocument"]
