"""The rules about the document itself: what nobody can vouch for is said, with its place."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.assess.check import Checker
from ormer.model.definition import pointer
from ormer.model.finding import Report, Verdict

Check = Callable[..., Report]
Said = list[tuple[str, str, str]]
DOCUMENTS = sorted((Path(__file__).parents[1] / "definitions").glob("v[23]/*.json"))
BARE = {"Name": "In", "Type": "Training", "Arguments": {}}


@pytest.fixture
def rules(check: Check) -> Callable[..., Said]:
    """What the document rules say: (rule and verdict, subject, JSON Pointer)."""

    def _rules(*steps: dict[str, Any], **document: Any) -> Said:
        return [
            (f"{f.control} {f.verdict.value}", f.subject, pointer(f.place))
            for f in check(*steps, **document).findings
            if f.control.startswith("DOC-") and f.verdict is not Verdict.PASS
        ]

    return _rules


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
        step("Training", FunctionArn="arn"), "DOC-02 unknown", "/Steps/0/FunctionArn",
    ),
    "steps beside the arguments": (
        step("Condition", IfSteps=[BARE]), "DOC-02 unknown", "/Steps/0/IfSteps",
    ),
    "an API member": (
        step("Training", arguments={"VpcConfiguration": {}}), "DOC-02 unknown", f"{A}/VpcConfiguration",
    ),
    "an API member in another case": (
        step("Training", arguments={"vpcConfig": {}}), "DOC-02 unknown", f"{A}/vpcConfig",
    ),
    "an API member below another": (
        step("Training", arguments={"VpcConfig": {"SubnetIds": []}}), "DOC-02 unknown",
        f"{A}/VpcConfig/SubnetIds",
    ),
    "an API member in a list": (
        step("Training", arguments={"InputDataConfig": [{}, {"Channel": "x"}]}), "DOC-02 unknown",
        f"{A}/InputDataConfig/1/Channel",
    ),
    "an API member of another action": (
        step("Model", arguments={"AlgorithmSpecification": {}}), "DOC-02 unknown",
        f"{A}/AlgorithmSpecification",
    ),
    "an API member of a check": (
        step("QualityCheck", arguments={"BaselineJob": {}}), "DOC-02 unknown", f"{A}/BaselineJob",
    ),
    "an API member of a lineage entry": (
        step("Lineage", arguments={"Actions": [{"ActionsName": "x"}]}), "DOC-02 unknown",
        f"{A}/Actions/0/ActionsName",
    ),
    "an API member of a job": (
        step("Job", arguments={"JobConfig": "{}", "JobConfigDocument": "{}"}), "DOC-02 unknown",
        f"{A}/JobConfig",
    ),
    "a branch of a condition": (
        step("Condition", arguments={"Conditions": [], "ifSteps": [BARE]}), "DOC-02 unknown",
        f"{A}/ifSteps",
    ),
    "a third branch of a condition": (
        step("Condition", arguments={"Conditions": [], "ElseIfSteps": [BARE]}), "DOC-02 unknown",
        f"{A}/ElseIfSteps",
    ),
    "a body of a loop": (
        step("ForEach", arguments={"IterableItems": ["a"], "Body": [BARE]}), "DOC-02 unknown",
        f"{A}/Body",
    ),
    "entries of a lineage step": (
        step("Lineage", arguments={"Models": [{}]}), "DOC-02 unknown", f"{A}/Models",
    ),
    "a list for a structure": (
        step("Training", arguments={"VpcConfig": ["subnet-0aaa"]}), "DOC-03 unknown", f"{A}/VpcConfig",
    ),
    "a text for a list": (
        step("Training", arguments={"VpcConfig": {"Subnets": "subnet-0aaa"}}), "DOC-03 unknown",
        f"{A}/VpcConfig/Subnets",
    ),
    "a structure for a list": (
        step("Training", arguments={"InputDataConfig": {"ChannelName": "x"}}), "DOC-03 unknown",
        f"{A}/InputDataConfig",
    ),
    "a text for a number": (
        step("Training", arguments={"ResourceConfig": {"InstanceCount": "2"}}), "DOC-03 unknown",
        f"{A}/ResourceConfig/InstanceCount",
    ),
    "a fraction for a whole number": (
        step("Training", arguments={"ResourceConfig": {"InstanceCount": 1.5}}), "DOC-03 unknown",
        f"{A}/ResourceConfig/InstanceCount",
    ),
    "a flag for a number": (
        step("Training", arguments={"ResourceConfig": {"InstanceCount": True}}), "DOC-03 unknown",
        f"{A}/ResourceConfig/InstanceCount",
    ),
    "a number for a flag": (
        step("Training", arguments={"EnableNetworkIsolation": 1}), "DOC-03 unknown",
        f"{A}/EnableNetworkIsolation",
    ),
    "a text for a flag": (
        step("Training", arguments={"EnableNetworkIsolation": "true"}), "DOC-03 unknown",
        f"{A}/EnableNetworkIsolation",
    ),
    "a number for a text": (
        step("Training", arguments={"HyperParameters": {"depth": 5}}), "DOC-03 unknown",
        f"{A}/HyperParameters/depth",
    ),
    "a list for a map": (
        step("Training", arguments={"HyperParameters": ["depth"]}), "DOC-03 unknown",
        f"{A}/HyperParameters",
    ),
    "a structure for a text": (
        step("Training", arguments={"RoleArn": {"Arn": "x"}}), "DOC-03 unknown", f"{A}/RoleArn",
    ),
    "a text for a lineage entry": (
        step("Lineage", arguments={"Actions": ["x"]}), "DOC-03 unknown", f"{A}/Actions/0",
    ),
    "a structure for lineage entries": (
        step("Lineage", arguments={"Actions": {"ActionName": "x"}}), "DOC-03 unknown", f"{A}/Actions",
    ),
    "a reference for lineage entries": (
        step("Lineage", arguments={"Actions": get("Parameters.P")}), "DOC-03 unknown", f"{A}/Actions",
    ),
    "a text for DependsOn": (
        step("Fail", DependsOn="Nope"), "DOC-03 unknown", "/Steps/0/DependsOn",
    ),
}  # fmt: skip


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


DANGLING: dict[str, tuple[dict[str, Any], str]] = {
    "a parameter": (
        step("Training", arguments={"RoleArn": get("Parameters.Nope")}), f"{A}/RoleArn",
    ),
    "a step": (step("Training", arguments={"RoleArn": get("Steps.Nope.X")}), f"{A}/RoleArn"),
    "a root": (step("Training", arguments={"RoleArn": get("Nope.X")}), f"{A}/RoleArn"),
    "nothing": (step("Training", arguments={"RoleArn": get("")}), f"{A}/RoleArn"),
    "a number": (step("Training", arguments={"RoleArn": {"Get": 5}}), f"{A}/RoleArn"),
    "an unknown function": (
        step("Training", arguments={"RoleArn": {"Std:Upper": "x"}}), f"{A}/RoleArn",
    ),
    "in a list": (
        step("Training", arguments={"VpcConfig": {"Subnets": ["a", get("Parameters.Nope")]}}),
        f"{A}/VpcConfig/Subnets/1",
    ),
    "in a join": (
        step("Training", arguments={"RoleArn": {"Std:Join": {"On": "", "Values": ["a", get("Parameters.N")]}}}),
        f"{A}/RoleArn/Std:Join/Values/1",
    ),
    "a property file of no step": (
        step("Training", arguments={"RoleArn": {"Std:JsonGet": {"PropertyFile": get("Steps.N.PropertyFiles.F")}}}),
        f"{A}/RoleArn/Std:JsonGet/PropertyFile",
    ),
    "a property file that the step does not declare": (
        step("Training", arguments={"RoleArn": {"Std:JsonGet": {"PropertyFile": get("Steps.Other.PropertyFiles.F")}}}),
        f"{A}/RoleArn/Std:JsonGet/PropertyFile",
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
        step("Lambda", arguments={"deep": [{"x": get("Steps.Nope.X")}]}), f"{A}/deep/0/x",
    ),
    "in a function's ARN": (step("Lambda", FunctionArn=get("Parameters.N")), "/Steps/0/FunctionArn"),
    "in a queue's URL": (step("Callback", SqsQueueUrl=get("Parameters.N")), "/Steps/0/SqsQueueUrl"),
    "in a check's switch": (step("QualityCheck", SkipCheck=get("Parameters.N")), "/Steps/0/SkipCheck"),
    "in a failure's message": (
        step("Fail", arguments={"ErrorMessage": get("Parameters.Nope")}), f"{A}/ErrorMessage",
    ),
    "in a job's document": (
        step("Job", arguments={"JobConfigDocument": {"Std:Join": {"On": "", "Values": ["{", get("Parameters.N")]}}}),
        f"{A}/JobConfigDocument/Std:Join/Values/1",
    ),
    "in an unknown step": (step("Nope", arguments={"x": get("Steps.N.X")}), f"{A}/x"),
    "in a caching rule": (
        step("Fail", CacheConfig={"Enabled": True, "ExpireAfter": get("Parameters.N")}),
        "/Steps/0/CacheConfig/ExpireAfter",
    ),
    "the current item outside a loop": (
        step("Training", arguments={"RoleArn": get("ForEach.CurrentItem")}), f"{A}/RoleArn",
    ),
    "DependsOn": (step("Fail", DependsOn=["Other", "Nope"]), "/Steps/0/DependsOn/1"),
    "DependsOn with a trigger": (
        step("Fail", DependsOn=[{"Step": "Nope", "Trigger": "Any"}]), "/Steps/0/DependsOn/0",
    ),
    "DependsOn with a number": (step("Fail", DependsOn=[5]), "/Steps/0/DependsOn/0"),
    "DependsOn with no step": (step("Fail", DependsOn=[{"Trigger": "Any"}]), "/Steps/0/DependsOn/0"),
    "DependsOn with one letter, which stands elsewhere, too": (
        step("Fail", DependsOn=["Z"], Description="Z"), "/Steps/0/DependsOn/0",
    ),
}  # fmt: skip


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
        step("Training", arguments={"RoleArn": {"Std:JsonGet": {
            "PropertyFile": get("Steps.Other.PropertyFiles.F"), "Path": "x"}}}),
    ],
    "the execution": [step("Fail", arguments={"ErrorMessage": get("Execution.PipelineName")})],
    "DependsOn in both forms": [
        step("Fail", "One"), step("Fail", DependsOn=["One", {"Step": "One", "Trigger": "Failed"}]),
    ],
    "DependsOn of a nested step": [condition(step("Fail", "In")), step("Fail", DependsOn=["In"])],
    "the item of the loop": [
        step("ForEach", arguments={"IterableItems": ["a"], "ForEachBody": [
            step("Training", "In", {"HyperParameters": {"x": get("ForEach.CurrentItem")}})]}),
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
        step("Processing", arguments={"ProcessingInputs": [{"InputName": "x"}],
             "ProcessingOutputConfig": {"Outputs": [{"OutputName": "x"}]}}),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", FINE)
def test_what_is_fine_raises_no_alarm(name: str, rules: Callable[..., Said]) -> None:
    assert rules(*FINE[name], Parameters=[{"Name": "P", "Type": "String"}]) == []


def property_of(name: str) -> dict[str, Any]:
    return {"HyperParameters": {"x": get(f"Steps.{name}.TrainingJobName")}}


CIRCLES: dict[str, tuple[list[dict[str, Any]], set[str]]] = {
    "a step waits for itself": ([step("Fail", "A", DependsOn=["A"])], {"A"}),
    "two steps wait for each other": (
        [step("Fail", "A", DependsOn=["B"]), step("Fail", "B", DependsOn=["A"])], {"A", "B"},
    ),
    "with triggers": (
        [step("Fail", "A", DependsOn=[{"Step": "B"}]), step("Fail", "B", DependsOn=[{"Step": "A"}])],
        {"A", "B"},
    ),
    "by properties": (
        [step("Training", "A", property_of("B")), step("Training", "B", property_of("A"))],
        {"A", "B"},
    ),
    "by a property of its own": ([step("Training", "A", property_of("A"))], {"A"}),
    "by a property and DependsOn": (
        [step("Training", "A", property_of("B")), step("Fail", "B", DependsOn=["A"])], {"A", "B"},
    ),
    "three in a row": (
        [step("Fail", n, DependsOn=[m]) for n, m in ("AB", "BC", "CA")], {"A", "B", "C"},
    ),
    "a condition on what it decides": (
        [step("Condition", "C", {"Conditions": [{"LeftValue": get("Steps.In.X")}], "IfSteps": [BARE]})],
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
        [step("Training", "A", {"RoleArn": {"Std:Join": {"On": "", "Values": [get("Steps.A.X")]}}})],
        {"A"},
    ),
}  # fmt: skip


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
        step("Processing", arguments={"ProcessingInputs": [{"InputName": "a"}, {"InputName": "a"}]}),
        f"{A}/ProcessingInputs/1/InputName",
    ),
    "outputs": (
        step("Processing", arguments={"ProcessingOutputConfig": {"Outputs": [
            {"OutputName": "a"}, {"OutputName": "b"}, {"OutputName": "a"}]}}),
        f"{A}/ProcessingOutputConfig/Outputs/2/OutputName",
    ),
    "channels": (
        step("Training", arguments={"InputDataConfig": [{"ChannelName": "a"}, {"ChannelName": "a"}]}),
        f"{A}/InputDataConfig/1/ChannelName",
    ),
    "channels of a tuning job": (
        step("Tuning", arguments={"TrainingJobDefinition": {"InputDataConfig": [
            {"ChannelName": "a"}, {"ChannelName": "a"}]}}),
        f"{A}/TrainingJobDefinition/InputDataConfig/1/ChannelName",
    ),
    "channels of the second of two definitions": (
        step("Tuning", arguments={"TrainingJobDefinitions": [{}, {"InputDataConfig": [
            {"ChannelName": "a"}, {"ChannelName": "a"}]}]}),
        f"{A}/TrainingJobDefinitions/1/InputDataConfig/1/ChannelName",
    ),
    "inputs of a check": (
        step("QualityCheck", arguments={"ProcessingInputs": [{"InputName": "a"}, {"InputName": "a"}]}),
        f"{A}/ProcessingInputs/1/InputName",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBLES)
def test_a_second_thing_of_one_name_fails_where_it_stands(
    name: str, rules: Callable[..., Said]
) -> None:
    body, place = DOUBLES[name]
    assert [s for s in rules(body) if s[0].startswith("DOC-06")] == [("DOC-06 fail", "S", place)]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_no_document_of_the_sdks_raises_a_false_alarm(path: Path, checker: Checker) -> None:
    """The SDKs' documents are well formed: whatever is wrong with them is no document rule's."""
    report = checker.check(path.read_bytes(), path.name)
    alarms = [
        (f.control, f.subject, f.message)
        for f in report.findings
        if (f.control.startswith("DOC-") and f.needs_action) or f.verdict is Verdict.ERROR
    ]
    assert alarms == []


LARGE: dict[str, list[dict[str, Any]]] = {
    "5,000 dangling references in one step": [
        step("Fail", arguments={"ErrorMessage": [get(f"Parameters.x{n}") for n in range(5000)]})
    ],
    "4,000 transform jobs of models made elsewhere": [
        step("Transform", f"S{n}", {"ModelName": f"m{n}"}) for n in range(4000)
    ],
    "3,000 steps that wait for all before them": [
        step("Fail", f"S{n}", DependsOn=[f"S{m}" for m in range(max(0, n - 30), n)])
        for n in range(3000)
    ],
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_document_is_checked_in_time(name: str, check: Check) -> None:
    """Each takes tenths of a second where the work grows with the document, not with its square."""

    def _late(*_: Any) -> None:
        pytest.fail("still running after 3 s")  # no Exception, which a control may swallow

    before = signal.signal(signal.SIGALRM, _late)
    signal.alarm(3)
    try:
        check(*LARGE[name])
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
