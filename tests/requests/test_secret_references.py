"""Secrets that stand behind references: joins, parameters, enums, the items of a loop."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ormer.model.finding import Report

Says = Callable[..., Any]
Check = Callable[..., Report]
ACCESS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"
FIRST, SECOND = ACCESS_KEY[:8], ACCESS_KEY[8:]
SAME_EXAMPLES = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def get(name: str) -> dict[str, Any]:
    return {"Get": name}


def join(on: Any, *values: Any) -> dict[str, Any]:
    return {"Std:Join": {"On": on, "Values": list(values)}}


def parameter(name: str, default: Any = None, *choices: Any, type: str = "String") -> Any:
    told = {"Name": name, "Type": type, "DefaultValue": default, "EnumValues": list(choices)}
    return {member: value for member, value in told.items() if value not in (None, [])}


def training(**environment: Any) -> dict[str, Any]:
    return {"Name": "Job", "Type": "Training", "Arguments": {"Environment": environment}}


def loop(items: Any, *body: dict[str, Any]) -> dict[str, Any]:
    arguments = {"IterableItems": items, "MaxConcurrency": 1, "ForEachBody": list(body)}
    return {"Name": "Loop", "Type": "ForEach", "Arguments": arguments}


PARAMETERS = [
    parameter("E", "x"),
    parameter("First", FIRST),
    parameter("Second", SECOND),
    parameter("OneOf", "x", "x", SECOND),
    parameter("Key", ACCESS_KEY),
    parameter("Open"),
]
WHERE: dict[str, Any] = {
    "the separator of a join": join(ACCESS_KEY, "", get("Parameters.E")),
    "the separator of a join within a join": join("", "a", join(ACCESS_KEY, "b", "c"), "d"),
    "a piece that text surrounds": join("", "a", ACCESS_KEY, "b"),
    "two pieces of a join": join("", FIRST, SECOND, get("Parameters.Open")),
    "two pieces and a default": join("", FIRST, SECOND, get("Parameters.E")),
    "the defaults of two parameters": join("", get("Parameters.First"), get("Parameters.Second")),
    "a piece and a default": join("", FIRST, get("Parameters.Second")),
    "a piece and one of an enum": join("", FIRST, get("Parameters.OneOf")),
    "a default and one of an enum": join("", get("Parameters.First"), get("Parameters.OneOf")),
    "a default beside what the run decides": join(
        "/", get("Execution.PipelineName"), get("Parameters.Key")
    ),
}


@pytest.mark.parametrize("name", WHERE)
def test_a_key_in_a_reference_is_found(name: str, says: Says) -> None:
    (said,) = says("SEC-01", training(X=WHERE[name]), Parameters=PARAMETERS)
    assert (said.verdict, said.location) == ("fail", "/Steps/0/Arguments/Environment/X")


@pytest.mark.parametrize(
    "items, reference",
    [
        ([ACCESS_KEY, "b"], "ForEach.CurrentItem"),
        ([f'{{"k": "{ACCESS_KEY}"}}'], "ForEach.CurrentItem.k"),
        ([get("Parameters.Key"), "b"], "ForEach.CurrentItem"),
        ([join("", FIRST, SECOND), get("Execution.PipelineName")], "ForEach.CurrentItem"),
        (get("Parameters.Key"), "ForEach.CurrentItem"),
    ],
)
def test_a_key_among_the_items_of_a_loop_is_found(items: Any, reference: str, says: Says) -> None:
    step = loop(items, training(X=get(reference)))
    (said,) = says("SEC-01", step, Parameters=PARAMETERS)
    assert said.verdict == "fail"


def test_a_word_of_an_item_is_a_password_by_its_name(says: Says) -> None:
    step = loop(['{"password": "hunter2abc"}'], training(X=get("ForEach.CurrentItem.password")))
    assert [s.verdict for s in says("SEC-01", step)] == ["fail"]


def test_a_number_by_default_is_a_password_by_the_name_it_is_used_under(says: Says) -> None:
    parameters = [parameter("E", 12345678, type="Integer")]
    (said,) = says("SEC-01", training(DB_PASSWORD=get("Parameters.E")), Parameters=parameters)
    assert said.verdict == "fail"
    (said,) = says("SEC-01", training(EPOCHS=get("Parameters.E")), Parameters=parameters)
    assert said.verdict == "pass"


def test_a_key_that_another_step_was_given_is_found(says: Says) -> None:
    other = training(X=join("", FIRST, SECOND)) | {"Name": "Other"}
    step = training(Y=get("Steps.Other.Environment['X']"))
    assert [s.verdict for s in says("SEC-01", other, step, of="Job")] == ["fail"]


def test_a_structure_that_refers_to_itself_ends(check: Check) -> None:
    config = {"TrialName": [get("PipelineExperimentConfig.TrialName")]}
    report = check(
        training(X=get("PipelineExperimentConfig.TrialName")), PipelineExperimentConfig=config
    )
    assert report.findings


def test_a_join_that_is_too_long_to_follow_is_unknown(says: Says) -> None:
    parts = [get("Parameters.Open")] * 2000
    (said,) = says("SEC-01", training(X=join("-", *parts)), Parameters=PARAMETERS)
    assert said.verdict == "unknown" and "far too long" in said.message


HARMLESS: dict[str, Any] = {
    "a secret that is fetched": join(
        "", "{{resolve:secretsmanager:", get("Parameters.E"), ":SecretString}}"
    ),
    "the place of a secret": join(
        "", "arn:aws:secretsmanager:", get("Parameters.E"), ":1:secret:d"
    ),
    "what the run decides": get("Execution.PipelineExecutionId"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_a_reference_to_a_secret_is_none(name: str, says: Says) -> None:
    step = training(DB_PASSWORD=HARMLESS[name])
    assert [s.verdict for s in says("SEC-01", step, Parameters=PARAMETERS)] == ["pass"]


words = st.sampled_from(["", "a", "/", "x-1", "train", " "])


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The inner value in a join, at some place between other texts, or as its separator."""
    among = st.builds(
        lambda on, before, value, after: join(on, *before, value, *after),
        words,
        st.lists(words | st.just(get("Parameters.E")), max_size=3),
        inner,
        st.lists(words | st.just(get("Execution.PipelineName")), max_size=3),
    )
    return among | st.builds(lambda value: join(value, "a", get("Parameters.Open")), inner)


