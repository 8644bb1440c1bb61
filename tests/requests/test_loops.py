"""ForEach: the current item, and what the body's steps give to the steps outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
GOOD, AWAY = "s3://models-bucket/a", "s3://elsewhere/b"


def get(path: str) -> dict[str, str]:
    return {"Get": path}


def join(on: str, *values: Any) -> dict[str, Any]:
    return {"Std:Join": {"On": on, "Values": list(values)}}


def writes(path: Any, name: str = "Body") -> dict[str, Any]:
    arguments = {"OutputDataConfig": {"S3OutputPath": path}}
    return {"Name": name, "Type": "Training", "Arguments": arguments}


def loop(items: Any, *body: dict[str, Any], name: str = "Loop", **more: Any) -> dict[str, Any]:
    arguments = {"IterableItems": items, "ForEachBody": list(body), **more}
    return {"Name": name, "Type": "ForEach", "Arguments": arguments}


ASK = {"Name": "Ask", "Type": "Lambda", "FunctionArn": "arn:f", "Arguments": {}}
PARAMETERS = [
    {"Name": "Text", "Type": "String", "DefaultValue": GOOD},
    {"Name": "Enum", "Type": "String", "EnumValues": [GOOD]},
]
ITEM = get("ForEach.CurrentItem")
CASES: dict[str, tuple[Any, Any, str]] = {
    "approved texts": ([GOOD, "s3://data-bucket/c"], ITEM, "pass"),
    "one text of several leads away": ([GOOD, AWAY], ITEM, "fail"),
    "all lead away": ([AWAY], ITEM, "fail"),
    "JSON texts, a member": (
        ['{"to": "s3://models-bucket/a"}'],
        get("ForEach.CurrentItem.to"),
        "pass",
    ),
    "JSON texts, a member in brackets": (
        ['{"to": "s3://models-bucket/a"}'],
        get("ForEach.CurrentItem['to']"),
        "pass",
    ),
    "JSON texts, a member below a member": (
        ['{"a": {"b": ["s3://elsewhere/a"]}}'],
        get("ForEach.CurrentItem.a.b[0]"),
        "fail",
    ),
    "JSON texts, one leads away": (
        ['{"to": "s3://models-bucket/a"}', '{"to": "s3://elsewhere/b"}'],
        get("ForEach.CurrentItem.to"),
        "fail",
    ),
    "a member that one item lacks": (
        ['{"to": "s3://models-bucket/a"}', "{}"],
        get("ForEach.CurrentItem.to"),
        "unknown",
    ),
    "a member of what is no JSON": ([GOOD], get("ForEach.CurrentItem.to"), "unknown"),
    "a parameter holds the list": (get("Parameters.Text"), ITEM, "fail"),
    "a parameter among the items": ([GOOD, get("Parameters.Text")], ITEM, "fail"),
    "a step makes the list": (get("Steps.Ask.OutputParameters['x']"), ITEM, "unknown"),
    "a step makes one item": ([GOOD, get("Steps.Ask.OutputParameters['x']")], ITEM, "unknown"),
    "behind an approved bucket": (["a"], join("/", "s3://models-bucket", ITEM), "pass"),
    "a parameter's items behind an approved bucket": (
        get("Parameters.Text"),
        join("/", "s3://models-bucket", ITEM),
        "pass",
    ),
    "numbers behind an approved bucket": (
        [1, 2.5, True],
        join("/", "s3://models-bucket", ITEM),
        "pass",
    ),
    "a bucket's name from the items": (["models-bucket/a"], join("", "s3://", ITEM), "pass"),
    "a wrong bucket's name from the items": (["elsewhere"], join("", "s3://", ITEM), "fail"),
    "a parameter's member": (get("Parameters.Text"), get("ForEach.CurrentItem.to"), "fail"),
    "no items": ([], ITEM, "unknown"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_current_item_is_every_item(name: str, says: Says) -> None:
    items, path, verdict = CASES[name]
    (said,) = says("S3-01", ASK, loop(items, writes(path)), of="Body", Parameters=PARAMETERS)
    assert said.verdict == verdict, said


@pytest.mark.parametrize("item", [{"to": AWAY}, [AWAY], None, {"Get": "Parameters.Text"}])
def test_an_item_that_is_no_text_never_passes(item: Any, says: Says) -> None:
    step = writes(get("ForEach.CurrentItem.to"))
    (said,) = says("S3-01", loop([item], step), of="Body", Parameters=PARAMETERS)
    assert said.verdict != "pass", said


@pytest.mark.parametrize("path", ["ForEach.Nope", "ForEach.Item", "ForEach"])
def test_only_the_current_item_is_the_current_item(path: str, says: Says) -> None:
    (said,) = says("S3-01", loop([GOOD], writes(get(path))), of="Body")
    assert said.verdict == "unknown", f"{path} is nothing that is known, yet {said}"


def test_the_nearest_loop_gives_the_item(says: Says) -> None:
    inner = loop([AWAY], writes(ITEM), name="Inner")
    (said,) = says("S3-01", loop([GOOD], inner, name="Outer"), of="Body")
    assert said.verdict == "fail"


def test_a_step_in_a_condition_in_a_loop_has_the_loops_item(says: Says) -> None:
    gate = {"Name": "Gate", "Type": "Condition", "Arguments": {"IfSteps": [writes(ITEM)]}}
    (said,) = says("S3-01", loop([AWAY], gate), of="Body")
    assert (said.verdict, said.location.split("/Arguments/Output")[0]) == (
        "fail",
        "/Steps/0/Arguments/ForEachBody/0/Arguments/IfSteps/0",
    )


@pytest.mark.parametrize(
    "field", ["Steps.Body.FinalMetricDataList['m'].Value", "IterationOutput.Body.FinalMetric"]
)
@pytest.mark.parametrize("path, verdict", [(GOOD, "pass"), (AWAY, "fail")])
def test_the_selected_iteration_is_the_step_that_the_selector_compares(
    field: str, path: str, verdict: str, says: Says
) -> None:
    selector = {"Type": "Maximum", "Field": get(field)}
    reader = writes(get("Steps.Loop.Selected.OutputDataConfig.S3OutputPath"), "Reader")
    (said,) = says("S3-01", loop(["a"], writes(path), Selector=selector), reader, of="Reader")
    assert (said.verdict, said.actual) == (verdict, path)


@pytest.mark.parametrize("path, verdict", [(GOOD, "pass"), (AWAY, "fail")])
def test_an_iteration_by_number_names_its_step(path: str, verdict: str, says: Says) -> None:
    place = "Steps.Loop.IterationOutputs[0].Body.ModelArtifacts.S3ModelArtifacts"
    (said,) = says("S3-01", loop(["a"], writes(path)), writes(get(place), "Reader"), of="Reader")
    assert said.verdict == verdict
    assert said.actual == path + "/{Body's job name}/output/model.tar.gz"


@pytest.mark.parametrize(
    "path",
    [
        "Steps.Loop.IterationOutputs[0].Nope.OutputDataConfig.S3OutputPath",
        "Steps.Loop.IterationOutputs[0].Outside.OutputDataConfig.S3OutputPath",
        "Steps.Loop.Selected.OutputDataConfig.S3OutputPath",
        "Steps.Loop.OutputDataConfig.S3OutputPath",
    ],
    ids=["a step that is not there", "a step outside the body", "no selector", "the loop itself"],
)
def test_what_a_loop_does_not_give_is_unknown(path: str, says: Says) -> None:
    steps = (loop(["a"], writes(GOOD)), writes(GOOD, "Outside"), writes(get(path), "Reader"))
    (said,) = says("S3-01", *steps, of="Reader")
    assert said.verdict == "unknown"


def test_the_items_of_two_loops_are_two_things(says: Says) -> None:
    """Joined, 11 of one loop and 99 of another make account 119922223333, not 111122223333."""
    first = loop(["11"], writes(ITEM, "First"), name="Loop1")
    other = get("Steps.Loop1.IterationOutputs[0].First.OutputDataConfig.S3OutputPath")
    key = join("", "arn:aws:kms:eu-west-1:", other, ITEM, "22223333:key/ebs")
    second = {
        "Name": "Second",
        "Type": "Training",
        "Arguments": {"ResourceConfig": {"VolumeKmsKeyId": key}},
    }
    (said,) = says("KMS-01", first, loop(["99"], second, name="Loop2"), of="Second")
    assert said.verdict == "fail", said


def test_a_literal_item_is_not_said_to_be_a_callers_choice(says: Says) -> None:
    (said,) = says("S3-01", loop([AWAY], writes(ITEM)), of="Body")
    assert AWAY in said.message
    assert "whoever starts the pipeline" not in said.message
