"""What can be read is read whole: nested steps, places, names, and odd but valid JSON."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from ormer.model.definition import Definition, pointer
from ormer.read.definition import read_definition

DEFINITIONS = Path(__file__).parents[1] / "definitions"


def read(document: Any) -> Definition:
    return read_definition(json.dumps(document).encode(), "p")


def fail(name: str) -> dict[str, Any]:
    return {"Name": name, "Type": "Fail", "Arguments": {}}


NESTED = {
    "Steps": [
        fail("First"),
        {
            "Name": "Gate",
            "Type": "Condition",
            "Arguments": {
                "IfSteps": [
                    {
                        "Name": "Loop",
                        "Type": "ForEach",
                        "Arguments": {"ForEachBody": [fail("Inner")]},
                    }
                ],
                "ElseSteps": [fail("Other")],
            },
        },
        fail("Last"),
    ]
}


def test_nested_steps_come_after_the_step_that_holds_them() -> None:
    assert [s.name for s in read(NESTED).steps] == [
        "First", "Gate", "Loop", "Inner", "Other", "Last",
    ]  # fmt: skip


def test_a_nested_step_knows_its_way_its_parent_and_its_place() -> None:
    inner = read(NESTED).by_name["Inner"]
    assert inner.path == "Gate/IfSteps/Loop/ForEachBody/Inner"
    assert inner.parent == "Loop"
    assert pointer(inner.place) == "/Steps/1/Arguments/IfSteps/0/Arguments/ForEachBody/0"


def test_a_branch_may_be_null_or_missing() -> None:
    document = {"Steps": [{"Name": "C", "Type": "Condition", "Arguments": {"IfSteps": None}}]}
    assert [s.name for s in read(document).steps] == ["C"]


def test_steps_of_an_unknown_type_are_read_and_not_looked_into() -> None:
    unknown = {"Name": "N", "Type": "Nope", "Arguments": {"IfSteps": [fail("In")]}}
    assert [s.name for s in read({"Steps": [unknown]}).steps] == ["N"]


def test_arguments_may_be_null_or_missing() -> None:
    steps = [{"Name": "A", "Type": "Fail", "Arguments": None}, {"Name": "B", "Type": "Fail"}]
    assert [s.arguments for s in read({"Steps": steps}).steps] == [{}, {}]


def test_parameters_keep_type_default_choices_and_place() -> None:
    entries = [
        {"Name": "A", "Type": "String", "DefaultValue": "x", "EnumValues": ["x", "y"]},
        {"Name": "B", "Type": "Integer"},
    ]
    parameters = read({"Steps": [], "Parameters": entries}).parameters
    assert parameters["A"][:4] == ("A", "String", "x", ("x", "y"))
    assert parameters["B"].default is None and parameters["B"].choices is None
    assert pointer(parameters["B"].place) == "/Parameters/1"


@pytest.mark.parametrize("parameters", [None, []])
def test_parameters_may_be_null_or_empty(parameters: Any) -> None:
    assert not read({"Steps": [], "Parameters": parameters}).parameters


def test_an_empty_enum_restricts_nothing() -> None:
    entries = [{"Name": "A", "Type": "String", "EnumValues": []}]
    assert read({"Steps": [], "Parameters": entries}).parameters["A"].choices is None


def test_the_digest_is_that_of_the_bytes_read() -> None:
    text = b'{"Steps":   []}\n'
    assert read_definition(text, "p").sha256 == hashlib.sha256(text).hexdigest()


def test_a_lone_surrogate_is_read() -> None:
    step = '{"Name": "\\ud800", "Type": "Fail"}'
    assert read_definition(f'{{"Steps": [{step}]}}'.encode(), "p").steps[0].name == "\ud800"


def test_an_integer_of_4000_digits_and_a_float_beyond_all_bounds_are_read() -> None:
    text = '{"Steps": [], "Metadata": {"a": ' + "1" * 4000 + ', "b": 1e400}}'
    assert read_definition(text.encode(), "p").steps == ()


def test_names_are_escaped_in_a_pointer() -> None:
    assert pointer(("a/b", "m~n", 0)) == "/a~1b/m~0n/0"
    assert pointer(()) == ""


def test_a_pointer_of_every_step_of_every_document_leads_to_it() -> None:
    documents = sorted(DEFINITIONS.glob("v[23]/*.json"))
    assert len(documents) == 151
    for path in documents:
        definition = read_definition(path.read_bytes(), path.name)
        for step in definition.steps:
            node: Any = definition.body
            for part in pointer(step.place).split("/")[1:]:
                node = node[int(part)] if isinstance(node, list) else node[part]
            assert node is step.body, (path.name, step.path)
