"""Today's findings as a file of waivers, for a team that starts with findings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from ormer.model.finding import Finding, Report, Verdict
from ormer.model.identity import Namer, evidence, finding_id


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
    entries = {
        entry["id"]: entry
        for report in reports
        for namer in [Namer(report.input.body)]
        for finding in report.findings
        if finding.needs_action and finding.verdict is not Verdict.ERROR
        for entry in [_entry(finding, report, namer, terms)]
    }
    head = f"# Findings of {terms.today}, accepted until {terms.until}."
    return head + "\n" + _yaml({"waivers": list(entries.values())})


def _yaml(content: Any) -> str:
    import yaml  # late: a check without a baseline does not need to write any

    class Plain(yaml.SafeDumper):  # type: ignore[misc]  # the library has no types
        def ignore_aliases(self, data: Any) -> bool:
            return True

    dumped: str = yaml.dump(content, Dumper=Plain, sort_keys=False, allow_unicode=True, width=100)
    return dumped


def _entry(finding: Finding, report: Report, namer: Namer, terms: Terms) -> dict[str, Any]:
    name = finding_id(finding, report.input.name, namer)
    was = evidence(finding, report.input.body)
    profile = {"profile": report.profile} if report.profile else {}
    return {
        "id": "-".join(["baseline", *profile.values(), name, was]),
        "control": finding.control,
        **profile,
        "pipeline": report.input.name,
        "subject": finding.subject.strip() or "*",
        "finding": name,
        "evidence": was,
        "reason": f"baseline: {finding.message}",
        "owner": terms.owner,
        "approver": terms.approver,
        "created": terms.today,
        "expires": terms.until,
    }
