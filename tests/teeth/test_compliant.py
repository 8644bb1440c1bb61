"""The definitions that are broken elsewhere are compliant before: the gate opens for them."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from docs.teeth.compliant import compliant, stands
from docs.teeth.moves import MOVES, Move
from docs.teeth.verdicts import red, report
from ormer.cli.main import main
from ormer.controls.load import load_catalogue
from ormer.facts.step_types import STEP_TYPES
from ormer.model.finding import Verdict

PROFILE = resources.files("ormer.controls") / "example_environment.yaml"
STRICTLY = [name for name, one in compliant().items() if not one.accepted]


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.branch or "in place")
@pytest.mark.parametrize("name", compliant())
def test_nothing_needs_action(name: str, move: Move) -> None:
    definition, accepted = compliant()[name]
    assert not red(move.definition(definition), accepted)


@pytest.mark.parametrize("name", [n for n, one in compliant().items() if one.accepted])
def test_what_is_accepted_is_red(name: str) -> None:
    definition, accepted = compliant()[name]
    assert {one.control for one in red(definition)} == accepted


def test_all_of_them_in_one_definition_pass_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile, path = tmp_path / "environment.yaml", tmp_path / "definition.json"
    profile.write_bytes(PROFILE.read_bytes())
    path.write_text(json.dumps(together()), encoding="utf-8")
    assert main(["check", str(path), "--environment", str(profile)]) == 0, capsys.readouterr().out


def together() -> dict[str, Any]:
    """One definition with the steps of all that are strictly compliant."""
    whole: dict[str, Any] = {"Version": "2020-12-01", "Parameters": [], "Steps": []}
    for name in STRICTLY:
        definition = compliant()[name].definition
        whole["Steps"] += definition["Steps"]
        whole["Parameters"] += definition.get("Parameters", [])
    return whole


def test_every_step_type_is_in_one_of_them() -> None:
    inside = {stand.type for stand in stands().values() if stand.definition in STRICTLY}
    assert inside == STEP_TYPES.keys()


def test_every_control_passes_in_one_of_them() -> None:
    """Of a step or the document, and not only because nobody asks."""
    passed = {
        finding.control
        for name in STRICTLY
        for finding in report(compliant()[name].definition).findings
        if finding.verdict is Verdict.PASS
    }
    assert passed >= {control.id for control in load_catalogue().controls}
