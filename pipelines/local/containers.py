"""A job's container as a child process, with a folder that stands for ``/opt/ml``.

The process gets none of this process's environment, so no AWS credentials and no
proxy; with network isolation it cannot open a connection either.
"""

from __future__ import annotations

import os
import posixpath
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Mapping, NamedTuple, Optional, Sequence

from ormer.model.errors import InputError
from pipelines.local.step_result import StepFailed

OPT_ML = "/opt/ml"
INTERPRETERS = ("python", "python3")
SECONDS_BETWEEN_LOOKS = 0.05

_ISOLATION = Path(__file__).resolve().parent / "isolation"


class Container(NamedTuple):
    """What to run: ``command`` with container paths, for at most ``seconds``."""

    command: Sequence[str]
    environment: Mapping[str, str]
    seconds: int
    isolated: bool


def local_path(root: Path, path: str) -> Path:
    """The file below ``root`` for a path below ``/opt/ml``; raises InputError for any other."""
    normal = posixpath.normpath(path)
    if normal != OPT_ML and not normal.startswith(OPT_ML + "/"):
        raise InputError(f"{path!r} is outside {OPT_ML}, and cannot be used on this machine")
    return root / posixpath.relpath(normal, OPT_ML)


def run_container(container: Container, root: Path) -> None:
    """Run it to its end, its output in ``log.txt`` beside ``root``.

    Raises StepFailed if it exits with an error or exceeds its time, and InputError
    for a command that is not Python's.
    """
    interpreter, *rest = container.command
    if interpreter not in INTERPRETERS:
        raise InputError(f"entry point {interpreter!r}: only python3 can be run on this machine")
    command = [sys.executable, *(_mapped(root, item) for item in rest)]
    log = root.parent / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=root,
            env=_environment(container, root),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        exit_code = _wait(process, container.seconds)
    if exit_code is None:
        raise StepFailed(f"MaxRuntimeExceeded: stopped after {container.seconds} seconds")
    if exit_code != 0:
        raise StepFailed(f"AlgorithmError: {_last_line(log)}, exit code: {exit_code}")


def _mapped(root: Path, item: str) -> str:
    return str(local_path(root, item)) if item.startswith(OPT_ML + "/") or item == OPT_ML else item


def _environment(container: Container, root: Path) -> dict[str, str]:
    scratch = root.parent / "tmp"
    scratch.mkdir(exist_ok=True)
    return {
        **{name: _mapped(root, value) for name, value in container.environment.items()},
        "PATH": os.defpath,
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        **({"PYTHONPATH": str(_ISOLATION)} if container.isolated else {}),
    }


def _wait(process: subprocess.Popen[bytes], seconds: int) -> Optional[int]:
    """The exit code, or None once ``seconds`` are over; nothing of it is left running."""
    deadline = time.monotonic() + seconds
    try:
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        return process.poll()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1].strip()[:1000] if lines else "no output"
