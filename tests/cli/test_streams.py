"""Terminals, pipes and broken streams: colour where it belongs, and the right exit code always."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ormer

Run = Callable[..., Any]


def test_no_colour_when_piped(run_apart: Run, bad: str, profile: str) -> None:
    ran = run_apart("check", bad, "--environment", profile, TERM="xterm-256color")
    assert "\x1b" not in ran.out


@pytest.mark.parametrize("variables, coloured", [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_in_a_terminal_unless_it_is_unwanted(
    variables: dict[str, str], coloured: bool, bad: str, profile: str
) -> None:
    shown = in_terminal(["check", bad, "--environment", profile], variables)
    assert (b"\x1b[31m" in shown) is coloured
    assert b"NET-01" in shown


def test_no_colour_in_a_file_although_the_terminal_has_some(
    bad: str, profile: str, tmp_path: Path
) -> None:
    output = tmp_path / "report.txt"
    in_terminal(["check", bad, "--environment", profile, "--output", str(output)], {})
    assert "\x1b" not in output.read_text()


def in_terminal(arguments: list[str], variables: dict[str, str]) -> bytes:
    """What the command writes to a terminal."""

    leader, follower = pty.openpty()
    clean = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    clean["PYTHONPATH"] = str(Path(ormer.__file__).parents[1])
    command = [sys.executable, "-m", "ormer", *arguments]
    with subprocess.Popen(command, stdout=follower, env={**clean, **variables}) as process:
        os.close(follower)
        shown = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        process.wait(30)
    os.close(leader)
    return shown


@pytest.mark.parametrize(
    "redirection, code",
    [(">/dev/full", 2), (">&-", 2), ("2>&-", 1), ("| head -c 1", 0)],
    ids=["a full disk", "no standard output", "no standard error", "a closed pipe"],
)
def test_a_broken_stream_never_looks_like_success_or_findings(
    redirection: str, code: int, bad: str, profile: str
) -> None:
    ran = shell(f"check {bad} --environment {profile} --format json {redirection}")
    assert ran[0] == code and "Traceback" not in ran[1]


def test_without_standard_error_a_failed_run_is_still_2(profile: str) -> None:
    """1 means findings; a run that could not even say so must not end with it."""
    assert shell(f"check /nowhere --environment {profile} 2>&-")[0] == 2


def test_without_standard_input_the_message_says_so(profile: str) -> None:
    code, err = shell(f"check - --environment {profile} <&-")
    assert code == 2 and "standard input" in err and "internal error" not in err


def shell(line: str) -> tuple[int, str]:

    variables = {**os.environ, "PYTHONPATH": str(Path(ormer.__file__).parents[1])}
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m ormer {line}"],
        capture_output=True,
        env=variables,
        timeout=60,
    )
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize("first, ends", [("", b""), ("import threading\n", b"the end\n")])
def test_a_process_with_threads_ends_as_usual_and_the_others_at_once(
    first: str, ends: bytes, bad: str, profile: str
) -> None:
    code = (
        f"{first}import atexit, sys\n"
        "atexit.register(lambda: sys.stderr.write('the end\\n'))\n"
        f"sys.argv = ['ormer', 'check', {bad!r}, '--environment', {profile!r}]\n"
        "from ormer.cli.main import entry\n"
        "entry()\n"
    )
    clean = {**os.environ, "PYTHONPATH": str(Path(ormer.__file__).parents[1])}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, env=clean, timeout=60)
    assert (ran.returncode, ran.stderr) == (1, ends)
    assert b"NET-01" in ran.stdout
