"""Waivers applied to reports, and what is to be said of the waivers themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple, Optional

from ormer.assess.document_rules import DocumentRule
from ormer.assess.globs import matches
from ormer.assess.waiver_rules import FORM, IN_FORCE, USED, WAIVER_RULES
from ormer.model.definition import Place
from ormer.model.finding import WAIVERS, CheckedInput, Finding, Report, Verdict, common
from ormer.model.identity import Namer, evidence, finding_id
from ormer.model.waiver import Waiver, WaiverFile


class Terms(NamedTuple):
    """What a waiver has to meet: the day it is, the longest lifetime, the controls there are.

    ``longest`` is in days, None where the profile sets no limit; ``whole``: every definition there
    is was checked, so that a waiver of another one is not used by any.
    """

    today: date
    longest: Optional[int]
    controls: frozenset[str]
    whole: bool = True


def waive(reports: Sequence[Report], file: WaiverFile, terms: Terms) -> tuple[list[Report], Report]:
    """The reports with what is waived marked, and a report on the file of waivers itself."""
    troubles = {waiver.id: _trouble(waiver, terms) for waiver in file.waivers}
    sound = [waiver for waiver in file.waivers if troubles[waiver.id] is None]
    used: set[str] = set()
    ran = {finding.control for report in reports for finding in report.findings}
    waived = [
        _waived(report, sound, used)._replace(waivers=(file.path, file.sha256))
        for report in reports
    ]
    findings = [
        *(_said(FORM, Verdict.FAIL, bad.id, bad.place, bad.message) for bad in file.malformed),
        *(trouble for trouble in troubles.values() if trouble is not None),
        *(
            _use(waiver, waiver.id in used)
            for waiver in sound
            if waiver.id in used or (waiver.control in ran and _is_about(waiver, reports, terms))
        ),
    ]
    return waived, _report_on(file, common(reports), findings)


def _waived(report: Report, waivers: list[Waiver], used: set[str]) -> Report:
    pipeline = report.input.name
    by_control: dict[str, list[Waiver]] = {}
    for one in waivers:
        if matches(one.pipeline, pipeline) and matches(one.profile or "*", report.profile):
            by_control.setdefault(one.control, []).append(one)
    namer = Namer(report.input.body)
    findings = []
    for finding in report.findings:
        waiver: Optional[Waiver] = None
        if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN) and finding.control in by_control:
            waiver = _waiver_of(finding, by_control[finding.control], report, namer)
        if waiver is not None:
            used.add(waiver.id)
            finding = finding._replace(waiver=waiver)
        findings.append(finding)
    return report._replace(findings=tuple(findings))


def _waiver_of(
    finding: Finding, waivers: list[Waiver], report: Report, namer: Namer
) -> Optional[Waiver]:
    for waiver in waivers:
        if not waiver.finding:
            if matches(waiver.subject, finding.subject):
                return waiver
        elif waiver.finding == finding_id(finding, report.input.name, namer):
            was = waiver.evidence
            if not was or was == evidence(finding, report.input.body):
                return waiver
    return None


def _is_about(waiver: Waiver, reports: Sequence[Report], terms: Terms) -> bool:
    """Whether the waiver's pipeline was checked, or all there are were."""
    return terms.whole or any(matches(waiver.pipeline, r.input.name) for r in reports)


def _trouble(waiver: Waiver, terms: Terms) -> Optional[Finding]:
    """Why the waiver does not apply, as a finding, or None."""
    place = waiver.place
    lifetime = waiver.expires - waiver.created
    if waiver.control not in terms.controls:
        text = f"there is no control {waiver.control!r}"
        return _said(FORM, Verdict.FAIL, waiver.id, (*place, "control"), text)
    if terms.longest is not None and lifetime > timedelta(days=terms.longest):
        text = f"it lives for {lifetime.days} days, longer than {terms.longest}"
        return _said(FORM, Verdict.FAIL, waiver.id, (*place, "expires"), text)
    if waiver.created > terms.today:
        text = f"it is created on {waiver.created}, which has not come yet"
        return _said(FORM, Verdict.FAIL, waiver.id, (*place, "created"), text)
    if waiver.expires < terms.today:
        text = f"it expired on {waiver.expires} ({waiver.control}, owner {waiver.owner})"
        return _said(IN_FORCE, Verdict.FAIL, waiver.id, (*place, "expires"), text)
    return None


def _use(waiver: Waiver, is_used: bool) -> Finding:
    if is_used:
        return _said(USED, Verdict.PASS, waiver.id, waiver.place, "")
    where = f"{waiver.subject} of {waiver.pipeline}"
    text = f"it waives nothing: no finding of {waiver.control} at {where}"
    return _said(USED, Verdict.NOT_APPLICABLE, waiver.id, waiver.place, text)


def _said(rule: DocumentRule, verdict: Verdict, waiver: str, place: Place, text: str) -> Finding:
    fix = rule.fix if verdict is Verdict.FAIL else ""
    return Finding(rule.id, rule.title, verdict, rule.severity, waiver, place, text, "", None, fix)


def _report_on(file: WaiverFile, like: Report, findings: list[Finding]) -> Report:
    """A report of the same check, on the file of waivers instead of a definition."""
    spoke = {finding.control for finding in findings}
    return like._replace(
        input=CheckedInput(file.path, file.sha256, WAIVERS, "", None, b""),
        findings=(*findings, *_silent(spoke)),
        not_configured={},
        disabled={},
        requests=0,
        steps=0,
        waivers=(file.path, file.sha256),
    )


def _silent(spoke: set[str]) -> Iterator[Finding]:
    for rule in WAIVER_RULES:
        if rule.id not in spoke:
            yield _said(rule, Verdict.PASS, "", (), "")
