"""What the SDKs write, broken wherever a control passes: the control is red there, or we know why."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.teeth.places import label
from docs.teeth.sdk import DEFINITIONS, documents, rows, tried
from ormer.read.definition import read_definition


@pytest.mark.parametrize("name", documents())
def test_each_mutant_is_caught_or_has_a_reason_and_none_has_both(name: str) -> None:
    for one in tried(name):
        shown = f"{one.operator} {label(one.place)}: {one.control}"
        assert one.caught or one.row is not None, f"{shown} is not red, and no row says why"
        assert not one.caught or one.row is None, f"{shown} is red, and a row says it is not"


def test_every_row_is_about_a_mutant() -> None:
    used = {one.row for name in documents() for one in tried(name)}
    assert [row for row in rows() if row not in used] == []


@pytest.mark.parametrize("line", ["v2", "v3"])
def test_every_step_type_that_the_sdk_writes_is_in_a_document_that_is_broken(line: str) -> None:
    every = set(DEFINITIONS.glob(f"{line}/*.json"))
    broken = {path for path in documents().values() if path in every}
    written = {t for path in every for t in _types(path)}
    assert {t for path in broken for t in _types(path)} == written


def _types(path: Path) -> set[str]:
    return {step.type for step in read_definition(path.read_bytes(), path.name).steps}
