"""Steps that wait for each other in a circle, and things of one name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormer.model.definition import pointer
from ormer.model.finding import Report, Verdict

Check = Callable[..., Report]
Said = list[tuple[str, str, str]]
BARE = {"Name": "In", "Type": "Training", "Arguments": {}}
A = "/Steps/0/Arguments"


def step(type: str, name: str = "S", arguments: Any = None, **members: Any) -> dict[str, Any]:
    return {"Name": name, "Type": type, "Arguments": arguments or {}, **members}


def get(path: str) -> dict[str, str]:
    return {"Get": path}


def condition(*steps: dict[str, Any], branch: str = "IfSteps", **members: Any) -> dict[str, Any]:
    return step("Condition", "C", {"Conditions": [], branch: list(steps)}, **members)


def property_of(name: str) -> dict[str, Any]:
    return {"HyperParameters": {"x": get(f"Steps.{name}.TrainingJobName")}}


CIRCLES: dict[str, tuple[list[dict[str, Any]], set[str]]] = {
    "a step waits for itself": ([step("Fail", "A", DependsOn=["A"])], {"A"}),
    "two steps wait for each other": (
        [step("Fail", "A", DependsOn=["B"]), step("Fail", "B", DependsOn=["A"])],
        {"A", "B"},
    ),
    "with triggers": (
        [
            step("Fail", "A", DependsOn=[{"Step": "B"}]),
            step("Fail", "B", DependsOn=[{"Step": "A"}]),
        ],
        {"A", "B"},
    ),
    "by properties": (
        [step("Training", "A", property_of("B")), step("Training", "B", property_of("A"))],
        {"A", "B"},
    ),
    "by a property of its own": ([step("Training", "A", property_of("A"))], {"A"}),
    "by a property and DependsOn": (
        [step("Training", "A", property_of("B")), step("Fail", "B", DependsOn=["A"])],
        {"A", "B"},
    ),
    "three in a row": (
        [step("Fail", n, DependsOn=[m]) for n, m in ("AB", "BC", "CA")],
        {"A", "B", "C"},
    ),
    "a condition on what it decides": (
        [
            step(
                "Condition",
                "C",
                {"Conditions": [{"LeftValue": get("Steps.In.X")}], "IfSteps": [BARE]},
            )
        ],
        {"C", "In"},
    ),
    "a condition that waits for a step after its own": (
        [step("Fail", "After", DependsOn=["In"]), condition(BARE, DependsOn=["After"])],
        {"After", "In", "C"},
    ),
    "a loop over what its body makes": (
        [step("ForEach", "F", {"IterableItems": get("Steps.In.X"), "ForEachBody": [BARE]})],
        {"F", "In"},
    ),
    "in a join": (
        [
            step(
                "Training", "A", {"RoleArn": {"Std:Join": {"On": "", "Values": [get("Steps.A.X")]}}}
            )
        ],
        {"A"},
    ),
}


@pytest.mark.parametrize("name", CIRCLES)
def test_a_circle_fails_and_names_its_steps(name: str, check: Check) -> None:
    steps, names = CIRCLES[name]
    (finding,) = [f for f in check(*steps).findings if f.control == "DOC-05"]
    assert finding.verdict is Verdict.FAIL
    assert set(finding.message.removeprefix("a circle: ").split(" -> ")) == names
    assert pointer(finding.place).startswith("/Steps/")


def test_a_long_way_is_no_circle(rules: Callable[..., Said]) -> None:
    steps = [step("Fail", "S0")]
    steps += [step("Fail", f"S{n}", DependsOn=[f"S{n - 1}"]) for n in range(1, 3000)]
    assert rules(*steps) == []


DOUBLES: dict[str, tuple[dict[str, Any], str]] = {
    "inputs": (
        step(
            "Processing", arguments={"ProcessingInputs": [{"InputName": "a"}, {"InputName": "a"}]}
        ),
        f"{A}/ProcessingInputs/1/InputName",
    ),
    "outputs": (
        step(
            "Processing",
            arguments={
                "ProcessingOutputConfig": {
                    "Outputs": [{"OutputName": "a"}, {"OutputName": "b"}, {"OutputName": "a"}]
                }
            },
        ),
        f"{A}/ProcessingOutputConfig/Outputs/2/OutputName",
    ),
    "channels": (
        step(
            "Training", arguments={"InputDataConfig": [{"ChannelName": "a"}, {"ChannelName": "a"}]}
        ),
        f"{A}/InputDataConfig/1/ChannelName",
    ),
    "channels of a tuning job": (
        step(
            "Tuning",
            arguments={
                "TrainingJobDefinition": {
                    "InputDataConfig": [{"ChannelName": "a"}, {"ChannelName": "a"}]
                }
            },
        ),
        f"{A}/TrainingJobDefinition/InputDataConfig/1/ChannelName",
    ),
    "channels of the second of two definitions": (
        step(
            "Tuning",
            arguments={
                "TrainingJobDefinitions": [
                    {},
                    {"InputDataConfig": [{"ChannelName": "a"}, {"ChannelName": "a"}]},
                ]
            },
        ),
        f"{A}/TrainingJobDefinitions/1/InputDataConfig/1/ChannelName",
    ),
    "inputs of a check": (
        step(
            "QualityCheck", arguments={"ProcessingInputs": [{"InputName": "a"}, {"InputName": "a"}]}
        ),
        f"{A}/ProcessingInputs/1/InputName",
    ),
}


@pytest.mark.parametrize("name", DOUBLES)
def test_a_second_thing_of_one_name_fails_where_it_stands(
    name: str, rules: Callable[..., Said]
) -> None:
    body, place = DOUBLES[name]
    assert [s for s in rules(body) if s[0].startswith("DOC-06")] == [("DOC-06 fail", "S", place)]
