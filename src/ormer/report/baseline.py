"""Today's findings as a file of waivers, for a team that starts with findings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from ormer.model.finding import Finding, Report, Verdict
from ormer.model.identity import Namer, finding_id


class Terms(NamedTuple):
    """Who accepts the findings, who approved that, and from when until when."""

    owner: str
    approver: str
    today: date
    until: date


def render(reports: Sequence[Report], terms: Terms) -> str:
    """The file (YAML): a waiver for each finding that needs action, and for that one alone.

    A control that crashed (``error``) is no finding to accept and is left out.
    """
    entries = [
        _entry(finding, report.input.name, namer, terms)
        for report in reports
        for namer in [Namer(report.input.body)]
        for finding in report.findings
        if finding.needs_action and finding.verdict is not Verdict.ERROR
    ]
    head = f"# Findings of {terms.today}, accepted by {terms.owner} until {terms.until}.\n"
    return head.replace("\n", " ").rstrip() + "\n" + _yaml({"waivers": entries})


def _yaml(content: Any) -> str:
    import yaml  # late: a check without a baseline does not need to write any

    class Plain(yaml.SafeDumper):  # type: ignore[misc]  # the library has no types
        def ignore_aliases(self, data: Any) -> bool:
            return True

    dumped: str = yaml.dump(content, Dumper=Plain, sort_keys=False, allow_unicode=True, width=100)
    return dumped


def _entry(finding: Finding, pipeline: str, namer: Namer, terms: Terms) -> dict[str, Any]:
    name = finding_id(finding, pipeline, namer)
    return {
        "id": f"baseline-{name}",
        "control": finding.control,
        "pipeline": pipeline,
        "subject": finding.subject or "*",
        "finding": name,
        "reason": f"baseline: {finding.message}",
        "owner": terms.owner,
        "approver": terms.approver,
        "created": terms.today,
        "expires": terms.until,
    }
