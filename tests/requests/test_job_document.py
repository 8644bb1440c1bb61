"""A Job step: everything is in a JSON text, which may have pipeline variables spliced in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
SECURE: dict[str, Any] = {
    "VpcConfig": {"Subnets": ["subnet-0aaa"], "SecurityGroupIds": ["sg-0aaa"]},
    "OutputDataConfig": {
        "S3OutputPath": "s3://models-bucket/x",
        "KmsKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/s3",
    },
}
JUDGED = ("NET-01", "NET-02", "KMS-02", "S3-01")


def job(document: Any, **more: Any) -> dict[str, Any]:
    return {"Name": "Tune", "Type": "Job", "Arguments": {"JobConfigDocument": document, **more}}


def spliced(structure: Any, **variables: Any) -> dict[str, Any]:
    """The structure as the SDK writes it: a join of fragments around the variables ``<name>``."""
    pieces: list[Any] = [json.dumps(structure)]
    for name, reference in variables.items():
        before, _, after = pieces.pop().partition(f"<{name}>")
        pieces += [before, reference, after]
    return {"Std:Join": {"On": "", "Values": pieces}}


@pytest.mark.parametrize("control", JUDGED)
@pytest.mark.parametrize(
    "document", [json.dumps(SECURE), spliced(SECURE)], ids=["text", "join of one"]
)
def test_a_secure_document_passes(document: Any, control: str, says: Says) -> None:
    assert {s.verdict for s in says(control, job(document))} == {"pass"}


@pytest.mark.parametrize("control", ["NET-01", "NET-02", "KMS-02"])
@pytest.mark.parametrize("document", ["{}", '{"VpcConfig": {}, "OutputDataConfig": {}}'])
def test_a_bare_document_fails(document: str, control: str, says: Says) -> None:
    assert [s.verdict for s in says(control, job(document))] == ["fail"]


@pytest.mark.parametrize(
    "change, control",
    [
        ({"VpcConfig": {"Subnets": ["subnet-0zzz"], "SecurityGroupIds": ["sg-0aaa"]}}, "NET-01"),
        ({"VpcConfig": {"Subnets": ["subnet-0aaa"], "SecurityGroupIds": ["sg-0zzz"]}}, "NET-02"),
        ({"OutputDataConfig": {"KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/x"}}, "KMS-02"),
        ({"OutputDataConfig": {"S3OutputPath": "s3://elsewhere/x"}}, "S3-01"),
    ],
)
def test_a_wrong_value_inside_the_text_fails(
    change: dict[str, Any], control: str, says: Says
) -> None:
    said = says(control, job(json.dumps({**SECURE, **change})))
    assert "fail" in {s.verdict for s in said}


@pytest.mark.parametrize(
    "variable, verdict",
    [
        ({"Get": "Parameters.Free"}, "fail"),
        ({"Get": "Parameters.Enum"}, "pass"),
        ({"Get": "Execution.PipelineName"}, "unknown"),
        ({"Std:Join": {"On": "-", "Values": ["subnet", "0aaa"]}}, "pass"),
    ],
    ids=["a parameter", "an enum", "a run-time value", "a join"],
)
def test_a_variable_stands_where_its_text_lands(variable: Any, verdict: str, says: Says) -> None:
    structure = {**SECURE, "VpcConfig": {"Subnets": ["<subnet>"], "SecurityGroupIds": ["sg-0aaa"]}}
    parameters = [
        {"Name": "Free", "Type": "String", "DefaultValue": "subnet-0aaa"},
        {"Name": "Enum", "Type": "String", "EnumValues": ["subnet-0aaa"]},
    ]
    document = spliced(structure, subnet=variable)
    (said,) = says("NET-01", job(document), Parameters=parameters)
    assert said.verdict == verdict, said


def test_a_variable_within_a_text_keeps_the_text_around_it(says: Says) -> None:
    structure = {"OutputDataConfig": {"S3OutputPath": "s3://models-bucket/<id>/out"}}
    document = spliced(structure, id={"Get": "Execution.PipelineExecutionId"})
    (said,) = says("S3-01", job(document))
    assert said.verdict == "pass"
    assert said.actual == "s3://models-bucket/{Execution.PipelineExecutionId}/out"


def test_a_parameter_whose_text_can_close_the_string_decides_the_rest_of_the_document(
    says: Says,
) -> None:
    """The join is of texts: a caller may pass ``x", "VpcConfig": {...}, "a": "`` for the note, and
    most parsers take the last of two VpcConfigs."""
    structure = {**SECURE, "Note": "<note>"}
    document = spliced(structure, note={"Get": "Parameters.Note"})
    parameters = [{"Name": "Note", "Type": "String", "DefaultValue": "x"}]
    (said,) = says("NET-01", job(document), Parameters=parameters)
    assert said.verdict in ("fail", "unknown"), said


@pytest.mark.parametrize(
    "document, reason",
    [
        ("not json", "does not hold JSON"),
        ('{"VpcConfig": ', "does not hold JSON"),
        ("[]", "does not hold a JSON object"),
        ("5", "does not hold a JSON object"),
        ({"Get": "Parameters.P"}, "is not a JSON text"),
        ({"VpcConfig": {}}, "is not a JSON text"),
        (["{}"], "is not a JSON text"),
        (None, "is not a JSON text"),
        ({"Std:Join": {"On": ""}}, "is not a JSON text"),
        ({"Std:Join": {"On": "", "Values": ["{", {"Get": "Parameters.P"}, "}"]}}, "not hold JSON"),
        ("[" * 100_000, "does not hold JSON"),
    ],
    ids=[
        "words",
        "cut",
        "a list",
        "a number",
        "a parameter",
        "a structure",
        "a list of texts",
        "null",
        "a join of nothing",
        "a variable for a member",
        "100,000 deep",
    ],
)
def test_a_document_that_cannot_be_read_is_unknown(document: Any, reason: str, says: Says) -> None:
    parameters = [{"Name": "P", "Type": "String", "DefaultValue": "{}"}]
    for control in ("NET-01", "NET-02", "KMS-02"):
        (said,) = says(control, job(document), Parameters=parameters)
        assert said.verdict == "unknown" and reason in said.message, said


def test_a_document_joined_by_something_that_is_not_fixed_is_unknown(says: Says) -> None:
    document = {"Std:Join": {"On": {"Get": "Parameters.P"}, "Values": ['{"a": "', '"}']}}
    (said,) = says("NET-01", job(document), Parameters=[{"Name": "P", "Type": "String"}])
    assert said.verdict == "unknown", said


@pytest.mark.parametrize("open_, close", [('{"a":', "}"), ("[", "]")], ids=["objects", "lists"])
@pytest.mark.parametrize("depth", [400, 600, 900])
def test_a_deep_document_is_judged_or_unknown_and_no_crash(
    depth: int, open_: str, close: str, says: Says
) -> None:
    text = '{"x": ' + open_ * depth + "1" + close * depth + "}"
    (said,) = says("NET-01", job(text))
    assert said.verdict in ("fail", "unknown")


@pytest.mark.parametrize("control", ["NET-01", "KMS-03", "S3-01", "EXT-05", "ROLE-01"])
@pytest.mark.parametrize("kind, verdicts", [("String", {"unknown"}), ("Integer", set())])
def test_a_text_that_a_caller_may_end_and_go_on_with_can_hold_anything(
    kind: str, verdicts: set[str], control: str, says: Says
) -> None:
    """A second AgentConfig, another location, a role: whatever the text shows, it may say more."""
    document = spliced({**SECURE, "Name": "<name>"}, name={"Get": "Parameters.P"})
    step = job(document, RoleArn="arn:aws:iam::111122223333:role/sm-exec")
    said = says(control, step, Parameters=[{"Name": "P", "Type": kind}])
    assert {s.verdict for s in said} - {"pass", "not_applicable"} == verdicts, said


def test_a_missing_document_is_unknown(says: Says) -> None:
    step = {"Name": "Tune", "Type": "Job", "Arguments": {}}
    assert [s.verdict for s in says("NET-01", step)] == ["unknown"]


def test_a_name_twice_in_the_text_is_never_taken_for_the_last_one(says: Says) -> None:
    """The definition's own text is read strictly; which of two VpcConfigs counts, nobody knows."""
    network = json.dumps(SECURE["VpcConfig"])
    text = f'{{"VpcConfig": {{"Subnets": ["subnet-0zzz"]}}, "VpcConfig": {network}}}'
    (said,) = says("NET-01", job(text))
    assert said.verdict in ("fail", "unknown"), said


def test_a_role_and_tags_are_those_of_the_request(says: Says) -> None:
    step = job(json.dumps(SECURE), RoleArn="arn:aws:iam::111122223333:role/admin")
    assert [s.verdict for s in says("ROLE-01", step)] == ["fail"]
    assert [s.verdict for s in says("TAG-01", step)] == ["fail"]


def test_a_secret_in_the_text_is_found(says: Says) -> None:
    step = job(json.dumps({"Env": {"DB_PASSWORD": "hunter2abc"}}))
    assert [s.verdict for s in says("SEC-01", step)] == ["fail"]
