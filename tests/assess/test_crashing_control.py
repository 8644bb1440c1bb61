"""A control that crashes is an ERROR of its own: the others still run, and nothing is clean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ormer.assess.check import Checker
from ormer.cli.main import main
from ormer.model.finding import Report, Verdict
from ormer.model.request import Operand
from ormer.requests.facet import StepFacet

SUBNETS = "sagemaker:VpcSubnets"
BARE = {"Name": "Train", "Type": "Training", "Arguments": {}}
DEFINITION = json.dumps({"Version": "2020-12-01", "Steps": [BARE]}).encode()
PROFILE = Path(__file__).parents[2] / "src" / "ormer" / "controls" / "example_environment.yaml"


@pytest.fixture
def crashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for the subnets crashes."""
    answer = StepFacet.operand

    def _operand(self: StepFacet, key: str) -> Operand:
        if key == SUBNETS:
            raise ZeroDivisionError("no subnets today")
        return answer(self, key)

    monkeypatch.setattr(StepFacet, "operand", _operand)


def verdicts(report: Report, but: str) -> list[Any]:
    return [(f.control, f.verdict, f.place, f.message) for f in report.findings if f.control != but]


def test_the_crashed_control_is_an_error_and_says_why(checker: Checker, crashing: None) -> None:
    report = checker.check(DEFINITION, "p")
    (finding,) = [f for f in report.findings if f.control == "NET-01"]
    assert finding.verdict is Verdict.ERROR
    assert "ZeroDivisionError" in finding.message and "no subnets today" in finding.message
    assert finding.subject == "Train" and finding.place == ("Steps", 0, "Arguments")


def test_the_other_controls_say_what_they_say_anyway(
    checker: Checker, request: pytest.FixtureRequest
) -> None:
    before = verdicts(checker.check(DEFINITION, "p"), "NET-01")
    request.getfixturevalue("crashing")
    assert verdicts(checker.check(DEFINITION, "p"), "NET-01") == before


def test_an_error_is_counted_and_is_no_pass(checker: Checker, crashing: None) -> None:
    report = checker.check(DEFINITION, "p")
    assert report.count(Verdict.ERROR) == 1
    assert not report.passed()


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_command_fails_on_an_error_alone(
    form: str, crashing: None, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    target = tmp_path / "p.json"
    target.write_bytes(DEFINITION)
    arguments = ["check", str(target), "--environment", str(PROFILE), "--format", form]
    assert main([*arguments, "--control", "NET-01"]) == 1
    out = capfdbinary.readouterr().out.decode()
    if form == "json":
        assert json.loads(out)["summary"]["error"] == 1
    else:
        assert "1 errors" in out and "not compliant" in out and "error " in out
