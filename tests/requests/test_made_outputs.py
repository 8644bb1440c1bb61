"""Outputs that no step is given and that are known all the same: packages, baselines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]


def register(**arguments: Any) -> dict[str, Any]:
    return {"Name": "Register", "Type": "RegisterModel", "Arguments": arguments}


def model(package: Any) -> dict[str, Any]:
    container = {"PrimaryContainer": {"ModelPackageName": package}}
    return {"Name": "Make", "Type": "Model", "Arguments": container}


PACKAGE = {"Get": "Steps.Register.ModelPackageArn"}


@pytest.mark.parametrize(
    "group, verdict",
    [
        ("abalone", "pass"),
        ("arn:aws:sagemaker:eu-west-1:999999999999:model-package-group/theirs", "unknown"),
        ({"Get": "Parameters.Group"}, "unknown"),
        (None, "unknown"),
    ],
    ids=["by name", "another account's", "a parameter", "none"],
)
def test_a_package_that_the_pipeline_registers_is_the_accounts_own(
    group: Any, verdict: str, says: Says
) -> None:
    """A group given by its ARN may be another account's, and then so is the package."""
    parameters = [{"Name": "Group", "Type": "String", "DefaultValue": "abalone"}]
    made = register(ModelPackageGroupName=group)
    (said,) = says("IMG-03", made, model(PACKAGE), of="Make", Parameters=parameters)
    assert said.verdict == verdict, said


def check(type: str = "QualityCheck", *places: str, **members: Any) -> dict[str, Any]:
    outputs = [{"OutputName": p, "S3Output": {"S3Uri": p, "LocalPath": "/x"}} for p in places]
    arguments = {"ProcessingOutputConfig": {"Outputs": outputs}}
    return {"Name": "Check", "Type": type, "Arguments": arguments, **members}


def registered(path: str) -> dict[str, Any]:
    place = {"Get": f"Steps.Check.{path}"}
    return register(ModelMetrics={"ModelDataQuality": {"Statistics": {"S3Uri": place}}})


CALCULATED = "CalculatedBaselineStatistics"
USED = "BaselineUsedForDriftCheckStatistics"
OWN, AWAY = "s3://models-bucket/quality", "s3://elsewhere/quality"


@pytest.mark.parametrize("type", ["QualityCheck", "ClarifyCheck"])
@pytest.mark.parametrize(
    "places, path, members, verdict",
    [
        ([OWN], CALCULATED, {}, "pass"),
        ([AWAY], CALCULATED, {}, "fail"),
        ([OWN, AWAY], CALCULATED, {}, "unknown"),
        ([], CALCULATED, {}, "unknown"),
        ([OWN], USED, {}, "unknown"),
        ([OWN], USED, {"SuppliedBaselineStatistics": f"{OWN}/s.json"}, "pass"),
        ([OWN], USED, {"SuppliedBaselineStatistics": f"{AWAY}/s.json"}, "fail"),
        ([OWN], USED, {"SuppliedBaselineConstraints": f"{OWN}/c.json"}, "unknown"),
        ([OWN], "Nothing", {}, "unknown"),
    ],
)
def test_a_calculated_baseline_lies_in_the_checks_only_output(
    places: list[str], path: str, members: dict[str, Any], verdict: str, type: str, says: Says
) -> None:
    """What a check compares with is the supplied baseline, or one that only the run tells."""
    steps = (check(type, *places, **members), registered(path))
    (said,) = [s for s in says("S3-01", *steps, of="Register") if s.verdict != "not_applicable"]
    assert said.verdict == verdict, said
