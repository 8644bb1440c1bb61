"""``ormer check --prove``: what each call of a run may become is allowed, or a value breaks it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
ROOT = Path(__file__).parents[2]
ABALONE = ROOT / "benchmarks" / "abalone.json"
PROFILE = str(ROOT / "pipelines" / "environment.yaml")
ACCESS = str(ROOT / "pipelines" / "access.yaml")
ASKED = ("--environment", PROFILE, "--access", ACCESS, "--prove")
DATA = "mlops-dev-eu-west-1-111122223333-data"


def with_bucket(folder: Path) -> str:
    """The abalone pipeline with a bucket that whoever starts it chooses."""
    made = json.loads(ABALONE.read_text("utf-8"))
    made["Parameters"].append({"Name": "InputBucket", "Type": "String", "DefaultValue": DATA})
    values = ["s3:/", {"Get": "Parameters.InputBucket"}, "abalone"]
    found = made["Steps"][0]["Arguments"]["ProcessingInputs"][0]["S3Input"]
    found["S3Uri"] = {"Std:Join": {"On": "/", "Values": values}}
    path = folder / "pipeline.json"
    path.write_text(json.dumps(made), "utf-8")
    return str(path)


def test_the_abalone_pipeline_fits_the_policies_of_this_repository(run: Run) -> None:
    ran = run("check", str(ABALONE), *ASKED)
    assert (ran.code, ran.err) == (0, "")
    assert "proved: 125 of 125 calls fit, whatever is open in them\n" in ran.out


def test_a_parameter_that_can_leave_the_bucket_is_shown_with_a_value(
    run: Run, tmp_path: Path
) -> None:
    ran = run("check", with_bucket(tmp_path), *ASKED)
    assert ran.code == 1
    assert (
        "AccessDenied is predicted: s3:GetObject on arn:aws:s3:::${pipeline:InputBucket}/abalone/*"
        ' (input ProcessingInputs.0.S3Input.S3Uri, through the VPC) with InputBucket "amzn-s3-demo-'
        'bucket" (arn:aws:s3:::amzn-s3-demo-bucket/abalone/*): no statement of the VPC endpoint '
        "policy and of the identity policies or the resource's policy and of the permissions "
        "boundary allows it"
    ) in ran.out
    assert "proved: 122 of 123 calls fit" in ran.out


def test_json_counts_what_is_proved(run: Run) -> None:
    made = json.loads(run("check", str(ABALONE), *ASKED, "--format", "json").out)
    assert made["access"] == {"path": ACCESS, "assumed": {}, "proved": 125, "calls": 125}
    plain = json.loads(run("check", str(ABALONE), *ASKED[:-1], "--format", "json").out)
    assert plain["access"] == {"path": ACCESS, "assumed": {}}


def test_what_may_be_of_a_template_is_for_the_deployment_to_decide(
    run: Run, tmp_path: Path
) -> None:
    """Which bucket a stack makes is not known: it is said with which it would be denied."""
    body = json.loads(Path(with_bucket(tmp_path)).read_text("utf-8"))
    text = json.dumps(body).replace('{"Get": "Parameters.InputBucket"}', '"${Data}"')
    template = {
        "Resources": {
            "Data": {"Type": "AWS::S3::Bucket"},
            "Train": {
                "Type": "AWS::SageMaker::Pipeline",
                "Properties": {
                    "PipelineName": "train",
                    "RoleArn": "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-pipeline",
                    "PipelineDefinition": {"PipelineDefinitionBody": {"Fn::Sub": text}},
                },
            },
        }
    }
    path = tmp_path / "template.json"
    path.write_text(json.dumps(template), "utf-8")
    ran = run("check", str(path), *ASKED)
    assert ran.code == 1
    assert (
        "it cannot be told: s3:GetObject on arn:aws:s3:::${template:Data}/abalone/* (input "
        "ProcessingInputs.0.S3Input.S3Uri, through the VPC): which bucket it is in is not known; "
        'it is denied with Data "amzn-s3-demo-bucket" (arn:aws:s3:::amzn-s3-demo-bucket/abalone/*)'
        ", which only the deployment decides"
    ) in ran.out


def test_it_needs_an_access_file(run: Run) -> None:
    for verb in (
        ["check", str(ABALONE)],
        ["upsert", str(ABALONE), "--pipeline-name", "p", "--role-arn", "r"],
    ):
        ran = run(*verb, "--environment", PROFILE, "--prove")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            "ormer: error: --prove needs an access file: --access, or access in ormer.toml\n"
        )


def test_the_project_file_says_it_for_every_command(run: Run, tmp_path: Path) -> None:
    project = tmp_path / "ormer.toml"
    said = f'definitions = ["{ABALONE}"]\nenvironment = "{PROFILE}"\nprove = true\n'
    project.write_text(f'{said}access = "{ACCESS}"\n')
    assert "proved: 125 of 125 calls fit" in run("check", "--project", str(project)).out
    project.write_text(said)
    upsert = ["upsert", str(ABALONE), "--pipeline-name", "p", "--role-arn", "r"]
    for verb in (["check"], upsert):
        ran = run(*verb, "--project", str(project))
        assert (ran.code, ran.out) == (2, "")
        assert "--prove needs an access file: --access, or access in ormer.toml\n" in ran.err


def test_without_the_solver_one_line_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pysat", None)
    monkeypatch.setitem(sys.modules, "pysat.solvers", None)
    ran = run("check", str(ABALONE), *ASKED)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "ormer: error: proofs need a SAT solver: pip install 'ormer[prove]'\n"
    assert run("check", str(ABALONE), *ASKED[:-1]).code == 0
