"""Reports on documents of the SDKs and on definitions written on the spot."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from ormer.assess.check import Checker
from ormer.controls.load import load_catalogue
from ormer.model.finding import Report
from ormer.read.environment import read_environment

DEFINITIONS = Path(__file__).parents[1] / "definitions"
Check = Callable[..., Report]


@pytest.fixture(scope="session")
def profile() -> str:
    return (resources.files("ormer.controls") / "example_environment.yaml").read_text("utf-8")


@pytest.fixture(scope="session")
def checker(profile: str) -> Checker:
    return Checker(read_environment(profile.encode(), "environment.yaml"), load_catalogue())


@pytest.fixture(scope="session")
def check(checker: Checker, profile: str) -> Check:
    """``check(document)``: a report; ``environment`` replaces the example profile's text."""

    def _check(document: Any, name: str = "pipeline.json", environment: str = profile) -> Report:
        used = checker
        if environment != profile:
            used = Checker(
                read_environment(environment.encode(), "environment.yaml"), checker.catalogue
            )
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        return used.check(text, name, Path(name).stem)

    return _check


@pytest.fixture(scope="session")
def reports(checker: Checker) -> list[Report]:
    """A report on every document of the SDKs."""
    paths = sorted(DEFINITIONS.glob("v[23]/*.json"))
    return [
        checker.check(p.read_bytes(), f"{p.parent.name}/{p.name}", f"{p.parent.name}-{p.stem}")
        for p in paths
    ]
