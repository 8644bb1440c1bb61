"""A report for people: what needs action, what to write instead, and a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormer.model.definition import pointer
from ormer.model.finding import SEVERITY_ORDER, WAIVERS, Finding, Report, Verdict
from ormer.model.value import printable
from ormer.report.findings.acceptance import accepted
from ormer.report.paint import BOLD, GREEN, PLAIN, RED, YELLOW

if TYPE_CHECKING:
    from ormer.model.waiver import Waiver

_COLOURS = {
    Verdict.FAIL: RED,
    Verdict.ERROR: RED,
    Verdict.UNKNOWN: YELLOW,
    Verdict.PASS: GREEN,
}


def render(report: Report, colour: bool = False, strict: bool = False) -> str:
    """The report as text, worst findings first within each step, in the steps' order."""
    paint = _Paint(colour)
    lines: list[str] = []
    told: set[tuple[str, str]] = set()  # what to write instead is said once a control
    for subject, findings in _by_subject(report):
        lines.append(paint.bold(printable(subject) or "the document"))
        for finding in findings:
            if finding.waiver is not None:
                lines += _waived(finding, finding.waiver)
                continue
            fix = (finding.control, finding.fix)
            lines += _finding(finding, paint, fix not in told)
            told.add(fix)
        lines.append("")
    lines += _notes(report)
    lines.append(_summary(report))
    lines.append(_conclusion(report, paint, strict))
    return "\n".join(lines) + "\n"


class _Paint:
    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def verdict(self, verdict: Verdict, text: str) -> str:
        return f"{_COLOURS[verdict]}{text}{PLAIN}" if self.colour else text

    def bold(self, text: str) -> str:
        return f"{BOLD}{text}{PLAIN}" if self.colour else text


def _by_subject(report: Report) -> list[tuple[str, list[Finding]]]:
    grouped: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.needs_action or finding.waiver is not None:
            grouped.setdefault(finding.subject, []).append(finding)
    for findings in grouped.values():
        findings.sort(key=lambda f: (SEVERITY_ORDER[f.severity], f.control))
    return list(grouped.items())


def _finding(finding: Finding, paint: _Paint, with_fix: bool) -> list[str]:
    word = paint.verdict(finding.verdict, f"{finding.verdict.value:7}")
    said, *more = finding.lines or (finding.message,)
    head = f"  {word}  {finding.control:7}  {finding.severity.value:8}  {printable(said)}"
    where = printable(pointer(finding.place)) or "/"
    expected = f"expected {finding.expected}; " if finding.expected else ""
    about = [f"           {printable(line)}" for line in more]
    lines = [head, *about, f"           {expected}at {where}"]
    return [*lines, f"           instead: {finding.fix}"] if with_fix else lines


def _waived(finding: Finding, waiver: Waiver) -> list[str]:
    severity = f"{finding.severity.value:8}"
    head = f"  waived   {finding.control:7}  {severity}  {printable(finding.message)}"
    return [head, f"           {printable(accepted(waiver))}"]


def _notes(report: Report) -> list[str]:
    lines = [
        f"not configured: {control} (the profile has no {field})"
        for control, field in sorted(report.not_configured.items())
    ]
    lines += [
        f"unused waiver: {printable(finding.subject)}: {printable(finding.message)}"
        for finding in report.findings
        if report.input.kind == WAIVERS and finding.verdict is Verdict.NOT_APPLICABLE
    ]
    lines += [f"disabled: {name} ({why})" for name, why in sorted(report.disabled.items())]
    if report.access:
        assumed = ", ".join(f"{name} {value}" for name, value in report.assumed)
        lines.append(
            f"predicted: by {printable(report.access)}"
            + (f", where the profile assumes {printable(assumed)}" if assumed else "")
        )
    if report.proved is not None:
        lines.append("proved: {} of {} calls fit, whatever is open in them".format(*report.proved))
    return [*lines, ""] if lines else []


def _summary(report: Report) -> str:
    if report.input.kind == WAIVERS:
        used = sum(1 for f in report.findings if f.verdict is Verdict.PASS and f.subject)
        unused, wrong = report.count(Verdict.NOT_APPLICABLE), report.count(Verdict.FAIL)
        name = f"{printable(report.input.target)} (sha256 {report.input.sha256})"
        return f"{name}: {used} waivers used, {unused} unused, {wrong} not valid"
    counts = ", ".join(
        f"{report.count(verdict)} {word}"
        for verdict, word in (
            (Verdict.PASS, "passed"),
            (Verdict.FAIL, "failed"),
            (Verdict.UNKNOWN, "unknown"),
            (Verdict.ERROR, "errors"),
            (Verdict.NOT_APPLICABLE, "not applicable"),
        )
    )
    waived = f", {report.waived} of them waived" if report.waived else ""
    profile = f" [{printable(report.profile)}]" if report.profile else ""
    origin = report.input.origin
    where = f" (at {printable(origin.file)}:{origin.line})" if origin is not None else ""
    return (
        f"{printable(report.input.target)}{where}{profile}: {len(report.controls)} controls on "
        f"{report.requests} requests of {report.steps} steps: {counts}{waived}"
    )


def _conclusion(report: Report, paint: _Paint, strict: bool) -> str:
    if report.input.kind == WAIVERS:
        valid = report.passed()
        text = "every waiver is valid" if valid else "not every waiver is valid"
        return paint.verdict(Verdict.PASS if valid else Verdict.FAIL, text)
    if report.passed(strict) and report.waived:
        text = f"compliant, but for {report.waived} waived"
        return paint.verdict(Verdict.UNKNOWN, text) + f" (sha256 {report.input.sha256})"
    if report.passed(strict):
        return paint.verdict(Verdict.PASS, "compliant") + f" (sha256 {report.input.sha256})"
    text = paint.verdict(Verdict.FAIL, "not compliant")
    if report.passed(False):
        return f"{text}: not every control is configured, and --strict asks for that"
    return text
