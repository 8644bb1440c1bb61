"""A tuning job's training definitions: both spellings, each definition judged by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
EACH = ("NET-01", "NET-02", "NET-03", "NET-04", "KMS-01", "KMS-02", "CMP-03")
SECURE: dict[str, Any] = {
    "VpcConfig": {"Subnets": ["subnet-0aaa"], "SecurityGroupIds": ["sg-0aaa"]},
    "EnableNetworkIsolation": True,
    "EnableInterContainerTrafficEncryption": True,
    "ResourceConfig": {"VolumeKmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/ebs"},
    "OutputDataConfig": {"KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/s3"},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
}


def tuning(**arguments: Any) -> dict[str, Any]:
    return {"Name": "Tune", "Type": "Tuning", "Arguments": arguments}


@pytest.mark.parametrize("control", EACH)
@pytest.mark.parametrize(
    "arguments, verdicts",
    [
        ({"TrainingJobDefinition": SECURE}, ["pass"]),
        ({"TrainingJobDefinition": {}}, ["fail"]),
        ({"TrainingJobDefinitions": [SECURE]}, ["pass"]),
        ({"TrainingJobDefinitions": [SECURE, {}]}, ["pass", "fail"]),
        ({"TrainingJobDefinitions": [{}, SECURE]}, ["fail", "pass"]),
        ({"TrainingJobDefinitions": [SECURE, {}, {}]}, ["pass", "fail", "fail"]),
        ({"TrainingJobDefinition": SECURE, "TrainingJobDefinitions": [{}]}, ["pass", "fail"]),
        ({}, ["fail"]),
        ({"TrainingJobDefinitions": []}, ["fail"]),
    ],
    ids=[
        "one, secure", "one, bare", "a list of one", "the second is bare", "the first is bare",
        "two of three are bare", "both spellings at once", "none", "a list of none",
    ],
)  # fmt: skip
def test_each_definition_is_judged_by_itself(
    arguments: dict[str, Any], verdicts: list[str], control: str, says: Says
) -> None:
    assert [s.verdict for s in says(control, tuning(**arguments))] == verdicts


def test_the_bare_definition_is_named(says: Says) -> None:
    said = says("NET-01", tuning(TrainingJobDefinitions=[SECURE, {}]))
    assert [s.location for s in said if s.verdict == "fail"] == [
        "/Steps/0/Arguments/TrainingJobDefinitions/1/VpcConfig/Subnets"
    ]


@pytest.mark.parametrize("name", ["ResourceConfig", "HyperParameterTuningResourceConfig"])
def test_a_missing_key_belongs_in_the_structure_that_is_there(name: str, says: Says) -> None:
    job = {**SECURE, "ResourceConfig": None, name: {"InstanceType": "ml.m5.large"}}
    (said,) = says("KMS-01", tuning(TrainingJobDefinition=job))
    assert said.location == f"/Steps/0/Arguments/TrainingJobDefinition/{name}/VolumeKmsKeyId"


@pytest.mark.parametrize(
    "value", [{"Get": "Parameters.P"}, "text", 5], ids=["a parameter", "a text", "a number"]
)
@pytest.mark.parametrize("member", ["TrainingJobDefinition", "TrainingJobDefinitions"])
def test_definitions_that_cannot_be_known_are_unknown(member: str, value: Any, says: Says) -> None:
    parameters = [{"Name": "P", "Type": "String"}]
    said = says("NET-01", tuning(**{member: value}), Parameters=parameters)
    assert {s.verdict for s in said} == {"unknown"}


def test_an_unknown_definition_beside_a_secure_one_is_unknown(says: Says) -> None:
    said = says("NET-01", tuning(TrainingJobDefinitions=[SECURE, {"Get": "Steps.Nope.X"}]))
    assert [s.verdict for s in said] == ["pass", "unknown"]


@pytest.mark.parametrize("member", ["ResourceConfig", "HyperParameterTuningResourceConfig"])
def test_the_volume_key_may_stand_in_either_resource_configuration(member: str, says: Says) -> None:
    rest = {k: v for k, v in SECURE.items() if k != "ResourceConfig"}
    job = tuning(TrainingJobDefinition={**rest, member: SECURE["ResourceConfig"]})
    assert [s.verdict for s in says("KMS-01", job)] == ["pass"]


def test_a_wrong_key_in_either_place_fails(says: Says) -> None:
    other = {"VolumeKmsKeyId": "arn:aws:kms:eu-west-1:999999999999:key/theirs"}
    job = tuning(TrainingJobDefinition={**SECURE, "HyperParameterTuningResourceConfig": other})
    (said,) = says("KMS-01", job)
    assert said.verdict == "fail"
    assert said.location.endswith("/HyperParameterTuningResourceConfig/VolumeKmsKeyId")


def test_images_and_paths_of_every_definition_are_judged(says: Says) -> None:
    bad = {
        "AlgorithmSpecification": {"TrainingImage": "docker.io/x"},
        "OutputDataConfig": {"S3OutputPath": "s3://elsewhere/x"},
    }
    job = tuning(TrainingJobDefinitions=[SECURE, bad])
    at = "/Steps/0/Arguments/TrainingJobDefinitions/1"
    assert [s.location for s in says("IMG-01", job) if s.verdict == "fail"] == [
        f"{at}/AlgorithmSpecification/TrainingImage"
    ]
    assert [s.location for s in says("S3-01", job) if s.verdict == "fail"] == [
        f"{at}/OutputDataConfig/S3OutputPath"
    ]


@pytest.mark.parametrize("control", ["TAG-01", "SEC-01", "ROLE-01", "CMP-02", "IMG-03"])
def test_what_belongs_to_the_request_is_said_once_and_not_once_a_definition(
    control: str, says: Says
) -> None:
    role = {"RoleArn": "arn:aws:iam::111122223333:role/admin"}
    job = tuning(TrainingJobDefinitions=[{**SECURE, **role}, {**SECURE, **role}])
    places = [s.location for s in says(control, job)]
    assert len(places) == len(set(places)), places
