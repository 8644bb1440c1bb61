"""The commands of buildspec.yml, run by bash against the embedded AWS, as CodeBuild would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from ormer.embedded.aws import EmbeddedAws
from ormer.read.environment import read_environment
from pipelines.local.embedded import runner

ROOT = Path(__file__).parents[2]
PROFILE = ROOT / "pipelines" / "environment.yaml"
PIPELINE_ROLE = "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-pipeline"
SPEC: dict[str, Any] = yaml.safe_load((ROOT / "buildspec.yml").read_text(encoding="utf-8"))


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[EmbeddedAws]:
    environment = read_environment(PROFILE.read_bytes(), "environment.yaml")
    with EmbeddedAws(environment) as running:
        running.on_start(runner(running, tmp_path / "executions"))
        yield running


def build_environment(aws: EmbeddedAws) -> dict[str, str]:
    bin_folder = str(Path(sys.executable).parent)
    return {
        **os.environ,
        **aws.environ,
        **{name: str(value) for name, value in SPEC["env"]["variables"].items()},
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "SAGEMAKER_PROJECT_NAME": "abalone",
        "SAGEMAKER_PROJECT_ID": "p-abalone",
        "SAGEMAKER_PIPELINE_ROLE_ARN": PIPELINE_ROLE,
        "ENV_NAME": "mlops",
        "ENV_TYPE": "dev",
    }


def test_the_build_delivers_checks_upserts_and_runs(aws: EmbeddedAws, tmp_path: Path) -> None:
    commands = [c for p in ("pre_build", "build") for c in SPEC["phases"][p]["commands"]]
    script = "\n".join(commands)
    for name in ("environment.yaml", "build/"):
        script = script.replace(name, os.path.join(tmp_path, name))
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=ROOT,
        env=build_environment(aws),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the execution succeeded" in done.stdout
    pipeline = aws.client("sagemaker").describe_pipeline(PipelineName="AbalonePipeline")
    tags = aws.client("sagemaker").list_tags(ResourceArn=pipeline["PipelineArn"])["Tags"]
    assert {"Key": "sagemaker:project-name", "Value": "abalone"} in tags
    assert {"Key": "ormer:gate", "Value": "passed"} in tags
    tested = (tmp_path / "build" / "abalone.json").read_text(encoding="utf-8")
    assert pipeline["PipelineDefinition"] == tested
    (group,) = SPEC["reports"].values()
    assert group["file-format"] == "JUNITXML" and group["base-directory"] == "build/reports"
    for name in group["files"]:
        cases = ElementTree.parse(tmp_path / "build" / "reports" / name).getroot().iter("testcase")
        named = {str(case.get("name")) for case in cases}
        assert "test_definition[abalone-NET-01-TrainAbaloneModel]" in named


def test_the_environment_variables_of_the_build_are_named() -> None:
    text = (ROOT / "buildspec.yml").read_text(encoding="utf-8")
    for name in ("SAGEMAKER_PROJECT_NAME", "SAGEMAKER_PROJECT_ID", "SAGEMAKER_PIPELINE_ROLE_ARN"):
        assert text.count(name) >= 2, f"{name} is documented and used"
    assert "--require-hashes" in text
