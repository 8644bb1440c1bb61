"""The catalogue, a checker for the example profile, and folders of controls written on the spot."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from ormer.assess.check import Checker
from ormer.controls.load import Catalogue, load_catalogue
from ormer.model.environment import Environment
from ormer.model.finding import Finding
from ormer.read.environment import read_environment

Write = Callable[..., Path]
Judge = Callable[..., list[Finding]]

HEAD = """\
id: {id}
title: A control of our own
severity: low
why: Because we say so.
fix: Do otherwise.
examples: {{pass: [none], fail: [none]}}
"""


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def environment() -> Environment:
    profile = resources.files("ormer.controls") / "example_environment.yaml"
    return read_environment(profile.read_bytes(), "example_environment.yaml")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """``write("MY-01", "forbid: ...")`` puts a control file into a folder and gives the folder."""

    def _write(name: str, rest: str, id: str = "", file: str = "") -> Path:
        head = HEAD.format(id=id or name)
        (tmp_path / (file or f"{name}.yaml")).write_text(head + rest + "\n", encoding="utf-8")
        return tmp_path

    return _write


@pytest.fixture
def judge(environment: Environment) -> Judge:
    """The findings of one control of a folder on a definition of the given steps."""

    def _judge(
        folder: Path, control: str, *steps: dict[str, Any], **document: Any
    ) -> list[Finding]:
        checker = Checker(environment, load_catalogue(str(folder)))
        text = json.dumps({"Version": "2020-12-01", "Steps": list(steps), **document})
        return [f for f in checker.check(text.encode(), "p").findings if f.control == control]

    return _judge
