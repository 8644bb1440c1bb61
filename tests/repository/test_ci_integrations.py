"""The GitHub Action, the GitLab job and the pre-commit hook, as far as they run here."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

import ormer

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github" / "actions" / "check"
GITLAB = ROOT / ".gitlab" / "check.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
BARE = {"Name": "Train", "Type": "Training", "Arguments": {}}
NOTHING = {"Name": "End", "Type": "Fail", "Arguments": {}}


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    profile = (resources.files("ormer.controls") / "example_environment.yaml").read_text("utf-8")
    (tmp_path / "environment.yaml").write_text(profile)
    (tmp_path / ".git").mkdir()
    for name, step in (("bare", BARE), ("nothing", NOTHING)):
        text = json.dumps({"Version": "2020-12-01", "Steps": [step]})
        (tmp_path / f"{name}.json").write_text(text)
    return tmp_path


def bash(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    sources = str(Path(ormer.__file__).parents[1])
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": sources, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "schema, path",
    [("github-actions", ACTION / "action.yml"), ("gitlab-ci", GITLAB)],
)
def test_the_file_fits_its_schema(schema: str, path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_input_is_pasted_into_a_script() -> None:
    """An input is somebody's text; in a script it would be their code."""
    for step in read(ACTION / "action.yml")["runs"]["steps"]:
        assert "${{" not in step["run"]


def test_every_input_reaches_the_check() -> None:
    action = read(ACTION / "action.yml")
    (check,) = [step for step in action["runs"]["steps"] if step["name"] == "Check"]
    given = {re.sub(r"\W", "", text.partition("inputs.")[2]) for text in check["env"].values()}
    assert given == {re.sub(r"\W", "", name) for name in action["inputs"]}


@pytest.mark.parametrize("name, code", [("bare", 1), ("nothing", 0), ("none", 2)])
def test_the_action_checks_and_leaves_reports(name: str, code: int, folder: Path) -> None:
    summary = folder / "summary.md"
    done = bash(
        f'bash "{ACTION / "check.sh"}"',
        folder,
        DEFINITION=f"{name}.json\n\n",
        ENVIRONMENT="environment.yaml",
        SARIF="out.sarif",
        GITHUB_STEP_SUMMARY=str(summary),
    )
    assert done.returncode == code, done.stdout + done.stderr
    if code == 2:
        assert "none.json: no such file" in done.stderr and not (folder / "out.sarif").exists()
        return
    results = json.loads((folder / "out.sarif").read_text())["runs"][0]["results"]
    assert bool(results) is bool(code)
    assert summary.read_text().startswith(f"## Ormer: {'not ' if code else ''}compliant")


def test_the_action_without_inputs_takes_the_project_file(folder: Path) -> None:
    (folder / "ormer.toml").write_text(
        'definitions = ["*.json"]\nenvironment = "environment.yaml"\n'
    )
    done = bash(f'bash "{ACTION / "check.sh"}"', folder)
    assert done.returncode == 1 and "bare.json: " in done.stdout
    assert (folder / "ormer.sarif").exists()


@pytest.mark.parametrize("name, code", [("bare", 1), ("nothing", 0), ("none", 2)])
def test_the_gitlab_job_checks_and_leaves_a_report(name: str, code: int, folder: Path) -> None:
    job = read(GITLAB)["ormer-check"]
    script = "\n".join(job["script"])
    arguments = f"{name}.json --environment environment.yaml"
    done = bash(script, folder, ORMER_ARGUMENTS=arguments)
    assert done.returncode == code, done.stdout + done.stderr
    assert (folder / job["artifacts"]["reports"]["junit"]).exists() is (code < 2)


def test_the_gitlab_job_says_what_it_needs(folder: Path) -> None:
    job = read(GITLAB)["ormer-check"]
    done = bash(job["before_script"][0], folder, ORMER_PACKAGE="")
    assert done.returncode == 2 and "set ORMER_PACKAGE" in done.stderr


def test_the_hook_runs_the_check_when_anything_it_reads_changes() -> None:
    (hook,) = read(HOOKS)
    assert hook["entry"] == "ormer check" and hook["pass_filenames"] is False
    assert hook["language"] == "python"
    for name in ("build/a.json", "environment.yaml", "waivers.yml", "ormer.toml"):
        assert re.search(hook["files"], name), name
    assert not re.search(hook["files"], "train.py")
