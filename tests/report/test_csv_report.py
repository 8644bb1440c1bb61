"""The CSV report: every finding a row, and no cell that a spreadsheet would calculate."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ormer.model.finding import Report
from ormer.model.value import printable
from ormer.report.findings.csv import COLUMNS, cell, render
from ormer.report.findings.json import render as as_json

Check = Callable[..., Report]


def rows(*reports: Report) -> list[list[str]]:
    return list(csv.reader(io.StringIO(render(list(reports)), newline=""), strict=True))


def training(name: str = "T", **arguments: Any) -> dict[str, Any]:
    return {"Steps": [{"Name": name, "Type": "Training", "Arguments": arguments}]}


def test_the_columns_are_those_of_the_json_contract(check: Check) -> None:
    report = check(training())
    assert rows(report)[0] == list(COLUMNS)
    contract = set(json.loads(as_json([report]))["findings"][0])
    assert contract | {"waiver_expires"} == set(COLUMNS)


def test_every_finding_of_every_verdict_is_a_row(reports: list[Report]) -> None:
    made = rows(*reports)
    findings = json.loads(as_json(reports))["findings"]
    assert len(made) == 1 + len(findings)
    for row, finding in zip(made[1:], findings, strict=True):
        assert len(row) == len(COLUMNS)
        for column, text in zip(COLUMNS, row, strict=True):
            assert text.removeprefix("'") == printable(finding.get(column) or "").removeprefix("'")


def test_lines_end_as_rfc_4180_says_and_every_cell_is_quoted(check: Check) -> None:
    text = render([check(training())])
    lines = text.split("\r\n")
    assert lines[-1] == "" and "\n" not in text.replace("\r\n", "")
    assert all(line.startswith('"') and line.endswith('"') for line in lines[:-1])


@pytest.mark.parametrize(
    "text, expected",
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\\t=1"),
        ("\r=1", "'\\r=1"),
        ("\n=1", "'\\n=1"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
        ("a=1", "a=1"),
        ("/Steps/0", "/Steps/0"),
        ("", ""),
        ('say "hi", you', 'say "hi", you'),
    ],
)
def test_a_cell_that_begins_like_a_formula_begins_with_an_apostrophe(
    text: str, expected: str
) -> None:
    assert cell(text) == expected


def test_a_definition_cannot_write_a_formula_or_a_row(check: Check) -> None:
    evil = '=cmd|\' /C calc\'!A0","x"\r\n"=2'
    made = rows(check(training(evil, RoleArn=evil, **{evil: 1}), "=evil.json"))
    assert all(len(row) == len(COLUMNS) for row in made)
    assert not [text for row in made for text in row if text[:1] in ("=", "+", "-", "@")]
    subjects = {row[COLUMNS.index("subject")] for row in made}
    assert "'" + printable(evil) in subjects
    assert {row[COLUMNS.index("target")] for row in made[1:]} == {"'=evil.json"}


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(st.text(), min_size=1, max_size=4))
def test_cells_come_back_as_they_were_written(texts: list[str]) -> None:
    cells = [cell(text) for text in texts]
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    assert list(csv.reader(io.StringIO(out.getvalue(), newline=""), strict=True)) == [cells]
    for text, made in zip(texts, cells, strict=True):
        assert made in (printable(text), "'" + printable(text))
        assert not made.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
