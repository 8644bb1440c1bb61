"""A report as CSV (RFC 4180), for spreadsheets: the findings of the JSON report, one a row.

A spreadsheet takes a cell that begins like a formula for one, and the definition under check
may be the attacker's: such a cell begins with an apostrophe instead, and every cell is quoted
(OWASP, "CSV Injection"). Values stand on one line, as in the text report.
"""

from __future__ import annotations

import csv
import io

from ormer.model.finding import Report
from ormer.model.value import printable
from ormer.report.findings.json import document

COLUMNS = (
    "id",
    "target",
    "control",
    "title",
    "verdict",
    "severity",
    "subject",
    "location",
    "message",
    "expected",
    "actual",
    "fix",
    "waiver",
    "waiver_expires",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The first characters that OWASP lists; the last four are their full-width forms."""


def render(reports: list[Report]) -> str:
    """A header, and a row for each finding of every verdict."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for finding in document(reports)["findings"]:
        waiver = finding["waiver"] or {}
        row = {**finding, "waiver": waiver.get("id"), "waiver_expires": waiver.get("expires")}
        writer.writerow([cell(row[column] or "") for column in COLUMNS])
    return out.getvalue()


def cell(text: str) -> str:
    """The text of a cell, which no spreadsheet takes for a formula."""
    shown = printable(text)
    return f"'{shown}" if text.startswith(_FORMULA) or shown.startswith(_FORMULA) else shown
