"""A finding: one control's verdict on one place, and a report of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple

from ormer.model.definition import Place


class Verdict(str, Enum):
    """What a control says of a request."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


class Severity(str, Enum):
    """How bad a violation is, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


SEVERITY_ORDER = {severity: rank for rank, severity in enumerate(Severity)}


class Finding(NamedTuple):
    """One verdict. ``place`` is that of the offending value, or where one belongs.

    ``message`` says what is wrong (or why a control does not apply), ``expected`` what the
    control asks for, ``actual`` what is there (a value, or the Found ones), ``fix`` what to
    write instead.
    """

    control: str
    title: str
    verdict: Verdict
    severity: Severity
    subject: str
    place: Place
    message: str = ""
    expected: str = ""
    actual: object = None
    fix: str = ""

    @property
    def needs_action(self) -> bool:
        """Whether the gate must not open."""
        return self.verdict in (Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR)


class CheckedInput(NamedTuple):
    """A document that was checked. ``body`` is the definition as read from the bytes ``text``."""

    target: str
    sha256: str
    kind: str
    pipeline: str
    body: Any
    text: bytes


class Report(NamedTuple):
    """Everything a check says about one input.

    ``not_configured`` maps a control to the profile field it lacks; ``disabled`` a control
    to the profile's reason; ``requests`` counts the API requests looked at.
    """

    input: CheckedInput
    environment_path: str
    environment_sha256: str
    controls_digest: str
    controls: tuple[str, ...]
    overridden: tuple[str, ...]
    versions: Mapping[str, str]
    findings: tuple[Finding, ...]
    requests: int
    steps: int
    not_configured: Mapping[str, str]
    disabled: Mapping[str, str]

    def count(self, verdict: Verdict) -> int:
        """How many findings have this verdict."""
        return sum(1 for finding in self.findings if finding.verdict is verdict)

    def passed(self, strict: bool = False) -> bool:
        """Whether nothing needs action; ``strict`` also asks that every control is configured."""
        if any(finding.needs_action for finding in self.findings):
            return False
        return not (strict and self.not_configured)
