"""Laws that hold for every definition, tried on the 151 documents of the SDKs."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ormer.assess.check import Checker
from ormer.model.definition import pointer
from ormer.model.finding import Report, Verdict

Check = Callable[..., Report]
DEFINITIONS = Path(__file__).parents[1] / "definitions"
DOCUMENTS = sorted(DEFINITIONS.glob("v[23]/*.json"))
WITH_PARAMETERS = [p for p in DOCUMENTS if json.loads(p.read_bytes()).get("Parameters")]
NOT_OF_DEFAULTS = {"SEC-01"}  # looks for secrets in the defaults themselves
VALUES = {"String": "anything", "Integer": 7, "Float": 0.5, "Boolean": False}


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def said(checker: Checker, document: Any, without: frozenset[str] = frozenset()) -> list[Any]:
    report = checker.check(json.dumps(document).encode(), "p", "p")
    return sorted(
        (f.control, f.subject, f.verdict.value, pointer(f.place), f.message)
        for f in report.findings
        if f.control not in without
    )


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_the_order_of_members_changes_nothing(path: Path, checker: Checker) -> None:
    document = json.loads(path.read_bytes())
    assert said(checker, shuffled(document, random.Random(path.name))) == said(checker, document)


@pytest.mark.parametrize("path", WITH_PARAMETERS, ids=name)
def test_defaults_decide_nothing(path: Path, checker: Checker) -> None:
    document = json.loads(path.read_bytes())
    before = said(checker, document, frozenset(NOT_OF_DEFAULTS))
    for parameter in document["Parameters"]:
        parameter["DefaultValue"] = VALUES[parameter["Type"]]
    assert said(checker, document, frozenset(NOT_OF_DEFAULTS)) == before
    for parameter in document["Parameters"]:
        del parameter["DefaultValue"]
    assert said(checker, document, frozenset(NOT_OF_DEFAULTS)) == before


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_the_order_of_parameters_changes_nothing(path: Path, checker: Checker) -> None:
    document = json.loads(path.read_bytes())
    before = said(checker, document)
    document["Parameters"] = list(reversed(document.get("Parameters") or []))
    assert said(checker, document) == before


@pytest.mark.parametrize(
    "path", [p for p in DOCUMENTS if p.stem.startswith("tuning")], ids=name
)
def test_a_bare_second_definition_never_takes_a_failure_away(
    path: Path, checker: Checker
) -> None:
    document = json.loads(path.read_bytes())
    before = failing(checker, document)
    (step,) = [s for s in document["Steps"] if s["Type"] == "Tuning"]
    step["Arguments"].setdefault("TrainingJobDefinitions", []).append({})
    after = failing(checker, document)
    assert before <= after
    at = f"/TrainingJobDefinitions/{len(step['Arguments']['TrainingJobDefinitions']) - 1}"
    added = {control for control, _, place in after - before if at in place}
    assert {"NET-01", "NET-02", "NET-03", "NET-04", "KMS-01", "KMS-02"} <= added


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_wrapping_the_steps_into_a_condition_changes_no_verdict(
    path: Path, checker: Checker
) -> None:
    document = json.loads(path.read_bytes())
    before = sorted((c, v) for c, _, v, _, _ in said(checker, document))
    gate = {"Name": "TheGate", "Type": "Condition", "Arguments": {"Conditions": []}}
    gate["Arguments"]["ElseSteps"] = document["Steps"]  # type: ignore[index]
    document["Steps"] = [gate]
    assert sorted((c, v) for c, _, v, _, _ in said(checker, document)) == before


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_control_and_rule_is_heard_of(path: Path, checker: Checker) -> None:
    report = checker.check(path.read_bytes(), "p")
    heard = {f.control for f in report.findings}
    assert heard >= set(report.controls) | {f"DOC-0{n}" for n in range(1, 7)}


SUBNETS = ["subnet-0aaa", "subnet-0bbb", "subnet-0zzz"]
TYPES = ["ml.m5.large", "ml.m5.xlarge", "ml.p5.48xlarge"]
STATUSES = ["Approved", "Rejected", "PendingManualApproval"]
PATHS = ["s3://data-bucket/a", "s3://models-bucket", "s3://elsewhere/a", "s3://data-bucket2/a"]
FUNCTIONS = [f"arn:aws:lambda:eu-west-1:111122223333:function:{n}" for n in ("approved", "other")]


def training(**arguments: Any) -> dict[str, Any]:
    return {"Name": "S", "Type": "Training", "Arguments": arguments}


SETTINGS: dict[str, tuple[list[str], Callable[[Any], dict[str, Any]]]] = {
    "NET-01": (SUBNETS, lambda v: training(VpcConfig={"Subnets": [v]})),
    "CMP-01": (TYPES, lambda v: training(ResourceConfig={"InstanceType": v})),
    "S3-01": (PATHS, lambda v: training(OutputDataConfig={"S3OutputPath": v})),
    "REG-01": (
        STATUSES,
        lambda v: {"Name": "S", "Type": "RegisterModel", "Arguments": {"ModelApprovalStatus": v}},
    ),
    "EXT-01": (FUNCTIONS, lambda v: {"Name": "S", "Type": "Lambda", "FunctionArn": v}),
}


@pytest.mark.parametrize("control", SETTINGS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_an_enum_is_worth_its_worst_value(control: str, check: Check, data: st.DataObject) -> None:
    values, step = SETTINGS[control]
    enum = data.draw(st.lists(st.sampled_from(values), min_size=1, unique=True))

    def verdict(value: Any, **document: Any) -> Verdict:
        report = check(step(value), **document)
        (finding,) = [f for f in report.findings if f.control == control]
        return finding.verdict

    literals = {verdict(value) for value in enum}
    parameter = {"Name": "P", "Type": "String", "DefaultValue": values[0], "EnumValues": enum}
    chosen = verdict({"Get": "Parameters.P"}, Parameters=[parameter])
    assert chosen is (Verdict.FAIL if Verdict.FAIL in literals else Verdict.PASS)


def failing(checker: Checker, document: Any) -> set[tuple[str, str, str]]:
    return {(c, s, p) for c, s, v, p, _ in said(checker, document) if v == "fail"}


def shuffled(node: Any, chance: random.Random) -> Any:
    if isinstance(node, dict):
        members = list(node.items())
        chance.shuffle(members)
        return {name: shuffled(below, chance) for name, below in members}
    if isinstance(node, list):
        return [shuffled(below, chance) for below in node]
    return node
