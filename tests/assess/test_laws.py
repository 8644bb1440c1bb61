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
        choices = parameter.get("EnumValues")
        parameter["DefaultValue"] = choices[-1] if choices else VALUES[parameter["Type"]]
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


@pytest.mark.parametrize("path", [p for p in DOCUMENTS if p.stem.startswith("tuning")], ids=name)
def test_a_bare_second_definition_never_takes_a_failure_away(path: Path, checker: Checker) -> None:
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
    gate["Arguments"]["ElseSteps"] = document["Steps"]
    document["Steps"] = [gate]
    assert sorted((c, v) for c, _, v, _, _ in said(checker, document)) == before


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_control_and_rule_is_heard_of(path: Path, checker: Checker) -> None:
    report = checker.check(path.read_bytes(), "p")
    heard = {f.control for f in report.findings}
    assert heard >= set(report.controls) | {f"DOC-0{n}" for n in range(1, 7)}


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_a_reference_in_place_of_a_value_never_takes_a_failure_away(
    path: Path, checker: Checker
) -> None:
    """Whoever starts the pipeline may pass just the value that was there."""
    document = json.loads(path.read_bytes())
    before = needing(checker, document)
    document["Parameters"] = [*(document.get("Parameters") or []), FREE]
    for place in places(document)[::7]:
        changed = replaced(document, place, {"Get": "Parameters.Free"})
        lost = before - needing(checker, changed)
        assert not lost, (pointer(place), lost)


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_a_text_in_two_pieces_is_the_same_text(path: Path, checker: Checker) -> None:
    document = json.loads(path.read_bytes())
    before = [row[:4] for row in said(checker, document, frozenset({"SEC-01"}))]
    for place in places(document)[::7]:
        text = at(document, place)
        named = str(place[-1]).endswith("Name") or "JobConfigDocument" in place
        if isinstance(text, str) and "Get" not in place and not named:
            half = len(text) // 2
            joined = {"Std:Join": {"On": "", "Values": [text[:half], text[half:]]}}
            changed = replaced(document, place, joined)
            after = [row[:4] for row in said(checker, changed, frozenset({"SEC-01"}))]
            assert after == before, pointer(place)


FREE = {"Name": "Free", "Type": "String"}


def places(document: Any) -> list[Any]:
    """Every place below the Arguments of a step that is no step itself."""
    found: list[Any] = []
    todo: list[tuple[Any, tuple[Any, ...]]] = [(document["Steps"], ("Steps",))]
    while todo:
        node, place = todo.pop()
        members = node.items() if isinstance(node, dict) else enumerate(node)
        for key, below in members:
            if isinstance(below, (dict, list)):
                todo.append((below, (*place, key)))
            if "Arguments" in place and not is_of_a_step((*place, key)):
                found.append((*place, key))
    return found


def is_of_a_step(place: tuple[Any, ...]) -> bool:
    branches = ("IfSteps", "ElseSteps", "ForEachBody")
    last = [i for i, part in enumerate(place) if part in branches]
    return place[-1] in branches or bool(last and len(place) - last[-1] <= 3)


def at(node: Any, place: tuple[Any, ...]) -> Any:
    for part in place:
        node = node[part]
    return node


def replaced(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    changed = json.loads(json.dumps(document))
    at(changed, place[:-1])[place[-1]] = value
    return changed


def needing(checker: Checker, document: Any) -> set[tuple[str, str]]:
    """(control, step) of everything that needs action, but for the document's own rules."""
    rows = said(checker, document)
    action = ("fail", "unknown", "error")
    return {(c, s) for c, s, v, _, _ in rows if v in action and not c.startswith("DOC-")}


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
    parameter = {"Name": "P", "Type": "String", "DefaultValue": enum[0], "EnumValues": enum}
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
