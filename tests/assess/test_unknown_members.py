"""Step types, members and forms that are not known: said where they stand, never passed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormer.model.finding import Report, Verdict

Check = Callable[..., Report]
Said = list[tuple[str, str, str]]
BARE = {"Name": "In", "Type": "Training", "Arguments": {}}


def step(type: str, name: str = "S", arguments: Any = None, **members: Any) -> dict[str, Any]:
    return {"Name": name, "Type": type, "Arguments": arguments or {}, **members}


def get(path: str) -> dict[str, str]:
    return {"Get": path}


def condition(*steps: dict[str, Any], branch: str = "IfSteps", **members: Any) -> dict[str, Any]:
    return step("Condition", "C", {"Conditions": [], branch: list(steps)}, **members)


A = "/Steps/0/Arguments"
UNKNOWN: dict[str, tuple[dict[str, Any], str, str]] = {
    "a step type": (step("Bedrock"), "DOC-01 unknown", "/Steps/0/Type"),
    "a step type in another case": (step("training"), "DOC-01 unknown", "/Steps/0/Type"),
    "a step type of nobody": (step("Train"), "DOC-01 unknown", "/Steps/0/Type"),
    "a step member": (step("Training", Argument={}), "DOC-02 unknown", "/Steps/0/Argument"),
    "a step member of another type": (
        step("Training", FunctionArn="arn"),
        "DOC-02 unknown",
        "/Steps/0/FunctionArn",
    ),
    "steps beside the arguments": (
        step("Condition", IfSteps=[BARE]),
        "DOC-02 unknown",
        "/Steps/0/IfSteps",
    ),
    "an API member": (
        step("Training", arguments={"VpcConfiguration": {}}),
        "DOC-02 unknown",
        f"{A}/VpcConfiguration",
    ),
    "an API member in another case": (
        step("Training", arguments={"vpcConfig": {}}),
        "DOC-02 unknown",
        f"{A}/vpcConfig",
    ),
    "an API member below another": (
        step("Training", arguments={"VpcConfig": {"SubnetIds": []}}),
        "DOC-02 unknown",
        f"{A}/VpcConfig/SubnetIds",
    ),
    "an API member in a list": (
        step("Training", arguments={"InputDataConfig": [{}, {"Channel": "x"}]}),
        "DOC-02 unknown",
        f"{A}/InputDataConfig/1/Channel",
    ),
    "an API member of another action": (
        step("Model", arguments={"AlgorithmSpecification": {}}),
        "DOC-02 unknown",
        f"{A}/AlgorithmSpecification",
    ),
    "an API member of a check": (
        step("QualityCheck", arguments={"BaselineJob": {}}),
        "DOC-02 unknown",
        f"{A}/BaselineJob",
    ),
    "an API member of a lineage entry": (
        step("Lineage", arguments={"Actions": [{"ActionsName": "x"}]}),
        "DOC-02 unknown",
        f"{A}/Actions/0/ActionsName",
    ),
    "an API member of a job": (
        step("Job", arguments={"JobConfig": "{}", "JobConfigDocument": "{}"}),
        "DOC-02 unknown",
        f"{A}/JobConfig",
    ),
    "a branch of a condition": (
        step("Condition", arguments={"Conditions": [], "ifSteps": [BARE]}),
        "DOC-02 unknown",
        f"{A}/ifSteps",
    ),
    "a third branch of a condition": (
        step("Condition", arguments={"Conditions": [], "ElseIfSteps": [BARE]}),
        "DOC-02 unknown",
        f"{A}/ElseIfSteps",
    ),
    "a body of a loop": (
        step("ForEach", arguments={"IterableItems": ["a"], "Body": [BARE]}),
        "DOC-02 unknown",
        f"{A}/Body",
    ),
    "entries of a lineage step": (
        step("Lineage", arguments={"Models": [{}]}),
        "DOC-02 unknown",
        f"{A}/Models",
    ),
    "a list for a structure": (
        step("Training", arguments={"VpcConfig": ["subnet-0aaa"]}),
        "DOC-03 unknown",
        f"{A}/VpcConfig",
    ),
    "a text for a list": (
        step("Training", arguments={"VpcConfig": {"Subnets": "subnet-0aaa"}}),
        "DOC-03 unknown",
        f"{A}/VpcConfig/Subnets",
    ),
    "a structure for a list": (
        step("Training", arguments={"InputDataConfig": {"ChannelName": "x"}}),
        "DOC-03 unknown",
        f"{A}/InputDataConfig",
    ),
    "a text for a number": (
        step("Training", arguments={"ResourceConfig": {"InstanceCount": "2"}}),
        "DOC-03 unknown",
        f"{A}/ResourceConfig/InstanceCount",
    ),
    "a fraction for a whole number": (
        step("Training", arguments={"ResourceConfig": {"InstanceCount": 1.5}}),
        "DOC-03 unknown",
        f"{A}/ResourceConfig/InstanceCount",
    ),
    "a flag for a number": (
        step("Training", arguments={"ResourceConfig": {"InstanceCount": True}}),
        "DOC-03 unknown",
        f"{A}/ResourceConfig/InstanceCount",
    ),
    "a number for a flag": (
        step("Training", arguments={"EnableNetworkIsolation": 1}),
        "DOC-03 unknown",
        f"{A}/EnableNetworkIsolation",
    ),
    "a text for a flag": (
        step("Training", arguments={"EnableNetworkIsolation": "true"}),
        "DOC-03 unknown",
        f"{A}/EnableNetworkIsolation",
    ),
    "a number for a text": (
        step("Training", arguments={"HyperParameters": {"depth": 5}}),
        "DOC-03 unknown",
        f"{A}/HyperParameters/depth",
    ),
    "a list for a map": (
        step("Training", arguments={"HyperParameters": ["depth"]}),
        "DOC-03 unknown",
        f"{A}/HyperParameters",
    ),
    "a structure for a text": (
        step("Training", arguments={"RoleArn": {"Arn": "x"}}),
        "DOC-03 unknown",
        f"{A}/RoleArn",
    ),
    "a text for a lineage entry": (
        step("Lineage", arguments={"Actions": ["x"]}),
        "DOC-03 unknown",
        f"{A}/Actions/0",
    ),
    "a structure for lineage entries": (
        step("Lineage", arguments={"Actions": {"ActionName": "x"}}),
        "DOC-03 unknown",
        f"{A}/Actions",
    ),
    "a reference for lineage entries": (
        step("Lineage", arguments={"Actions": get("Parameters.P")}),
        "DOC-03 unknown",
        f"{A}/Actions",
    ),
    "a text for DependsOn": (
        step("Fail", DependsOn="Nope"),
        "DOC-03 unknown",
        "/Steps/0/DependsOn",
    ),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_known_is_unknown_where_it_stands(
    name: str, rules: Callable[..., Said]
) -> None:
    body, rule, place = UNKNOWN[name]
    parameters = [{"Name": "P", "Type": "String"}]
    assert (rule, "S", place) in rules(body, Parameters=parameters)


def test_an_unknown_member_of_the_definition(rules: Callable[..., Said]) -> None:
    assert sorted(rules(Pipeline={}, Extra=1)) == [
        ("DOC-02 unknown", "", "/Extra"),
        ("DOC-02 unknown", "", "/Pipeline"),
    ]


def test_a_nested_step_of_an_unknown_type_is_found(rules: Callable[..., Said]) -> None:
    assert rules(condition(step("Nope", "N"), branch="ElseSteps")) == [
        ("DOC-01 unknown", "C/ElseSteps/N", f"{A}/ElseSteps/0/Type")
    ]


def test_nothing_of_an_unknown_step_is_taken_for_checked(check: Check) -> None:
    report = check(step("Nope", arguments={"VpcConfig": {}}))
    assert not report.passed()
    assert {f.verdict for f in report.findings if f.control == "NET-01"} == {Verdict.NOT_APPLICABLE}
