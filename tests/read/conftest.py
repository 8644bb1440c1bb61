"""The command as a user runs it: a process of its own, with time and output watched."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import pytest

import ormer

SOURCES = Path(ormer.__file__).parents[1]
PROFILE = resources.files("ormer.controls") / "example_environment.yaml"


class Ran(NamedTuple):
    """What came of a run: exit code, both streams, seconds of work (a busy machine adds none)."""

    code: int
    out: bytes
    err: str
    seconds: float


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def profile() -> str:
    """The text of the example profile."""
    return PROFILE.read_text("utf-8")


@pytest.fixture
def run() -> Run:
    """``run("check", ..., stdin=b"...")``: the command in a process of its own."""

    def _run(*arguments: str, stdin: bytes = b"") -> Ran:
        variables = {**os.environ, "PYTHONPATH": str(SOURCES)}
        before = _seconds()
        done = subprocess.run(
            [sys.executable, "-m", "ormer", *arguments],
            input=stdin,
            capture_output=True,
            env=variables,
            timeout=60,
        )
        return Ran(done.returncode, done.stdout, done.stderr.decode(), _seconds() - before)

    return _run


def _seconds() -> float:
    """What the processes that have ended took of the processors."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture
def refused(run: Run, tmp_path: Path) -> Callable[..., str]:
    """Run and expect a refusal by the rules of exit code 2; returns the one line on stderr."""

    def _refused(*arguments: str, stdin: bytes = b"") -> str:
        output = tmp_path / "report.out"
        ran = run("check", *arguments, "--output", str(output), stdin=stdin)
        assert ran.code == 2, ran
        assert ran.out == b"", "nothing on standard output"
        assert ran.err.count("\n") == 1 and ran.err.endswith("\n"), f"one line: {ran.err!r}"
        assert "Traceback" not in ran.err and "internal error" not in ran.err, ran.err
        assert not output.exists(), "no output file is left"
        assert not list(tmp_path.glob(".*.part")), "and no piece of one"
        assert ran.seconds < 2, f"{ran.seconds:.1f} s"
        return ran.err

    return _refused
