"""A checker for the example profile, and definitions written on the spot."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from ormer.assess.check import Checker
from ormer.controls.load import load_catalogue
from ormer.model.definition import pointer
from ormer.model.environment import Environment
from ormer.model.finding import Report, Verdict
from ormer.read.environment import read_environment

Check = Callable[..., Report]
Said = list[tuple[str, str, str]]


@pytest.fixture(scope="session")
def environment() -> Environment:
    profile = resources.files("ormer.controls") / "example_environment.yaml"
    return read_environment(profile.read_bytes(), "environment.yaml")


@pytest.fixture(scope="session")
def checker(environment: Environment) -> Checker:
    return Checker(environment, load_catalogue())


@pytest.fixture(scope="session")
def check(checker: Checker) -> Check:
    """``check(step, ..., Parameters=[...])``: the report on a definition of these steps."""

    def _check(*steps: dict[str, Any], **document: Any) -> Report:
        body = {"Version": "2020-12-01", "Steps": list(steps), **document}
        return checker.check(json.dumps(body).encode(), "pipeline.json")

    return _check


@pytest.fixture
def rules(check: Check) -> Callable[..., Said]:
    """What the document rules say: (rule and verdict, subject, JSON Pointer)."""

    def _rules(*steps: dict[str, Any], **document: Any) -> Said:
        return [
            (f"{f.control} {f.verdict.value}", f.subject, pointer(f.place))
            for f in check(*steps, **document).findings
            if f.control.startswith("DOC-") and f.verdict is not Verdict.PASS
        ]

    return _rules
