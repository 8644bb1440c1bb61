"""A finding: one control's verdict on one place, and a report of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

from ormer.model.definition import Origin, Place

if TYPE_CHECKING:
    from ormer.model.waiver import Waiver


class Verdict(str, Enum):
    """What a control says of a request."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


_NOT_CLEAN = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR)


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
    write instead, ``waiver`` who accepted it and until when. ``told`` is all that decided a
    violation: every value the control asked for, not only the one that is shown. ``lines`` is the
    message with one thing a line, for people, where it is about many; its first line is a heading.
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
    waiver: Optional[Waiver] = None
    told: object = None
    lines: tuple[str, ...] = ()

    @property
    def needs_action(self) -> bool:
        """Whether the gate must not open."""
        return self.waiver is None and self.verdict in _NOT_CLEAN


DEFINITION = "pipeline-definition"
WAIVERS = "waivers"
"""The kinds of document that are checked."""


class CheckedInput(NamedTuple):
    """A document that was checked. ``body`` is the definition as read from the bytes ``text``.

    ``pipeline`` is the pipeline's name, empty where nothing tells it; ``name`` is what ids of
    findings and waivers go by. ``origin`` is where the definition stands in a template or plan,
    None for a file of its own; ``text`` is then what a deployment would send.
    """

    target: str
    sha256: str
    kind: str
    pipeline: str
    body: Any
    text: bytes
    origin: Optional[Origin] = None

    @property
    def file(self) -> str:
        """The file that the document is, or is in."""
        return self.origin.file if self.origin is not None else self.target

    @property
    def name(self) -> str:
        """The pipeline's name, or else the target's."""
        return self.pipeline or self.target


class Report(NamedTuple):
    """Everything a check says about one input.

    ``not_configured`` maps a control to the profile field it lacks; ``disabled`` a control
    to the profile's reason; ``requests`` counts the API requests looked at; ``waivers`` names
    the file of waivers that was applied and its SHA-256, empty where none was; ``profile`` is the
    environment's name in ``ormer.toml``, empty where it has none; ``access`` the access file by
    which calls were predicted, empty where none were, ``assumed`` what the profile assumes
    where AWS does not say, and ``proved`` how many calls of how many are proved to be allowed for
    every value, None where that was not asked.
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
    waivers: tuple[str, str] = ("", "")
    profile: str = ""
    access: str = ""
    assumed: tuple[tuple[str, str], ...] = ()
    proved: Optional[tuple[int, int]] = None

    @property
    def waived(self) -> int:
        """How many findings somebody accepted."""
        return sum(1 for finding in self.findings if finding.waiver is not None)

    def count(self, verdict: Verdict) -> int:
        """How many findings have this verdict."""
        return sum(1 for finding in self.findings if finding.verdict is verdict)

    def passed(self, strict: bool = False) -> bool:
        """Whether nothing needs action; ``strict`` also asks that every control is configured."""
        if any(finding.needs_action for finding in self.findings):
            return False
        return not (strict and self.not_configured)


def common(reports: Sequence[Report]) -> Report:
    """The report whose tool, profile and controls stand for all; one about nothing for none."""
    return reports[0] if reports else _NOTHING


_NOTHING = Report(
    CheckedInput("", "", DEFINITION, "", None, b""), "", "", "", (), (), {}, (), 0, 0, {}, {}
)
