"""The mutation operators: one place changes, the definition that is given does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from docs.teeth.moves import MOVES
from docs.teeth.operators import OPERATORS
from docs.teeth.places import MISSING, at, expanded, label, nearest, tokens

BASE: Any = ("Steps", 0, "Arguments")


def definition() -> dict[str, Any]:
    text = json.dumps({"Deep": {"List": ["x"], "Flag": True}})
    arguments = {"List": ["a", "b"], "Flag": True, "Text": "t", "Many": [{"K": 1}, {"K": 2}]}
    step = {"Name": "S", "Type": "Job", "Arguments": {**arguments, "JobConfigDocument": text}}
    return {"Steps": [step]}


@pytest.mark.parametrize(
    "operator, path, value, changed",
    [
        ("remove", "List", None, MISSING),
        ("remove", "Many[0]", None, {"K": 2}),
        ("empty", "List", None, []),
        ("empty", "Many[0]", None, {}),
        ("empty", "Flag", None, ""),
        ("null", "List", None, None),
        ("wrong", "List", "z", ["z"]),
        ("wrong", "List", ["z", "y"], ["z", "y"]),
        ("wrong", "New.Member", 1, 1),
        ("second", "List", "z", ["a", "b", "z"]),
        ("caller", "List", MISSING, [{"Get": "Parameters.Mutant"}, "b"]),
        ("caller", "Flag", MISSING, {"Get": "Parameters.Mutant"}),
        ("run time", "Text", None, {"Get": "Steps.Earlier.OutputParameters['value']"}),
        ("remove", "JobConfigDocument.Deep.Flag", None, MISSING),
        ("wrong", "JobConfigDocument.Deep.List", "z", ["z"]),
    ],
)
def test_an_operator_changes_one_place(operator: str, path: str, value: Any, changed: Any) -> None:
    before, place = definition(), BASE + tokens(path)
    broken, _ = OPERATORS[operator](before, place, value)
    assert before == definition(), "the original stays as it is"
    assert at(broken, place) == changed
    assert without(broken, path) == without(before, path), "and nothing else"


def without(one: Any, path: str) -> dict[str, Any]:
    """The step's arguments, without the one that the path begins with."""
    return {k: v for k, v in one["Steps"][0]["Arguments"].items() if k != tokens(path)[0]}


@pytest.mark.parametrize(
    "path, kind, default",
    [("List", "String", "a"), ("Flag", "Boolean", True), ("Many[1].K", "Integer", 2)],
)
def test_a_callers_parameter_has_a_compliant_default(path: str, kind: str, default: Any) -> None:
    broken, _ = OPERATORS["caller"](definition(), BASE + tokens(path), MISSING)
    assert broken["Parameters"] == [{"Name": "Mutant", "Type": kind, "DefaultValue": default}]


def test_a_reference_is_spliced_into_a_text() -> None:
    place = BASE + tokens("JobConfigDocument.Deep.List")
    broken, there = OPERATORS["run time"](definition(), place, None)
    before, reference, after = at(broken, (*BASE, "JobConfigDocument"))["Std:Join"]["Values"]
    assert reference == {"Get": "Steps.Earlier.OutputParameters['value']"}
    assert json.loads(before + "x" + after) == {"Deep": {"List": ["x"], "Flag": True}}
    assert there == (*place, 0)


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.branch or "in place")
def test_a_move_takes_every_place_along(move: Any) -> None:
    before = definition()
    moved = move.definition(before)
    place = BASE + tokens("Many[1].K")
    assert at(moved, move.place(place)) == at(before, place) == 2


def test_paths_and_places() -> None:
    assert tokens("A[*].B[0].c") == ("A", "*", "B", 0, "c")
    assert label(("A", 1, "B")) == "A[1].B"
    places = list(expanded(definition(), BASE, tokens("Many[*].K")))
    assert places == [(*BASE, "Many", 0, "K"), (*BASE, "Many", 1, "K")]
    assert nearest(definition(), (*BASE, "No", "Where")) == BASE
