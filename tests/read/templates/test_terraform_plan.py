"""Terraform plans: what they are about to declare, what is open, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ormer.model.errors import InputError
from ormer.model.symbol import has_symbol, readable, symbol
from ormer.read.templates.terraform_plan import read_plan

PLAN = (Path(__file__).parents[2] / "declared" / "plan.json").read_bytes()
MODULE = 'module.training["eu#1"]'


def plan(values: Any, unknown: Any = None, sensitive: Any = None, **more: Any) -> bytes:
    """A plan with one resource, ``x.y``."""
    one = {"address": "x.y", "mode": "managed", "type": "x", "name": "y"}
    entry = {**one, "values": values, "sensitive_values": sensitive or {}}
    change = {**one, "change": {"actions": ["create"], "after_unknown": unknown or {}}}
    body = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [entry]}},
        "resource_changes": [change],
    }
    return json.dumps({**body, **more}).encode()


def test_resources_go_by_their_addresses_in_every_module() -> None:
    declared = read_plan(PLAN, "plan.json", {})
    assert [(one.id, one.type) for one in declared.resources.values()] == [
        ("aws_iam_role.jobs", "aws_iam_role"),
        ("aws_sagemaker_pipeline.bare", "aws_sagemaker_pipeline"),
        ("aws_sagemaker_pipeline.stored", "aws_sagemaker_pipeline"),
        ("aws_sagemaker_pipeline.later", "aws_sagemaker_pipeline"),
        (f"{MODULE}.awscc_sagemaker_pipeline.secure[0]", "awscc_sagemaker_pipeline"),
        (f"{MODULE}.aws_ssm_parameter.token", "aws_ssm_parameter"),
    ]


def test_what_the_plan_does_not_know_is_a_symbol() -> None:
    role = read_plan(PLAN, "plan.json", {}).resources["aws_iam_role.jobs"].properties
    assert role["name"] == "sm-exec"
    assert role["arn"] == symbol("plan:aws_iam_role.jobs.arn")
    given = {"plan:aws_iam_role.jobs.arn": "arn:aws:iam::111122223333:role/sm-exec"}
    role = read_plan(PLAN, "plan.json", given).resources["aws_iam_role.jobs"].properties
    assert role["arn"] == "arn:aws:iam::111122223333:role/sm-exec"


def test_a_sensitive_value_is_never_shown() -> None:
    declared = read_plan(PLAN, "plan.json", {})
    assert "not-to-be-shown" not in repr(declared)
    token = declared.resources[f"{MODULE}.aws_ssm_parameter.token"].properties
    assert readable(token["value"]) == f"${{plan:{MODULE}.aws_ssm_parameter.token.value}}"


CASES: dict[str, tuple[Any, Any, Any, Any]] = {
    "known": ({"a": [1, {"b": None}]}, {"a": [False, {}]}, {}, {"a": [1, {"b": None}]}),
    "unknown in a list": ({"a": [None, "z"]}, {"a": [True, False]}, {}, {"a": ["${plan:x.y.a[0]}", "z"]}),
    "unknown in a block": ({"a": [{"b": 1}]}, {"a": [{"c": True}]}, {}, {"a": [{"b": 1, "c": "${plan:x.y.a[0].c}"}]}),
    "an unknown list": ({}, {"a": True}, {}, {"a": "${plan:x.y.a}"}),
    "a list that is left out": ({}, {"a": [{"b": True}]}, {}, {"a": [{"b": "${plan:x.y.a[0].b}"}]}),
    "an element that is left out": ({"a": [1]}, {"a": [False, True]}, {}, {"a": [1, "${plan:x.y.a[1]}"]}),
    "an object that is null": ({"a": None}, {"a": {"b": True}}, {}, {"a": {"b": "${plan:x.y.a.b}"}}),
    "nothing that is unknown": ({"a": None}, {"a": {"b": False}}, {}, {"a": None}),
    "sensitive": ({"a": {"b": "s", "c": 1}}, {}, {"a": {"b": True}}, {"a": {"b": "${plan:x.y.a.b}", "c": 1}}),
}  # fmt: skip


def shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: shown(below) for name, below in value.items()}
    if isinstance(value, list):
        return [shown(below) for below in value]
    return readable(value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", CASES)
def test_merging(name: str) -> None:
    values, unknown, sensitive, made = CASES[name]
    declared = read_plan(plan(values, unknown, sensitive), "plan.json", {})
    assert shown(declared.resources["x.y"].properties) == made
    assert has_symbol(repr(declared).encode().decode("unicode_escape")) == ("${" in repr(made))


def test_the_line_is_that_of_the_resource() -> None:
    text = json.dumps(json.loads(plan({})), indent=1)
    (resource,) = read_plan(text.encode(), "plan.json", {}).resources.values()
    lines = text.split("\n")
    assert lines[resource.line(("any",)) - 1].strip() == "{"
    assert '"address": "x.y"' in lines[resource.line()]


def test_data_sources_and_what_is_deleted_are_not_there() -> None:
    body = json.loads(plan({}))
    body["planned_values"]["root_module"]["resources"][0]["mode"] = "data"
    assert not read_plan(json.dumps(body).encode(), "plan.json", {}).resources
    assert "aws_sagemaker_pipeline.old" not in read_plan(PLAN, "plan.json", {}).resources


def test_a_plan_of_nothing_declares_nothing() -> None:
    text = b'{"format_version": "1.2", "planned_values": {}}'
    assert not read_plan(text, "plan.json", {}).resources


TWICE = json.loads(plan({}))
TWICE["planned_values"]["root_module"]["resources"] *= 2
REFUSED: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"{", "plan.json: not JSON"),
    "a state": (b'{"format_version": "1.0", "values": {}}', "no planned_values"),
    "no object": (b"[]", "no planned_values"),
    "a newer format": (plan({}, format_version="2.0"), "/format_version is '2.0', which is not known"),
    "no format": (plan({}, format_version=None), "/format_version is None"),
    "an error": (plan({}, errored=True), "/errored: the plan ended in an error"),
    "deferred": (plan({}, deferred_changes=[{}]), "/deferred_changes: the plan leaves resources"),
    "resources that are no list": (
        plan({}, planned_values={"root_module": {"resources": {}}}),
        "/planned_values/root_module/resources is not a list",
    ),
    "no address": (
        plan({}, planned_values={"root_module": {"child_modules": [{"resources": [{}]}]}}),
        "/planned_values/root_module/child_modules/0/resources/0/address is not a text",
    ),
    "no change": (plan({}, resource_changes=[{"address": "x.y"}]), "/resource_changes/0/change is not an object"),
    "an address twice": (json.dumps(TWICE).encode(), "a second resource 'x.y'"),
    "a character of ours": (plan({"a": "\ue000x\ue001"}), "x.y.a: a character of Unicode's private use area"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    text, said = REFUSED[name]
    with pytest.raises(InputError) as refused:
        read_plan(text, "plan.json", {})
    assert said in str(refused.value)
    assert str(refused.value).startswith("plan.json: ")


def test_a_byte_order_mark_is_no_part_of_a_plan() -> None:
    assert read_plan(b"\xef\xbb\xbf" + PLAN, "p", {}) == read_plan(PLAN, "p", {})
