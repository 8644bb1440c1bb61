"""The abalone pipeline's definition: every security setting a literal, every parameter harmless."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from ormer.model.environment import Environment
from pipelines.local.values import Values

STEPS = [
    "PreprocessAbaloneData",
    "TrainAbaloneModel",
    "EvaluateAbaloneModel",
    "CheckMSEAbaloneEvaluation",
]
JOBS = STEPS[:3]
CALLS = {
    "Processing": ("CreateProcessingJob", "ProcessingJobName"),
    "Training": ("CreateTrainingJob", "TrainingJobName"),
    "RegisterModel": ("CreateModelPackage", "ModelPackageName"),
}


@pytest.fixture(scope="module")
def document(definition: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(definition)
    return found


@pytest.fixture(scope="module")
def steps(document: dict[str, Any]) -> dict[str, Any]:
    return {step["Name"]: step for step in document["Steps"]}


def walk(value: Any) -> Iterator[Any]:
    yield value
    for item in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from walk(item)


def test_the_steps_and_no_other(document: dict[str, Any], steps: dict[str, Any]) -> None:
    assert [step["Name"] for step in document["Steps"]] == STEPS
    check = steps["CheckMSEAbaloneEvaluation"]["Arguments"]
    assert [step["Name"] for step in check["IfSteps"]] == ["RegisterAbaloneModel"]
    assert [step["Type"] for step in check["ElseSteps"]] == ["Fail"]
    assert check["Conditions"][0]["Type"] == "LessThanOrEqualTo"
    assert check["Conditions"][0]["RightValue"] == 6.0


def test_no_parameter_can_break_a_control(document: dict[str, Any], profile: Environment) -> None:
    parameters = {item["Name"]: item for item in document["Parameters"]}
    types = list(profile.lookup("instance_types") or ())
    for name in ("ProcessingInstanceType", "TrainingInstanceType"):
        assert parameters[name]["EnumValues"] == types
        assert parameters[name]["DefaultValue"] in types
    assert parameters["ModelApprovalStatus"]["EnumValues"] == ["PendingManualApproval", "Rejected"]
    assert set(parameters) == {
        "ProcessingInstanceType",
        "ProcessingInstanceCount",
        "TrainingInstanceType",
        "ModelApprovalStatus",
        "InputDataKey",
    }


def test_the_bucket_of_the_input_is_not_the_callers(
    steps: dict[str, Any], profile: Environment
) -> None:
    source = steps["PreprocessAbaloneData"]["Arguments"]["ProcessingInputs"][0]["S3Input"]
    assert source["S3Uri"]["Std:Join"] == {
        "On": "/",
        "Values": [f"s3://{profile.one('buckets.data')}", {"Get": "Parameters.InputDataKey"}],
    }


@pytest.mark.parametrize("name", JOBS)
def test_every_job_is_locked_down_by_literals(
    steps: dict[str, Any], profile: Environment, name: str
) -> None:
    arguments = steps[name]["Arguments"]
    if steps[name]["Type"] == "Processing":
        network = arguments["NetworkConfig"]
        volume = arguments["ProcessingResources"]["ClusterConfig"]
        output = arguments["ProcessingOutputConfig"]
        image = arguments["AppSpecification"]["ImageUri"]
    else:
        network, volume = arguments, arguments["ResourceConfig"]
        output = arguments["OutputDataConfig"]
        image = arguments["AlgorithmSpecification"]["TrainingImage"]
    assert network["VpcConfig"] == {
        "Subnets": list(profile.lookup("vpc.subnets") or ()),
        "SecurityGroupIds": list(profile.lookup("vpc.security_groups") or ()),
    }
    assert network["EnableNetworkIsolation"] is True
    assert network["EnableInterContainerTrafficEncryption"] is True
    assert volume["VolumeKmsKeyId"] == profile.one("kms.volume")
    assert output["KmsKeyId"] == profile.one("kms.output")
    assert arguments["RoleArn"] == profile.one("roles.execution")
    assert arguments["StoppingCondition"] == {"MaxRuntimeInSeconds": 7200}
    assert image.startswith(profile.one("image_registries") + "/")
    assert {tag["Key"]: (tag["Value"],) for tag in arguments["Tags"]} == profile.mapping("tags")


def test_every_place_in_s3_is_an_approved_bucket(
    document: dict[str, Any], profile: Environment
) -> None:
    approved = tuple(f"s3://{profile.one(f'buckets.{name}')}" for name in ("data", "models"))
    places = [text for text in walk(document) if isinstance(text, str) and "s3://" in text]
    assert len(places) == 8
    for place in places:
        assert place in approved or place.startswith(tuple(f"{bucket}/" for bucket in approved))


def test_outputs_are_apart_for_each_execution(steps: dict[str, Any], profile: Environment) -> None:
    start = f"s3://{profile.one('buckets.models')}/AbalonePipeline"
    places = [
        item["S3Output"]["S3Uri"]
        for name in ("PreprocessAbaloneData", "EvaluateAbaloneModel")
        for item in steps[name]["Arguments"]["ProcessingOutputConfig"]["Outputs"]
    ]
    places.append(steps["TrainAbaloneModel"]["Arguments"]["OutputDataConfig"]["S3OutputPath"])
    assert len(places) == 5
    for place in places:
        values = place["Std:Join"]["Values"]
        assert values[:2] == [start, {"Get": "Execution.PipelineExecutionId"}]


def test_the_model_is_registered_as_it_was_trained(steps: dict[str, Any]) -> None:
    arguments = steps["CheckMSEAbaloneEvaluation"]["Arguments"]["IfSteps"][0]["Arguments"]
    container = arguments["InferenceSpecification"]["Containers"][0]
    assert container["Environment"] == {}
    assert container["ModelDataUrl"] == {
        "Get": "Steps.TrainAbaloneModel.ModelArtifacts.S3ModelArtifacts"
    }
    assert arguments["ModelApprovalStatus"] == {"Get": "Parameters.ModelApprovalStatus"}
    statistics = arguments["ModelMetrics"]["ModelQuality"]["Statistics"]
    assert statistics["S3Uri"]["Std:Join"]["Values"][1] == "evaluation.json"


def test_the_arguments_are_those_of_the_api(document: dict[str, Any]) -> None:
    model = get_session().get_service_model("sagemaker")
    parameters = {item["Name"]: item["DefaultValue"] for item in document["Parameters"]}
    nested = [step for step in walk(document["Steps"]) if isinstance(step, dict) and "Type" in step]
    checked = 0
    for step in nested:
        operation, name = CALLS.get(step["Type"], ("", ""))
        if operation:
            arguments = {**placeholders(step["Arguments"], parameters), name: "a-name"}
            shape = model.operation_model(operation).input_shape
            report = ParamValidator().validate(arguments, shape)
            assert not report.has_errors(), report.generate_report()
            checked += 1
    assert checked == 4


def placeholders(value: Any, parameters: dict[str, Any]) -> Any:
    """``value`` with parameters' defaults, and text for what only an execution knows."""
    if isinstance(value, list):
        return [placeholders(item, parameters) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Get"} and value["Get"].startswith("Parameters."):
        return Values(parameters, {}, lambda uri: None).resolve(value)
    if set(value) & {"Get", "Std:Join", "Std:JsonGet"}:
        return "s3://known/at-run-time"
    return {key: placeholders(item, parameters) for key, item in value.items()}
