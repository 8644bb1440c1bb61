"""Finding ids: unique in a report, and the same tomorrow when things are in another order."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.model.finding import Report
from ormer.report.findings.json import render

Check = Callable[..., Report]
DEFINITIONS = Path(__file__).parents[1] / "definitions"


def as_json(*reports: Report) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(render(list(reports)))
    return document


def training(**arguments: Any) -> dict[str, Any]:
    step = {"Name": "T", "Type": "Training", "Arguments": arguments}
    return {"Version": "2020-12-01", "Steps": [step]}


def test_ids_are_16_hex_digits_and_unique_in_every_report(reports: list[Report]) -> None:
    doubles = []
    for report in reports:
        findings = as_json(report)["findings"]
        counted = Counter(f["id"] for f in findings)
        assert all(len(i) == 16 and int(i, 16) >= 0 for i in counted)
        doubles += [
            (report.input.target, f["control"], f["verdict"], f["location"])
            for f in findings
            if counted[f["id"]] > 1
        ]
    assert not doubles, f"{len(doubles)} findings share an id, such as {doubles[:4]}"


def test_elements_that_share_another_name_have_ids_of_their_own(check: Check) -> None:
    """Both variants serve model m; the variant's own name comes second in the file."""
    variants = [
        {"ModelName": "m", "VariantName": name, "CoreDumpConfig": {"DestinationS3Uri": "s3://x/y"}}
        for name in ("blue", "green")
    ]
    step = {"Name": "E", "Type": "EndpointConfig", "Arguments": {"ProductionVariants": variants}}
    made = as_json(check({"Steps": [step]}))
    own = [f["id"] for f in made["findings"] if f["control"] == "S3-01"]
    assert len(own) == 2 and len(set(own)) == 2


IDENTIFIED = [
    "v2/training_all_outputs_bare",
    "v2/condition_nested",
    "v3/processing_bare",
    "v2/tuning_half_secure",
    "v3/for_each_bare",
    "v2/model_create_inference_pipeline_bare",
]


def ids(report: Report) -> set[tuple[str, str]]:
    return {(f["id"], f["control"]) for f in as_json(report)["findings"] if f["fix"]}


def document(name: str) -> Any:
    return json.loads((DEFINITIONS / f"{name}.json").read_bytes())


@pytest.mark.parametrize("name", IDENTIFIED)
def test_ids_stay_when_steps_and_named_elements_change_places(name: str, check: Check) -> None:
    body = document(name)
    assert ids(check(turned_around(body))) == ids(check(body))


@pytest.mark.parametrize("name", IDENTIFIED)
def test_ids_stay_when_members_change_places(name: str, check: Check) -> None:
    body = document(name)
    assert ids(check(shuffled(body, random.Random(1)))) == ids(check(body))


@pytest.mark.parametrize("name", IDENTIFIED)
def test_ids_stay_when_a_step_is_added(name: str, check: Check) -> None:
    body = document(name)
    more = copy.deepcopy(body)
    more["Steps"].insert(0, {"Name": "New", "Type": "Fail", "Arguments": {}})
    assert ids(check(more)) == ids(check(body))


def test_ids_of_other_steps_pipelines_and_controls_are_others(check: Check) -> None:
    first, second = training(), training()
    second["Steps"][0]["Name"] = "Other"
    assert not ids(check(first)) & ids(check(second))
    assert not ids(check(first, "a.json")) & ids(check(first, "b.json"))


def turned_around(node: Any) -> Any:
    """Lists of named things and of texts in reverse; others have no identity but their place."""
    if isinstance(node, dict):
        return {name: turned_around(below) for name, below in node.items()}
    if isinstance(node, list):
        turned = [turned_around(below) for below in node]
        named = all(isinstance(e, str) or (isinstance(e, dict) and has_name(e)) for e in node)
        return turned[::-1] if named else turned
    return node


def has_name(element: dict[str, Any]) -> bool:
    return any(name.endswith("Name") and isinstance(element[name], str) for name in element)


def shuffled(node: Any, chance: random.Random) -> Any:
    if isinstance(node, dict):
        members = list(node.items())
        chance.shuffle(members)
        return {name: shuffled(below, chance) for name, below in members}
    return [shuffled(below, chance) for below in node] if isinstance(node, list) else node
