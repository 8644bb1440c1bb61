"""Which level a finding has in SARIF, and which score GitHub shows for it."""

from __future__ import annotations

from typing import assert_never

from ormer.model.finding import Finding, Severity, Verdict


def level(severity: Severity) -> str:
    """The level of a failure: critical and high are errors, medium a warning, low a note."""
    if severity is Severity.CRITICAL or severity is Severity.HIGH:
        return "error"
    if severity is Severity.MEDIUM:
        return "warning"
    if severity is Severity.LOW:
        return "note"
    assert_never(severity)


def level_of(finding: Finding) -> str:
    """A failure or a crashed control has its severity's level; what is unknown is a warning."""
    return "warning" if finding.verdict is Verdict.UNKNOWN else level(finding.severity)


def security_severity(severity: Severity) -> str:
    """A score in the middle of GitHub's range for the word ("SARIF support for code scanning")."""
    if severity is Severity.CRITICAL:
        return "9.5"
    if severity is Severity.HIGH:
        return "8.0"
    if severity is Severity.MEDIUM:
        return "5.5"
    if severity is Severity.LOW:
        return "3.0"
    assert_never(severity)
