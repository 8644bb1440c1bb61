"""Documents of the SDKs with something odd put anywhere: refused or judged, and never a crash."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from ormer.assess.check import Checker
from ormer.model.errors import InputError
from ormer.model.finding import Verdict
from ormer.report.findings.json import render as as_json
from ormer.report.findings.text import render as as_text

DOCUMENTS = sorted((Path(__file__).parents[1] / "definitions").glob("v[23]/*.json"))
ODD: list[Any] = [
    *(
        None,
        "",
        0,
        -1,
        1.5,
        10**50,
        True,
        False,
        [],
        {},
        [None],
        [[[]]],
        {"": ""},
        {"a": 1},
        "\ud800",
    ),
    *(
        {"Get": p}
        for p in ("Parameters.N", "Steps.N.X", "Execution.X", "", "Steps.", "ForEach.X", 5)
    ),
    *({"Std:Join": j} for j in ({}, None, {"On": "", "Values": 5}, {"On": 1, "Values": [None]})),
    *({"Std:JsonGet": None}, {"Std:Upper": 1}, {"Get": "IterationOutput.X"}, "alias/x", "s3://x"),
    {"Get": "Steps.Train['x'][0].Y"},
]
FOUND: dict[str, dict[str, Any]] = {
    "the name of a property file is a structure": {
        "Name": "A",
        "Type": "Processing",
        "Arguments": {"RoleArn": {"Get": "Steps.A.PropertyFiles.F"}},
        "PropertyFiles": [{"PropertyFileName": {"a": 1}}],
    },
    "a join of a number in what a container gets": {
        "Name": "A",
        "Type": "Training",
        "Arguments": {"Environment": {"X": {"Std:Join": {"On": "", "Values": 5}}}},
    },
}


@pytest.mark.parametrize("name", FOUND)
def test_what_once_crashed_is_judged(name: str, checker: Checker) -> None:
    judged(checker, {"Version": "2020-12-01", "Steps": [FOUND[name]]})


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_an_odd_value_anywhere_is_refused_or_judged(path: Path, checker: Checker) -> None:
    chance = random.Random(path.name)
    text = path.read_text("utf-8")
    for _ in range(12):
        document = json.loads(text)
        holder, key = chance.choice(slots(document))
        holder[key] = chance.choice(ODD)
        judged(checker, document)


def judged(checker: Checker, document: Any) -> None:
    try:
        report = checker.check(json.dumps(document).encode(), "p", "p")
    except InputError as error:
        assert "\n" not in str(error)
        return
    crashed = [(f.control, f.message) for f in report.findings if f.verdict is Verdict.ERROR]
    assert not crashed
    assert as_json([report]) and as_text(report)


def slots(document: Any) -> list[tuple[Any, Any]]:
    """Every (holder, key) of a document."""
    found: list[tuple[Any, Any]] = []
    todo = [document]
    while todo:
        node = todo.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node))
        for key in keys:
            found.append((node, key))
            if isinstance(node[key], (dict, list)):
                todo.append(node[key])
    return found
