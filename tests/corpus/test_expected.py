"""What the check says of every document of the SDKs, against what it said when it was reviewed.

``expected.json`` holds every finding that needs action. After a change that is meant to change
findings, write it anew and read the difference line by line::

    PYTHONPATH=src python tests/corpus/test_expected.py
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from ormer.assess.check import Checker
from ormer.controls.load import load_catalogue
from ormer.model.definition import pointer
from ormer.read.environment import read_environment

EXPECTED = Path(__file__).with_name("expected.json")
DEFINITIONS = Path(__file__).parents[1] / "definitions"
DOCUMENTS = {f"{p.parent.name}/{p.stem}": p for p in sorted(DEFINITIONS.glob("v[23]/*.json"))}
Rows = list[list[str]]


def make_checker() -> Checker:
    profile = resources.files("ormer.controls") / "example_environment.yaml"
    return Checker(read_environment(profile.read_bytes(), "environment.yaml"), load_catalogue())


def rows(checker: Checker, path: Path) -> Rows:
    """[control, subject, verdict, location] of every finding that needs action, sorted."""
    findings = checker.check(path.read_bytes(), path.stem).findings
    found = {
        (f.control, f.subject, f.verdict.value, pointer(f.place))
        for f in findings
        if f.needs_action
    }
    return [list(row) for row in sorted(found)]


@pytest.fixture(scope="module")
def checker() -> Checker:
    return make_checker()


@pytest.fixture(scope="module")
def expected() -> dict[str, Rows]:
    content: dict[str, Rows] = json.loads(EXPECTED.read_text("utf-8"))
    return content


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_has_the_findings_that_were_reviewed(
    name: str, checker: Checker, expected: dict[str, Rows]
) -> None:
    assert rows(checker, DOCUMENTS[name]) == expected[name]


def test_every_document_was_reviewed_and_none_is_gone(expected: dict[str, Rows]) -> None:
    assert set(expected) == set(DOCUMENTS)


def written(content: dict[str, Any]) -> str:
    """One finding a line, so that a difference reads like a list."""
    documents = []
    for name, findings in content.items():
        lines = ",\n".join("  " + json.dumps(row) for row in findings)
        documents.append(f" {json.dumps(name)}: [\n{lines}\n ]" if findings else f' "{name}": []')
    return "{\n" + ",\n".join(documents) + "\n}\n"


if __name__ == "__main__":
    made = make_checker()
    EXPECTED.write_text(written({n: rows(made, p) for n, p in DOCUMENTS.items()}), "utf-8")
