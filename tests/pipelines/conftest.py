"""One embedded AWS account a module, and the abalone pipeline's definition built in one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ormer.embedded.aws import EmbeddedAws
from ormer.model.environment import Environment
from ormer.read.environment import read_environment

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

PROFILE = ROOT / "pipelines" / "environment.yaml"
DATASET = ROOT / "dataset" / "abalone-dataset.csv"


class Built(NamedTuple):
    """A definition, and what its building left in the data bucket: (key, SSE, KMS key)."""

    definition: bytes
    uploads: list[tuple[str, str, str]]


@pytest.fixture(scope="session")
def profile() -> Environment:
    return read_environment(PROFILE.read_bytes(), "pipelines/environment.yaml")


@pytest.fixture(scope="module")
def aws(profile: Environment) -> Iterator[EmbeddedAws]:
    """An account with the data set in its place, which the AWS variables point to."""
    with EmbeddedAws(profile) as account, pytest.MonkeyPatch.context() as patch:
        for name, value in account.environ.items():
            patch.setenv(name, value)
        account.client("s3").put_object(
            Bucket=profile.one("buckets.data"),
            Key="abalone/abalone-dataset.csv",
            Body=DATASET.read_bytes(),
        )
        yield account


@pytest.fixture(scope="session")
def built(profile: Environment) -> Built:
    """The abalone pipeline, built in an account of its own that is gone afterwards."""
    from pipelines.abalone.pipeline import get_pipeline

    with EmbeddedAws(profile) as account, pytest.MonkeyPatch.context() as patch:
        for name, value in account.environ.items():
            patch.setenv(name, value)
        pipeline = get_pipeline("eu-west-1", environment=profile)
        s3, bucket = account.client("s3"), profile.one("buckets.data")
        uploads = []
        for item in s3.list_objects_v2(Bucket=bucket)["Contents"]:
            head = s3.head_object(Bucket=bucket, Key=item["Key"])
            uploads.append((item["Key"], head["ServerSideEncryption"], head["SSEKMSKeyId"]))
        return Built(pipeline.definition().encode(), uploads)


@pytest.fixture(scope="session")
def definition(built: Built) -> bytes:
    return built.definition
