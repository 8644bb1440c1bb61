"""The gate on the abalone pipeline: which AWS calls it makes, with which bytes, and no others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from ormer.cli.upsert import run_upsert
from ormer.embedded.aws import EmbeddedAws
from ormer.gate.outside import Outside
from ormer.model.environment import Environment
from ormer.run.check import load_environment
from pipelines.local.broken import broken_variant

NAME = "AbalonePipeline"
ARN = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/abalonepipeline"


@pytest.fixture(scope="module")
def environment(pytestconfig: pytest.Config) -> Environment:
    return load_environment(pytestconfig.option.ormer_environment)


@pytest.fixture
def role(environment: Environment) -> str:
    found = environment.lookup("roles.pipeline")
    return found[0] if found else pytest.skip("the profile names no roles.pipeline")


@pytest.fixture
def stubbed(environment: Environment) -> Iterator[tuple[Any, Stubber]]:
    """A SageMaker client that makes the calls it is told of, in their order, and no others."""
    session = boto3.session.Session(
        aws_access_key_id="x", aws_secret_access_key="x", region_name=environment.region
    )
    client = session.client("sagemaker")
    with Stubber(client) as stubber:
        yield client, stubber


def only(client: Any) -> Outside:
    def connect(service: str, region: str, endpoint: object) -> Any:
        assert service == "sagemaker", f"the gate asked for {service}"
        return client

    return Outside(connect=connect)


def test_a_new_pipeline_is_these_bytes_tagged_and_read_back(
    stubbed: tuple[Any, Stubber], definition: bytes, environment: Environment, role: str
) -> None:
    client, stubber = stubbed
    created: dict[str, Any] = {}
    client.meta.events.register(
        "provide-client-params.sagemaker.CreatePipeline", lambda params, **_: created.update(params)
    )
    described = {"PipelineArn": ARN, "PipelineDefinition": definition.decode()}
    stubber.add_client_error("describe_pipeline", "ResourceNotFound")
    stubber.add_response("create_pipeline", {"PipelineArn": ARN})
    stubber.add_response("describe_pipeline", described, {"PipelineName": NAME})
    stubber.add_response("describe_pipeline", described, {"PipelineName": NAME})
    stubber.add_response("start_pipeline_execution", {"PipelineExecutionArn": ARN + "/execution/x"})
    options = ["--pipeline-name", NAME, "--role-arn", role, "--start"]
    assert run_upsert(definition, "abalone.json", options, environment, only(client)) == 0
    stubber.assert_no_pending_responses()
    assert created["PipelineDefinition"].encode() == definition
    assert created["RoleArn"] == role
    tags = {tag["Key"]: tag["Value"] for tag in created["Tags"]}
    assert tags["ormer:definition-sha256"] == hashlib.sha256(definition).hexdigest()
    assert tags["ormer:gate"] == "passed"


def test_a_broken_variant_makes_no_call_at_all(
    stubbed: tuple[Any, Stubber], definition: bytes, environment: Environment, role: str
) -> None:
    client, _ = stubbed  # which answers no call
    options = ["--pipeline-name", NAME, "--role-arn", role, "--start"]
    broken = broken_variant(definition)
    assert run_upsert(broken, "abalone.json", options, environment, only(client)) == 1


def test_over_http_the_pipeline_that_is_there_is_the_one_that_was_checked(
    definition: bytes, environment: Environment, role: str, tmp_path: Path
) -> None:
    with EmbeddedAws(environment) as aws:
        client = aws.client("sagemaker")
        options = ["--pipeline-name", NAME, "--role-arn", role]
        for code in (0, 0):  # a second time is an update
            assert run_upsert(definition, "d", options, environment, only(client)) == code
        found = client.describe_pipeline(PipelineName=NAME)["PipelineDefinition"]
        assert found.encode() == definition
        assert json.loads(found)["Steps"]
