"""A report as SARIF 2.1.0 (OASIS, with Errata 01), for code scanning and editors.

One run holds all definitions. Results are the findings that need action; what did not run
is told as a notification, for a missing result must not look like a passed control.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ormer import __version__
from ormer.model.definition import Place
from ormer.model.finding import DEFINITION, Finding, Report, Verdict, common
from ormer.model.identity import identified
from ormer.read.text.json_regions import Region, regions
from ormer.report.explanation import Rule
from ormer.report.findings.acceptance import accepted
from ormer.report.findings.actual import actual
from ormer.report.sarif.level import level_of
from ormer.report.sarif.location import location, uri
from ormer.report.sarif.log import log
from ormer.report.sarif.message import message_string
from ormer.report.sarif.rule import descriptor


def render(
    reports: list[Report], rules: Sequence[Rule], strict: bool = False, folder: str = ""
) -> str:
    """The log as JSON.

    ``rules`` are all that were loaded; ``strict`` makes a control that is not configured an
    error; targets in ``folder`` are named relative to it.
    """
    return log(_run(reports, rules, strict, folder))


def _run(reports: list[Report], rules: Sequence[Rule], strict: bool, folder: str) -> dict[str, Any]:
    first = common(reports)
    ran = [r for r in rules if r.id not in first.not_configured and r.id not in first.disabled]
    driver = {
        "name": "Ormer",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [descriptor(rule) for rule in ran],
    }
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(reports, strict)],
        "artifacts": list(_artifacts(reports, folder).values()),
        "results": list(_results(reports, ran, folder)),
        "properties": {
            **{f"facts.{name}": version for name, version in first.versions.items()},
            "environment.sha256": first.environment_sha256,
            "controls.digest": first.controls_digest,
        },
    }


def _invocation(reports: list[Report], strict: bool) -> dict[str, Any]:
    crashed = any(report.count(Verdict.ERROR) for report in reports)
    return {
        "executionSuccessful": not crashed,
        "toolConfigurationNotifications": list(_notifications(common(reports), strict)),
    }


def _notifications(report: Report, strict: bool) -> Iterator[dict[str, Any]]:
    for control, field in sorted(report.not_configured.items()):
        text = f"{control} did not run: not configured: the profile has no {field}"
        yield {"level": "error" if strict else "warning", "message": {"text": message_string(text)}}
    for control, reason in sorted(report.disabled.items()):
        text = f"{control} did not run: disabled by the profile: {reason}"
        yield {"level": "note", "message": {"text": message_string(text)}}


def _artifacts(reports: list[Report], folder: str) -> dict[str, dict[str, Any]]:
    """The files by their addresses: several pipelines may be in one."""
    first: dict[str, Report] = {}
    for report in reports:
        first.setdefault(uri(report.input.file, folder), report)
    return {address: _artifact(report, address) for address, report in first.items()}


def _artifact(report: Report, address: str) -> dict[str, Any]:
    if report.input.origin is not None:  # the digest is that of the definition in it
        is_json = address.endswith((".json", ".template"))
        return {
            "location": {"uri": address},
            "roles": ["analysisTarget"],
            "mimeType": "application/json" if is_json else "application/yaml",
        }
    return {
        "location": {"uri": address},
        "roles": ["analysisTarget"],
        "mimeType": "application/json" if report.input.kind == DEFINITION else "application/yaml",
        "encoding": "UTF-8",
        **({"length": len(report.input.text)} if report.input.kind == DEFINITION else {}),
        "hashes": {"sha-256": report.input.sha256},
    }


def _results(reports: list[Report], ran: list[Rule], folder: str) -> Iterator[dict[str, Any]]:
    indices = {rule.id: index for index, rule in enumerate(ran)}
    files = {address: index for index, address in enumerate(_artifacts(reports, folder))}
    for report, findings in identified(reports):
        address = uri(report.input.file, folder)
        artifact = {"uri": address, "index": files[address]}
        wrong = [(f, identity) for f, identity in findings if f.needs_action or f.waiver]
        where = _regions(report, [finding.place for finding, _ in wrong])
        for finding, identity in wrong:
            yield {
                "ruleId": finding.control,
                "ruleIndex": indices.get(finding.control, -1),
                **_result(finding, identity),
                "locations": [location(finding, artifact, where.get(finding.place))],
                **_suppressions(finding),
            }


def _regions(report: Report, places: list[Place]) -> dict[Place, Region]:
    """Where the places are in the text; a file of waivers is no JSON, its findings say the line.

    For a definition in another file it is its line there, or the one where it begins.
    """
    if report.input.kind != DEFINITION:
        return {}
    origin = report.input.origin
    if origin is not None and not origin.first:
        return dict.fromkeys(places, Region(origin.line, 0, origin.line, 0))
    found = regions(report.input.text.decode("utf-8"), places)
    if origin is None:
        return found
    before = origin.first - 1
    return {
        place: Region(before + one.line, 0, before + one.line, 0) for place, one in found.items()
    }


def _suppressions(finding: Finding) -> dict[str, Any]:
    """A waiver, as section 3.35 has it: code scanning then shows the result as dismissed."""
    waiver = finding.waiver
    if waiver is None:
        return {}
    said = {
        "kind": "external",
        "status": "accepted",
        "justification": message_string(accepted(waiver)),
    }
    return {"suppressions": [said]}


def _result(finding: Finding, identity: str) -> dict[str, Any]:
    expected = f". Expected: {finding.expected}" if finding.expected else ""
    return {
        "level": level_of(finding),
        "message": {"text": message_string(f"{finding.message}{expected}")},
        "partialFingerprints": {
            "ormerFindingId/v1": identity,
            # the only one that GitHub reads; lines tell nothing in a text of one line
            "primaryLocationLineHash": f"{identity}:1",
        },
        "properties": {
            "verdict": finding.verdict.value,
            "severity": finding.severity.value,
            "expected": finding.expected,
            "actual": actual(finding),
        },
    }
