"""The gate against an embedded AWS over HTTP, from the bytes to the finished run."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ormer.cli.upsert import run_upsert
from ormer.embedded.aws import EmbeddedAws
from ormer.embedded.execution import Execution
from ormer.gate.outside import Outside
from ormer.model.environment import Environment
from ormer.model.finding import Report
from ormer.read.environment import read_environment

PROFILE = Path(__file__).parents[2] / "pipelines" / "environment.yaml"


@pytest.fixture(scope="module")
def aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws(read_environment(PROFILE.read_bytes(), PROFILE.name)) as embedded:
        yield embedded


@pytest.fixture
def sagemaker(aws: EmbeddedAws) -> Iterator[Any]:
    client = aws.client("sagemaker")
    yield client
    aws.on_start(None)
    for pipeline in client.list_pipelines()["PipelineSummaries"]:
        client.delete_pipeline(PipelineName=pipeline["PipelineName"])


Gate = Callable[..., int]


@pytest.fixture
def gate(aws: EmbeddedAws, environment: Environment, report: Callable[..., Report]) -> Gate:
    def run(definition: bytes, *argv: str) -> int:
        outside = Outside(
            check=lambda data, target, profile, controls: report(data),
            render=lambda checked, colour, strict: "checked",
            connect=lambda service, region, endpoint: aws.client(service),
            sleep=lambda seconds: time.sleep(0.02),
        )
        role = environment.one("roles.pipeline")
        options = ["--pipeline-name", "abalone", "--role-arn", role, *argv]
        return run_upsert(definition, "p.json", options, environment, outside)

    return run


def tags(sagemaker: Any) -> dict[str, str]:
    arn = sagemaker.describe_pipeline(PipelineName="abalone")["PipelineArn"]
    return {t["Key"]: t["Value"] for t in sagemaker.list_tags(ResourceArn=arn)["Tags"]}


def deployed(sagemaker: Any) -> bytes:
    answer = sagemaker.describe_pipeline(PipelineName="abalone")
    return str(answer["PipelineDefinition"]).encode()


def succeed(execution: Execution) -> None:
    execution.step_started("Preprocess", "Processing")
    execution.step_finished("Preprocess", "Processing", "Succeeded")
    execution.finished("Succeeded")


def test_upsert_start_and_wait(
    aws: EmbeddedAws,
    gate: Gate,
    sagemaker: Any,
    definition: bytes,
    capsys: pytest.CaptureFixture[str],
) -> None:
    aws.on_start(succeed)
    assert gate(definition, "--start", "--wait", "--parameter", "Rounds=7", "--tags", "{}") == 0
    assert deployed(sagemaker) == definition
    assert tags(sagemaker)["ormer:definition-sha256"] == hashlib.sha256(definition).hexdigest()
    assert tags(sagemaker)["ormer:gate"] == "passed"
    out = capsys.readouterr().out
    assert out.startswith("checked\nstarted arn:aws:sagemaker:eu-west-1:111122223333:pipeline/")
    assert out.endswith("  Preprocess  Succeeded       0 s\nthe execution succeeded\n")
    execution = list(aws.executions.values())[-1]
    assert (execution.definition, execution.parameters) == (definition, {"Rounds": "7"})


def test_the_same_definition_again_starts_its_version(
    aws: EmbeddedAws,
    gate: Gate,
    sagemaker: Any,
    definition: bytes,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert gate(definition) == 0
    assert gate(definition, "--start") == 0
    assert "already has this definition" in capsys.readouterr().err
    assert list(aws.executions.values())[-1].version == 1


def test_a_change_outside_the_gate_is_told_and_replaced(
    gate: Gate, sagemaker: Any, definition: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gate(definition) == 0
    sagemaker.update_pipeline(PipelineName="abalone", PipelineDefinition='{"Steps": []}')
    assert gate(definition + b"\n", "--tags", '[{"Key": "team", "Value": "sea"}]') == 0
    assert "was changed outside the gate and is replaced" in capsys.readouterr().err
    assert deployed(sagemaker) == definition + b"\n"
    assert tags(sagemaker)["team"] == "sea"
    expected = hashlib.sha256(definition + b"\n").hexdigest()
    assert tags(sagemaker)["ormer:definition-sha256"] == expected


def test_a_large_definition_goes_through_the_encrypted_data_bucket(
    aws: EmbeddedAws, gate: Gate, sagemaker: Any, environment: Environment, definition: bytes
) -> None:
    large = definition + b" " * 150_000
    assert gate(large) == 0
    assert gate(large + b"\n", "--start") == 0
    assert deployed(sagemaker) == large + b"\n"
    head = aws.client("s3").head_object(
        Bucket=environment.one("buckets.data"),
        Key=f"ormer/definitions/{hashlib.sha256(large).hexdigest()}.json",
    )
    assert head["ServerSideEncryption"] == "aws:kms"
    assert head["SSEKMSKeyId"] == environment.one("kms.output")
    assert head["ContentLength"] == len(large)


def test_a_failed_run_returns_1(
    aws: EmbeddedAws,
    gate: Gate,
    sagemaker: Any,
    definition: bytes,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(execution: Execution) -> None:
        execution.step_finished("Train", "Training", "Failed", reason="no memory")
        execution.finished("Failed", "a step failed")

    aws.on_start(fail)
    assert gate(definition, "--start", "--wait") == 1
    out = capsys.readouterr().out
    assert out.endswith("the execution ended as Failed at step Train: no memory\n")


def test_a_pipeline_that_changes_between_upsert_and_start_is_not_started(
    aws: EmbeddedAws,
    environment: Environment,
    report: Callable[..., Report],
    sagemaker: Any,
    definition: bytes,
    capsys: pytest.CaptureFixture[str],
) -> None:
    intruder = aws.client("sagemaker")
    ours = aws.client("sagemaker")

    def intrude(**_: Any) -> None:
        intruder.update_pipeline(PipelineName="abalone", PipelineDefinition='{"Steps": []}')

    ours.meta.events.register("after-call.sagemaker.CreatePipeline", intrude)
    outside = Outside(
        check=lambda data, target, profile, controls: report(data),
        render=lambda checked, colour, strict: "checked",
        connect=lambda service, region, endpoint: ours,
    )
    role = environment.one("roles.pipeline")
    options = ["--pipeline-name", "abalone", "--role-arn", role, "--start"]
    before = len(aws.executions)
    assert run_upsert(definition, "p.json", options, environment, outside) == 2
    assert "nothing is started" in capsys.readouterr().err
    assert len(aws.executions) == before


def test_ctrl_c_ends_the_waiting_and_not_the_execution(
    aws: EmbeddedAws, sagemaker: Any, definition: bytes, tmp_path: Path
) -> None:
    started = threading.Event()
    aws.on_start(lambda execution: started.set())
    (tmp_path / "p.json").write_bytes(definition)
    waiting = subprocess.Popen(
        [sys.executable, "-c", WAITING, str(PROFILE), str(tmp_path / "p.json"), aws.endpoint_url],
        env={**os.environ, **aws.environ},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert started.wait(60)
        time.sleep(0.5)
        waiting.send_signal(signal.SIGINT)
        _, errors = waiting.communicate(timeout=60)
    finally:
        waiting.kill()
    arn = list(aws.executions)[-1]
    assert waiting.returncode == 2
    expected = f"ormer: stopped waiting; the execution goes on: {arn}"
    assert errors.splitlines()[-1] == expected
    assert aws.executions[arn].state()[0] == "Executing"


WAITING = """
import signal, sys
from pathlib import Path
from ormer.cli.upsert import run_upsert
from ormer.gate import clearance
from ormer.gate.outside import Outside
from ormer.model.finding import CheckedInput, Report
from ormer.read.environment import read_environment
from ormer.sources.aws import connect

# a shell starts what it runs in the background without Ctrl-C
signal.signal(signal.SIGINT, signal.default_int_handler)
profile, definition, url = sys.argv[1:]
environment = read_environment(Path(profile).read_bytes(), profile)
data = Path(definition).read_bytes()

checked = CheckedInput(definition, clearance.digest(data), "pipeline-definition", "", {}, data)
passed = Report(checked, "", "", "c0ffee", (), (), {}, (), 0, 0, {}, {})
outside = Outside(
    check=lambda *_: passed, render=lambda *_: "checked", connect=connect
)
argv = ["--pipeline-name", "abalone", "--role-arn", environment.one("roles.pipeline"),
        "--start", "--wait", "--endpoint-url", url]
sys.exit(run_upsert(data, definition, argv, environment, outside))
"""


def test_the_definition_of_the_test_is_json(definition: bytes) -> None:
    assert json.loads(definition)["Parameters"]
