"""The documents of the SDKs, checked once against the example profile."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from ormer.assess.check import Checker
from ormer.controls.load import load_catalogue
from ormer.model.definition import pointer
from ormer.model.finding import Finding, Report
from ormer.read.environment import read_environment

DEFINITIONS = Path(__file__).parents[1] / "definitions"
ReportOf = Callable[[str], Report]


@pytest.fixture(scope="session")
def report_of() -> ReportOf:
    """``report_of("v2/abalone")``: the report on a document."""
    profile = resources.files("ormer.controls") / "example_environment.yaml"
    environment = read_environment(profile.read_bytes(), "environment.yaml")
    checker = Checker(environment, load_catalogue())

    @cache
    def _report_of(name: str) -> Report:
        path = DEFINITIONS / f"{name}.json"
        return checker.check(path.read_bytes(), name, path.stem)

    return _report_of


@pytest.fixture(scope="session")
def action_of(report_of: ReportOf) -> Callable[..., set[tuple[str, ...]]]:
    """(verdict, control, JSON Pointer below Arguments) of what needs action at a step."""

    def _action_of(name: str, subject: str) -> set[tuple[str, ...]]:
        report = report_of(name)
        own = [f for f in report.findings if f.subject == subject]
        assert own, f"{name} has no step {subject}"
        return {(f.verdict.value, f.control, inside(f)) for f in own if f.needs_action}

    return _action_of


def inside(finding: Finding) -> str:
    return pointer(finding.place).rpartition("/Arguments/")[2]
