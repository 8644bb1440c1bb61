"""What Ref and GetAtt return for a resource whose name stands in the template.

Source: "Return values" on each resource type's page of the AWS CloudFormation Template
Reference Guide, and "Resource types defined by" each service in the Service Authorization
Reference for the ARNs. ``{name}`` is the name, ``{path}`` an IAM path, ``{partition}``,
``{account}``, ``{region}`` and ``{suffix}`` are those of the stack.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Named(NamedTuple):
    """A resource type: the property that names it, and what is made of the name.

    ``ref`` is what Ref returns, ``attributes`` what GetAtt does.
    """

    property: str
    ref: str
    attributes: Mapping[str, str]


def _by_name(property: str, **attributes: str) -> Named:
    return Named(property, "{name}", attributes)


def _arn(service: str, resource: str) -> str:
    return f"arn:{{partition}}:{service}:{{region}}:{{account}}:{resource}"


_IAM = "arn:{partition}:iam::{account}:"
_QUEUE = "https://sqs.{region}.{suffix}/{account}/{name}"
_TOPIC = _arn("sns", "{name}")
_MACHINE = _arn("states", "stateMachine:{name}")
_POLICY = _IAM + "policy{path}{name}"

NAMED: Mapping[str, Named] = {
    "AWS::S3::Bucket": _by_name(
        "BucketName",
        Arn="arn:{partition}:s3:::{name}",
        DomainName="{name}.s3.{suffix}",
        RegionalDomainName="{name}.s3.{region}.{suffix}",
    ),
    "AWS::IAM::Role": _by_name("RoleName", Arn=_IAM + "role{path}{name}"),
    "AWS::IAM::User": _by_name("UserName", Arn=_IAM + "user{path}{name}"),
    "AWS::IAM::Group": _by_name("GroupName", Arn=_IAM + "group{path}{name}"),
    "AWS::IAM::InstanceProfile": _by_name(
        "InstanceProfileName", Arn=_IAM + "instance-profile{path}{name}"
    ),
    "AWS::IAM::ManagedPolicy": Named("ManagedPolicyName", _POLICY, {"PolicyArn": _POLICY}),
    "AWS::Lambda::Function": _by_name("FunctionName", Arn=_arn("lambda", "function:{name}")),
    "AWS::SQS::Queue": Named(
        "QueueName",
        _QUEUE,
        {"Arn": _arn("sqs", "{name}"), "QueueName": "{name}", "QueueUrl": _QUEUE},
    ),
    "AWS::SNS::Topic": Named("TopicName", _TOPIC, {"TopicArn": _TOPIC, "TopicName": "{name}"}),
    "AWS::KMS::Alias": _by_name("AliasName"),
    "AWS::ECR::Repository": _by_name(
        "RepositoryName",
        Arn=_arn("ecr", "repository/{name}"),
        RepositoryUri="{account}.dkr.ecr.{region}.{suffix}/{name}",
    ),
    "AWS::DynamoDB::Table": _by_name("TableName", Arn=_arn("dynamodb", "table/{name}")),
    "AWS::Logs::LogGroup": _by_name("LogGroupName", Arn=_arn("logs", "log-group:{name}:*")),
    "AWS::CodeBuild::Project": _by_name("Name", Arn=_arn("codebuild", "project/{name}")),
    "AWS::CodePipeline::Pipeline": _by_name("Name"),
    "AWS::SageMaker::Pipeline": _by_name("PipelineName"),
    "AWS::StepFunctions::StateMachine": Named(
        "StateMachineName", _MACHINE, {"Arn": _MACHINE, "Name": "{name}"}
    ),
}
"""A name in the template that CloudFormation does not return as it is (a secret's ARN ends in
random characters, an EventBridge rule's Ref depends on its bus) is not here: it stays a symbol."""
