"""``ormer explain``: every control and rule in words, and a hint for a misspelt id."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.assess.rules import RULES as CHECK_RULES
from ormer.controls.load import load_catalogue
from ormer.lint.rules import LINT_RULES
from ormer.proofs.asked.properties import load_properties

Run = Callable[..., Any]
CONTROLS = load_catalogue().controls
OTHER_RULES = [*CHECK_RULES, *LINT_RULES]
RULES = [*CONTROLS, *load_properties(), *OTHER_RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_id_is_explained(rule: Any, run: Run) -> None:
    ran = run("explain", rule.id)
    words = " ".join(ran.out.split())
    assert (ran.code, ran.err) == (0, "")
    assert words.startswith(f"{rule.id} {rule.title} ({rule.severity.value})")
    assert " ".join(rule.why.split()) in words
    assert f"Instead: {' '.join(rule.fix.split())}" in words


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: c.id)
def test_a_control_says_what_it_forbids_excepts_misses_and_maps_to(control: Any, run: Run) -> None:
    words = " ".join(run("explain", control.id).out.split())
    for statement in control.forbid:
        for condition in statement.conditions:
            assert f"{condition.operator} {condition.key}: " in words
    for exception in control.exceptions:
        assert f"because {exception.reason}" in words
    for miss in control.raw.get("known_misses", []):
        assert " ".join(miss.split()) in words
    for entry in control.raw["maps"]:
        assert f"{entry['framework']}: {', '.join(entry['ids'])} ({entry['by']})" in words
    guardrail = control.raw["guardrail"]
    said = "it is detected, not prevented" if guardrail["form"] == "none" else "attach to"
    assert f"As a guardrail - {guardrail['form']}" in words and said in words


def test_without_an_id_every_one_is_listed_in_order(run: Run) -> None:
    lines = run("explain").out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(rule.id for rule in RULES)
    for rule in RULES:
        assert any(line.endswith(rule.title) for line in lines)


def test_lines_fit_a_terminal(run: Run) -> None:
    for rule in OTHER_RULES:
        assert max(len(line) for line in run("explain", rule.id).out.splitlines()) <= 100


@pytest.mark.parametrize("name", ["net-01", "Net-01", "doc-01"])
def test_case_does_not_matter(name: str, run: Run) -> None:
    assert run("explain", name).out.startswith(name.upper())


@pytest.mark.parametrize(
    "name, near",
    [
        ("NET-1", "NET-01"),
        ("NET01", "NET-01"),
        ("kms-1", "KMS-01"),
        ("ROLE-03", "ROLE-0"),
        ("DOC-1", "DOC-01"),
    ],
)
def test_an_unknown_id_suggests_the_near_one(name: str, near: str, run: Run) -> None:
    ran = run("explain", name)
    assert ran.code == 2 and ran.out == ""
    assert f"did you mean '{near}" in ran.err


def test_an_id_that_is_near_nothing_gets_the_list(run: Run) -> None:
    ran = run("explain", "SOMETHING-ELSE")
    assert ran.code == 2 and "known are" in ran.err and "NET-01" in ran.err


@pytest.mark.parametrize("name", ["MY-01", "team-rule-7"])
def test_a_control_of_ones_own_is_explained(name: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / f"{name}.yaml").write_text(
        f"id: {name}\ntitle: Ours\nseverity: low\nwhy: Because.\nfix: Do so.\n"
        "examples: {pass: [1], fail: [1]}\n"
        'forbid: [{Action: "sagemaker:CreateTrainingJob"}]\n'
    )
    ran = run("explain", name, "--controls", str(tmp_path))
    assert ran.code == 0 and ran.out.startswith(f"{name}  Ours  (low)")
    assert f"Source: {tmp_path}/{name}.yaml" in ran.out


def test_explaining_needs_no_unicode_terminal(run_apart: Run) -> None:
    ran = run_apart("explain", "KMS-01", PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert ran.code == 0
