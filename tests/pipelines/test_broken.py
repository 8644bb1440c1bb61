"""The broken variant: four plausible mistakes, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ormer.cli.upsert import run_upsert
from ormer.model.environment import Environment
from pipelines.local.broken import broken_variant


def differences(before: Any, after: Any, path: str = "") -> list[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        names = sorted({*before, *after})
        return [
            found
            for name in names
            for found in differences(before.get(name), after.get(name), f"{path}/{name}")
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [found for n, (a, b) in pairs for found in differences(a, b, f"{path}/{n}")]
    return [] if before == after else [path]


def test_what_differs(definition: bytes) -> None:
    good, broken = json.loads(definition), json.loads(broken_variant(definition))
    assert differences(good["Steps"], broken["Steps"]) == [
        "/0/Arguments/ProcessingInputs/0/S3Input/S3Uri/Get",
        "/0/Arguments/ProcessingInputs/0/S3Input/S3Uri/Std:Join",
        "/0/Arguments/ProcessingOutputConfig/KmsKeyId",
        "/1/Arguments/EnableNetworkIsolation",
        "/1/Arguments/VpcConfig",
    ]
    parameters = {item["Name"]: item for item in broken["Parameters"]}
    assert parameters["OutputKmsKey"]["DefaultValue"] in definition.decode()
    assert parameters["InputDataUrl"]["DefaultValue"].endswith("/abalone/abalone-dataset.csv")
    assert "Approved" in parameters["ModelApprovalStatus"]["EnumValues"]


def test_the_compliant_bytes_are_left_alone(definition: bytes) -> None:
    before = bytes(definition)
    broken_variant(definition)
    assert definition == before


def gate(definition: bytes, profile: Environment) -> int:
    """The gate's verdict; with ``--dry-run`` it calls nothing."""
    flags = ["--pipeline-name", "P", "--role-arn", profile.one("roles.pipeline"), "--dry-run"]
    return run_upsert(definition, "definition", flags, profile)


def test_the_gate_lets_the_compliant_definition_through(
    definition: bytes, profile: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gate(definition, profile) == 0
    assert "0 failed, 0 unknown, 0 errors" in capsys.readouterr().out


def test_the_gate_finds_every_mistake(
    definition: bytes, profile: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gate(broken_variant(definition), profile) == 1
    printed = capsys.readouterr().out
    for mistake in (
        "VpcConfig.Subnets is missing",
        "VpcConfig.SecurityGroupIds is missing",
        "EnableNetworkIsolation is missing",
        "ProcessingOutputConfig.KmsKeyId is {OutputKmsKey}",
        "ProcessingInputs[0].S3Input.S3Uri is {InputDataUrl}",
        "ModelApprovalStatus is {ModelApprovalStatus}",
    ):
        assert mistake in printed


def test_another_pipeline_is_not_broken() -> None:
    with pytest.raises(KeyError):
        broken_variant(b'{"Parameters": [], "Steps": []}')
