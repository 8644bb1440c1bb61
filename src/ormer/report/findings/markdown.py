"""A report as Markdown, for a comment on a pull request.

Names and values come from documents that nobody has reviewed yet: they are shown as code, with
everything that Markdown or HTML could take for its own written as character references.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from ormer import __version__
from ormer.model.finding import SEVERITY_ORDER, Finding, Report, Verdict, common
from ormer.report.findings.acceptance import accepted
from ormer.report.markdown.page import Page
from ormer.report.markdown.text import code, plain

LARGEST = 65_536
"""What GitHub takes as a comment, in characters; counted in bytes here, which are never fewer."""
_AT_ONCE = 10
"""Findings of a pipeline that are shown unfolded."""
_NAME, _SENTENCE, _PROSE = 200, 500, 1000
"""The longest name, message and advice that is shown in full."""
_TABLE = (
    "| severity | control | step | what is wrong | what to write |",
    "|---|---|---|---|---|",
)


def render(reports: list[Report], strict: bool = False) -> str:
    """The comment: verdict, counts, a table of what needs action for each pipeline, digests."""
    foot = _foot(common(reports))
    page = Page(LARGEST - len(foot.encode()) - 1)
    page.put(f"## Ormer: {_headline(reports, strict)}", "", _counts(reports))
    left = cut = 0
    for report in reports:
        wrong = _wrong(report)
        left += len(wrong)
        left -= _pipeline(page, report, report.input.name, wrong, strict)
        cut += page.full
    if page.full:
        page.end(
            f"**{left} more findings do not fit into a comment, which shows {cut} of "
            f"{len(reports)} pipelines in part or not at all;** the other formats list everything."
        )
    return f"{page.text()}{foot}"


def _headline(reports: list[Report], strict: bool) -> str:
    failed = sum(not report.passed(strict) for report in reports)
    if not failed:
        return "compliant"
    return "not compliant" if len(reports) == 1 else f"{failed} of {len(reports)} not compliant"


def _counts(reports: list[Report]) -> str:
    counts = ", ".join(
        f"{sum(report.count(verdict) for report in reports)} {word}"
        for verdict, word in (
            (Verdict.PASS, "passed"),
            (Verdict.FAIL, "failed"),
            (Verdict.UNKNOWN, "unknown"),
            (Verdict.ERROR, "errors"),
            (Verdict.NOT_APPLICABLE, "not applicable"),
        )
    )
    waived = sum(report.waived for report in reports)
    if waived:
        counts += f", {waived} of them waived"
    return (
        f"{len(common(reports).controls)} controls on {sum(report.requests for report in reports)} "
        f"requests of {sum(report.steps for report in reports)} steps: {counts}"
    )


def _wrong(report: Report) -> list[Finding]:
    """What needs action, worst first, otherwise in the document's order."""
    wrong = [finding for finding in report.findings if finding.needs_action]
    return sorted(wrong, key=lambda finding: SEVERITY_ORDER[finding.severity])


def _pipeline(page: Page, report: Report, name: str, wrong: list[Finding], strict: bool) -> int:
    """Write a pipeline's part; returns how many findings of it are on the page."""
    verdict = "compliant" if report.passed(strict) else "not compliant"
    target = code(report.input.target, _NAME)
    page.put(
        "",
        f"### {code(name, _NAME)}: {verdict}",
        "",
        f"{target}, sha256 {code(report.input.sha256, _NAME)}",
    )
    shown = _findings(page, wrong)
    waived = [
        f"- {plain(f.control[:_NAME])} at {code(f.subject, _NAME) or 'the document'}: "
        f"{code(accepted(f.waiver), _SENTENCE)}"
        for f in report.findings
        if f.waiver is not None
    ]
    if waived and page.fold(f"{len(waived)} findings are waived", *waived):
        page.unfold()
    notes = list(_notes(report))
    if notes and page.fold(f"{len(notes)} controls did not run", *notes):
        page.unfold()
    return shown


def _findings(page: Page, wrong: list[Finding]) -> int:
    """Write the findings' tables, what is long folded; returns how many rows fitted."""
    first, rest = wrong[:_AT_ONCE], wrong[_AT_ONCE:]
    shown = 0
    if first and page.put("", *_TABLE, _row(first[0])):
        shown += 1 + _rows(page, first[1:])
    if rest and page.fold(f"{len(rest)} more findings", *_TABLE, _row(rest[0])):
        shown += 1 + _rows(page, rest[1:])
        page.unfold()
    return shown


def _rows(page: Page, findings: list[Finding]) -> int:
    """Write rows until the page is full; returns how many fitted."""
    return sum(1 for _ in takewhile(page.put, map(_row, findings)))


def _row(finding: Finding) -> str:
    known = finding.verdict is Verdict.FAIL
    severity = finding.severity.value
    cells = (
        severity if known else f"{severity} ({finding.verdict.value})",
        plain(finding.control[:_NAME]),
        code(finding.subject, _NAME) or "the document",
        code(finding.message, _SENTENCE),
        plain(finding.fix[:_PROSE]) + _expected(finding),
    )
    return f"| {' | '.join(cells)} |"


def _expected(finding: Finding) -> str:
    return f" Expected: {code(finding.expected, _SENTENCE)}" if finding.expected else ""


def _notes(report: Report) -> Iterator[str]:
    for control, field in sorted(report.not_configured.items()):
        yield f"- {plain(control[:_NAME])}: not configured, the profile has no {plain(field)}"
    for control, reason in sorted(report.disabled.items()):
        yield f"- {plain(control[:_NAME])}: disabled by the profile, {plain(reason[:_PROSE])}"


def _foot(report: Report) -> str:
    """What the verdict is about, beside the definitions."""
    return (
        f"\n---\n\nOrmer {__version__}, profile {code(report.environment_path, _NAME)} "
        f"(sha256 {code(report.environment_sha256, _NAME)}), controls "
        f"{code(report.controls_digest, _NAME)}\n"
    )
