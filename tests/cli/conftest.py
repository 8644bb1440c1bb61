"""The command, in this process where that shows the same and in one of its own where not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import ormer
from ormer.cli.main import main

SOURCES = Path(ormer.__file__).parents[1]
DEFINITIONS = Path(__file__).parents[1] / "definitions"


class Ran(NamedTuple):
    """What came of a run."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """``run("check", ...)``: the command in this process."""

    def _run(*arguments: str) -> Ran:
        capfd.readouterr()
        try:
            code = main(list(arguments))
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return _run


@pytest.fixture
def run_apart() -> Run:
    """``run_apart("check", ..., stdin=b"", PYTHONHASHSEED="1")``: in a process of its own."""

    def _run(*arguments: str, stdin: bytes = b"", **variables: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "ormer", *arguments],
            input=stdin,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(SOURCES), **variables},
            timeout=60,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return _run


@pytest.fixture(scope="session")
def profile_text() -> str:
    return (resources.files("ormer.controls") / "example_environment.yaml").read_text("utf-8")


@pytest.fixture
def profile(tmp_path: Path, profile_text: str) -> str:
    """A file with the example profile."""
    path = tmp_path / "environment.yaml"
    path.write_text(profile_text, "utf-8")
    return str(path)


@pytest.fixture
def good() -> str:
    return str(DEFINITIONS / "v2" / "training_secure.json")


@pytest.fixture
def bad() -> str:
    return str(DEFINITIONS / "v2" / "training_bare.json")


@pytest.fixture
def definition(tmp_path: Path) -> Callable[..., str]:
    """``definition(step, ...)``: a file with a definition of these steps."""

    def _definition(*steps: dict[str, Any], name: str = "p.json", **more: Any) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"Version": "2020-12-01", "Steps": list(steps), **more}))
        return str(path)

    return _definition
