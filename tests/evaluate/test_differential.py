"""Against an independent evaluator in a process of its own, where it is installed.

``tox -e differential`` installs it and runs 100,000 cases; this is the ordinary run's share.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from benchmarks.differential.campaign import compare, ours
from benchmarks.differential.cases import case, cases
from benchmarks.differential.explained import QUESTIONS, explanations
from benchmarks.differential.peer import decisions, why_absent

ROOT = Path(__file__).parents[2]
PEER = Path(os.environ.get("ORMER_PEER") or ROOT / ".tox" / "differential" / "peer")
EXPLAINED: list[dict[str, Any]] = json.loads(
    (ROOT / "benchmarks" / "differential" / "explained.json").read_text(encoding="utf-8")
)
OUTCOMES = ("Allowed", "ImplicitlyDenied", "ExplicitlyDenied")


@pytest.fixture
def peer() -> Path:
    absent = why_absent(PEER)
    if absent is not None:
        pytest.skip(f"the independent evaluator cannot be asked: {absent}")
    return PEER


def test_5000_random_cases_differ_only_where_it_is_explained(peer: Path) -> None:
    found = compare(peer, cases(seed=20261123, count=5_000))
    assert sum(found.outcomes.values()) == 5_000
    assert found.unexplained == []
    assert all(found.outcomes[outcome] > 400 for outcome in OUTCOMES), found.outcomes
    assert found.touched < 3_500, "most cases are under no explanation at all, or nearly"


def test_each_explained_difference_still_is_one(peer: Path) -> None:
    asked = [{**each["case"], "id": str(number)} for number, each in enumerate(EXPLAINED)]
    theirs = [answer for _, answer in decisions(peer, asked)]
    assert theirs == [each["theirs"] for each in EXPLAINED]


@pytest.mark.parametrize("each", EXPLAINED, ids=lambda each: each["name"])
def test_ours_is_what_the_explanation_says(each: dict[str, Any]) -> None:
    assert ours(each["case"]).outcome.value == each["ours"] != each["theirs"]
    assert explanations(each["case"], each["ours"], each["theirs"]) == [each["name"]]
    assert each["why"]


def test_every_explanation_has_an_example() -> None:
    assert [each["name"] for each in EXPLAINED] == list(dict.fromkeys(e["name"] for e in EXPLAINED))
    assert {each["name"] for each in EXPLAINED} == set(QUESTIONS)


def test_a_case_can_be_made_again() -> None:
    assert list(cases(7, 3))[2] == case(7, 2)