AT_LAST = {
    "text": ACCESS_KEY,
    "default": get("Parameters.Key"),
    "enum": get("Parameters.KeyEnum"),
    "item": get("ForEach.CurrentItem"),
}
values = st.recursive(st.sampled_from(list(AT_LAST.values())), nested, max_leaves=4)


@given(value=values, holder=st.sampled_from(["Environment", "HyperParameters", "Tags", "args"]))
@SAME_EXAMPLES
def test_no_nesting_of_references_lets_a_key_pass(value: Any, holder: str, says: Says) -> None:
    given_to: dict[str, Any] = {
        "Environment": {"Environment": {"X": value}},
        "HyperParameters": {"HyperParameters": {"x": value}},
        "Tags": {"Tags": [{"Key": "x", "Value": value}]},
        "args": {"AlgorithmSpecification": {"ContainerArguments": ["run", value]}},
    }[holder]
    step = {"Name": "Job", "Type": "Training", "Arguments": given_to}
    parameters = [*PARAMETERS, parameter("KeyEnum", "x", "x", ACCESS_KEY)]
    said = says("SEC-01", loop(["b", ACCESS_KEY], step), Parameters=parameters)
    assert [s.verdict for s in said] == ["fail"]


@given(cuts=st.lists(st.integers(1, len(ACCESS_KEY) - 1), max_size=4, unique=True))
@SAME_EXAMPLES
def test_no_cutting_into_pieces_lets_a_key_pass(cuts: list[int], says: Says) -> None:
    ends = sorted([0, *cuts, len(ACCESS_KEY)])
    pieces = [ACCESS_KEY[a:b] for a, b in pairwise(ends)]
    parameters = [parameter(f"P{i}", piece) for i, piece in enumerate(pieces)]
    mixed = [get(f"Parameters.P{i}") if i % 2 else piece for i, piece in enumerate(pieces)]
    (said,) = says("SEC-01", training(X=join("", *mixed)), Parameters=parameters)
    assert said.verdict == "fail"
