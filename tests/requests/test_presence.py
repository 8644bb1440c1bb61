"""Present, absent, or unknown: what counts as missing, and where nothing is owed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
AT = "/Steps/0/Arguments"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/ebs"
ABSENT = object()


def step(type: str, **arguments: Any) -> dict[str, Any]:
    present = {name: value for name, value in arguments.items() if value is not ABSENT}
    return {"Name": "Job", "Type": type, "Arguments": present}


@pytest.mark.parametrize("value", [ABSENT, None, {}], ids=["absent", "null", "object"])
def test_nothing_in_place_of_a_structure_is_missing(value: Any, says: Says) -> None:
    (said,) = says("NET-01", step("Training", VpcConfig=value))
    assert said.verdict == "fail" and said.message == "VpcConfig.Subnets is missing"
    assert said.location == f"{AT}/VpcConfig/Subnets"


@pytest.mark.parametrize("value", [None, []], ids=["null", "empty list"])
def test_nothing_in_place_of_a_list_is_missing(value: Any, says: Says) -> None:
    (said,) = says("NET-01", step("Training", VpcConfig={"Subnets": value}))
    assert said.verdict == "fail"
    assert said.location.startswith(f"{AT}/VpcConfig/Subnets")


@pytest.mark.parametrize("network", ["", {"Subnets": ""}, {"Subnets": [""]}, {"Subnets": [None]}])
def test_an_empty_text_never_passes(network: Any, says: Says) -> None:
    (said,) = says("NET-01", step("Training", VpcConfig=network))
    assert said.verdict in ("fail", "unknown"), said


@pytest.mark.parametrize("value", [None, ""], ids=["null", "empty text"])
def test_nothing_in_place_of_a_key_is_missing(value: Any, says: Says) -> None:
    (said,) = says("KMS-01", step("Training", ResourceConfig={"VolumeKmsKeyId": value}))
    assert (said.verdict, said.message) == ("fail", "ResourceConfig.VolumeKmsKeyId is missing")


@pytest.mark.parametrize("value", [ABSENT, None, False])
def test_a_flag_that_is_not_set_is_not_true(value: Any, says: Says) -> None:
    (said,) = says("NET-03", step("Training", EnableNetworkIsolation=value))
    assert said.verdict == "fail"
    assert said.location == f"{AT}/EnableNetworkIsolation"


@pytest.mark.parametrize("value", ["yes", "TRUE ", "1", "no", "0", 0, 1, 2.5, [], {}, [True]])
def test_a_flag_that_is_neither_true_nor_false_never_passes(value: Any, says: Says) -> None:
    (said,) = says("NET-03", step("Training", EnableNetworkIsolation=value))
    assert said.verdict != "pass", said


def test_a_flag_that_a_caller_sets_to_a_word_never_passes(says: Says) -> None:
    """An enum of other words: nobody can say what the service makes of them."""
    parameters = [{"Name": "P", "Type": "String", "EnumValues": ["no", "0"]}]
    job = step("Training", EnableNetworkIsolation={"Get": "Parameters.P"})
    (said,) = says("NET-03", job, Parameters=parameters)
    assert said.verdict != "pass", said


@pytest.mark.parametrize("element", ["", None])
def test_an_empty_element_of_a_list_is_no_approved_one(element: Any, says: Says) -> None:
    (said,) = says("NET-01", step("Training", VpcConfig={"Subnets": ["subnet-0aaa", element]}))
    assert said.verdict == "fail" and said.location == f"{AT}/VpcConfig/Subnets/1"


@pytest.mark.parametrize(
    "value, reason",
    [
        ({"Get": "Parameters.P"}, "{P}"),
        ({"Get": "Steps.Nope.VpcConfig"}, "step 'Nope' does not exist"),
        ("subnet-0aaa", "text where a structure belongs"),
        (["subnet-0aaa"], "a list where a structure belongs"),
    ],
    ids=["a parameter", "a dangling reference", "a text", "a list"],
)
def test_a_structure_that_cannot_be_known_is_unknown(value: Any, reason: str, says: Says) -> None:
    parameters = [{"Name": "P", "Type": "String"}]
    (said,) = says("NET-01", step("Training", VpcConfig=value), Parameters=parameters)
    assert said.verdict == "unknown" and reason in said.message
    assert said.location == f"{AT}/VpcConfig"


@pytest.mark.parametrize(
    "value",
    ["subnet-0aaa", {"0": "subnet-0aaa"}, 5, True],
    ids=["text", "object", "number", "flag"],
)
def test_what_is_no_list_of_subnets_is_unknown(value: Any, says: Says) -> None:
    (said,) = says("NET-01", step("Training", VpcConfig={"Subnets": value}))
    assert said.verdict == "unknown" and "where a list belongs" in said.message


def test_whole_arguments_that_are_a_reference_are_unknown_and_no_crash(says: Says) -> None:
    job = {"Name": "Job", "Type": "Training", "Arguments": {"Get": "Parameters.P"}}
    for control in ("NET-01", "KMS-01", "CMP-02"):
        (said,) = says(control, job, Parameters=[{"Name": "P", "Type": "String"}])
        assert said.verdict == "unknown", said


@pytest.mark.parametrize("arguments", [None, {}])
def test_a_step_without_arguments_is_a_job_without_settings(arguments: Any, says: Says) -> None:
    job = {"Name": "Job", "Type": "Training", "Arguments": arguments}
    assert [s.verdict for s in says("NET-01", job)] == ["fail"]
    del job["Arguments"]
    assert [s.verdict for s in says("NET-01", job)] == ["fail"]


CAPTURE = {"DestinationS3Uri": "s3://data-bucket/c"}


@pytest.mark.parametrize(
    "arguments, missing",
    [
        ({}, []),
        ({"DataCaptureConfig": None}, []),
        ({"DataCaptureConfig": CAPTURE}, ["DataCaptureConfig.KmsKeyId"]),
        ({"DataCaptureConfig": {**CAPTURE, "KmsKeyId": ""}}, ["DataCaptureConfig.KmsKeyId"]),
        ({"DataCaptureConfig": {**CAPTURE, "KmsKeyId": KEY}}, []),
        (
            {"AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://data-bucket/a"}}},
            ["AsyncInferenceConfig.OutputConfig.KmsKeyId"],
        ),
        ({"AsyncInferenceConfig": {}}, []),
        (
            {"ProductionVariants": [{"CoreDumpConfig": CAPTURE}, {"VariantName": "b"}]},
            ["ProductionVariants[0].CoreDumpConfig.KmsKeyId"],
        ),
    ],
    ids=[
        "an optional part that is absent",
        "an optional part that is null",
        "a part without its key",
        "a part with an empty key",
        "a part with its key",
        "a part below a part",
        "an empty part",
        "in one element of a list",
    ],
)
def test_a_member_is_owed_below_the_nearest_structure_that_is_there(
    arguments: dict[str, Any], missing: list[str], says: Says
) -> None:
    said = says("KMS-03", step("EndpointConfig", **arguments))
    assert [s.message for s in said if s.verdict == "fail"] == [f"{m} is missing" for m in missing]


@pytest.mark.parametrize(
    "type, bag, member",
    [
        ("Processing", "NetworkConfig", "NetworkConfig.VpcConfig.Subnets"),
        ("Training", "VpcConfig", "VpcConfig.Subnets"),
        ("Model", "VpcConfig", "VpcConfig.Subnets"),
    ],
)
def test_a_bag_of_security_settings_excuses_nothing(
    type: str, bag: str, member: str, says: Says
) -> None:
    for value in (ABSENT, {}, {"Nothing": 1}):
        (said,) = says("NET-01", step(type, **{bag: value}))
        assert (said.verdict, said.message) == ("fail", f"{member} is missing")


@pytest.mark.parametrize(
    "outputs, verdict",
    [
        (ABSENT, "not_applicable"),
        ({}, "not_applicable"),
        ({"Outputs": []}, "fail"),
        ({"Outputs": [{"OutputName": "a"}]}, "fail"),
        ({"KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/s3"}, "pass"),
        ({"Get": "Parameters.P"}, "unknown"),
    ],
    ids=["no outputs", "empty", "a list of none", "one output", "a key", "a reference"],
)
def test_a_job_without_outputs_owes_no_output_key(outputs: Any, verdict: str, says: Says) -> None:
    parameters = [{"Name": "P", "Type": "String"}]
    job = step("Processing", ProcessingOutputConfig=outputs)
    (said,) = says("KMS-02", job, Parameters=parameters)
    assert said.verdict == verdict, said


@pytest.mark.parametrize(
    "rules, verdict",
    [
        (ABSENT, "pass"),
        (None, "pass"),
        ([], "pass"),
        ([{"RuleConfigurationName": "r"}], "fail"),
        ({"Get": "Steps.Nope.X"}, "unknown"),
    ],
)
def test_the_size_of_a_list(rules: Any, verdict: str, says: Says) -> None:
    (said,) = says("DBG-03", step("Training", DebugRuleConfigurations=rules))
    assert said.verdict == verdict, said


def test_every_element_counts_and_the_first_wrong_one_is_named(says: Says) -> None:
    groups = [{"InstanceType": t} for t in ("ml.m5.large", "ml.p5.48xlarge", "ml.p4d.24xlarge")]
    (said,) = says("CMP-01", step("Training", ResourceConfig={"InstanceGroups": groups}))
    assert said.verdict == "fail"
    assert said.location == f"{AT}/ResourceConfig/InstanceGroups/1/InstanceType"


def test_a_wrong_element_outweighs_an_unknown_one(says: Says) -> None:
    subnets = [{"Get": "Steps.Nope.X"}, "subnet-0zzz"]
    (said,) = says("NET-01", step("Training", VpcConfig={"Subnets": subnets}))
    assert (said.verdict, said.location) == ("fail", f"{AT}/VpcConfig/Subnets/1")


def test_an_unknown_element_outweighs_a_right_one(says: Says) -> None:
    subnets = ["subnet-0aaa", {"Get": "Steps.Nope.X"}]
    (said,) = says("NET-01", step("Training", VpcConfig={"Subnets": subnets}))
    assert (said.verdict, said.location) == ("unknown", f"{AT}/VpcConfig/Subnets/1")
