"""References that lead nowhere, and those that only look odd."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Said = list[tuple[str, str, str]]
BARE = {"Name": "In", "Type": "Training", "Arguments": {}}
A = "/Steps/0/Arguments"


def step(type: str, name: str = "S", arguments: Any = None, **members: Any) -> dict[str, Any]:
    return {"Name": name, "Type": type, "Arguments": arguments or {}, **members}


def get(path: str) -> dict[str, str]:
    return {"Get": path}


def condition(*steps: dict[str, Any], branch: str = "IfSteps", **members: Any) -> dict[str, Any]:
    return step("Condition", "C", {"Conditions": [], branch: list(steps)}, **members)


DANGLING: dict[str, tuple[dict[str, Any], str]] = {
    "a parameter": (
        step("Training", arguments={"RoleArn": get("Parameters.Nope")}),
        f"{A}/RoleArn",
    ),
    "a step": (step("Training", arguments={"RoleArn": get("Steps.Nope.X")}), f"{A}/RoleArn"),
    "a root": (step("Training", arguments={"RoleArn": get("Nope.X")}), f"{A}/RoleArn"),
    "nothing": (step("Training", arguments={"RoleArn": get("")}), f"{A}/RoleArn"),
    "a number": (step("Training", arguments={"RoleArn": {"Get": 5}}), f"{A}/RoleArn"),
    "an unknown function": (
        step("Training", arguments={"RoleArn": {"Std:Upper": "x"}}),
        f"{A}/RoleArn",
    ),
    "in a list": (
        step("Training", arguments={"VpcConfig": {"Subnets": ["a", get("Parameters.Nope")]}}),
        f"{A}/VpcConfig/Subnets/1",
    ),
    "in a join": (
        step(
            "Training",
            arguments={"RoleArn": {"Std:Join": {"On": "", "Values": ["a", get("Parameters.N")]}}},
        ),
        f"{A}/RoleArn/Std:Join/Values/1",
    ),
    "a property file of no step": (
        step(
            "Training",
            arguments={
                "RoleArn": {"Std:JsonGet": {"PropertyFile": get("Steps.N.PropertyFiles.F")}}
            },
        ),
        f"{A}/RoleArn/Std:JsonGet/PropertyFile",
    ),
    "a property file that the step does not declare": (
        step(
            "Training",
            arguments={
                "RoleArn": {"Std:JsonGet": {"PropertyFile": get("Steps.Other.PropertyFiles.F")}}
            },
        ),
        f"{A}/RoleArn/Std:JsonGet/PropertyFile",
    ),
    "a step to clean up after": (
        step("Cleanup", arguments={"Resources": {"S3": [{"StepName": "S3"}]}}),
        f"{A}/Resources/S3/0/StepName",
    ),
    "in a condition": (
        step("Condition", arguments={"Conditions": [{"LeftValue": get("Steps.Nope.X")}]}),
        f"{A}/Conditions/0/LeftValue",
    ),
    "in a loop's items": (
        step("ForEach", arguments={"IterableItems": get("Parameters.Nope"), "ForEachBody": []}),
        f"{A}/IterableItems",
    ),
    "in a function's arguments": (
        step("Lambda", arguments={"deep": [{"x": get("Steps.Nope.X")}]}),
        f"{A}/deep/0/x",
    ),
    "in a function's ARN": (
        step("Lambda", FunctionArn=get("Parameters.N")),
        "/Steps/0/FunctionArn",
    ),
    "in a queue's URL": (step("Callback", SqsQueueUrl=get("Parameters.N")), "/Steps/0/SqsQueueUrl"),
    "in a check's switch": (
        step("QualityCheck", SkipCheck=get("Parameters.N")),
        "/Steps/0/SkipCheck",
    ),
    "in a failure's message": (
        step("Fail", arguments={"ErrorMessage": get("Parameters.Nope")}),
        f"{A}/ErrorMessage",
    ),
    "in a job's document": (
        step(
            "Job",
            arguments={
                "JobConfigDocument": {"Std:Join": {"On": "", "Values": ["{", get("Parameters.N")]}}
            },
        ),
        f"{A}/JobConfigDocument/Std:Join/Values/1",
    ),
    "in an unknown step": (step("Nope", arguments={"x": get("Steps.N.X")}), f"{A}/x"),
    "in a caching rule": (
        step("Fail", CacheConfig={"Enabled": True, "ExpireAfter": get("Parameters.N")}),
        "/Steps/0/CacheConfig/ExpireAfter",
    ),
    "the current item outside a loop": (
        step("Training", arguments={"RoleArn": get("ForEach.CurrentItem")}),
        f"{A}/RoleArn",
    ),
    "DependsOn": (step("Fail", DependsOn=["Other", "Nope"]), "/Steps/0/DependsOn/1"),
    "DependsOn with a trigger": (
        step("Fail", DependsOn=[{"Step": "Nope", "Trigger": "Any"}]),
        "/Steps/0/DependsOn/0",
    ),
    "DependsOn with a number": (step("Fail", DependsOn=[5]), "/Steps/0/DependsOn/0"),
    "DependsOn with no step": (
        step("Fail", DependsOn=[{"Trigger": "Any"}]),
        "/Steps/0/DependsOn/0",
    ),
    "DependsOn with one letter, which stands elsewhere, too": (
        step("Fail", DependsOn=["Z"], Description="Z"),
        "/Steps/0/DependsOn/0",
    ),
}


@pytest.mark.parametrize("name", DANGLING)
def test_a_reference_that_leads_nowhere_fails_where_it_stands(
    name: str, rules: Callable[..., Said]
) -> None:
    body, place = DANGLING[name]
    other = step("Processing", "Other")
    found = [s for s in rules(body, other) if s[0].startswith("DOC-04")]
    assert found == [("DOC-04 fail", "S", place)]


def test_a_reference_in_the_experiment_is_looked_at(rules: Callable[..., Said]) -> None:
    config = {"ExperimentName": get("Parameters.Nope")}
    found = rules(PipelineExperimentConfig=config)
    assert found == [("DOC-04 fail", "", "/PipelineExperimentConfig/ExperimentName")]


@pytest.mark.parametrize(
    "join", [{"On": "/"}, ["a"], {"On": "/", "Values": "ab"}, {"On": 5, "Values": ["a"]}]
)
def test_a_join_of_another_form_is_not_taken_for_a_join(
    join: Any, rules: Callable[..., Said]
) -> None:
    body = step("Training", arguments={"HyperParameters": {"x": {"Std:Join": join}}})
    assert [s[2] for s in rules(body)] == [f"{A}/HyperParameters/x"]


FINE: dict[str, list[dict[str, Any]]] = {
    "a parameter": [step("Training", arguments={"RoleArn": get("Parameters.P")})],
    "a property of a later step": [
        step("Training", arguments={"RoleArn": get("Steps.Other.RoleArn")}),
        step("Processing", "Other"),
    ],
    "a property file": [
        step("Processing", "Other", PropertyFiles=[{"PropertyFileName": "F"}]),
        step(
            "Training",
            arguments={
                "RoleArn": {
                    "Std:JsonGet": {"PropertyFile": get("Steps.Other.PropertyFiles.F"), "Path": "x"}
                }
            },
        ),
    ],
    "the execution": [step("Fail", arguments={"ErrorMessage": get("Execution.PipelineName")})],
    "DependsOn in both forms": [
        step("Fail", "One"),
        step("Fail", DependsOn=["One", {"Step": "One", "Trigger": "Failed"}]),
    ],
    "DependsOn of a nested step": [condition(step("Fail", "In")), step("Fail", DependsOn=["In"])],
    "the item of the loop": [
        step(
            "ForEach",
            arguments={
                "IterableItems": ["a"],
                "ForEachBody": [
                    step("Training", "In", {"HyperParameters": {"x": get("ForEach.CurrentItem")}})
                ],
            },
        ),
    ],
    "the result of the loop": [
        step("ForEach", "Loop", {"IterableItems": ["a"], "ForEachBody": [step("Training", "In")]}),
        step("Training", arguments={"RoleArn": get("Steps.Loop.IterationOutputs[0].In.RoleArn")}),
    ],
    "a nested step that needs the outer one's neighbour": [
        step("Training", "First"),
        condition(step("Training", "In", {"RoleArn": get("Steps.First.RoleArn")})),
    ],
    "null for members": [step("Training", arguments={"VpcConfig": None, "Tags": None})],
    "a whole number for a fraction": [
        step("Model", arguments={"PrimaryContainer": {"Image": "x", "Environment": {}}})
    ],
    "names that repeat in different steps": [
        step("Training", "One", {"InputDataConfig": [{"ChannelName": "train"}]}),
        step("Training", "Two", {"InputDataConfig": [{"ChannelName": "train"}]}),
    ],
    "an input and an output of one name": [
        step(
            "Processing",
            arguments={
                "ProcessingInputs": [{"InputName": "x"}],
                "ProcessingOutputConfig": {"Outputs": [{"OutputName": "x"}]},
            },
        ),
    ],
}


@pytest.mark.parametrize("name", FINE)
def test_what_is_fine_raises_no_alarm(name: str, rules: Callable[..., Said]) -> None:
    assert rules(*FINE[name], Parameters=[{"Name": "P", "Type": "String"}]) == []
