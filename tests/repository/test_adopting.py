"""The story of docs/adopting.md: its commands, run in their order in an empty folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import ormer

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adopting.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
_EXIT = r"\s+# exit (\d)$"


def commands() -> list[tuple[str, int]]:
    """Each command line with the exit code that the page promises."""
    lines = [line for block in BLOCKS for line in block.splitlines() if line.strip()]
    found = []
    for line in lines:
        promised = re.search(_EXIT, line)
        found.append((re.sub(_EXIT, "", line), int(promised[1]) if promised else 0))
    return found


def definition() -> dict[str, Any]:
    """A pipeline of a team that has not heard of Ormer: in no VPC, no encryption between hosts."""
    source = ROOT / "tests" / "definitions" / "v3" / "training_secure.json"
    content: dict[str, Any] = json.loads(source.read_bytes())
    for step in content["Steps"]:
        del (
            step["Arguments"]["VpcConfig"],
            step["Arguments"]["EnableInterContainerTrafficEncryption"],
        )
    return content


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "fraud.json").write_text(json.dumps(definition(), indent=1))
    return tmp_path


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    sources = str(Path(ormer.__file__).parents[1])
    return subprocess.run(
        ["bash", "-euc", command],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": sources},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_page_tells_what_happens(folder: Path) -> None:
    told = commands()
    assert len(told) >= 7
    outputs = []
    for command, code in told:
        done = run(command, folder)
        assert done.returncode == code, f"{command}\n{done.stdout}{done.stderr}"
        outputs.append(done.stdout)
    assert "  fail     NET-01" in outputs[1]
    assert "findings accepted until" in outputs[2]
    assert "compliant, but for" in outputs[4]
    (line,) = re.findall(r"^```text\n(fail .*)\n```", PAGE, re.MULTILINE)
    assert f"  {line}\n" in outputs[6]
    assert (folder / "build" / "compliance.xml").exists()


def test_after_the_baseline_only_what_is_new_is_red(folder: Path) -> None:
    for command, _ in commands()[:7]:
        done = run(command, folder)
    failed = re.findall(r"^  fail +(\S+)", done.stdout, re.MULTILINE)
    assert failed == ["NET-03"]
