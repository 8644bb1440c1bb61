"""References, parameters and conditions of an execution on this machine."""

from __future__ import annotations

from typing import Any

import pytest

from ormer.model.errors import InputError
from pipelines.local.conditions import all_hold
from pipelines.local.execution import depends_on
from pipelines.local.parameters import parameter_values
from pipelines.local.values import Values

REPORT = {"metrics": {"mse": {"value": 4.5}}, "list": [1, {"a b": 2}]}


@pytest.fixture
def values() -> Values:
    found = Values(
        {"Type": "ml.m5.large", "Count": 2, "Flag": True},
        {"PipelineExecutionId": "abc"},
        {"s3://b/report.json": REPORT}.__getitem__,
    )
    outputs = [{"OutputName": "train", "S3Output": {"S3Uri": "s3://b/train"}}]
    found.steps["P"] = {"ProcessingOutputConfig": {"Outputs": outputs}, "Empty": []}
    found.property_files["P", "Report"] = "s3://b/report.json"
    return found


def json_get(path: str, of: str = "Steps.P.PropertyFiles.Report") -> dict[str, Any]:
    return {"Std:JsonGet": {"PropertyFile": {"Get": of}, "Path": path}}


OUTPUT = {"Get": "Steps.P.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text", "text"),
        (6.0, 6.0),
        ({"Get": "Parameters.Count"}, 2),
        ({"Get": "Execution.PipelineExecutionId"}, "abc"),
        (OUTPUT, "s3://b/train"),
        ({"Get": "Steps.P.ProcessingOutputConfig.Outputs[0].OutputName"}, "train"),
        (
            {"Std:Join": {"On": "/", "Values": [OUTPUT, "x", {"Get": "Parameters.Count"}]}},
            "s3://b/train/x/2",
        ),
        ({"Std:Join": {"On": "", "Values": ["is ", {"Get": "Parameters.Flag"}]}}, "is true"),
        (json_get("metrics.mse.value"), 4.5),
        (json_get("$.metrics['mse'].value"), 4.5),
        (json_get("list[1]['a b']"), 2),
        ({"a": [{"Get": "Parameters.Type"}]}, {"a": ["ml.m5.large"]}),
    ],
)
def test_what_references_come_to(values: Values, value: Any, expected: Any) -> None:
    assert values.resolve(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        {"Get": "Parameters.None"},
        {"Get": "Steps.Q.X"},
        {"Get": "Steps.P.Empty[0]"},
        {"Get": "Steps.P.ProcessingOutputConfig.Outputs['x']"},
        {"Get": "PipelineExperimentConfig.ExperimentName"},
        json_get("metrics.*"),
        json_get("metrics.none"),
        json_get("metrics", "Steps.P.PropertyFiles.Other"),
        {"Std:JsonGet": {"S3Uri": "s3://b/x", "Path": "a"}},
    ],
)
def test_references_that_lead_nowhere(values: Values, value: Any) -> None:
    with pytest.raises(InputError):
        values.resolve(value)


DECLARED: list[dict[str, Any]] = [
    {"Name": "Type", "Type": "String", "DefaultValue": "a", "EnumValues": ["a", "b"]},
    {"Name": "Count", "Type": "Integer", "DefaultValue": 1},
    {"Name": "Share", "Type": "Float", "DefaultValue": 0.5},
    {"Name": "Flag", "Type": "Boolean", "DefaultValue": False},
]


def test_parameters_have_their_types() -> None:
    assert parameter_values(DECLARED, {}) == {"Type": "a", "Count": 1, "Share": 0.5, "Flag": False}
    given = {"Type": "b", "Count": "3", "Share": "1e-1", "Flag": "True"}
    assert parameter_values(DECLARED, given) == {
        "Type": "b",
        "Count": 3,
        "Share": 0.1,
        "Flag": True,
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"Type": "c"}, "parameter Type: 'c' is none of a, b"),
        ({"Count": "x"}, "parameter Count: 'x' is not of type Integer"),
        ({"Share": "x"}, "is not of type Float"),
        ({"Flag": "1"}, "is not of type Boolean"),
        ({"Other": "x"}, "parameter Other: the pipeline has none"),
    ],
)
def test_parameters_that_are_refused(given: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        parameter_values(DECLARED, given)


def test_a_parameter_without_a_value() -> None:
    with pytest.raises(InputError, match="parameter X: no value"):
        parameter_values([{"Name": "X", "Type": "String"}], {})


def compare(kind: str, left: Any, right: Any) -> dict[str, Any]:
    return {"Type": kind, "LeftValue": left, "RightValue": right}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (compare("LessThanOrEqualTo", json_get("metrics.mse.value"), 4.5), True),
        (compare("LessThan", json_get("metrics.mse.value"), 4.5), False),
        (compare("GreaterThan", 5, {"Get": "Parameters.Count"}), True),
        (compare("GreaterThanOrEqualTo", 2, {"Get": "Parameters.Count"}), True),
        (compare("Equals", "ml.m5.large", {"Get": "Parameters.Type"}), True),
        ({"Type": "Not", "Expression": compare("Equals", 1, 1)}, False),
        ({"Type": "Or", "Conditions": [compare("Equals", 1, 2), compare("Equals", 1, 1)]}, True),
        ({"Type": "In", "QueryValue": {"Get": "Parameters.Count"}, "Values": [1, 2]}, True),
    ],
)
def test_conditions(values: Values, condition: dict[str, Any], holds: bool) -> None:
    assert all_hold([condition], values) is holds
    assert all_hold([condition, compare("Equals", 1, 2)], values) is False


@pytest.mark.parametrize("condition", [compare("LessThan", "a", 1), {"Type": "Matches"}])
def test_conditions_that_cannot_be_evaluated(values: Values, condition: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        all_hold([condition], values)


def test_what_a_step_waits_for() -> None:
    step = {
        "Name": "C",
        "DependsOn": ["A", {"Step": "B", "Trigger": "Completed"}],
        "Arguments": {
            "Conditions": [compare("LessThan", json_get("x"), 1)],
            "IfSteps": [{"Name": "D", "Arguments": {"x": {"Get": "Steps.Z.x"}}}],
        },
    }
    assert depends_on(step) == {"A", "B", "P"}
