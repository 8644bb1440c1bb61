"""Roles become iam:PassRole requests, one for each that an input holds, or owes and lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
EXECUTION = "arn:aws:iam::111122223333:role/sm-exec"
PIPELINE = "arn:aws:iam::111122223333:role/sm-pipeline"
ADMIN = "arn:aws:iam::111122223333:role/admin"


def step(type: str, **arguments: Any) -> dict[str, Any]:
    return {"Name": "Job", "Type": type, "Arguments": arguments}


@pytest.mark.parametrize(
    "type, path",
    [
        ("Training", "RoleArn"),
        ("Processing", "RoleArn"),
        ("QualityCheck", "RoleArn"),
        ("AutoML", "RoleArn"),
        ("Model", "ExecutionRoleArn"),
        ("EndpointConfig", "ExecutionRoleArn"),
        ("Job", "RoleArn"),
        ("EMR", "ExecutionRoleArn"),
        ("EMRServerless", "ExecutionRoleArn"),
    ],
)
@pytest.mark.parametrize(
    "role, verdict",
    [
        (EXECUTION, "pass"),
        (ADMIN, "fail"),
        ({"Get": "Parameters.P"}, "fail"),
        ({"Get": "Execution.PipelineName"}, "unknown"),
    ],
    ids=["approved", "another", "a parameter", "at run time"],
)
def test_a_role_is_passed_by_every_step_that_names_one(
    type: str, path: str, role: Any, verdict: str, says: Says
) -> None:
    more = {"EMR": {"ClusterId": "j"}, "EMRServerless": {"ApplicationId": "a"}}.get(type, {})
    more = {"JobConfigDocument": "{}"} if type == "Job" else more
    parameters = [{"Name": "P", "Type": "String", "DefaultValue": EXECUTION}]
    (said,) = says("ROLE-01", step(type, **{path: role, **more}), Parameters=parameters)
    assert (said.verdict, said.location) == (verdict, f"/Steps/0/Arguments/{path}")


@pytest.mark.parametrize(
    "type, arguments, places",
    [
        (
            "Tuning",
            {"TrainingJobDefinition": {"RoleArn": ADMIN}},
            ["TrainingJobDefinition/RoleArn"],
        ),
        (
            "Tuning",
            {"TrainingJobDefinitions": [{"RoleArn": EXECUTION}, {"RoleArn": ADMIN}]},
            ["TrainingJobDefinitions/1/RoleArn"],
        ),
        (
            "Processing",
            {
                "RoleArn": EXECUTION,
                "ProcessingInputs": [
                    {
                        "InputName": "a",
                        "DatasetDefinition": {
                            "RedshiftDatasetDefinition": {"ClusterRoleArn": ADMIN}
                        },
                    }
                ],
            },
            ["ProcessingInputs/0/DatasetDefinition/RedshiftDatasetDefinition/ClusterRoleArn"],
        ),
        (
            "RegisterModel",
            {"ValidationSpecification": {"ValidationRole": ADMIN, "ValidationProfiles": []}},
            ["ValidationSpecification/ValidationRole"],
        ),
        (
            "EMR",
            {
                "ClusterConfig": {
                    "JobFlowRole": ADMIN,
                    "ServiceRole": EXECUTION,
                    "AutoScalingRole": ADMIN,
                }
            },
            ["ClusterConfig/JobFlowRole", "ClusterConfig/AutoScalingRole"],
        ),
        (
            "EMRServerless",
            {
                "ApplicationId": "a",
                "ExecutionRoleArn": EXECUTION,
                "JobConfig": {"executionRoleArn": ADMIN},
            },
            ["JobConfig/executionRoleArn"],
        ),
    ],
    ids=[
        "tuning",
        "the second definition",
        "a data warehouse",
        "validation",
        "EMR",
        "EMR Serverless",
    ],
)
def test_roles_deeper_in_an_input_are_passed_too(
    type: str, arguments: dict[str, Any], places: list[str], says: Says
) -> None:
    said = says("ROLE-01", step(type, **arguments))
    failing = [s.location for s in said if s.verdict == "fail"]
    assert list(dict.fromkeys(failing)) == [f"/Steps/0/Arguments/{place}" for place in places]


@pytest.mark.parametrize("type", ["Training", "Processing", "Model", "AutoML"])
@pytest.mark.parametrize("nothing", [{}, {"RoleArn": None, "ExecutionRoleArn": ""}])
def test_a_missing_role_is_the_pipelines_own_and_unknown(
    type: str, nothing: dict[str, Any], says: Says
) -> None:
    for control in ("ROLE-01", "ROLE-02"):
        (said,) = says(control, step(type, **nothing))
        assert said.verdict == "unknown"
        assert "would run as the pipeline's own role" in said.message


@pytest.mark.parametrize("nothing", [{}, {"RoleArn": None}, {"RoleArn": ""}])
def test_a_job_step_owes_a_role_though_no_model_describes_it(
    nothing: dict[str, Any], says: Says
) -> None:
    (said,) = says("ROLE-01", step("Job", JobConfigDocument="{}", **nothing))
    assert (said.verdict, said.location) == ("unknown", "/Steps/0/Arguments/RoleArn")


@pytest.mark.parametrize(
    "type", ["EndpointConfig", "Endpoint", "Transform", "RegisterModel", "Lambda"]
)
def test_a_step_that_needs_no_role_owes_none(type: str, says: Says) -> None:
    assert [s.verdict for s in says("ROLE-01", step(type))] == ["not_applicable"]


def test_the_pipelines_own_role_is_refused_by_its_own_control(says: Says) -> None:
    assert [s.verdict for s in says("ROLE-02", step("Training", RoleArn=PIPELINE))] == ["fail"]
    assert [s.verdict for s in says("ROLE-02", step("Training", RoleArn=EXECUTION))] == ["pass"]


def test_a_role_of_another_form_never_passes(says: Says) -> None:
    for role in ({"a": 1}, ["x"], 5, "sm-exec"):
        said = says("ROLE-01", step("Training", RoleArn=role))
        assert "pass" not in {s.verdict for s in said}, (role, said)


@pytest.mark.parametrize(
    "arguments, places",
    [
        ({"TrainingJobDefinition": {}}, ["TrainingJobDefinition/RoleArn"]),
        (
            {"TrainingJobDefinitions": [{"RoleArn": EXECUTION}, {}]},
            ["TrainingJobDefinitions/1/RoleArn"],
        ),
    ],
    ids=["one definition", "the second of two"],
)
def test_a_training_definition_owes_a_role(
    arguments: dict[str, Any], places: list[str], says: Says
) -> None:
    said = says("ROLE-01", step("Tuning", **arguments))
    unknown = [s.location for s in said if s.verdict == "unknown"]
    assert unknown == [f"/Steps/0/Arguments/{place}" for place in places]
