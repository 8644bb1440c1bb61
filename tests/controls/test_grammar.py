"""The short forms of a control file mean the statements that the reference says they mean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.controls.grammar import control_of
from ormer.model.control import Condition
from ormer.model.finding import Finding

Write = Callable[..., Path]
Judge = Callable[..., list[Finding]]

HEAD: dict[str, Any] = {
    "id": "MY-01",
    "title": "t",
    "severity": "high",
    "why": "w",
    "fix": "f",
    "examples": {"pass": [1], "fail": [1]},
}
SINGLE, LIST = "sagemaker:VolumeKmsKeyArn", "sagemaker:VpcSubnets"


def missing(key: str) -> Condition:
    return Condition("Null", key, ("true",))


@pytest.mark.parametrize(
    "form, conditions",
    [
        (
            {"Key": SINGLE, "OneOf": ["a", "b"]},
            [missing(SINGLE), Condition("StringNotEquals", SINGLE, ("a", "b"))],
        ),
        (
            {"Key": LIST, "OneOf": "a"},
            [missing(LIST), Condition("ForAnyValue:StringNotEquals", LIST, ("a",))],
        ),
        (
            {"Key": SINGLE, "Like": "a*"},
            [missing(SINGLE), Condition("StringNotLike", SINGLE, ("a*",))],
        ),
        (
            {"Key": "sagemaker:NetworkIsolation", "Is": True},
            [
                missing("sagemaker:NetworkIsolation"),
                Condition("Bool", "sagemaker:NetworkIsolation", ("false",)),
            ],
        ),
        (
            {"Key": "sagemaker:MaxRuntimeInSeconds", "AtMost": 5, "Absent": "allowed"},
            [Condition("NumericGreaterThan", "sagemaker:MaxRuntimeInSeconds", ("5",))],
        ),
        ({"Key": SINGLE, "Present": True}, [missing(SINGLE)]),
        (
            {"Key": "api:A.B", "OneOf": "a"},
            [missing("api:A.B"), Condition("ForAnyValue:StringNotEquals", "api:A.B", ("a",))],
        ),
    ],
    ids=["OneOf", "OneOf of a list", "Like", "Is", "AtMost", "Present", "OneOf of a path"],
)
def test_a_requirement_is_short_for_statements(
    form: dict[str, Any], conditions: list[Condition]
) -> None:
    action = "sagemaker:CreateTrainingJob"
    control = control_of({**HEAD, "require": [{"Action": action, **form}]}, "file")
    assert [s.actions for s in control.forbid] == [(action,)] * len(conditions)
    assert [s.conditions for s in control.forbid] == [(c,) for c in conditions]


def test_every_operator_and_key_of_a_block_is_a_condition_of_its_own() -> None:
    block = {"Null": {SINGLE: True}, "StringLike": {SINGLE: ["a", "b"], LIST: "c"}}
    statement = {"Action": ["sagemaker:*", "sqs:SendMessage"], "Condition": block}
    (made,) = control_of({**HEAD, "forbid": [statement]}, "file").forbid
    assert made.actions == ("sagemaker:*", "sqs:SendMessage")
    assert made.conditions == (
        Condition("Null", SINGLE, ("true",)),
        Condition("StringLike", SINGLE, ("a", "b")),
        Condition("StringLike", LIST, ("c",)),
    )


def train(**arguments: Any) -> dict[str, Any]:
    return {"Name": "Train", "Type": "Training", "Arguments": arguments}


def test_conditions_of_a_statement_and(write: Write, judge: Judge) -> None:
    block = '{StringEquals: {"api:ResourceConfig.InstanceType": a, "api:TrainingJobName": b}}'
    rest = f'forbid: [{{Action: "sagemaker:CreateTrainingJob", Condition: {block}}}]'
    folder = write("MY-01", rest)
    both = train(ResourceConfig={"InstanceType": "a"}, TrainingJobName="b")
    one = train(ResourceConfig={"InstanceType": "a"}, TrainingJobName="c")
    assert [f.verdict.value for f in judge(folder, "MY-01", both)] == ["fail"]
    assert [f.verdict.value for f in judge(folder, "MY-01", one)] == ["pass"]


def test_statements_or(write: Write, judge: Judge) -> None:
    block = 'Condition: {{StringEquals: {{"api:TrainingJobName": {0}}}}}'
    action = 'Action: "sagemaker:CreateTrainingJob"'
    statements = ", ".join(f"{{{action}, {block.format(name)}}}" for name in "ab")
    folder = write("MY-01", f"forbid: [{statements}]")
    for name, verdict in (("a", "fail"), ("b", "fail"), ("c", "pass")):
        assert [f.verdict.value for f in judge(folder, "MY-01", train(TrainingJobName=name))] == [
            verdict
        ]


def test_an_exception_takes_a_forbidden_request_out_with_its_reason(
    write: Write, judge: Judge
) -> None:
    rest = (
        'forbid: [{Action: "sagemaker:CreateTrainingJob"}]\n'
        'except: [{Action: "sagemaker:*", reason: it is the nightly one, '
        'Condition: {StringEquals: {"api:TrainingJobName": nightly}}}]'
    )
    folder = write("MY-01", rest)
    (finding,) = judge(folder, "MY-01", train(TrainingJobName="nightly"))
    assert (finding.verdict.value, finding.message) == ("not_applicable", "it is the nightly one")
    assert [f.verdict.value for f in judge(folder, "MY-01", train())] == ["fail"]


def test_an_exception_that_a_caller_may_or_may_not_meet_excepts_nothing(
    write: Write, judge: Judge
) -> None:
    rest = (
        'forbid: [{Action: "sagemaker:CreateTrainingJob"}]\n'
        'except: [{Action: "sagemaker:*", reason: r, '
        'Condition: {StringEquals: {"api:TrainingJobName": nightly}}}]'
    )
    step = train(TrainingJobName={"Get": "Parameters.Name"})
    parameters = [{"Name": "Name", "Type": "String", "DefaultValue": "nightly"}]
    (finding,) = judge(write("MY-01", rest), "MY-01", step, Parameters=parameters)
    assert finding.verdict.value == "fail"


def test_an_action_pattern_meets_every_action_it_matches(write: Write, judge: Judge) -> None:
    folder = write("MY-01", 'forbid: [{Action: "sagemaker:Create*Job"}]')
    steps = [
        train(),
        {"Name": "Make", "Type": "Model", "Arguments": {}},
        {"Name": "Score", "Type": "Transform", "Arguments": {}},
    ]
    failing = {f.subject for f in judge(folder, "MY-01", *steps)}
    assert failing == {"Train", "Score"}


def test_actions_are_compared_without_regard_to_case(write: Write, judge: Judge) -> None:
    folder = write("MY-01", 'forbid: [{Action: "sagemaker:createtrainingjob"}]')
    assert [f.verdict.value for f in judge(folder, "MY-01", train())] == ["fail"]


def test_a_required_tag_is_asked_for_one_by_one(write: Write, judge: Judge) -> None:
    rest = (
        'require: [{Action: "@aws:RequestTag", Key: "aws:RequestTag/${env.tags}", Present: true}]'
    )
    folder = write("MY-01", rest)
    one = train(Tags=[{"Key": "EnvironmentName", "Value": "anything"}])
    both = train(Tags=[{"Key": k, "Value": "x"} for k in ("EnvironmentName", "EnvironmentType")])
    assert [f.verdict.value for f in judge(folder, "MY-01", one)] == ["fail"]
    assert [f.verdict.value for f in judge(folder, "MY-01", both)] == ["pass"]


def test_a_list_of_the_profile_splices_into_a_longer_text(write: Write, judge: Judge) -> None:
    condition = '{StringNotLike: {"api:TrainingJobName": "job-${env.vpc.subnets}-*"}}'
    rest = f'forbid: [{{Action: "sagemaker:CreateTrainingJob", Condition: {condition}}}]'
    folder = write("MY-01", rest)
    for subnet in ("subnet-0aaa", "subnet-0bbb"):
        step = train(TrainingJobName=f"job-{subnet}-1")
        assert [f.verdict.value for f in judge(folder, "MY-01", step)] == ["pass"]
    step = train(TrainingJobName="job-subnet-0ccc-1")
    assert [f.verdict.value for f in judge(folder, "MY-01", step)] == ["fail"]


def test_two_conditions_on_one_parameter_are_not_taken_apart(write: Write, judge: Judge) -> None:
    """One value would have to meet both: whether there is such a value was not looked for."""
    block = (
        '{StringLike: {"api:TrainingJobName": "a*"}, StringNotLike: {"api:TrainingJobName": "*"}}'
    )
    rest = f'forbid: [{{Action: "sagemaker:CreateTrainingJob", Condition: {block}}}]'
    step = train(TrainingJobName={"Get": "Parameters.P"})
    parameters = [{"Name": "P", "Type": "String"}]
    (finding,) = judge(write("MY-01", rest), "MY-01", step, Parameters=parameters)
    assert finding.verdict.value == "pass", "the second condition holds for no value"
    (finding,) = judge(
        write("MY-02", rest.replace('"*"}', '"*z"}')), "MY-02", step, Parameters=parameters
    )
    assert finding.verdict.value == "unknown"
