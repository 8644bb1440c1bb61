"""The suites as a user runs them: in a process of their own, in an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest

import ormer

SOURCES = Path(ormer.__file__).parents[1]
BARE: dict[str, Any] = {"Name": "Train", "Type": "Training", "Arguments": {}}
NOTHING: dict[str, Any] = {"Name": "End", "Type": "Fail", "Arguments": {}}


class Ran(NamedTuple):
    code: int
    out: str
    cases: dict[str, str]
    """The outcome of each test by its id: passed, failure, skipped, error."""
    xml: Any


Suites = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    profile = (resources.files("ormer.controls") / "example_environment.yaml").read_text("utf-8")
    (tmp_path / "env.yaml").write_text(profile)
    (tmp_path / ".git").mkdir()
    (tmp_path / "build").mkdir()
    write(tmp_path / "build" / "bare.json", BARE)
    write(tmp_path / "build" / "nothing.json", NOTHING)
    return tmp_path


@pytest.fixture
def suites(folder: Path) -> Suites:
    """``suites("--definition", ...)``: the command, with no plugin but ours."""

    def _suites(*arguments: str, **variables: str) -> Ran:
        report = folder / "junit.xml"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-p", "ormer.suites.plugin", "-q"]
        command += ["--pyargs", "ormer.suites", "--rootdir", str(folder), "-c", os.devnull]
        done = subprocess.run(
            [*command, f"--junit-xml={report}", *arguments],
            capture_output=True,
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": str(SOURCES),
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                **variables,
            },
            timeout=120,
        )
        root = ElementTree.parse(report).getroot() if report.exists() else None
        cases = {}
        for case in root.iter("testcase") if root is not None else ():
            kinds = [below.tag for below in case if below.tag != "properties"]
            cases[str(case.get("name"))] = kinds[0] if kinds else "passed"
        return Ran(done.returncode, (done.stdout + done.stderr).decode(), cases, root)

    return _suites


def write(path: Path, *steps: dict[str, Any]) -> None:
    path.write_text(json.dumps({"Version": "2020-12-01", "Steps": list(steps)}))
