"""Definitions written on the spot, and what the check says of one control on one step."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from typing import Any, NamedTuple

import pytest

from ormer.assess.check import Checker
from ormer.controls.load import load_catalogue
from ormer.model.definition import pointer
from ormer.model.finding import Finding, Report
from ormer.read.environment import read_environment
from ormer.report.findings.actual import actual

PROFILE = resources.files("ormer.controls") / "example_environment.yaml"


class Said(NamedTuple):
    """A finding in short: verdict, JSON Pointer, the value found, the message."""

    verdict: str
    location: str
    actual: str
    message: str


Says = Callable[..., list[Said]]
Check = Callable[..., Report]


@pytest.fixture(scope="session")
def profile() -> str:
    return PROFILE.read_text("utf-8")


@pytest.fixture(scope="session")
def make_checker() -> Callable[[str], Checker]:
    """A checker of the package's controls for a profile's text."""
    catalogue = load_catalogue()
    made: dict[str, Checker] = {}

    def _make(text: str) -> Checker:
        if text not in made:
            made[text] = Checker(read_environment(text.encode(), "environment.yaml"), catalogue)
        return made[text]

    return _make


@pytest.fixture
def check(make_checker: Callable[[str], Checker], profile: str) -> Check:
    """``check(step, ..., Parameters=[...])``: the report on a definition of these steps."""

    def _check(*steps: dict[str, Any], environment: str = profile, **document: Any) -> Report:
        body = {"Version": "2020-12-01", "Steps": list(steps), **document}
        return make_checker(environment).check(json.dumps(body).encode(), "pipeline.json")

    return _check


@pytest.fixture
def says(check: Check) -> Says:
    """``says("NET-01", step, ...)``: what one control says, without its silence."""

    def _says(control: str, *steps: dict[str, Any], of: str = "", **document: Any) -> list[Said]:
        findings = check(*steps, **document).findings
        return [short(f) for f in findings if f.control == control and (of in f.subject or not of)]

    return _says


def short(finding: Finding) -> Said:
    place = pointer(finding.place)
    return Said(finding.verdict.value, place, actual(finding), finding.message)
