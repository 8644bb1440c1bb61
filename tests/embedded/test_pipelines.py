"""Pipelines and their executions behave as in AWS where moto's own would mislead."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ormer.embedded.aws import EmbeddedAws
from ormer.embedded.execution import Execution
from ormer.model.environment import Environment

FIRST = '{"Version": "2020-12-01",\n  "Parameters": [], "Steps": [], "Metadata": {"é": "\\u00e9"}}'
SECOND = FIRST.replace("Metadata", "More")
WAIT = 10.0


@pytest.fixture
def sagemaker(aws: EmbeddedAws) -> Iterator[Any]:
    client = aws.client("sagemaker")
    yield client
    aws.on_start(None)
    for pipeline in client.list_pipelines()["PipelineSummaries"]:
        client.delete_pipeline(PipelineName=pipeline["PipelineName"])


def create(client: Any, environment: Environment, name: str = "abalone", **more: Any) -> str:
    body = {"PipelineDefinition": FIRST, **more}
    role = environment.one("roles.pipeline")
    arn: str = client.create_pipeline(PipelineName=name, RoleArn=role, **body)["PipelineArn"]
    return arn


def until_over(client: Any, arn: str) -> Any:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        answer = client.describe_pipeline_execution(PipelineExecutionArn=arn)
        if answer["PipelineExecutionStatus"] not in ("Executing", "Stopping"):
            return answer
        time.sleep(0.01)
    raise AssertionError("the execution never ended")


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_definition_reads_back_as_it_was_written(sagemaker: Any, environment: Environment) -> None:
    create(sagemaker, environment)
    assert sagemaker.describe_pipeline(PipelineName="abalone")["PipelineDefinition"] == FIRST


def test_missing_pipeline_is_resource_not_found(sagemaker: Any) -> None:
    with pytest.raises(ClientError) as error:
        sagemaker.describe_pipeline(PipelineName="nothing")
    assert code(error) == "ResourceNotFound"


def test_text_that_is_not_json_is_refused(sagemaker: Any, environment: Environment) -> None:
    with pytest.raises(ClientError) as error:
        create(sagemaker, environment, PipelineDefinition="not json")
    assert code(error) == "ValidationException"


def test_update_with_another_definition_is_another_version(
    sagemaker: Any, environment: Environment
) -> None:
    create(sagemaker, environment)
    same = sagemaker.update_pipeline(PipelineName="abalone", PipelineDefinition=FIRST)
    assert same["PipelineVersionId"] == 1
    other = sagemaker.update_pipeline(PipelineName="abalone", PipelineDefinition=SECOND)
    assert other["PipelineVersionId"] == 2
    first = sagemaker.describe_pipeline(PipelineName="abalone", PipelineVersionId=1)
    assert first["PipelineDefinition"] == FIRST
    assert sagemaker.describe_pipeline(PipelineName="abalone")["PipelineDefinition"] == SECOND


def test_definition_from_s3_is_stored_as_its_text(
    aws: EmbeddedAws, sagemaker: Any, environment: Environment
) -> None:
    bucket = environment.one("buckets.data")
    s3 = aws.client("s3")
    put = s3.put_object(Bucket=bucket, Key="definition.json", Body=FIRST.encode())
    s3.put_object(Bucket=bucket, Key="definition.json", Body=b"{}")
    location = {"Bucket": bucket, "ObjectKey": "definition.json", "VersionId": put["VersionId"]}
    sagemaker.create_pipeline(
        PipelineName="abalone",
        RoleArn=environment.one("roles.pipeline"),
        PipelineDefinitionS3Location=location,
    )
    assert sagemaker.describe_pipeline(PipelineName="abalone")["PipelineDefinition"] == FIRST


@pytest.mark.parametrize("missing", ["Bucket", "ObjectKey"])
def test_missing_definition_object_is_an_aws_error(
    sagemaker: Any, environment: Environment, missing: str
) -> None:
    location = {"Bucket": environment.one("buckets.data"), "ObjectKey": "x", missing: "nothing"}
    with pytest.raises(ClientError) as error:
        sagemaker.create_pipeline(
            PipelineName="abalone",
            RoleArn=environment.one("roles.pipeline"),
            PipelineDefinitionS3Location=location,
        )
    assert code(error) == "ValidationException"


def test_added_tag_replaces_the_value_of_its_key(sagemaker: Any, environment: Environment) -> None:
    arn = create(sagemaker, environment, Tags=[{"Key": "a", "Value": "1"}])
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "2"}])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "2"}]


def test_execution_that_nobody_runs_stays_executing(
    sagemaker: Any, environment: Environment
) -> None:
    create(sagemaker, environment)
    arn = sagemaker.start_pipeline_execution(PipelineName="abalone")["PipelineExecutionArn"]
    answer = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
    assert answer["PipelineExecutionStatus"] == "Executing"
    steps = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)
    assert steps["PipelineExecutionSteps"] == []
    listed = sagemaker.list_pipeline_executions(PipelineName="abalone")
    assert listed["PipelineExecutionSummaries"][0]["PipelineExecutionStatus"] == "Executing"


def test_callback_gets_the_started_version_and_reports_its_steps(
    aws: EmbeddedAws, sagemaker: Any, environment: Environment
) -> None:
    ran: list[Execution] = []

    def run(execution: Execution) -> None:
        ran.append(execution)
        metadata = {"ProcessingJob": {"Arn": "arn:aws:sagemaker:eu-west-1:1:processing-job/p"}}
        execution.step_started("Preprocess", "Processing")
        execution.step_finished("Preprocess", "Processing", "Succeeded", metadata)
        execution.step_started("Train", "Training")
        execution.step_finished("Train", "Training", "Failed", reason="no memory")
        execution.finished("Failed", "step Train failed")

    create(sagemaker, environment)
    sagemaker.update_pipeline(PipelineName="abalone", PipelineDefinition=SECOND)
    aws.on_start(run)
    arn = sagemaker.start_pipeline_execution(
        PipelineName="abalone",
        PipelineVersionId=1,
        PipelineParameters=[{"Name": "A", "Value": "1"}],
    )["PipelineExecutionArn"]
    answer = until_over(sagemaker, arn)
    assert (answer["PipelineExecutionStatus"], answer["FailureReason"]) == (
        "Failed",
        "step Train failed",
    )
    assert answer["PipelineVersionId"] == 1
    assert [(e.pipeline_name, e.arn, e.definition, e.parameters) for e in ran] == [
        ("abalone", arn, FIRST.encode(), {"A": "1"})
    ]
    steps = sagemaker.list_pipeline_execution_steps(
        PipelineExecutionArn=arn, SortOrder="Ascending"
    )["PipelineExecutionSteps"]
    assert [(s["StepName"], s["StepStatus"], s.get("FailureReason")) for s in steps] == [
        ("Preprocess", "Succeeded", None),
        ("Train", "Failed", "no memory"),
    ]
    assert steps[0]["Metadata"]["ProcessingJob"]["Arn"].endswith("processing-job/p")
    assert steps[0]["StartTime"] <= steps[0]["EndTime"] <= steps[1]["EndTime"]
    for_execution = sagemaker.describe_pipeline_definition_for_execution(PipelineExecutionArn=arn)
    assert for_execution["PipelineDefinition"] == FIRST


def test_callback_that_raises_fails_the_execution(
    aws: EmbeddedAws, sagemaker: Any, environment: Environment
) -> None:
    def run(execution: Execution) -> None:
        raise RuntimeError("no such script")

    unhandled: list[Any] = []
    before, threading.excepthook = threading.excepthook, unhandled.append
    try:
        create(sagemaker, environment)
        aws.on_start(run)
        arn = sagemaker.start_pipeline_execution(PipelineName="abalone")["PipelineExecutionArn"]
        answer = until_over(sagemaker, arn)
    finally:
        threading.excepthook = before
    assert answer["FailureReason"] == "RuntimeError: no such script"


def test_steps_come_in_pages_newest_first(
    aws: EmbeddedAws, sagemaker: Any, environment: Environment
) -> None:
    def run(execution: Execution) -> None:
        for number in range(7):
            execution.step_finished(f"S{number}", "Processing", "Succeeded")
        execution.finished("Succeeded")

    create(sagemaker, environment)
    aws.on_start(run)
    arn = sagemaker.start_pipeline_execution(PipelineName="abalone")["PipelineExecutionArn"]
    until_over(sagemaker, arn)
    pages = sagemaker.get_paginator("list_pipeline_execution_steps").paginate(
        PipelineExecutionArn=arn, PaginationConfig={"PageSize": 3}
    )
    names = [[step["StepName"] for step in page["PipelineExecutionSteps"]] for page in pages]
    assert names == [["S6", "S5", "S4"], ["S3", "S2", "S1"], ["S0"]]


def test_the_same_token_starts_once(sagemaker: Any, environment: Environment) -> None:
    create(sagemaker, environment)
    token = "t" * 32
    first, second = (
        sagemaker.start_pipeline_execution(PipelineName="abalone", ClientRequestToken=token)
        for _ in range(2)
    )
    assert first["PipelineExecutionArn"] == second["PipelineExecutionArn"]


def test_stop_without_a_callback_is_at_once(sagemaker: Any, environment: Environment) -> None:
    create(sagemaker, environment)
    arn = sagemaker.start_pipeline_execution(PipelineName="abalone")["PipelineExecutionArn"]
    sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
    assert until_over(sagemaker, arn)["PipelineExecutionStatus"] == "Stopped"
    with pytest.raises(ClientError) as error:
        sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
    assert code(error) == "ConflictException"


def test_stop_tells_the_callback(
    aws: EmbeddedAws, sagemaker: Any, environment: Environment
) -> None:
    def run(execution: Execution) -> None:
        assert execution.stopping.wait(WAIT)
        execution.finished("Stopped")

    create(sagemaker, environment)
    aws.on_start(run)
    arn = sagemaker.start_pipeline_execution(PipelineName="abalone")["PipelineExecutionArn"]
    sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
    assert until_over(sagemaker, arn)["PipelineExecutionStatus"] == "Stopped"


def test_unknown_version_is_not_started(sagemaker: Any, environment: Environment) -> None:
    create(sagemaker, environment)
    with pytest.raises(ClientError) as error:
        sagemaker.start_pipeline_execution(PipelineName="abalone", PipelineVersionId=9)
    assert code(error) == "ResourceNotFound"
    assert sagemaker.list_pipeline_executions(PipelineName="abalone") is not None
    listed = sagemaker.list_pipeline_executions(PipelineName="abalone")
    assert listed["PipelineExecutionSummaries"] == []


def test_pipeline_can_be_named_by_its_arn(sagemaker: Any, environment: Environment) -> None:
    arn = create(sagemaker, environment)
    assert sagemaker.describe_pipeline(PipelineName=arn)["PipelineName"] == "abalone"
    sagemaker.start_pipeline_execution(PipelineName=arn)
    assert (
        sagemaker.update_pipeline(PipelineName=arn, PipelineDefinition=SECOND)["PipelineVersionId"]
        == 2
    )
    assert json.loads(sagemaker.describe_pipeline(PipelineName=arn)["PipelineDefinition"])["More"]


def test_a_step_status_that_aws_does_not_have_is_refused() -> None:
    execution = Execution("p", "arn", b"{}", {}, 1)
    with pytest.raises(ValueError, match="'Done' is none of"):
        execution.step_finished("S", "Training", "Done")
    execution.finished("Succeeded")
    with pytest.raises(ValueError, match="already ended as Succeeded"):
        execution.step_started("S", "Training")
