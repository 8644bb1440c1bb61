"""These tests run where checkov is: ``tox -e checkov``. It pins other versions than the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
collect_ignore_glob = [] if find_spec("checkov") else ["test_*.py"]


class Scan(NamedTuple):
    """What one run of checkov says: ``verdicts`` by (check, file's name, logical id)."""

    verdicts: Mapping[tuple[str, str, str], str]
    warnings: str
    doubled: tuple[tuple[str, str, str], ...]


Run = Callable[..., Scan]


@pytest.fixture(scope="session")
def run() -> Run:
    """``run(files, ...)``: the command as a user has it; ``checks`` of its own are None or ours."""

    def _run(files: Sequence[Path], *options: str, environment: str = "") -> Scan:
        import ormer.checkov_checks

        (folder,) = ormer.checkov_checks.__path__
        command = [str(Path(sys.executable).with_name("checkov")), "--skip-download"]
        command += ["--framework", "cloudformation", "--external-checks-dir", folder]
        command += ["--output", "json", "--compact", *options]
        for file in files:
            command += ["--file", str(file)]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**_without_settings(), "ORMER_ENVIRONMENT": environment},
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr
        return _scan(json.loads(done.stdout), done.stderr)

    return _run


def _without_settings() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("ORMER_")}


def _scan(report: Any, warnings: str) -> Scan:
    verdicts: dict[tuple[str, str, str], str] = {}
    doubled = []
    results = report["results"]
    for verdict in ("passed", "failed", "skipped"):
        for record in results[f"{verdict}_checks"]:
            file = Path(record["file_path"]).name
            key = (record["check_id"], file, record["resource"].rpartition(".")[2])
            if key in verdicts:
                doubled.append(key)
            verdicts[key] = verdict
    return Scan(verdicts, warnings, tuple(doubled))


@pytest.fixture
def verdict() -> Callable[[Any, Any], str]:
    """``verdict(checks, properties)``: what one of our checks says to checkov of a resource."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # raised by what checkov imports
        from ormer.checkov_checks.ormer_checks import OrmerCheck

    def _verdict(checks: Any, properties: Any) -> str:
        check = OrmerCheck("ORMER_99", "a check", "IAM", ("AWS::IAM::Nothing",), checks)
        conf = {"Type": "AWS::IAM::Nothing", "Properties": properties}
        result = check.run("/a.yaml", conf, "One", "AWS::IAM::Nothing", {})["result"]
        return str(result.value)

    return _verdict
