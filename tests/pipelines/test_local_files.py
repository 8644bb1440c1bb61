"""Files between S3 and a job's folder, and the model's archive."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ormer.embedded.aws import EmbeddedAws
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from pipelines.local.s3_files import download
from pipelines.local.step_result import StepFailed
from pipelines.local.training_step import pack


def test_a_prefix_that_matches_a_neighbour_is_refused(
    aws: EmbeddedAws, profile: Environment, tmp_path: Path
) -> None:
    s3, bucket = aws.client("s3"), profile.one("buckets.data")
    for key in ("part/a.csv", "part-old/b.csv", "part/deep/c.csv", "part/"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    with pytest.raises(InputError, match=r"also matches 'part-old/b\.csv'"):
        download(s3, f"s3://{bucket}/part", tmp_path)
    download(s3, f"s3://{bucket}/part/", tmp_path / "files")
    files = sorted((tmp_path / "files").rglob("*.csv"))
    assert [path.relative_to(tmp_path / "files").as_posix() for path in files] == [
        "a.csv",
        "deep/c.csv",
    ]
    with pytest.raises(StepFailed, match="no S3 objects found"):
        download(s3, f"s3://{bucket}/nothing", tmp_path)
    with pytest.raises(InputError, match="not an S3 URI"):
        download(s3, "https://x", tmp_path)


def test_a_key_cannot_lead_out_of_its_folder(
    aws: EmbeddedAws, profile: Environment, tmp_path: Path
) -> None:
    s3, bucket = aws.client("s3"), profile.one("buckets.data")
    s3.put_object(Bucket=bucket, Key="out/../../escaped.csv", Body=b"x")
    with pytest.raises(InputError, match="leads out of its folder"):
        download(s3, f"s3://{bucket}/out/", tmp_path / "in" / "side")
    assert not list(tmp_path.rglob("escaped.csv"))


def test_the_same_model_is_packed_into_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "xgboost-model").write_bytes(b"model")
    first = pack(tmp_path)
    time.sleep(1.1)
    (tmp_path / "xgboost-model").touch()
    assert pack(tmp_path) == first
