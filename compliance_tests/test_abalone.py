"""What is promised of the abalone pipeline beyond the controls."""

from __future__ import annotations

import json
from typing import Any

import pytest


@pytest.fixture(scope="module")
def document(definition: bytes) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(definition)
    return content


@pytest.fixture(scope="module")
def parameters(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {parameter["Name"]: parameter for parameter in document["Parameters"]}


def test_it_preprocesses_trains_evaluates_decides_and_registers(document: dict[str, Any]) -> None:
    steps = {step["Name"]: step for step in document["Steps"]}
    assert {name: step["Type"] for name, step in steps.items()} == {
        "PreprocessAbaloneData": "Processing",
        "TrainAbaloneModel": "Training",
        "EvaluateAbaloneModel": "Processing",
        "CheckMSEAbaloneEvaluation": "Condition",
    }
    decision = steps["CheckMSEAbaloneEvaluation"]["Arguments"]
    assert "RegisterAbaloneModel" in [step["Name"] for step in decision["IfSteps"]]
    assert [c["Type"] for c in decision["Conditions"]] == ["LessThanOrEqualTo"]
    assert [c["RightValue"] for c in decision["Conditions"]] == [6.0]


def test_no_model_is_registered_outside_the_condition(document: dict[str, Any]) -> None:
    assert "RegisterModel" not in [step["Type"] for step in document["Steps"]]


def test_an_approval_cannot_be_granted_by_starting_the_pipeline(
    parameters: dict[str, dict[str, Any]],
) -> None:
    approval = parameters["ModelApprovalStatus"]
    assert "Approved" not in approval["EnumValues"]
    assert approval["DefaultValue"] == "PendingManualApproval"


def test_no_text_that_a_caller_passes_decides_a_security_setting(
    parameters: dict[str, dict[str, Any]], document: dict[str, Any]
) -> None:
    """Texts have enums; the one that has none is a key behind a literal bucket."""
    free = [
        name
        for name, parameter in parameters.items()
        if parameter["Type"] == "String" and "EnumValues" not in parameter
    ]
    assert free == ["InputDataKey"]
    inputs = document["Steps"][0]["Arguments"]["ProcessingInputs"]
    joins = [
        i["S3Input"]["S3Uri"]["Std:Join"]["Values"] for i in inputs if "InputDataKey" in str(i)
    ]
    assert joins and all(values[0].startswith("s3://") for values in joins)


def test_no_step_is_cached(document: dict[str, Any]) -> None:
    assert "CacheConfig" not in json.dumps(document)
