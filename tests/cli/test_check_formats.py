"""``ormer check --format``: what each format shows of the same check, as a user would run it."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from ormer.assess.document_rules import DOCUMENT_RULES
from ormer.controls.load import load_catalogue
from ormer.report.findings.formats import Format

Run = Callable[..., Any]
Definition = Callable[..., str]
FORMATS = [form.value for form in Format]
BARE = {"Name": "Train", "Type": "Training", "Arguments": {}}


def test_the_formats_are_these(run: Run) -> None:
    assert FORMATS == ["text", "json", "sarif", "junit", "markdown", "csv"]
    assert "{text,json,sarif,junit,markdown,csv}" in run("check", "--help").out


@pytest.mark.parametrize("form", FORMATS)
def test_the_format_does_not_decide_the_exit_code(
    form: str, run: Run, good: str, bad: str, profile: str
) -> None:
    for target, code in ((good, 0), (bad, 1)):
        ran = run("check", target, "--environment", profile, "--format", form)
        assert (ran.code, ran.err) == (code, "") and ran.out


@pytest.mark.parametrize("form", FORMATS)
def test_output_takes_the_same_bytes(
    form: str, run: Run, bad: str, profile: str, tmp_path: Path
) -> None:
    output = tmp_path / f"report.{form}"
    arguments = ["check", bad, "--environment", profile, "--format", form]
    assert run(*arguments, "--output", str(output)).out == ""
    assert output.read_bytes().decode() == run(*arguments).out


def counts(form: str, out: str) -> tuple[int, int]:
    """How many findings need action, and how many controls and rules are named."""
    if form == "sarif":
        (made,) = json.loads(out)["runs"]
        return len(made["results"]), len(made["tool"]["driver"]["rules"])
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(out, newline="")))
        wrong = [row for row in rows if row["verdict"] in ("fail", "unknown", "error")]
        return len(wrong), len({row["control"] for row in rows})
    if form == "junit":
        root = ElementTree.fromstring(out.encode())
        names = {str(case.get("name")).partition("[")[0] for case in root.iter("testcase")}
        return sum(str(f.text).count("\n  at /") for f in root.iter("failure")), len(names)
    rows_of = [line for line in out.splitlines() if line.startswith(("| high", "| med", "| low"))]
    return len(rows_of), len(load_catalogue().controls) + len(DOCUMENT_RULES)


@pytest.mark.parametrize("form", ["sarif", "junit", "markdown", "csv"])
def test_every_format_tells_the_same_findings(form: str, run: Run, bad: str, profile: str) -> None:
    arguments = ["check", bad, "--environment", profile, "--format"]
    findings = json.loads(run(*arguments, "json").out)["findings"]
    wrong = [f for f in findings if f["verdict"] in ("fail", "unknown", "error")]
    named = {f["control"] for f in findings}
    assert counts(form, run(*arguments, form).out) == (len(wrong), len(named))


def test_sarif_points_into_the_file_from_the_working_folder(
    run: Run, definition: Definition, profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = definition(BARE, name="build/my pipeline.json")
    monkeypatch.chdir(tmp_path)
    for given in (target, "build/my pipeline.json", "./build/my pipeline.json"):
        ran = run("check", given, "--environment", profile, "--format", "sarif")
        (made,) = json.loads(ran.out)["runs"]
        (result,) = [r for r in made["results"] if r["ruleId"] == "NET-01"]
        (place,) = result["locations"]
        where = place["physicalLocation"]
        assert where["artifactLocation"] == {"uri": "build/my%20pipeline.json", "index": 0}
        text = Path(target).read_text()
        assert where["region"]["startLine"] == 1
        start = where["region"]["startColumn"] - 1
        assert text[start : where["region"]["endColumn"] - 1] == '"Arguments"'


def test_sarif_names_standard_input(run_apart: Run, bad: str, profile: str) -> None:
    text = Path(bad).read_bytes()
    ran = run_apart("check", "-", "--environment", profile, "--format", "sarif", stdin=text)
    (made,) = json.loads(ran.out)["runs"]
    assert [a["location"]["uri"] for a in made["artifacts"]] == ["standard%20input"]


def test_sarif_without_a_working_folder_still_works(
    run: Run, bad: str, profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    ran = run("check", bad, "--environment", profile, "--format", "sarif")
    monkeypatch.chdir(tmp_path)
    assert ran.code == 1
    (artifact,) = json.loads(ran.out)["runs"][0]["artifacts"]
    assert artifact["location"]["uri"] == Path(bad).as_uri()


def test_sarif_lists_the_controls_that_were_asked_for(run: Run, bad: str, profile: str) -> None:
    arguments = ["check", bad, "--environment", profile, "--format", "sarif"]
    (made,) = json.loads(run(*arguments, "--control", "NET-01").out)["runs"]
    rules = [rule["id"] for rule in made["tool"]["driver"]["rules"]]
    assert rules == ["NET-01", *(rule.id for rule in DOCUMENT_RULES)]


@pytest.mark.parametrize(
    "form, sign",
    [
        ("sarif", '"level": "error",\n              "message": {\n                "text": "CMP-02'),
        ("junit", 'type="not_configured"'),
        ("markdown", "## Ormer: not compliant\n"),
    ],
)
def test_strict_shows_in_the_formats_that_judge(
    form: str, sign: str, run: Run, definition: Definition, profile: str
) -> None:
    text = Path(profile).read_text().replace("max_instance_count: 4\n", "")
    Path(profile).write_text(text)
    arguments = ["check", definition(), "--environment", profile, "--format", form]
    plain, strict = run(*arguments), run(*arguments, "--strict")
    assert (plain.code, strict.code) == (0, 1)
    assert sign not in plain.out and sign in strict.out


@pytest.mark.parametrize("form", FORMATS)
def test_an_odd_definition_is_written_whatever_the_terminal_takes(
    form: str, run_apart: Run, definition: Definition, profile: str
) -> None:
    target = definition({**BARE, "Name": "\ud800é=\x00|<&"})
    variables = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    ran = run_apart("check", target, "--environment", profile, "--format", form, **variables)
    assert ran.code == 1 and ran.err == ""
    if form == "junit":
        ElementTree.fromstring(ran.out.encode())


def test_no_format_leaves_the_machine_s_folder_in_a_relative_report(
    run: Run, definition: Definition, profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    definition(BARE)
    monkeypatch.chdir(tmp_path)
    for form in FORMATS:
        ran = run("check", "p.json", "--environment", os.path.basename(profile), "--format", form)
        assert str(tmp_path) not in ran.out
