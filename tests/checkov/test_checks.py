"""checkov with our checks: each runs on each resource that it is for, and says what it should."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ormer.read.templates.template import read_template
from ormer.resource_checks.catalogue import CHECKS, PIPELINE

ROOT = Path(__file__).resolve().parents[2]
OWN = sorted(path for folder in ("iam", "policies") for path in (ROOT / folder).glob("*.yaml"))
TEMPLATES = Path(__file__).parent / "templates"
OURS = {PIPELINE, *(each.id for each in CHECKS)}
PROFILE = "pipelines/environment.yaml"
TYPES: Mapping[str, tuple[str, ...]] = {
    PIPELINE: ("AWS::SageMaker::Pipeline",),
    **{each.id: each.types for each in CHECKS},
}
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def compliant(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template with the abalone pipeline, which passes every control."""
    definition = (ROOT / "benchmarks" / "abalone.json").read_text("utf-8")
    properties = {
        "PipelineName": "abalone",
        "RoleArn": "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-pipeline",
        "PipelineDefinition": {"PipelineDefinitionBody": definition},
    }
    resource = {"Type": "AWS::SageMaker::Pipeline", "Properties": properties}
    path = tmp_path_factory.mktemp("templates") / "compliant.json"
    path.write_text(json.dumps({"Resources": {"Abalone": resource}}, indent=1))
    return path


@pytest.fixture(scope="module")
def scan(run: Run, compliant: Path) -> Any:
    """Every template of the repository, and the examples, with checkov's own checks as well."""
    examples = sorted(TEMPLATES.glob("*.yaml"))
    return run([*OWN, *examples, compliant], environment=PROFILE)


@pytest.fixture(scope="module")
def expected(compliant: Path) -> set[tuple[str, str, str]]:
    """Each of our checks with each resource that it is for."""
    return {
        (check, path.name, resource.id)
        for path in (*OWN, *sorted(TEMPLATES.glob("*.yaml")), compliant)
        for resource in read_template(path.read_bytes(), path.name, {}).resources.values()
        for check, types in TYPES.items()
        if resource.type in types
    }


def test_each_check_ran_once_on_each_resource_it_is_for(scan: Any, expected: Any) -> None:
    assert {key for key in scan.verdicts if key[0] in OURS} == expected
    assert scan.doubled == ()
    assert {check for check, _, _ in expected} == OURS


def test_the_templates_of_this_repository_have_no_finding_of_any_check(scan: Any) -> None:
    names = {path.name for path in OWN}
    failed = [key for key, verdict in scan.verdicts.items() if verdict == "failed"]
    assert [key for key in failed if key[1] in names] == []


def test_nothing_is_skipped_in_them(scan: Any) -> None:
    names = {path.name for path in OWN}
    skipped = [key for key, verdict in scan.verdicts.items() if verdict == "skipped"]
    assert [key for key in skipped if key[1] in names] == []


def test_a_compliant_pipeline_passes(scan: Any) -> None:
    assert scan.verdicts[PIPELINE, "compliant.json", "Abalone"] == "passed"


OPEN = {
    "ORMER_1": ("BarePipeline", "NET-01 Train: VpcConfig.Subnets is missing"),
    "ORMER_2": ("DataPolicy", "aws:principaltag/open=yes through no VPC endpoint is not denied"),
    "ORMER_3": ("DataPolicy", "over plain HTTP is not denied"),
    "ORMER_4": ("AnybodysRole", "which nobody named, may go to SageMaker"),
    "ORMER_5": ("AnybodysRole", "sagemaker:CreateTrainingJob is allowed without subnets"),
    "ORMER_6": ("AnybodysRole", "SageMaker for another account may assume the role"),
    "ORMER_7": ("Endpoint", "by a role of another account is let through"),
    "ORMER_8": ("Key", "kms:Decrypt is allowed to a role of another account"),
}
"""By check: the resource of open.yaml that it finds, and what it says of it."""


def test_there_is_an_example_for_each_check() -> None:
    assert set(OPEN) == OURS


@pytest.mark.parametrize("check", OPEN)
def test_a_bad_example_is_found_and_told(check: str, scan: Any) -> None:
    resource, message = OPEN[check]
    assert scan.verdicts[check, "open.yaml", resource] == "failed"
    lines = [line for line in scan.warnings.splitlines() if f" {check} " in line]
    assert any(f":{resource} line " in line and message in line for line in lines), lines


def test_checkovs_own_checks_still_run(scan: Any) -> None:
    assert any(check.startswith("CKV_AWS_") for check, _, _ in scan.verdicts)


def test_a_finding_can_be_accepted_in_the_template(scan: Any) -> None:
    assert scan.verdicts["ORMER_4", "skipped.yaml", "Administrator"] == "skipped"


def test_what_cannot_be_decided_fails(scan: Any) -> None:
    assert scan.verdicts["ORMER_4", "skipped.yaml", "Undecided"] == "failed"
    assert "known only when the template is deployed: give its parameters" in scan.warnings


def test_without_a_profile_no_pipeline_passes(run: Run, compliant: Path) -> None:
    found = run([compliant], "--check", "ORMER_1")
    assert found.verdicts == {(PIPELINE, "compliant.json", "Abalone"): "failed"}
    assert "ORMER_ENVIRONMENT names no environment profile" in found.warnings


def test_with_a_profile_that_is_not_there_nothing_passes(run: Run) -> None:
    found = run([TEMPLATES / "open.yaml"], "--check", "ORMER_*", environment="nowhere.yaml")
    assert set(found.verdicts.values()) == {"failed"}
    assert "nowhere.yaml" in found.warnings
