"""A report as JSON, for programs. The fields are a contract: they only ever grow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Optional

from ormer import __version__
from ormer.model.definition import pointer
from ormer.model.finding import Finding, Report, Verdict, common
from ormer.model.identity import identified
from ormer.report.findings.actual import actual

if TYPE_CHECKING:
    from ormer.model.waiver import Waiver


def render(reports: list[Report]) -> str:
    """One JSON document over all reports, which share catalogue and profile."""
    return json.dumps(document(reports), indent=2, ensure_ascii=True) + "\n"


def document(reports: list[Report]) -> dict[str, Any]:
    """The document as plain values."""
    first = common(reports)
    return {
        "schema": 1,
        "tool": {"version": __version__, **first.versions},
        "inputs": [_input(report) for report in reports],
        "environment": {"path": first.environment_path, "sha256": first.environment_sha256},
        "controls": {
            "digest": first.controls_digest,
            "count": len(first.controls),
            "overridden": list(first.overridden),
        },
        "waivers": {"path": first.waivers[0], "sha256": first.waivers[1]},
        "access": {"path": first.access, "assumed": dict(first.assumed), **_proved(reports)},
        "findings": [
            _finding(report, finding, identity)
            for report, findings in identified(reports)
            for finding, identity in findings
        ],
        "summary": _summary(reports),
    }


def _proved(reports: list[Report]) -> dict[str, Any]:
    """Of how many calls it is proved that they fit; nothing where that was not asked."""
    found = [report.proved for report in reports if report.proved is not None]
    if not found:
        return {}
    return {"proved": sum(one[0] for one in found), "calls": sum(one[1] for one in found)}


def _input(report: Report) -> dict[str, Any]:
    checked = report.input
    return {
        "target": checked.target,
        "sha256": checked.sha256,
        "kind": checked.kind,
        "pipeline": checked.pipeline,
        "file": checked.file,
        "line": checked.origin.line if checked.origin is not None else None,
        "profile": report.profile,
        "environment": {"path": report.environment_path, "sha256": report.environment_sha256},
    }


def _finding(report: Report, finding: Finding, identity: str) -> dict[str, Any]:
    return {
        "id": identity,
        "target": report.input.target,
        "control": finding.control,
        "title": finding.title,
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "subject": finding.subject,
        "location": pointer(finding.place),
        "message": finding.message,
        "expected": finding.expected,
        "actual": actual(finding),
        "fix": finding.fix if finding.needs_action else "",
        "waiver": _waiver(finding.waiver),
    }


def _waiver(waiver: Optional[Waiver]) -> Optional[dict[str, str]]:
    if waiver is None:
        return None
    return {
        "id": waiver.id,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "approver": waiver.approver,
        "ticket": waiver.ticket,
        "created": waiver.created.isoformat(),
        "expires": waiver.expires.isoformat(),
    }


def _summary(reports: list[Report]) -> dict[str, Any]:
    verdicts = {v.value: sum(report.count(v) for report in reports) for v in Verdict}
    return {
        **verdicts,
        "waived": sum(report.waived for report in reports),
        "controls": len(common(reports).controls),
        "requests": sum(report.requests for report in reports),
        "steps": sum(report.steps for report in reports),
        "not_configured": len(common(reports).not_configured),
    }
