"""The formats of a report, and the one place that knows which file writes which."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, assert_never

from ormer.model.finding import Report

if TYPE_CHECKING:
    from ormer.report.explanation import Rule


class Format(str, Enum):
    """What ``--format`` takes."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    CSV = "csv"


class Setting(NamedTuple):
    """What the reports do not say and a format may need.

    ``rules`` are the controls and document rules that were loaded, with their texts;
    ``strict`` and ``colour`` what was asked for; ``folder`` the one that relative paths
    are relative to.
    """

    rules: tuple[Rule, ...] = ()
    strict: bool = False
    colour: bool = False
    folder: str = ""


def render(form: Format, reports: list[Report], setting: Setting) -> str:
    """All reports in one document, which may be none.

    Each format is imported when it is asked for: a check pays for no other.
    """
    if form is Format.TEXT:
        from ormer.report.findings import text

        return "\n".join(text.render(report, setting.colour, setting.strict) for report in reports)
    if form is Format.JSON:
        from ormer.report.findings import json

        return json.render(reports)
    if form is Format.SARIF:
        from ormer.report.findings import sarif

        return sarif.render(reports, setting.rules, setting.strict, setting.folder)
    if form is Format.JUNIT:
        from ormer.report.findings import junit

        return junit.render(reports, setting.strict)
    if form is Format.MARKDOWN:
        from ormer.report.findings import markdown

        return markdown.render(reports, setting.strict)
    if form is Format.CSV:
        from ormer.report.findings import csv

        return csv.render(reports)
    assert_never(form)
