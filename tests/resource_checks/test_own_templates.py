"""The templates of this repository pass, and each one weakened is found by the check that is for it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.read.templates.text import read_template_text
from ormer.resource_checks.catalogue import CHECKS
from ormer.run.declared_checks import from_variables

ROOT = Path(__file__).resolve().parents[2]
Statement = dict[str, Any]


def dropped(statement: Statement) -> None:
    statement["Effect"], statement["Action"] = "Allow", "s3:GetBucketLocation"
    statement.pop("Condition")


def unconditional(statement: Statement) -> None:
    statement.pop("Condition")


def for_everybody(statement: Statement) -> None:
    statement["Principal"] = "*"
    statement.pop("Condition")


def of_any_role(statement: Statement) -> None:
    statement["Resource"] = "*"


def without_null(statement: Statement) -> None:
    statement["Condition"].pop("Null")


def unless_a_tag(statement: Statement) -> None:
    statement["Condition"]["StringNotEquals"]["aws:PrincipalTag/open"] = "yes"


WEAKENED: list[tuple[str, str, str, str, Callable[[Statement], None]]] = [
    ("ORMER_2", "policies/buckets.yaml", "DataBucketPolicy", "OnlyThroughTheEndpoint", dropped),
    ("ORMER_2", "policies/buckets.yaml", "ModelsBucketPolicy", "OnlyThroughTheEndpoint", dropped),
    (
        "ORMER_2",
        "policies/buckets.yaml",
        "DataBucketPolicy",
        "OnlyThroughTheEndpoint",
        unless_a_tag,
    ),
    ("ORMER_3", "policies/buckets.yaml", "DataBucketPolicy", "OnlyOverTls", dropped),
    ("ORMER_3", "policies/buckets.yaml", "ModelsBucketPolicy", "OnlyOverTls", dropped),
    ("ORMER_4", "iam/pipeline-role.yaml", "PipelinePolicy", "PassTheRoleOfTheJobs", of_any_role),
    ("ORMER_4", "iam/boundary.yaml", "Boundary", "RolesForSageMaker", of_any_role),
    ("ORMER_5", "iam/pipeline-role.yaml", "PipelinePolicy", "StartJobs", without_null),
    ("ORMER_5", "iam/pipeline-role.yaml", "PipelinePolicy", "StartJobs", unconditional),
    ("ORMER_6", "iam/execution-role.yaml", "ExecutionRole", "SageMakerForItsJobs", unconditional),
    ("ORMER_6", "iam/pipeline-role.yaml", "PipelineRole", "SageMakerForPipelines", unconditional),
    ("ORMER_7", "policies/endpoints.yaml", "S3Endpoint", "BucketsOfTheEnvironment", unconditional),
    ("ORMER_7", "policies/endpoints.yaml", "KmsEndpoint", "KeysOfTheEnvironment", unconditional),
    ("ORMER_7", "policies/endpoints.yaml", "LogsEndpoint", "LogsOfThisAccount", unconditional),
    ("ORMER_8", "policies/keys.yaml", "OutputKey", "RootUserRepairs", for_everybody),
    ("ORMER_8", "policies/keys.yaml", "VolumeKey", "ServicesGrantForExecutionRole", for_everybody),
]
"""Check, template, resource, statement, and what is done to it."""


@pytest.fixture(scope="module")
def parameters() -> dict[str, str]:
    """Both files of parameters, as the environment variable takes them."""
    files = [str(ROOT / folder / "parameters.json") for folder in ("iam", "policies")]
    return {"ORMER_TEMPLATE_PARAMETERS": os.pathsep.join(files)}


def _statements(found: Any) -> list[Statement]:
    """Every statement below a value."""
    if isinstance(found, dict):
        own = [found] if "Sid" in found else []
        return own + [each for value in found.values() for each in _statements(value)]
    return (
        [each for value in found for each in _statements(value)] if isinstance(found, list) else []
    )


@pytest.mark.parametrize("known", [True, False], ids=["parameters given", "parameters open"])
@pytest.mark.parametrize(
    ("check", "file", "resource", "sid", "weaken"),
    WEAKENED,
    ids=[f"{row[0]}-{row[2]}-{row[3]}-{row[4].__name__}" for row in WEAKENED],
)
def test_weakened(
    check: str,
    file: str,
    resource: str,
    sid: str,
    weaken: Callable[[Statement], None],
    known: bool,
    parameters: dict[str, str],
    tmp_path: Path,
) -> None:
    checks = from_variables(parameters if known else {})
    assert checks.troubles(check, str(ROOT / file), resource) == ()
    body = read_template_text((ROOT / file).read_bytes(), file).root
    (statement,) = [one for one in _statements(body["Resources"][resource]) if one["Sid"] == sid]
    weaken(statement)
    path = tmp_path / "weakened.json"
    path.write_text(json.dumps(body))
    assert checks.troubles(check, str(path), resource) != ()


def test_each_check_is_among_them() -> None:
    assert {row[0] for row in WEAKENED} == {each.id for each in CHECKS}


@pytest.mark.parametrize("known", [True, False], ids=["parameters given", "parameters open"])
def test_every_resource_of_every_template_passes(known: bool, parameters: dict[str, str]) -> None:
    checks = from_variables(parameters if known else {})
    for path in sorted([*(ROOT / "iam").glob("*.yaml"), *(ROOT / "policies").glob("*.yaml")]):
        body = read_template_text(path.read_bytes(), path.name).root
        for id, resource in body["Resources"].items():
            for each in CHECKS:
                if resource["Type"] in each.types:
                    assert checks.troubles(each.id, str(path), id) == (), (each.id, path.name, id)
