"""From nothing to a registered model with one command: build, gate, upsert, start, wait."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ormer.embedded.aws import EmbeddedAws
from ormer.model.environment import Environment
from pipelines import run_pipeline
from pipelines.local.embedded import runner

FOLDER = Path(__file__).parents[2] / "pipelines"


@pytest.mark.parametrize("settings", ["profile", "live project"])
def test_run_pipeline(
    aws: EmbeddedAws,
    profile: Environment,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    settings: str,
) -> None:
    aws.on_start(runner(aws, tmp_path))
    kwargs = {"region": "eu-west-1", "pipeline_name": "live-project"}
    if settings == "profile":
        kwargs["pipeline_name"] = "AbalonePipeline"  # the roles of the access file may this one
        kwargs["environment"] = str(FOLDER / "environment.yaml")
    else:
        kwargs["project_name"] = "abalone"
    argv = ["-n", "pipelines.abalone.pipeline", "-kwargs", json.dumps(kwargs)]
    argv += ["-role-arn", profile.one("roles.pipeline")]
    if settings == "profile":
        build = f"arn:aws:iam::{profile.account}:role/mlops-dev-sagemaker-build"
        argv += ["--access", str(FOLDER / "access.yaml"), "--access-principal", build]
    assert run_pipeline.main(argv) == 0
    printed = capsys.readouterr()
    assert ("predicted: by" in printed.out) is (settings == "profile")
    assert "the execution succeeded" in printed.out
    assert "RegisterAbaloneModel" in printed.out
    assert "Traceback" not in printed.err
