"""The gate's calls on SageMaker and S3, each on a client that is passed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Optional

from ormer.model.errors import AwsError, InputError
from ormer.sources.aws import calling, error_code

INLINE_LIMIT = 100 * 1024
"""Bytes of a definition above which it goes to S3 first, as the SageMaker SDK does."""

RUNNING = ("Executing", "Stopping")


class Pipeline(NamedTuple):
    """A deployed pipeline; ``definition`` is its text's UTF-8 bytes."""

    arn: str
    definition: bytes
    role_arn: str


class Store(NamedTuple):
    """Where a large definition goes: a bucket (and prefix), its account and KMS key ARN."""

    bucket: str
    prefix: str
    account: str
    key_arn: str


class State(NamedTuple):
    """An execution's PipelineExecutionStatus and FailureReason."""

    status: str
    reason: str

    @property
    def running(self) -> bool:
        return self.status in RUNNING


class Step(NamedTuple):
    """One entry of ListPipelineExecutionSteps; ``ended`` is None while it runs."""

    name: str
    status: str
    reason: str
    started: Optional[datetime]
    ended: Optional[datetime]


def describe(sagemaker: Any, name: str, version: Optional[int] = None) -> Optional[Pipeline]:
    """The pipeline as deployed, or a version of it; None if there is no such pipeline."""
    which = {} if version is None else {"PipelineVersionId": version}
    try:
        with calling("DescribePipeline", f"pipeline {name}", "sagemaker:DescribePipeline"):
            answer = sagemaker.describe_pipeline(PipelineName=name, **which)
    except AwsError as error:
        if error_code(error) == "ResourceNotFound":
            return None
        raise
    return Pipeline(
        arn=answer["PipelineArn"],
        definition=str(answer.get("PipelineDefinition", "")).encode("utf-8"),
        role_arn=answer.get("RoleArn", ""),
    )


def tags_of(sagemaker: Any, arn: str) -> dict[str, str]:
    """Every tag of the resource."""
    with calling("ListTags", arn, "sagemaker:ListTags"):
        pages = sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn)
        return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}


def content(
    definition: bytes, sha256: str, s3: Callable[[], Any], store: Optional[Store]
) -> dict[str, Any]:
    """The definition as members of CreatePipeline or UpdatePipeline.

    Without a ``store`` it is inline. Otherwise it is put there as
    ``ormer/definitions/SHA256.json``, encrypted with the store's key, and passed by
    location, with the object's version if the bucket keeps versions. Raises
    InputError if it is not UTF-8 text.
    """
    try:
        text = definition.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"the definition is not UTF-8 text: {error.reason}") from None
    if store is None:
        return {"PipelineDefinition": text}
    key = f"{store.prefix}ormer/definitions/{sha256}.json"
    needs = "s3:PutObject, and kms:GenerateDataKey on the key"
    with calling("PutObject", f"s3://{store.bucket}/{key}", needs):
        answer = s3().put_object(
            Bucket=store.bucket,
            Key=key,
            Body=definition,
            ContentType="application/json",
            ServerSideEncryption="aws:kms",
            SSEKMSKeyId=store.key_arn,
            ExpectedBucketOwner=store.account,
        )
    location = {"Bucket": store.bucket, "ObjectKey": key}
    if answer.get("VersionId"):
        location["VersionId"] = answer["VersionId"]
    return {"PipelineDefinitionS3Location": location}


def create(sagemaker: Any, name: str, settings: Mapping[str, Any], tags: Mapping[str, str]) -> str:
    """Create the pipeline with its tags; returns its ARN. AWS returns no version here."""
    needs = "sagemaker:CreatePipeline and sagemaker:AddTags, and iam:PassRole on the role,"
    with calling("CreatePipeline", f"pipeline {name}", needs):
        answer = sagemaker.create_pipeline(PipelineName=name, Tags=_list(tags), **settings)
    return str(answer["PipelineArn"])


def update(sagemaker: Any, name: str, settings: Mapping[str, Any]) -> Optional[int]:
    """Update the pipeline; returns the PipelineVersionId that AWS gave it, if it gave one."""
    needs = "sagemaker:UpdatePipeline, and iam:PassRole on the role,"
    with calling("UpdatePipeline", f"pipeline {name}", needs):
        answer = sagemaker.update_pipeline(PipelineName=name, **settings)
    version = answer.get("PipelineVersionId")
    return None if version is None else int(version)


def tag(sagemaker: Any, arn: str, tags: Mapping[str, str]) -> None:
    """Add the tags, or change their values."""
    with calling("AddTags", arn, "sagemaker:AddTags"):
        sagemaker.add_tags(ResourceArn=arn, Tags=_list(tags))


def start(sagemaker: Any, name: str, version: Optional[int], parameters: Mapping[str, str]) -> str:
    """Start an execution, of ``version`` if there is one; returns the execution's ARN."""
    request: dict[str, Any] = {"PipelineName": name}
    if version is not None:
        request["PipelineVersionId"] = version
    if parameters:
        request["PipelineParameters"] = [{"Name": k, "Value": v} for k, v in parameters.items()]
    with calling("StartPipelineExecution", f"pipeline {name}", "sagemaker:StartPipelineExecution"):
        return str(sagemaker.start_pipeline_execution(**request)["PipelineExecutionArn"])


def state(sagemaker: Any, execution_arn: str) -> State:
    """The execution's status now."""
    needs = "sagemaker:DescribePipelineExecution"
    with calling("DescribePipelineExecution", execution_arn, needs):
        answer = sagemaker.describe_pipeline_execution(PipelineExecutionArn=execution_arn)
    return State(answer["PipelineExecutionStatus"], answer.get("FailureReason", ""))


def steps(sagemaker: Any, execution_arn: str) -> list[Step]:
    """Every step so far, oldest first."""
    with calling(
        "ListPipelineExecutionSteps", execution_arn, "sagemaker:ListPipelineExecutionSteps"
    ):
        pages = sagemaker.get_paginator("list_pipeline_execution_steps").paginate(
            PipelineExecutionArn=execution_arn, SortOrder="Ascending"
        )
        return [_step(entry) for page in pages for entry in page["PipelineExecutionSteps"]]


def _step(entry: Mapping[str, Any]) -> Step:
    return Step(
        entry["StepName"],
        entry.get("StepStatus", ""),
        entry.get("FailureReason", ""),
        entry.get("StartTime"),
        entry.get("EndTime"),
    )


def _list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
