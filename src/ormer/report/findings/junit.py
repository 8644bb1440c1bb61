"""A report as JUnit XML, for the report groups of CodeBuild and the test views of other CI.

A suite is a definition, a case is a control on a step. It holds no time: the same definition
gives the same document. No schema of the format is official; elements and attributes are those
of Apache Ant's JUnit task, which every reader knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from ormer import __version__
from ormer.model.definition import pointer
from ormer.model.finding import Finding, Report, Verdict
from ormer.model.value import printable
from ormer.report.findings.acceptance import accepted

_COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


class _Case(NamedTuple):
    """A control's findings on one step."""

    control: str
    subject: str
    findings: list[Finding]

    @property
    def name(self) -> str:
        return f"{self.control}[{self.subject}]" if self.subject else self.control


def render(reports: list[Report], strict: bool = False) -> str:
    """The document. ``strict`` makes a control that is not configured a failure.

    Names and values are escaped as in the text report, which leaves nothing in them that
    XML 1.0 ("Characters") does not allow.
    """
    root = ElementTree.Element("testsuites", {"name": "ormer"})
    for report in reports:
        root.append(_suite(report, printable(report.input.name), strict))
    _count(root)
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _count(element: ElementTree.Element) -> None:
    """Write how many cases are below, and of which outcome."""
    element.set("tests", str(sum(1 for _ in element.iter("testcase"))))
    for attribute, tag in _COUNTED.items():
        element.set(attribute, str(sum(1 for _ in element.iter(tag))))


def _suite(report: Report, name: str, strict: bool) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", {"name": name})
    properties = ElementTree.SubElement(suite, "properties")
    for key, value in _properties(report):
        ElementTree.SubElement(properties, "property", {"name": key, "value": printable(value)})
    for case in _cases(report):
        suite.append(_testcase(case, name, report, strict))
    _count(suite)
    return suite


def _properties(report: Report) -> Iterator[tuple[str, str]]:
    yield "tool", f"ormer {__version__}"
    yield from ((f"facts.{name}", version) for name, version in sorted(report.versions.items()))
    yield "definition.target", report.input.target
    yield "definition.sha256", report.input.sha256
    yield "environment.path", report.environment_path
    yield "environment.sha256", report.environment_sha256
    yield "controls.digest", report.controls_digest
    if report.waivers[0]:
        yield "waivers.path", report.waivers[0]
        yield "waivers.sha256", report.waivers[1]


def _cases(report: Report) -> list[_Case]:
    cases: dict[tuple[str, str], _Case] = {}
    for finding in report.findings:
        key = (finding.control, finding.subject)
        cases.setdefault(key, _Case(*key, [])).findings.append(finding)
    return list(cases.values())


def _testcase(case: _Case, classname: str, report: Report, strict: bool) -> ElementTree.Element:
    element = ElementTree.Element(
        "testcase", {"classname": classname, "name": printable(case.name)}
    )
    wrong = [finding for finding in case.findings if finding.needs_action]
    if wrong:
        crashed = any(finding.verdict is Verdict.ERROR for finding in wrong)
        outcome = ElementTree.SubElement(element, "error" if crashed else "failure")
        outcome.set("message", _messages(wrong))
        outcome.set("type", _worst(wrong).value)
        outcome.text = _details(wrong)
    elif strict and case.control in report.not_configured:
        reason = f"{_messages(case.findings)}, and --strict asks for that"
        ElementTree.SubElement(element, "failure", {"message": reason, "type": "not_configured"})
    elif waived := [f.waiver for f in case.findings if f.waiver is not None]:
        reasons = "; ".join(dict.fromkeys(printable(accepted(waiver)) for waiver in waived))
        ElementTree.SubElement(element, "skipped", {"message": f"waived {reasons}"})
    elif all(finding.verdict is Verdict.NOT_APPLICABLE for finding in case.findings):
        ElementTree.SubElement(element, "skipped", {"message": _messages(case.findings)})
    return element


def _worst(findings: list[Finding]) -> Verdict:
    verdicts = {finding.verdict for finding in findings}
    return next(v for v in (Verdict.ERROR, Verdict.FAIL, Verdict.UNKNOWN) if v in verdicts)


def _messages(findings: list[Finding]) -> str:
    """What the findings say, each thing once."""
    return "; ".join(dict.fromkeys(printable(finding.message) for finding in findings))


def _details(findings: list[Finding]) -> str:
    """Each finding with what is expected and where, and what to write instead."""
    lines: list[str] = []
    for finding in findings:
        lines.append(f"{finding.verdict.value} ({finding.severity.value}): {finding.message}")
        if finding.expected:
            lines.append(f"  expected {finding.expected}")
        lines.append(f"  at {pointer(finding.place) or '/'}")
    fixes = dict.fromkeys(finding.fix for finding in findings)
    lines += [f"instead: {' '.join(fix.split())}" for fix in fixes if fix]
    return "\n" + "\n".join(printable(line) for line in lines) + "\n"
