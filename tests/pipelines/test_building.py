"""What building does besides: the same bytes everywhere, two encrypted uploads, no other call."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ormer.embedded.aws import EmbeddedAws
from ormer.model.environment import Environment
from ormer.model.errors import AwsError, InputError
from pipelines.abalone.pipeline import get_pipeline
from pipelines.images import approved_image

ROOT = Path(__file__).resolve().parents[2]

BUILD = """
import sys, time
calls = set()
def note(event, arguments):
    if event == "socket.connect":
        calls.add("%s:%s" % arguments[1][:2])
    if event == "socket.getaddrinfo":
        calls.add("%s:%s" % arguments[:2])
sys.addaudithook(note)
from pipelines.abalone.pipeline import get_pipeline
pipeline = get_pipeline("eu-west-1", environment="pipelines/environment.yaml")
text = pipeline.definition()
time.sleep(1)  # telemetry, if there were any, is sent by another thread
print(*("CALLED " + call for call in sorted(calls)), sep="\\n", file=sys.stderr)
sys.stdout.write(text)
"""


def build(root: Path, aws: EmbeddedAws, **variables: str) -> subprocess.CompletedProcess[bytes]:
    path = os.pathsep.join([str(root), str(ROOT / "src")])
    environment = {**os.environ, **aws.environ, "PYTHONPATH": path, **variables}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BUILD],
        cwd=root,
        env={name: value for name, value in environment.items() if value},
        capture_output=True,
        timeout=120,
    )


def test_the_bytes_are_the_same_in_every_process_and_only_the_endpoint_is_called(
    aws: EmbeddedAws, definition: bytes, tmp_path: Path
) -> None:
    """Another folder, time zone, hash seed and user's SDK defaults; no region, no opt-out file."""
    shutil.copytree(ROOT / "pipelines", tmp_path / "elsewhere" / "pipelines")
    defaults = tmp_path / "config.yaml"
    defaults.write_text(
        "SchemaVersion: '1.0'\n"
        "SageMaker: {TrainingJob: {Environment: {LEAK: leak}}, ProcessingJob: {Tags: "
        "[{Key: leak, Value: leak}]}, PythonSDK: {Modules: {Session: {DefaultS3Bucket: leak}}}}\n"
    )
    result = build(
        tmp_path / "elsewhere",
        aws,
        TZ="Asia/Tokyo",
        PYTHONHASHSEED="7",
        AWS_DEFAULT_REGION="",
        AWS_REGION="",
        SAGEMAKER_ADMIN_CONFIG_OVERRIDE="",
        SAGEMAKER_USER_CONFIG_OVERRIDE=str(defaults),
    )
    assert result.returncode == 0, result.stderr.decode()
    assert result.stdout == definition
    address = aws.endpoint_url.partition("//")[2]
    lines = result.stderr.decode().splitlines()
    assert {line for line in lines if "CALLED" in line} == {f"CALLED {address}"}


def test_the_scripts_are_uploaded_encrypted_under_a_name_made_of_their_content(
    built: Any, profile: Environment
) -> None:
    assert len(built.uploads) == 2
    for key, encryption, kms_key in built.uploads:
        assert key.startswith("AbalonePipeline/code/")
        assert (encryption, kms_key) == ("aws:kms", profile.one("kms.output"))
        assert f"s3://{profile.one('buckets.data')}/{key}" in built.definition.decode()


def test_a_definition_is_made_without_side_effects(
    aws: EmbeddedAws, profile: Environment, definition: bytes
) -> None:
    s3, bucket = aws.client("s3"), profile.one("buckets.data")
    pipeline = get_pipeline("eu-west-1", environment=profile)
    before = s3.list_object_versions(Bucket=bucket)["Versions"]
    texts = {pipeline.definition() for _ in range(3)}
    assert texts == {definition.decode()}
    assert len(s3.list_object_versions(Bucket=bucket)["Versions"]) == len(before)
    assert "SAGEMAKER_VALIDATE_ROLE" not in os.environ
    assert [item["Name"] for item in s3.list_buckets()["Buckets"]] == [
        profile.one("buckets.data"),
        profile.one("buckets.models"),
    ]


def test_the_names_are_the_callers(aws: EmbeddedAws, profile: Environment) -> None:
    pipeline = get_pipeline(
        "eu-west-1",
        environment=profile,
        pipeline_name="Other",
        model_package_group_name="OtherGroup",
        input_data_key="other.csv",
    )
    text = pipeline.definition()
    assert "AbalonePipeline" not in text and "AbaloneModelPackageGroup" not in text
    assert '"ModelPackageGroupName": "OtherGroup"' in text
    assert '"DefaultValue": "other.csv"' in text


def test_a_limit_of_instances_leaves_no_number_to_choose(
    aws: EmbeddedAws, profile: Environment
) -> None:
    limited = profile._replace(values={**profile.values, "max_instance_count": ("2",)})
    document = json.loads(get_pipeline("eu-west-1", environment=limited).definition())
    assert "ProcessingInstanceCount" not in [item["Name"] for item in document["Parameters"]]
    cluster = document["Steps"][0]["Arguments"]["ProcessingResources"]["ClusterConfig"]
    assert cluster["InstanceCount"] == 1


def test_a_bucket_that_is_not_there(aws: EmbeddedAws, profile: Environment) -> None:
    elsewhere = profile._replace(values={**profile.values, "buckets.data": ("no-such-bucket",)})
    with pytest.raises(AwsError, match=r"PutObject of s3://no-such-bucket/.*NoSuchBucket"):
        get_pipeline("eu-west-1", environment=elsewhere)


def test_settings_that_do_not_fit_are_refused_before_anything_is_called() -> None:
    with pytest.raises(InputError, match="no settings"):
        get_pipeline("eu-west-1")


@pytest.mark.parametrize(
    ("registries", "registry"),
    [
        ((), "141502667606.dkr.ecr.eu-west-1.amazonaws.com"),
        (
            ("mirror.example", "141502667606.dkr.ecr.eu-west-1.amazonaws.com"),
            "141502667606.dkr.ecr.eu-west-1.amazonaws.com",
        ),
        (("mirror.example/sagemaker",), "mirror.example/sagemaker"),
    ],
)
def test_images_come_from_an_approved_registry(registries: tuple[str, ...], registry: str) -> None:
    image = approved_image("xgboost", "1.7-1", "eu-west-1", registries)
    assert image == f"{registry}/sagemaker-xgboost:1.7-1"


def test_the_benchmark_checks_what_is_built(definition: bytes) -> None:
    committed = Path(__file__).parents[2] / "benchmarks" / "abalone.json"
    assert committed.read_bytes() == definition
