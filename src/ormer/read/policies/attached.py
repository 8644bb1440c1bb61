"""A declared resource -> the policy documents in it: CloudFormation's and Terraform's types.

Source: the page of each type in the AWS CloudFormation Template Reference Guide, and in the
documentation of Terraform's AWS provider.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ormer.model.attached_policy import Attached, AttachedPolicy
from ormer.model.definition import Place
from ormer.model.resource import Resource

IDENTITY, TRUST, RESOURCE, ENDPOINT = (
    *(Attached.IDENTITY, Attached.TRUST, Attached.RESOURCE, Attached.ENDPOINT),
)


class _Where(NamedTuple):
    """A property that holds a document; within each item of the list ``each`` if that is given.

    ``to`` are the properties that name what it is attached to, ``name`` the item's own name.
    """

    attached: Attached
    property: str
    to: tuple[str, ...] = ()
    each: str = ""
    name: str = ""


_INLINE = _Where(IDENTITY, "PolicyDocument", (), "Policies", "PolicyName")
_MEMBERS = _Where(IDENTITY, "PolicyDocument", ("Roles", "Users", "Groups"))
_TYPES: dict[str, tuple[_Where, ...]] = {
    "AWS::IAM::Role": (_INLINE, _Where(TRUST, "AssumeRolePolicyDocument")),
    "AWS::IAM::User": (_INLINE,),
    "AWS::IAM::Group": (_INLINE,),
    "AWS::IAM::Policy": (_MEMBERS,),
    "AWS::IAM::ManagedPolicy": (_MEMBERS,),
    "AWS::IAM::RolePolicy": (_Where(IDENTITY, "PolicyDocument", ("RoleName",)),),
    "AWS::IAM::UserPolicy": (_Where(IDENTITY, "PolicyDocument", ("UserName",)),),
    "AWS::IAM::GroupPolicy": (_Where(IDENTITY, "PolicyDocument", ("GroupName",)),),
    "AWS::S3::BucketPolicy": (_Where(RESOURCE, "PolicyDocument", ("Bucket",)),),
    "AWS::EC2::VPCEndpoint": (_Where(ENDPOINT, "PolicyDocument", ("ServiceName",)),),
    "AWS::KMS::Key": (_Where(RESOURCE, "KeyPolicy"),),
    "AWS::KMS::ReplicaKey": (_Where(RESOURCE, "KeyPolicy"),),
    "AWS::SQS::QueuePolicy": (_Where(RESOURCE, "PolicyDocument", ("Queues",)),),
    "AWS::SQS::QueueInlinePolicy": (_Where(RESOURCE, "PolicyDocument", ("Queue",)),),
    "AWS::SNS::TopicPolicy": (_Where(RESOURCE, "PolicyDocument", ("Topics",)),),
    "AWS::SNS::TopicInlinePolicy": (_Where(RESOURCE, "PolicyDocument", ("TopicArn",)),),
    "AWS::SecretsManager::ResourcePolicy": (_Where(RESOURCE, "ResourcePolicy", ("SecretId",)),),
    "AWS::ECR::Repository": (_Where(RESOURCE, "RepositoryPolicyText"),),
    "AWS::EFS::FileSystem": (_Where(RESOURCE, "FileSystemPolicy"),),
    "AWS::Logs::ResourcePolicy": (_Where(RESOURCE, "PolicyDocument"),),
    "AWS::CodeArtifact::Domain": (_Where(RESOURCE, "PermissionsPolicyDocument"),),
    "AWS::CodeArtifact::Repository": (_Where(RESOURCE, "PermissionsPolicyDocument"),),
    "AWS::SageMaker::ModelPackageGroup": (_Where(RESOURCE, "ModelPackageGroupPolicy"),),
    "AWS::Organizations::Policy": (_Where(Attached.SCP, "Content", ("TargetIds",)),),
    "aws_iam_role": (
        _Where(IDENTITY, "policy", (), "inline_policy", "name"),
        _Where(TRUST, "assume_role_policy"),
    ),
    "aws_iam_policy": (_Where(IDENTITY, "policy"),),
    "aws_iam_role_policy": (_Where(IDENTITY, "policy", ("role",)),),
    "aws_iam_user_policy": (_Where(IDENTITY, "policy", ("user",)),),
    "aws_iam_group_policy": (_Where(IDENTITY, "policy", ("group",)),),
    "aws_s3_bucket_policy": (_Where(RESOURCE, "policy", ("bucket",)),),
    "aws_vpc_endpoint": (_Where(ENDPOINT, "policy", ("service_name",)),),
    "aws_vpc_endpoint_policy": (_Where(ENDPOINT, "policy", ("vpc_endpoint_id",)),),
    "aws_kms_key": (_Where(RESOURCE, "policy"),),
    "aws_kms_replica_key": (_Where(RESOURCE, "policy"),),
    "aws_kms_key_policy": (_Where(RESOURCE, "policy", ("key_id",)),),
    "aws_sqs_queue": (_Where(RESOURCE, "policy"),),
    "aws_sqs_queue_policy": (_Where(RESOURCE, "policy", ("queue_url",)),),
    "aws_sns_topic": (_Where(RESOURCE, "policy"),),
    "aws_sns_topic_policy": (_Where(RESOURCE, "policy", ("arn",)),),
    "aws_secretsmanager_secret": (_Where(RESOURCE, "policy"),),
    "aws_secretsmanager_secret_policy": (_Where(RESOURCE, "policy", ("secret_arn",)),),
    "aws_ecr_repository_policy": (_Where(RESOURCE, "policy", ("repository",)),),
    "aws_efs_file_system_policy": (_Where(RESOURCE, "policy", ("file_system_id",)),),
    "aws_cloudwatch_log_resource_policy": (_Where(RESOURCE, "policy_document"),),
    "aws_sagemaker_model_package_group_policy": (
        _Where(RESOURCE, "resource_policy", ("model_package_group_name",)),
    ),
    "aws_organizations_policy": (_Where(Attached.SCP, "content"),),
}
POLICY_TYPES = frozenset(_TYPES)
"""The types of resources that may hold a policy document."""
_ABSENT: tuple[Any, ...] = (None, "", {})
_OF_ORGANIZATION = {
    "SERVICE_CONTROL_POLICY": Attached.SCP,
    "RESOURCE_CONTROL_POLICY": Attached.RCP,
}
FULL_ENDPOINT_ACCESS = {
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]
}
"""What an endpoint has that is created without a policy ("Control access to VPC endpoints
using endpoint policies", Default endpoint policy, AWS PrivateLink guide)."""


def attached_policies(resource: Resource) -> tuple[AttachedPolicy, ...]:
    """The documents of a resource in the order of its type's properties; () where it has none.

    A VPC endpoint without a document has the one that AWS gives it. An AWS Organizations policy
    of another type than SCP and RCP has none.
    """
    found = tuple(
        each for where in _TYPES.get(resource.type, ()) for each in _documents(resource, where)
    )
    if not found and resource.type in ("AWS::EC2::VPCEndpoint", "aws_vpc_endpoint"):
        (where,) = _TYPES[resource.type]
        to = tuple(_names(resource.properties, where.to))
        return (AttachedPolicy(ENDPOINT, FULL_ENDPOINT_ACCESS, (), "", to),)
    return found


def _documents(resource: Resource, where: _Where) -> Iterator[AttachedPolicy]:
    properties = resource.properties
    if not isinstance(properties, dict):  # all of them are one symbol
        yield AttachedPolicy(where.attached, properties, ())
        return
    if not where.each:
        document = properties.get(where.property)
        attached = where.attached
        if attached is Attached.SCP:
            kind = properties.get("Type", properties.get("type", "SERVICE_CONTROL_POLICY"))
            if kind not in _OF_ORGANIZATION:
                return
            attached = _OF_ORGANIZATION[kind]
        if document not in _ABSENT:
            to = tuple(_names(properties, where.to))
            yield AttachedPolicy(attached, document, (where.property,), "", to)
        return
    items = properties.get(where.each) or []
    if not isinstance(items, list):
        yield AttachedPolicy(where.attached, items, (where.each,))
        return
    for index, item in enumerate(items):
        yield from _inline(item, (where.each, index), where)


def _inline(item: Any, place: Place, where: _Where) -> Iterator[AttachedPolicy]:
    if not isinstance(item, dict):
        yield AttachedPolicy(where.attached, item, place, str(place[-1]))
    elif item.get(where.property) not in _ABSENT:
        name = str(item.get(where.name) or place[-1])
        yield AttachedPolicy(where.attached, item[where.property], (*place, where.property), name)


def _names(properties: Any, members: tuple[str, ...]) -> Iterator[str]:
    for member in members:
        found = properties.get(member) if isinstance(properties, dict) else None
        for name in found if isinstance(found, list) else [found]:
            if isinstance(name, str):
                yield name
