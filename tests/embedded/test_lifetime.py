"""An embedded account starts empty and leaves nothing behind."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ormer.embedded.aws import EmbeddedAws
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.read.environment import read_environment

SMALLEST = b"""
account: "000000000042"
region: us-east-1
vpc: {subnets: subnet-0000000000000000f, security_groups: sg-0000000000000000f}
kms:
  volume: arn:aws:kms:us-east-1:000000000042:key/ebs
  output: arn:aws:kms:us-east-1:000000000042:key/s3
"""


def test_the_next_account_knows_nothing_of_the_one_before(environment: Environment) -> None:
    with EmbeddedAws(environment) as aws:
        aws.client("s3").put_object(Bucket=environment.one("buckets.data"), Key="k", Body=b"")
        folder = Path(aws.environ["AWS_CONFIG_FILE"]).parent
        assert folder.is_dir()
    assert not folder.exists()
    with EmbeddedAws(environment) as aws:
        listed = aws.client("s3").list_objects_v2(Bucket=environment.one("buckets.data"))
        assert listed["KeyCount"] == 0


def test_a_profile_without_optional_fields_is_enough() -> None:
    with EmbeddedAws(read_environment(SMALLEST, "smallest")) as aws:
        assert aws.client("sts").get_caller_identity()["Account"] == "000000000042"
        assert aws.client("s3").list_buckets()["Buckets"] == []
        assert aws.client("sagemaker").list_domains()["Domains"] == []
        key = aws.environment.one("kms.volume")
        assert aws.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyId"] == "ebs"


def test_an_account_without_a_seed_is_empty(environment: Environment) -> None:
    with EmbeddedAws(environment, is_seeded=False) as aws:
        assert aws.client("s3").list_buckets()["Buckets"] == []
        assert aws.client("iam").list_roles()["Roles"] == []


def test_a_taken_port_is_one_line_and_can_be_tried_again(environment: Environment) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=rf"127\.0\.0\.1:{port}: Address already in use"):
            EmbeddedAws(environment, port=port).__enter__()
    with EmbeddedAws(environment, port=port) as aws:
        assert aws.endpoint_url == f"http://127.0.0.1:{port}"


def test_the_users_own_configuration_does_not_reach_it(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "somebody")
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    with EmbeddedAws(environment) as aws:
        assert aws.client("sts").meta.region_name == environment.region
        for name, value in aws.environ.items():
            monkeypatch.setenv(name, value)
        assert aws.client("s3").list_buckets()["Buckets"]


def test_leaving_stops_the_executions_that_still_run(environment: Environment) -> None:
    ended: list[bool] = []
    with EmbeddedAws(environment) as aws:
        aws.on_start(lambda execution: ended.append(execution.stopping.wait(5)))
        sagemaker = aws.client("sagemaker")
        role = environment.one("roles.pipeline")
        sagemaker.create_pipeline(PipelineName="p", RoleArn=role, PipelineDefinition="{}")
        sagemaker.start_pipeline_execution(PipelineName="p")
    assert ended == [True]
    with pytest.raises(InputError, match="not started"):
        _ = aws.endpoint_url
