"""What a deployment leaves open never passes a control that some value for it would not pass."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from ormer.assess.check import Checker
from ormer.controls.load import load_catalogue
from ormer.model.definition import Origin, Place
from ormer.model.finding import Verdict
from ormer.model.symbol import symbol
from ormer.read.environment import read_environment
from ormer.read.templates.deployed_definition import read_deployed

DEFINITION = Path(__file__).parents[1] / "definitions" / "v2" / "training_secure.json"
BODY = json.loads(DEFINITION.read_bytes())
MARK = "here"
FORM = "DOC-03"
"""A number where a text belongs is refused by the service whatever stands for it."""
TEXTS: tuple[Any, ...] = ("", "other", "true")
VALUES: tuple[Any, ...] = (None, 7, False, ["other"], {"Subnets": ["other"]})


@pytest.fixture(scope="module")
def checker() -> Checker:
    profile = (resources.files("ormer.controls") / "example_environment.yaml").read_bytes()
    return Checker(read_environment(profile, "environment.yaml"), load_catalogue())


def leaves(node: Any, place: Place = ()) -> Iterator[Place]:
    if isinstance(node, (dict, list)):
        for key in node if isinstance(node, dict) else range(len(node)):
            yield from leaves(node[key], (*place, key))
    else:
        yield place


def with_value(place: Place, value: Any) -> str:
    body = copy.deepcopy(BODY)
    node = body
    for part in place[:-1]:
        node = node[part]
    node[place[-1]] = value
    return json.dumps(body)


def wrong(checker: Checker, text: str) -> set[str]:
    report = checker.check_part(read_deployed(text, "d"), b"", "d", "p", Origin("d", 1))
    assert not report.count(Verdict.ERROR)
    return {finding.control for finding in report.findings if finding.needs_action}


PLACES = [place for place in leaves(BODY) if place[:1] == ("Steps",) and len(place) > 3]


def test_there_are_places() -> None:
    assert len(PLACES) > 20


@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(map(str, place[3:])))
def test_open_is_never_better_than_any_value(checker: Checker, place: Place) -> None:
    text = with_value(place, MARK)
    for found, values in (
        (wrong(checker, text.replace(MARK, symbol("X"))), TEXTS),
        (wrong(checker, text.replace(f'"{MARK}"', symbol("X"))), VALUES),
    ):
        for value in values:
            assert wrong(checker, with_value(place, value)) - {FORM} <= found


def test_an_open_value_that_no_control_asks_for_is_no_finding(checker: Checker) -> None:
    place = next(p for p in PLACES if p[-1] == "TrainingInputMode")
    assert wrong(checker, with_value(place, MARK).replace(MARK, symbol("X"))) == set()
