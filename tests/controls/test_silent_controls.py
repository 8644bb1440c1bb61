"""A control that could never say anything is refused when it is read, not passed for ever."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.controls.load import load_catalogue, only
from ormer.model.errors import InputError
from ormer.model.finding import Finding
from ormer.report.explanation import explain_control

Write = Callable[..., Path]
Judge = Callable[..., list[Finding]]
TRAINING: dict[str, Any] = {"Name": "Train", "Type": "Training", "Arguments": {}}


@pytest.mark.parametrize(
    "rest, word",
    [
        ('forbid: [{Action: "sagemaker:CreateTrainingJobs"}]', "CreateTrainingJobs"),
        ('forbid: [{Action: "sagemkr:CreateTrainingJob"}]', "sagemkr"),
        ('forbid: [{Action: "sagemaker:Nothing*"}]', "Nothing"),
    ],
    ids=["unknown action", "unknown service", "a pattern of nothing"],
)
def test_an_action_that_does_not_exist_is_refused(rest: str, word: str, write: Write) -> None:
    refused(write("MY-01", rest), word)


@pytest.mark.parametrize(
    "condition, word",
    [
        ('StringEquals: {"api:Value": x}', "Shape"),
        ('StringEquals: {"api:Shape": KmsKeyIds, "api:Value": x}', "KmsKeyIds"),
        ('StringNotEquals: {"api:Shape": KmsKeyId}', "Shape"),
        ('StringLike: {"api:Shape": "Kms*"}', "Shape"),
    ],
    ids=["no shape", "unknown shape", "a negated shape", "a pattern of shapes"],
)
def test_a_member_statement_names_shapes_that_exist(
    condition: str, word: str, write: Write
) -> None:
    rest = f'forbid: [{{facet: member, Action: "sagemaker:*", Condition: {{{condition}}}}}]'
    refused(write("MY-01", rest), word)


def test_a_path_that_is_in_no_input_is_refused(write: Write) -> None:
    condition = '{NumericGreaterThan: {"api:ResourceConfig.InstanceCuont": "4"}}'
    rest = f'forbid: [{{Action: "sagemaker:CreateTrainingJob", Condition: {condition}}}]'
    refused(write("MY-01", rest), "InstanceCuont")


def test_a_profile_field_in_a_resource_exists(write: Write) -> None:
    rest = 'forbid: [{Action: "sqs:SendMessage", NotResource: "${env.queue}"}]'
    refused(write("MY-01", rest), "${env.queue}")


def test_a_reference_to_the_profile_is_closed(write: Write) -> None:
    condition = '{StringEquals: {"sagemaker:InstanceTypes": "${env.instance_types"}}'
    rest = f'forbid: [{{Action: "sagemaker:CreateTrainingJob", Condition: {condition}}}]'
    refused(write("MY-01", rest), "${env.instance_types")


@pytest.mark.parametrize("limit", ["${env.region}", "$5"])
def test_a_limit_is_a_number_or_a_field_of_numbers(limit: str, write: Write) -> None:
    key = "api:ResourceConfig.InstanceCount"
    rest = f'require: [{{Action: "sagemaker:CreateTrainingJob", Key: "{key}", AtMost: "{limit}"}}]'
    refused(write("MY-01", rest), limit)


def test_a_statement_has_Resource_or_NotResource_and_not_both(write: Write) -> None:
    rest = 'forbid: [{Action: "sqs:SendMessage", Resource: "a", NotResource: "b"}]'
    refused(write("MY-01", rest), "NotResource")


@pytest.mark.parametrize(
    "form, word",
    [
        ("Is: banana", "banana"),
        ("Is: true, Absent: alowed", "alowed"),
        ("Present: false", "Present"),
    ],
)
def test_the_words_of_a_short_form_are_checked(form: str, word: str, write: Write) -> None:
    key = "sagemaker:NetworkIsolation"
    refused(write("MY-01", f'require: [{{Action: "@{key}", Key: "{key}", {form}}}]'), word)


def test_a_quoted_true_means_true(write: Write, judge: Judge) -> None:
    """YAML authors quote; the opposite of what they wrote must not come of it."""
    key = "sagemaker:NetworkIsolation"
    folder = write("MY-01", f'require: [{{Action: "@{key}", Key: "{key}", Is: "true"}}]')
    isolated = {**TRAINING, "Arguments": {"EnableNetworkIsolation": True}}
    open_ = {**TRAINING, "Arguments": {"EnableNetworkIsolation": False}}
    assert [f.verdict.value for f in judge(folder, "MY-01", isolated)] == ["pass"]
    assert [f.verdict.value for f in judge(folder, "MY-01", open_)] == ["fail"]


@pytest.mark.parametrize(
    "rest",
    ["maps: 5", "maps: [{framework: x}]", "known_misses: 5", "guardrail: exact"],
)
def test_what_loads_can_be_explained(rest: str, write: Write) -> None:
    """Either the file is refused, or ``ormer explain`` can print it."""
    folder = write("MY-01", 'forbid: [{Action: "sagemaker:CreateTrainingJob"}]\n' + rest)
    try:
        control = only(load_catalogue(str(folder)), ["MY-01"]).controls[0]
    except InputError as error:
        assert rest.partition(":")[0] in str(error)
    else:
        assert "MY-01" in explain_control(control)


def test_an_id_of_a_document_rule_is_refused(write: Write) -> None:
    rest = 'forbid: [{Action: "sagemaker:CreateTrainingJob"}]'
    refused(write("DOC-01", rest), "DOC-01")


def test_a_resource_on_an_action_that_creates_one_is_unknown_and_no_crash(
    write: Write, judge: Judge
) -> None:
    rest = (
        'forbid: [{Action: "sagemaker:CreateTrainingJob", Resource: "arn:aws:sagemaker:*:*:x/*"}]'
    )
    (finding,) = judge(write("MY-01", rest), "MY-01", TRAINING)
    assert finding.verdict.value == "unknown", finding.message
    assert "known only after the call" in finding.message


def refused(folder: Path, *parts: str) -> None:
    with pytest.raises(InputError) as error:
        load_catalogue(str(folder))
    for part in ("MY-01.yaml" if (folder / "MY-01.yaml").exists() else "", *parts):
        assert part in str(error.value)
