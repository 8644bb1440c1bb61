"""Tags: which are asked for, on which requests, with which values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
NAME = {"Key": "EnvironmentName", "Value": "mlops"}
TYPE = {"Key": "EnvironmentType", "Value": "dev"}
AT = "/Steps/0/Arguments/Tags"


def job(tags: Any, type: str = "Training") -> dict[str, Any]:
    return {"Name": "Job", "Type": type, "Arguments": {"Tags": tags}}


@pytest.mark.parametrize(
    "tags, verdict, location",
    [
        ([NAME, TYPE], "pass", f"{AT}/0/Value"),
        ([TYPE, NAME, {"Key": "Team", "Value": "x"}], "pass", f"{AT}/1/Value"),
        ([], "fail", AT),
        (None, "fail", AT),
        ([NAME], "fail", AT),
        ([NAME, {**TYPE, "Value": "prod"}], "fail", f"{AT}/1/Value"),
        ([NAME, {**TYPE, "Value": "DEV"}], "fail", f"{AT}/1/Value"),
        ([NAME, {**TYPE, "Value": ""}], "fail", f"{AT}/1/Value"),
        ([NAME, {"Key": "EnvironmentType"}], "fail", f"{AT}/1/Value"),
        ([NAME, {**TYPE, "Key": "environmenttype "}], "fail", AT),
        ([NAME, {**TYPE, "Value": {"Get": "Parameters.P"}}], "fail", f"{AT}/1/Value"),
        ([NAME, {**TYPE, "Value": {"Get": "Parameters.E"}}], "pass", f"{AT}/0/Value"),
        ([NAME, {**TYPE, "Value": {"Get": "Execution.PipelineName"}}], "unknown", f"{AT}/1/Value"),
        ({"Get": "Parameters.P"}, "unknown", AT),
        ("EnvironmentName=mlops", "unknown", AT),
    ],
    ids=[
        "both", "both among others", "none", "null", "one of two", "another value",
        "another case", "an empty value", "no value", "another key", "a parameter",
        "an enum", "at run time", "a parameter for all", "a text",
    ],
)  # fmt: skip
def test_a_required_tag_has_its_value(tags: Any, verdict: str, location: str, says: Says) -> None:
    parameters = [
        {"Name": "P", "Type": "String", "DefaultValue": "dev"},
        {"Name": "E", "Type": "String", "EnumValues": ["dev"]},
    ]
    (said,) = says("TAG-01", job(tags), Parameters=parameters)
    assert (said.verdict, said.location) == (verdict, location), said


@pytest.mark.parametrize("key", [{"Get": "Parameters.P"}, {"Get": "Execution.PipelineName"}])
def test_a_tag_whose_key_is_not_fixed_may_be_the_required_one(key: Any, says: Says) -> None:
    tags = [NAME, {"Key": key, "Value": "dev"}]
    (said,) = says("TAG-01", job(tags), Parameters=[{"Name": "P", "Type": "String"}])
    assert said.verdict in ("fail", "unknown")


@pytest.mark.parametrize("value", [{"a": 1}, ["dev"], 5, True])
def test_a_value_of_another_form_never_passes_and_never_crashes(value: Any, says: Says) -> None:
    (said,) = says("TAG-01", job([NAME, {**TYPE, "Value": value}]))
    assert said.verdict in ("fail", "unknown"), said


@pytest.mark.parametrize(
    "type", ["Training", "Processing", "Tuning", "Transform", "Model", "AutoML", "EndpointConfig",
             "Endpoint", "InferenceComponent", "Job", "QualityCheck"],
)  # fmt: skip
def test_every_request_that_takes_tags_is_asked(type: str, says: Says) -> None:
    (said,) = says("TAG-01", job([], type))
    assert said.verdict == "fail"


def test_a_package_of_a_group_has_the_groups_tags(says: Says) -> None:
    step = {"Name": "R", "Type": "RegisterModel", "Arguments": {"ModelPackageGroupName": "g"}}
    assert [s.verdict for s in says("TAG-01", step)] == ["not_applicable"]
    step["Arguments"] = {"ModelPackageName": "p"}
    assert [s.verdict for s in says("TAG-01", step)] == ["fail"]


@pytest.mark.parametrize("entry", ["text", None, 5, ["a"]])
def test_an_entry_of_a_lineage_step_that_is_no_structure_is_unknown_and_no_crash(
    entry: Any, says: Says
) -> None:
    step = {"Name": "L", "Type": "Lineage", "Arguments": {"Actions": [entry]}}
    (said,) = says("TAG-01", step)
    assert said.verdict == "unknown", said


def test_without_required_tags_the_control_is_not_configured(says: Says, profile: str) -> None:
    lines = [line for line in profile.splitlines() if not line.startswith("tags:")]
    (said,) = says("TAG-01", job([]), environment="\n".join(lines))
    assert said.verdict == "not_applicable" and "the profile has no tags" in said.message
