"""Which property of which resource type holds a policy, and what it is attached to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ormer.model.attached_policy import Attached
from ormer.model.errors import InputError
from ormer.model.resource import Declared, Resource
from ormer.model.symbol import symbol
from ormer.read.policies.attached import FULL_ENDPOINT_ACCESS, POLICY_TYPES, attached_policies
from ormer.read.policies.declared import resource_policies

DOC: dict[str, Any] = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
OPEN: dict[str, Any] = {"Statement": [{**DOC["Statement"][0], "Principal": "*"}]}
IDENTITY, TRUST, RESOURCE = Attached.IDENTITY, Attached.TRUST, Attached.RESOURCE
ENDPOINT, SCP, RCP = Attached.ENDPOINT, Attached.SCP, Attached.RCP

CASES: list[tuple[str, dict[str, Any], list[tuple[Attached, tuple[Any, ...], str, tuple[str, ...]]]]] = [
    ("AWS::IAM::Role",
     {"Policies": [{"PolicyName": "a", "PolicyDocument": DOC}, {"PolicyName": "b", "PolicyDocument": DOC}], "AssumeRolePolicyDocument": OPEN},
     [(IDENTITY, ("Policies", 0, "PolicyDocument"), "a", ()), (IDENTITY, ("Policies", 1, "PolicyDocument"), "b", ()), (TRUST, ("AssumeRolePolicyDocument",), "", ())]),
    ("AWS::IAM::User", {"Policies": [{"PolicyName": "a", "PolicyDocument": DOC}]}, [(IDENTITY, ("Policies", 0, "PolicyDocument"), "a", ())]),
    ("AWS::IAM::Group", {"Policies": []}, []),
    ("AWS::IAM::Group", {"Policies": [{"PolicyName": "a", "PolicyDocument": DOC}]}, [(IDENTITY, ("Policies", 0, "PolicyDocument"), "a", ())]),
    ("AWS::IAM::Role", {"Policies": symbol("P")}, [(IDENTITY, ("Policies",), "", ())]),
    ("AWS::IAM::Role", {"Policies": [symbol("P")]}, [(IDENTITY, ("Policies", 0), "0", ())]),
    ("AWS::IAM::Policy", symbol("All"), [(IDENTITY, (), "", ())]),
    ("AWS::IAM::Policy", {"PolicyDocument": DOC, "Roles": ["r", symbol("R")], "Users": ["u"]}, [(IDENTITY, ("PolicyDocument",), "", ("r", symbol("R"), "u"))]),
    ("AWS::IAM::ManagedPolicy", {"PolicyDocument": DOC}, [(IDENTITY, ("PolicyDocument",), "", ())]),
    ("AWS::IAM::RolePolicy", {"PolicyDocument": DOC, "RoleName": "r"}, [(IDENTITY, ("PolicyDocument",), "", ("r",))]),
    ("AWS::IAM::RolePolicy", {"RoleName": "r"}, []),
    ("AWS::IAM::UserPolicy", {"PolicyDocument": DOC, "UserName": "u"}, [(IDENTITY, ("PolicyDocument",), "", ("u",))]),
    ("AWS::IAM::GroupPolicy", {"PolicyDocument": DOC, "GroupName": "g"}, [(IDENTITY, ("PolicyDocument",), "", ("g",))]),
    ("AWS::S3::BucketPolicy", {"PolicyDocument": OPEN, "Bucket": "b"}, [(RESOURCE, ("PolicyDocument",), "", ("b",))]),
    ("AWS::EC2::VPCEndpoint", {"PolicyDocument": OPEN, "ServiceName": "s"}, [(ENDPOINT, ("PolicyDocument",), "", ("s",))]),
    ("AWS::EC2::VPCEndpoint", {"PolicyDocument": json.dumps(OPEN), "ServiceName": "s"}, [(ENDPOINT, ("PolicyDocument",), "", ("s",))]),
    ("AWS::KMS::Key", {"KeyPolicy": OPEN}, [(RESOURCE, ("KeyPolicy",), "", ())]),
    ("AWS::KMS::ReplicaKey", {"KeyPolicy": OPEN}, [(RESOURCE, ("KeyPolicy",), "", ())]),
    ("AWS::SQS::QueuePolicy", {"PolicyDocument": OPEN, "Queues": ["q"]}, [(RESOURCE, ("PolicyDocument",), "", ("q",))]),
    ("AWS::SQS::QueueInlinePolicy", {"PolicyDocument": OPEN, "Queue": "q"}, [(RESOURCE, ("PolicyDocument",), "", ("q",))]),
    ("AWS::SNS::TopicPolicy", {"PolicyDocument": OPEN, "Topics": ["t"]}, [(RESOURCE, ("PolicyDocument",), "", ("t",))]),
    ("AWS::SNS::TopicInlinePolicy", {"PolicyDocument": OPEN, "TopicArn": "t"}, [(RESOURCE, ("PolicyDocument",), "", ("t",))]),
    ("AWS::SecretsManager::ResourcePolicy", {"ResourcePolicy": OPEN, "SecretId": "s"}, [(RESOURCE, ("ResourcePolicy",), "", ("s",))]),
    ("AWS::ECR::Repository", {"RepositoryPolicyText": OPEN}, [(RESOURCE, ("RepositoryPolicyText",), "", ())]),
    ("AWS::EFS::FileSystem", {"FileSystemPolicy": OPEN}, [(RESOURCE, ("FileSystemPolicy",), "", ())]),
    ("AWS::Logs::ResourcePolicy", {"PolicyDocument": json.dumps(OPEN)}, [(RESOURCE, ("PolicyDocument",), "", ())]),
    ("AWS::CodeArtifact::Domain", {"PermissionsPolicyDocument": OPEN}, [(RESOURCE, ("PermissionsPolicyDocument",), "", ())]),
    ("AWS::CodeArtifact::Repository", {"PermissionsPolicyDocument": OPEN}, [(RESOURCE, ("PermissionsPolicyDocument",), "", ())]),
    ("AWS::SageMaker::ModelPackageGroup", {"ModelPackageGroupPolicy": OPEN}, [(RESOURCE, ("ModelPackageGroupPolicy",), "", ())]),
    ("AWS::Organizations::Policy", {"Content": DOC, "Type": "SERVICE_CONTROL_POLICY", "TargetIds": ["o"]}, [(SCP, ("Content",), "", ("o",))]),
    ("AWS::Organizations::Policy", {"Content": OPEN, "Type": "RESOURCE_CONTROL_POLICY"}, [(RCP, ("Content",), "", ())]),
    ("AWS::Organizations::Policy", {"Content": {}, "Type": "TAG_POLICY"}, []),
    ("aws_iam_role", {"inline_policy": [{"name": "a", "policy": json.dumps(DOC)}], "assume_role_policy": json.dumps(OPEN)}, [(IDENTITY, ("inline_policy", 0, "policy"), "a", ()), (TRUST, ("assume_role_policy",), "", ())]),
    ("aws_iam_policy", {"policy": json.dumps(DOC)}, [(IDENTITY, ("policy",), "", ())]),
    ("aws_iam_policy", {"policy": symbol("plan:aws_iam_policy.x.policy")}, [(IDENTITY, ("policy",), "", ())]),
    ("aws_iam_role_policy", {"policy": json.dumps(DOC), "role": "r"}, [(IDENTITY, ("policy",), "", ("r",))]),
    ("aws_iam_user_policy", {"policy": json.dumps(DOC), "user": "u"}, [(IDENTITY, ("policy",), "", ("u",))]),
    ("aws_iam_group_policy", {"policy": json.dumps(DOC), "group": "g"}, [(IDENTITY, ("policy",), "", ("g",))]),
    ("aws_s3_bucket_policy", {"policy": json.dumps(OPEN), "bucket": "b"}, [(RESOURCE, ("policy",), "", ("b",))]),
    ("aws_vpc_endpoint", {"policy": json.dumps(OPEN), "service_name": "s"}, [(ENDPOINT, ("policy",), "", ("s",))]),
    ("aws_vpc_endpoint_policy", {"policy": json.dumps(OPEN), "vpc_endpoint_id": "v"}, [(ENDPOINT, ("policy",), "", ("v",))]),
    ("aws_kms_key", {"policy": json.dumps(OPEN)}, [(RESOURCE, ("policy",), "", ())]),
    ("aws_kms_key", {"policy": None}, []),
    ("aws_kms_replica_key", {"policy": json.dumps(OPEN)}, [(RESOURCE, ("policy",), "", ())]),
    ("aws_kms_key_policy", {"policy": json.dumps(OPEN), "key_id": "k"}, [(RESOURCE, ("policy",), "", ("k",))]),
    ("aws_sqs_queue", {"policy": ""}, []),
    ("aws_sqs_queue", {"policy": json.dumps(OPEN)}, [(RESOURCE, ("policy",), "", ())]),
    ("aws_sqs_queue_policy", {"policy": json.dumps(OPEN), "queue_url": "q"}, [(RESOURCE, ("policy",), "", ("q",))]),
    ("aws_sns_topic", {"policy": json.dumps(OPEN)}, [(RESOURCE, ("policy",), "", ())]),
    ("aws_sns_topic_policy", {"policy": json.dumps(OPEN), "arn": "t"}, [(RESOURCE, ("policy",), "", ("t",))]),
    ("aws_secretsmanager_secret", {"policy": json.dumps(OPEN)}, [(RESOURCE, ("policy",), "", ())]),
    ("aws_secretsmanager_secret_policy", {"policy": json.dumps(OPEN), "secret_arn": "s"}, [(RESOURCE, ("policy",), "", ("s",))]),
    ("aws_ecr_repository_policy", {"policy": json.dumps(OPEN), "repository": "e"}, [(RESOURCE, ("policy",), "", ("e",))]),
    ("aws_efs_file_system_policy", {"policy": json.dumps(OPEN), "file_system_id": "f"}, [(RESOURCE, ("policy",), "", ("f",))]),
    ("aws_cloudwatch_log_resource_policy", {"policy_document": json.dumps(OPEN)}, [(RESOURCE, ("policy_document",), "", ())]),
    ("aws_sagemaker_model_package_group_policy", {"resource_policy": json.dumps(OPEN), "model_package_group_name": "m"}, [(RESOURCE, ("resource_policy",), "", ("m",))]),
    ("aws_organizations_policy", {"content": json.dumps(DOC)}, [(SCP, ("content",), "", ())]),
    ("aws_organizations_policy", {"content": json.dumps(OPEN), "type": "RESOURCE_CONTROL_POLICY"}, [(RCP, ("content",), "", ())]),
    ("AWS::S3::Bucket", {"BucketName": "b"}, []),
]  # fmt: skip


def resource(kind: str, properties: Any, **more: Any) -> Resource:
    return Resource("It", kind, properties, {(): 3, ("PolicyDocument",): 7}, **more)


@pytest.mark.parametrize(
    "kind, properties, expected", CASES, ids=[f"{i}-{c[0]}" for i, c in enumerate(CASES)]
)
def test_the_documents_of_a_type(kind: str, properties: Any, expected: Any) -> None:
    one = resource(kind, properties)
    found = attached_policies(one)
    assert [(each.attached, each.place, each.name, each.to) for each in found] == expected
    for attached in {each.attached for each in found}:
        policies = resource_policies(Declared("f", {"It": one}), "It", attached)
        assert len(policies) == sum(each.attached is attached for each in found)
        assert all(policy.statements for policy in policies)


def test_every_type_has_a_case() -> None:
    assert {kind for kind, _, expected in CASES if expected} >= POLICY_TYPES


@pytest.mark.parametrize("kind", ["AWS::EC2::VPCEndpoint", "aws_vpc_endpoint"])
def test_an_endpoint_without_a_document_lets_everything_through(kind: str) -> None:
    (found,) = attached_policies(resource(kind, {}))
    assert (found.attached, found.document) == (ENDPOINT, FULL_ENDPOINT_ACCESS)


@pytest.mark.parametrize(
    "kind, properties, wanted, message",
    [
        ("AWS::S3::Bucket", {}, RESOURCE, "f:3: It: AWS::S3::Bucket has no policy document, not a resource's policy"),
        ("AWS::IAM::Policy", {"PolicyDocument": DOC}, RESOURCE, "f:3: It: AWS::IAM::Policy has a policy of principals, not a resource's policy"),
        ("AWS::IAM::Policy", {"PolicyDocument": {"Statment": []}}, IDENTITY, "f:7: It/PolicyDocument: 'Statment' is no element of a policy; did you mean 'Statement'?"),
        ("AWS::IAM::Policy", {"PolicyDocument": {"Statement": [{"Effect": "Allow"}]}}, IDENTITY, "f:7: It/PolicyDocument/Statement/0: has neither Action nor NotAction"),
        ("AWS::EC2::VPCEndpoint", {"PolicyDocument": "{"}, ENDPOINT, "f:7: It/PolicyDocument: the text: not JSON: Expecting property name enclosed in double quotes (line 1 column 2)"),
        ("AWS::IAM::Policy", {"PolicyDocument": {"Version": symbol("V"), "Statement": []}}, IDENTITY, "f:7: It/PolicyDocument/Version: ${V} is not known: give it as a parameter"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_file_and_line(
    kind: str, properties: Any, wanted: Attached, message: str
) -> None:
    with pytest.raises(InputError) as error:
        resource_policies(Declared("f", {"It": resource(kind, properties)}), "It", wanted)
    assert str(error.value) == message


def test_a_missing_id_is_told_with_the_nearest() -> None:
    found = Declared("f", {"It": resource("AWS::IAM::Policy", {"PolicyDocument": DOC})})
    with pytest.raises(InputError) as error:
        resource_policies(found, "Itt", IDENTITY)
    assert str(error.value) == "f#Itt: no such resource; did you mean 'It'?"


def test_a_resource_that_may_not_be_there_has_statements_that_may_not_hold() -> None:
    one = resource("AWS::IAM::Policy", {"PolicyDocument": DOC}, condition="IsProd")
    (policy,) = resource_policies(Declared("f", {"It": one}), "It", IDENTITY)
    (statement,) = policy.statements
    assert [condition.key for condition in statement.conditions] == [symbol("Condition:IsProd")]
