"""What the permissions boundary of a pipeline's roles allows, before the guardrails deny.

A boundary grants nothing, and what it does not allow nobody can grant: it names what pipelines
and their jobs do, so that the guardrails only have to be about that. Sources: the step types
(``facts.step_types``); "SageMaker AI Roles" (what an execution role needs for each job, and in
a VPC), "Pipelines steps" (EMR, EMR Serverless, Lambda and callback steps) and "IAM Access
Management" of Pipelines in the Amazon SageMaker AI Developer Guide; "Key policies for SageMaker".
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from ormer.facts.step_types import STEP_TYPES

_CREATED = frozenset(
    action
    for step in STEP_TYPES.values()
    for action in (step.action, step.alternative[1], *(name for _, name in step.batches))
    if action
)

_SAGEMAKER = (
    *("sagemaker:AddAssociation", "sagemaker:AddTags", "sagemaker:CreateModelPackageGroup"),
    "sagemaker:Describe*",
    *("sagemaker:List*", "sagemaker:Stop*", "sagemaker:InvokeEndpoint"),
    *("sagemaker:UpdateTrainingJob", "sagemaker:Batch*Metrics"),
)
_STEPS = (
    *("elasticmapreduce:CancelSteps", "elasticmapreduce:Describe*"),
    "elasticmapreduce:TerminateJobFlows",
    *("emr-serverless:CancelJobRun", "emr-serverless:Get*", "emr-serverless:StopApplication"),
    *("events:*Rule", "events:*Targets", "iam:GetRole", "iam:PassRole", "sns:Publish"),
)
_JOBS = (
    *("cloudwatch:PutMetricData", "logs:CreateLogGroup", "logs:CreateLogStream"),
    *("logs:DescribeLogStreams", "logs:PutLogEvents"),
    *("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:Get*"),
    *("ec2:CreateNetworkInterface*", "ec2:DeleteNetworkInterface*", "ec2:Describe*"),
    *("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"),
    *("kms:GenerateDataKey*", "kms:ReEncrypt*"),
    *("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetBucketLocation", "s3:GetObject"),
    *("s3:GetObjectVersion", "s3:ListBucket", "s3:PutObject"),
)

ALLOWED = tuple(sorted({*_CREATED, *_SAGEMAKER, *_STEPS, *_JOBS}))


def allows(action: str) -> bool:
    """Whether the boundary lets the action through at all."""
    return any(fnmatchcase(action, pattern) for pattern in ALLOWED)


def allow_statement() -> dict[str, Any]:
    """The statement that allows it."""
    return {
        "Sid": "WhatPipelinesAndTheirJobsDo",
        "Effect": "Allow",
        "Action": list(ALLOWED),
        "Resource": "*",
    }
