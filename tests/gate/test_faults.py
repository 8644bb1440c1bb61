"""AWS calls that fail, definitions that change underneath, runs that fail, and impatience."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError

ARN = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/abalone"
RUN = ARN + "/execution/run1"
OTHER = b'{"Steps": [], "x": 1}'


def described(definition: bytes) -> dict[str, Any]:
    return {"PipelineArn": ARN, "PipelineDefinition": definition.decode()}


def created(bench: Any, definition: bytes, reads: int = 2) -> None:
    bench.sagemaker.fail("describe_pipeline", "ResourceNotFound")
    bench.sagemaker.stubber.add_response("create_pipeline", {"PipelineArn": ARN})
    for _ in range(reads):
        bench.sagemaker.stubber.add_response("describe_pipeline", described(definition))


def started(bench: Any, definition: bytes) -> None:
    created(bench, definition)
    bench.sagemaker.stubber.add_response("start_pipeline_execution", {"PipelineExecutionArn": RUN})


def polled(bench: Any, status: str, *steps: dict[str, Any], reason: str = "") -> None:
    answer = {"PipelineExecutionStatus": status}
    bench.sagemaker.stubber.add_response(
        "describe_pipeline_execution", {**answer, "FailureReason": reason} if reason else answer
    )
    bench.sagemaker.stubber.add_response(
        "list_pipeline_execution_steps", {"PipelineExecutionSteps": list(steps)}
    )


def only_error(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ThrottlingException", "AWS still limits the rate after 6 tries"),
        ("AccessDeniedException", "the caller needs sagemaker:CreatePipeline"),
        ("ConflictException", "somebody changes it at the same time"),
        ("ResourceLimitExceeded", "ask AWS for a higher quota"),
        ("ExpiredTokenException", "renew the AWS credentials"),
        ("ValidationException", "AWS refused the input as it is"),
    ],
)
def test_a_failed_create_is_one_line_and_nothing_starts(
    bench: Any, capsys: pytest.CaptureFixture[str], code: str, said: str
) -> None:
    bench.sagemaker.fail("describe_pipeline", "ResourceNotFound")
    bench.sagemaker.fail("create_pipeline", code, "first line\nsecond line")
    assert bench.run("--start") == 2
    line = only_error(capsys)
    start = f"ormer: error: CreatePipeline of pipeline abalone: {code}: first line second line; "
    assert line.startswith(start)
    assert said in line
    assert bench.called == ["DescribePipeline", "CreatePipeline"]


@pytest.mark.parametrize("code", ["ThrottlingException", "ConflictException", "AccessDenied"])
def test_a_failed_update_is_one_line_and_nothing_starts(
    bench: Any, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    bench.sagemaker.stubber.add_response("describe_pipeline", described(OTHER))
    bench.sagemaker.stubber.add_response("list_tags", {"Tags": []})
    bench.sagemaker.fail("update_pipeline", code)
    assert bench.run("--start") == 2
    assert f"UpdatePipeline of pipeline abalone: {code}: no; " in only_error(capsys)
    assert "StartPipelineExecution" not in bench.called


def test_a_pipeline_that_cannot_be_tagged_is_not_started(
    bench: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.sagemaker.stubber.add_response("describe_pipeline", described(OTHER))
    bench.sagemaker.stubber.add_response("list_tags", {"Tags": []})
    bench.sagemaker.stubber.add_response("update_pipeline", {"PipelineVersionId": 2})
    bench.sagemaker.fail("add_tags", "AccessDeniedException")
    assert bench.run("--start") == 2
    assert "the caller needs sagemaker:AddTags there" in only_error(capsys)
    assert "StartPipelineExecution" not in bench.called


@pytest.mark.parametrize("right_reads", [0, 1])
def test_a_read_back_that_differs_starts_nothing(
    bench: Any, definition: bytes, capsys: pytest.CaptureFixture[str], right_reads: int
) -> None:
    created(bench, definition, reads=right_reads)
    bench.sagemaker.stubber.add_response("describe_pipeline", described(OTHER))
    assert bench.run("--start") == 2
    line = only_error(capsys)
    assert hashlib.sha256(OTHER).hexdigest() in line
    assert hashlib.sha256(definition).hexdigest() in line
    assert line.endswith("nothing is started")
    assert "StartPipelineExecution" not in bench.called
    bench.all_used()


def test_a_pipeline_that_is_gone_after_the_upsert_is_not_started(
    bench: Any, definition: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    created(bench, definition, reads=0)
    bench.sagemaker.fail("describe_pipeline", "ResourceNotFound")
    assert bench.run("--start") == 2
    assert "is gone right after the upsert" in only_error(capsys)
    assert "StartPipelineExecution" not in bench.called


def test_an_upload_that_is_denied_upserts_nothing(
    bench: Any, definition: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.sagemaker.fail("describe_pipeline", "ResourceNotFound")
    bench.s3.fail("put_object", "AccessDenied")
    assert bench.run("--start", definition=definition + b" " * 200_000) == 2
    assert "the caller needs s3:PutObject, and kms:GenerateDataKey" in only_error(capsys)
    assert bench.called == ["DescribePipeline"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NoCredentialsError(), "log in to AWS, or set AWS_PROFILE"),
        (EndpointConnectionError(endpoint_url="https://x"), "check the network, the VPC endpoint"),
    ],
)
def test_no_answer_from_aws_is_one_line(
    bench: Any, capsys: pytest.CaptureFixture[str], error: Exception, said: str
) -> None:
    def refuse(**_: Any) -> None:
        raise error

    bench.sagemaker.client.describe_pipeline = refuse
    assert bench.run("--start") == 2
    assert said in only_error(capsys)
    assert bench.called == []


def test_a_failed_execution_names_the_step_and_returns_1(
    bench: Any, definition: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    started(bench, definition)
    polled(
        bench,
        "Failed",
        {"StepName": "Preprocess", "StepStatus": "Succeeded"},
        {"StepName": "Train", "StepStatus": "Failed", "FailureReason": "no\nmemory"},
        reason="a step failed",
    )
    assert bench.run("--start", "--wait") == 1
    out = capsys.readouterr().out.splitlines()
    assert out[-1] == "the execution ended as Failed at step Train: no memory"
    assert any("Train" in line and "Failed" in line for line in out[:-1])


@pytest.mark.parametrize("status", ["Stopped", "CompletedWithFailures"])
def test_an_execution_that_did_not_succeed_returns_1(
    bench: Any, definition: bytes, capsys: pytest.CaptureFixture[str], status: str
) -> None:
    started(bench, definition)
    polled(bench, status, reason="why")
    assert bench.run("--start", "--wait") == 1
    assert capsys.readouterr().out.splitlines()[-1] == f"the execution ended as {status}: why"


def test_a_timeout_says_that_the_execution_goes_on(
    bench: Any, definition: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    started(bench, definition)
    for _ in range(6):
        polled(bench, "Executing")
    assert bench.run("--start", "--wait", "--timeout", "9") == 2
    expected = f"ormer: error: still Executing after 9 s; the execution goes on: {RUN}"
    assert only_error(capsys) == expected
    assert bench.pauses == [1.0, 1.5, 2.25, 3.375, 0.875]


def test_ctrl_c_while_waiting_says_that_the_execution_goes_on(
    bench: Any, definition: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    bench.sleep = interrupted
    started(bench, definition)
    polled(bench, "Executing")
    assert bench.run("--start", "--wait") == 2
    expected = f"ormer: stopped waiting; the execution goes on: {RUN}"
    assert only_error(capsys) == expected


def test_ctrl_c_before_the_start_starts_nothing(
    bench: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(**_: Any) -> None:
        raise KeyboardInterrupt

    bench.sagemaker.fail("describe_pipeline", "ResourceNotFound")
    bench.sagemaker.client.create_pipeline = interrupted
    assert bench.run("--start") == 2
    assert "interrupted; no execution is known to have started" in only_error(capsys)
    assert bench.called == ["DescribePipeline"]


def test_a_poll_that_fails_names_the_execution(
    bench: Any, definition: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    started(bench, definition)
    bench.sagemaker.fail("describe_pipeline_execution", "ThrottlingException")
    assert bench.run("--start", "--wait") == 2
    assert only_error(capsys).endswith(f"the execution goes on: {RUN}")
