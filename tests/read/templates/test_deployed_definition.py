"""Definitions inside templates: what is open becomes a reference that nobody can write."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ormer.model.errors import InputError
from ormer.model.symbol import symbol
from ormer.read.definition import read_definition
from ormer.read.templates.deployed_definition import read_deployed

X, Y = symbol("X"), symbol("A.Arn")


def step(arguments: str, more: str = "") -> str:
    return f'{{"Steps": [{{"Name": "T", "Type": "Training"{more}, "Arguments": {arguments}}}]}}'


def arguments(text: str) -> Any:
    return read_deployed(step(text), "d").steps[0].arguments


CASES: dict[str, tuple[str, Any]] = {
    "a whole text": (f'{{"A": "{X}"}}', {"A": {"Get": X}}),
    "a part of a text": (
        f'{{"A": "s3://{X}/y{Y}"}}',
        {"A": {"Std:Join": {"On": "", "Values": ["s3://", {"Get": X}, "/y", {"Get": Y}]}}},
    ),
    "a bare value": (f'{{"A": {X}, "B": 1}}', {"A": {"Get": X}, "B": 1}),
    "bare in a list": (f'{{"A": ["\\"", {X}, "a"]}}', {"A": ['"', {"Get": X}, "a"]}),
    "a backslash before the end": (f'{{"A": "b\\\\", "B": {X}}}', {"A": "b\\", "B": {"Get": X}}),
    "everything": (X, {"Get": X}),
    "a member's name": (f'{{"{X}": 1}}', {"${X}": 1}),
    "in a join": (
        f'{{"A": {{"Std:Join": {{"On": "/", "Values": ["{X}"]}}}}}}',
        {"A": {"Std:Join": {"On": "/", "Values": [{"Get": X}]}}},
    ),
    "in a reference": (f'{{"A": {{"Get": "Steps.{X}.B"}}}}', {"A": {"Get": "Steps.${X}.B"}}),
}


@pytest.mark.parametrize("name", CASES)
def test_arguments(name: str) -> None:
    text, made = CASES[name]
    assert arguments(text) == made


def test_the_definition_says_which_references_are_the_deployments() -> None:
    read = read_deployed(step(f'{{"A": "{X}", "B": {{"Get": "Template.X"}}}}'), "d")
    assert read.deployed == {X}
    assert read_definition(step('{"B": {"Get": "Template.X"}}').encode(), "d").deployed == set()


def test_what_names_a_step_stays_a_text() -> None:
    text = f'{{"Steps": [{{"Name": "T-{X}", "Type": "{Y}", "DependsOn": ["{X}"]}}]}}'
    (read,) = read_deployed(text, "d").steps
    assert (read.name, read.type, read.body["DependsOn"]) == ("T-${X}", "${A.Arn}", ["${X}"])


def test_steps_in_branches_are_steps() -> None:
    inner = f'{{"Name": "In-{X}", "Type": "Training", "Arguments": {{"A": "{X}"}}}}'
    condition = f'{{"IfSteps": [{inner}], "ElseSteps": [], "Conditions": [{{"A": "{X}"}}]}}'
    text = f'{{"Steps": [{{"Name": "C", "Type": "Condition", "Arguments": {condition}}}]}}'
    outer, nested = read_deployed(text, "d").steps
    assert (nested.path, nested.arguments) == ("C/IfSteps/In-${X}", {"A": {"Get": X}})
    assert outer.arguments["Conditions"] == [{"A": {"Get": X}}]


def test_an_enum_with_an_open_value_may_be_any() -> None:
    entry = f'{{"Name": "P", "Type": "String", "DefaultValue": "a", "EnumValues": ["b", "{X}"]}}'
    parameter = read_deployed(f'{{"Parameters": [{entry}], "Steps": []}}', "d").parameters["P"]
    assert (parameter.choices, parameter.default) == (None, "a")


def test_the_digest_is_that_of_the_text_with_names() -> None:
    text = step(f'{{"A": "{X}"}}')
    assert read_deployed(text, "d").sha256 == sha256(text.replace(X, "${X}").encode()).hexdigest()


REFUSED = {
    "open steps": (f'{{"Steps": {X}}}', "d: /Steps is ${X}, known only when the template is deployed"),
    "an open step": (f'{{"Steps": ["{X}"]}}', "d: /Steps/0 is ${X}"),
    "open steps in a branch": (
        f'{{"Steps": [{{"Name": "C", "Type": "Condition", "Arguments": {{"IfSteps": {X}}}}}]}}',
        "d: /Steps/0/Arguments/IfSteps is ${X}",
    ),
    "what is no JSON because of it": (f'{{"Steps": 1{X}}}', "not known before the deployment: ${X}"),
    "a character of ours": ('{"Steps": [], "A": "\\ue000X\\ue001"}', "private use area"),
    "a character of ours in capitals": ('{"Steps": [], "A": "\\uE000X"}', "private use area"),
    "a name that hides another": (
        step(f'{{"${{X}}": 1, "{X}": 2}}'),
        "two members of one name",
    ),
    "nothing": (" ", "d: empty"),
    "no definition": (f'{{"A": "{X}"}}', "d: no Steps"),
    "a list": (f'["{X}"]', "d: a definition is a JSON object, this is a list"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    text, said = REFUSED[name]
    with pytest.raises(InputError) as refused:
        read_deployed(text, "d")
    assert said in str(refused.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="ascii")),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text("abc", min_size=1), below),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abc", min_size=1), JSON))
def test_a_text_without_symbols_is_read_as_the_file_is(found: dict[str, Any]) -> None:
    text = json.dumps({"Steps": [{"Name": "T", "Type": "Training", "Arguments": found}]})
    assert read_deployed(text, "d") == read_definition(text.encode(), "d")
    assert read_deployed(text, "d").steps[0].arguments == found


@given(st.dictionaries(st.text("abc", min_size=1), JSON))
def test_a_symbol_changes_nothing_beside_it(found: dict[str, Any]) -> None:
    text = json.dumps({"B": found, "Z": X, "C": found}, ensure_ascii=False)
    assert arguments(text) == {"B": found, "Z": {"Get": X}, "C": found}


def test_a_definition_that_is_too_deep_is_refused() -> None:
    deep = f'{{"Steps": [], "X": {"[" * 800}"{X}"{"]" * 800}}}'
    with pytest.raises(InputError, match="d: nested too deeply to be a pipeline definition"):
        read_deployed(deep, "d")
