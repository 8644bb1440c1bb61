"""The gate's calls on AWS, pinned: their order, the exact bytes, tags and keys."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from ormer import __version__

ARN = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/abalone"
RUN = ARN + "/execution/run1"


def gate_tags(definition: bytes) -> list[dict[str, str]]:
    return [
        {"Key": "ormer:definition-sha256", "Value": hashlib.sha256(definition).hexdigest()},
        {"Key": "ormer:gate", "Value": "passed"},
        {"Key": "ormer:version", "Value": __version__},
        {"Key": "ormer:controls-digest", "Value": "c0ffee"},
    ]


def described(definition: bytes) -> dict[str, Any]:
    return {"PipelineArn": ARN, "PipelineDefinition": definition.decode()}


def test_a_new_pipeline_is_created_read_back_twice_and_started(
    bench: Any, definition: bytes
) -> None:
    sagemaker = bench.sagemaker
    sagemaker.fail("describe_pipeline", "ResourceNotFound")
    sagemaker.expect(
        "create_pipeline",
        {
            "PipelineName": "abalone",
            "PipelineDefinition": definition.decode(),
            "RoleArn": bench.role,
            "PipelineDescription": "abalone age",
            "Tags": [{"Key": "team", "Value": "sea"}, *gate_tags(definition)],
        },
        {"PipelineArn": ARN},
    )
    for _ in range(2):
        sagemaker.expect("describe_pipeline", {"PipelineName": "abalone"}, described(definition))
    sagemaker.expect(
        "start_pipeline_execution",
        {
            "PipelineName": "abalone",
            "PipelineParameters": [{"Name": "Rounds", "Value": "9"}],
        },
        {"PipelineExecutionArn": RUN},
    )
    code = bench.run(
        "--start", "--parameter", "Rounds=9", "--description", "abalone age",
        "--tags", '{"team": "sea"}',
    )  # fmt: skip
    assert code == 0
    bench.all_used()


def test_an_existing_pipeline_is_updated_tagged_and_its_version_started(
    bench: Any, definition: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    sagemaker, sha256 = bench.sagemaker, hashlib.sha256(definition).hexdigest()
    sagemaker.expect("describe_pipeline", {"PipelineName": "abalone"}, described(b"{}"))
    sagemaker.expect(
        "list_tags",
        {"ResourceArn": ARN},
        {
            "Tags": [
                {
                    "Key": "ormer:definition-sha256",
                    "Value": hashlib.sha256(b"{}").hexdigest(),
                }
            ]
        },
    )
    sagemaker.expect(
        "update_pipeline",
        {
            "PipelineName": "abalone",
            "PipelineDefinition": definition.decode(),
            "RoleArn": bench.role,
        },
        {"PipelineArn": ARN, "PipelineVersionId": 7},
    )
    sagemaker.expect("add_tags", {"ResourceArn": ARN, "Tags": gate_tags(definition)}, {})
    sagemaker.expect(
        "describe_pipeline",
        {"PipelineName": "abalone", "PipelineVersionId": 7},
        described(definition),
    )
    sagemaker.expect(
        "start_pipeline_execution",
        {"PipelineName": "abalone", "PipelineVersionId": 7},
        {"PipelineExecutionArn": RUN},
    )
    assert bench.run("--start") == 0
    bench.all_used()
    captured = capsys.readouterr()
    assert captured.out == f"report: pass\nstarted {RUN}\n"
    assert captured.err == (
        f"updated {ARN} to version 7\nread back: the deployed definition is sha256 {sha256}\n"
    )


def test_a_large_definition_goes_to_the_data_bucket_under_its_digest(
    bench: Any, definition: bytes
) -> None:
    large = definition + b" " * (100 * 1024 + 1 - len(definition))
    sha256 = hashlib.sha256(large).hexdigest()
    bucket, key = bench.environment.one("buckets.data"), f"ormer/definitions/{sha256}.json"
    bench.sagemaker.fail("describe_pipeline", "ResourceNotFound")
    bench.s3.expect(
        "put_object",
        {
            "Bucket": bucket,
            "Key": key,
            "Body": large,
            "ContentType": "application/json",
            "ServerSideEncryption": "aws:kms",
            "SSEKMSKeyId": bench.environment.one("kms.output"),
            "ExpectedBucketOwner": bench.environment.account,
        },
        {"VersionId": "v1"},
    )
    bench.sagemaker.expect(
        "create_pipeline",
        {
            "PipelineName": "abalone",
            "PipelineDefinitionS3Location": {
                "Bucket": bucket,
                "ObjectKey": key,
                "VersionId": "v1",
            },
            "RoleArn": bench.role,
            "Tags": gate_tags(large),
        },
        {"PipelineArn": ARN},
    )
    bench.sagemaker.expect("describe_pipeline", {"PipelineName": "abalone"}, described(large))
    assert bench.run(definition=large) == 0
    bench.all_used()


def test_a_definition_at_the_limit_goes_inline(bench: Any, definition: bytes) -> None:
    full = definition + b" " * (100 * 1024 - len(definition))
    bench.sagemaker.fail("describe_pipeline", "ResourceNotFound")
    bench.sagemaker.stubber.add_response("create_pipeline", {"PipelineArn": ARN})
    bench.sagemaker.expect("describe_pipeline", {"PipelineName": "abalone"}, described(full))
    assert bench.run(definition=full) == 0
    assert bench.s3.called == []


@pytest.mark.parametrize("bucket", ["data/teams/sea", "data/teams/sea/", "data/teams/sea/*"])
def test_a_large_definition_stays_under_the_approved_prefix(
    bench: Any, definition: bytes, bucket: str
) -> None:
    values = {**bench.environment.values, "buckets.data": (bucket,)}
    bench.environment = bench.environment._replace(values=values)
    large = definition + b" " * 200_000
    bench.sagemaker.fail("describe_pipeline", "ResourceNotFound")
    bench.s3.stubber.add_client_error("put_object", "AccessDenied")
    assert bench.run(definition=large) == 2
    assert bench.called == ["DescribePipeline"]


def test_a_large_definition_needs_a_data_bucket_before_any_call(
    bench: Any, definition: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    values = {k: v for k, v in bench.environment.values.items() if k != "buckets.data"}
    bench.environment = bench.environment._replace(values=values)
    assert bench.run(definition=definition + b" " * 200_000) == 2
    assert "the profile needs buckets.data and kms.output" in capsys.readouterr().err
    assert bench.called == []


@pytest.mark.parametrize(
    ("deployed", "tagged", "said"),
    [
        (b"[]", "0" * 64, "was changed outside the gate and is replaced: deployed sha256 "),
        (b"[]", None, "has not been through the gate before; it is replaced"),
        (None, "0" * 64, "already has this definition"),
    ],
)
def test_what_is_there_before_is_told(
    bench: Any,
    definition: bytes,
    capsys: pytest.CaptureFixture[str],
    deployed: bytes | None,
    tagged: str | None,
    said: str,
) -> None:
    tags = [{"Key": "ormer:definition-sha256", "Value": tagged}] if tagged else []
    sagemaker = bench.sagemaker
    sagemaker.expect(
        "describe_pipeline",
        {"PipelineName": "abalone"},
        described(definition if deployed is None else deployed),
    )
    sagemaker.expect("list_tags", {"ResourceArn": ARN}, {"Tags": tags})
    sagemaker.stubber.add_response("update_pipeline", {"PipelineArn": ARN})
    sagemaker.stubber.add_response("add_tags", {})
    sagemaker.expect("describe_pipeline", {"PipelineName": "abalone"}, described(definition))
    assert bench.run() == 0
    assert said in capsys.readouterr().err
    bench.all_used()


def test_waiting_polls_with_growing_pauses_and_reads_every_page_of_steps(
    bench: Any, definition: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    sagemaker = bench.sagemaker
    sagemaker.fail("describe_pipeline", "ResourceNotFound")
    sagemaker.stubber.add_response("create_pipeline", {"PipelineArn": ARN})
    for _ in range(2):
        sagemaker.expect("describe_pipeline", {"PipelineName": "abalone"}, described(definition))
    sagemaker.stubber.add_response("start_pipeline_execution", {"PipelineExecutionArn": RUN})
    which = {"PipelineExecutionArn": RUN, "SortOrder": "Ascending"}
    for number in range(14):
        status = "Executing" if number < 13 else "Succeeded"
        sagemaker.expect(
            "describe_pipeline_execution",
            {"PipelineExecutionArn": RUN},
            {"PipelineExecutionStatus": status},
        )
        one = {"PipelineExecutionSteps": [{"StepName": "A", "StepStatus": status}]}
        sagemaker.expect("list_pipeline_execution_steps", which, {**one, "NextToken": "2"})
        two = {"PipelineExecutionSteps": [{"StepName": "Longer", "StepStatus": "Executing"}]}
        sagemaker.expect("list_pipeline_execution_steps", {**which, "NextToken": "2"}, two)
    assert bench.run("--start", "--wait") == 0
    bench.all_used()
    assert [round(pause, 2) for pause in bench.pauses[:4]] == [1.0, 1.5, 2.25, 3.38]
    assert max(bench.pauses) == bench.pauses[-1] == 30.0
    captured = capsys.readouterr()
    assert captured.err.count("A: Executing") == captured.err.count("A: Succeeded") == 1
    assert captured.out.splitlines()[-3:] == [
        "  A       Succeeded         -",
        "  Longer  Executing         -",
        "the execution succeeded",
    ]
