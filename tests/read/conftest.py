"""The command in a process of its own, with its time, its output and what it leaves watched.

``apart`` starts it as a user does. ``forked`` starts it as a copy of this process, which has
everything imported: a tenth of the time, for the many ways in which an input can be wrong.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

import ormer
from ormer.cli.main import main

SOURCES = Path(ormer.__file__).parents[1]
PROFILE = resources.files("ormer.controls") / "example_environment.yaml"


class Ran(NamedTuple):
    """What came of a run: exit code and both streams."""

    code: int
    out: bytes
    err: str


@pytest.fixture(scope="session")
def profile() -> str:
    """The text of the example profile."""
    return PROFILE.read_text("utf-8")


def apart(arguments: tuple[str, ...], stdin: bytes, folder: Path) -> Ran:
    """``python -m ormer``."""
    done = subprocess.run(
        [sys.executable, "-m", "ormer", *arguments],
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        timeout=60,
    )
    return Ran(done.returncode, done.stdout, done.stderr.decode())


def forked(arguments: tuple[str, ...], stdin: bytes, folder: Path) -> Ran:
    """The command's entry in a copy of this process."""
    streams = [folder / name for name in (".stdin", ".stdout", ".stderr")]
    streams[0].write_bytes(stdin)
    child = os.fork()
    if child == 0:
        _become(arguments, streams)
    _, status = os.waitpid(child, 0)
    out, err = (path.read_bytes() for path in streams[1:])
    return Ran(os.waitstatus_to_exitcode(status), out, err.decode())


def _become(arguments: tuple[str, ...], streams: list[Path]) -> NoReturn:
    code = 99
    try:
        for number, path in enumerate(streams):
            flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            os.dup2(os.open(path, flags), number)
        sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, "r" if n == 0 else "w") for n in range(3))
        code = main(list(arguments))
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


Way = Callable[[tuple[str, ...], bytes, Path], Ran]


def _refused(way: Way, tmp_path: Path) -> Callable[..., str]:
    def _run(*arguments: str, stdin: bytes = b"") -> str:
        output = tmp_path / "report.out"
        ran = way(("check", *arguments, "--output", str(output)), stdin, tmp_path)
        assert ran.code == 2, ran
        assert ran.out == b"", "nothing on standard output"
        assert ran.err.count("\n") == 1 and ran.err.endswith("\n"), f"one line: {ran.err!r}"
        assert "Traceback" not in ran.err and "internal error" not in ran.err, ran.err
        assert not output.exists(), "no output file is left"
        assert not list(tmp_path.glob(".*.part")), "and no piece of one"
        return ran.err

    return _run


@pytest.fixture
def refused(tmp_path: Path) -> Callable[..., str]:
    """Run and expect a refusal by the rules of exit code 2; gives the one line on stderr."""
    return _refused(forked, tmp_path)


@pytest.fixture
def refused_apart(tmp_path: Path) -> Callable[..., str]:
    """The same, started as a user does."""
    return _refused(apart, tmp_path)
