"""Reports as test cases: a control on a step is one, whatever it found there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Optional

from ormer.model.definition import pointer
from ormer.model.errors import InputError
from ormer.model.finding import DEFINITION, WAIVERS, Finding, Report, Verdict
from ormer.model.value import printable
from ormer.report.findings.acceptance import accepted
from ormer.run.access import load_access
from ormer.run.batches import Asked, batches
from ormer.run.check import Checked, check_batch, load_environment
from ormer.run.waivers import with_waivers
from ormer.suites.called import called_by
from ormer.suites.guardrail_cases import GuardrailCase, guardrail_cases
from ormer.suites.policy_cases import PolicyCase, policy_cases
from ormer.suites.proof_cases import Called, ProofCase, proof_cases


class Case(NamedTuple):
    """A control's findings on one step of one pipeline, or on the whole document."""

    report: Report
    control: str
    subject: str
    findings: tuple[Finding, ...]

    @property
    def id(self) -> str:
        """``abalone-NET-01-TrainAbaloneModel``, as pytest shows it."""
        parts = (self.report.profile, self.report.input.name, self.control, self.subject)
        return "-".join(printable(part) for part in parts if part)

    def wrong(self) -> str:
        """What needs action, for a person; empty where nothing does."""
        lines: list[str] = []
        for finding in self.findings:
            if finding.needs_action:
                said, *more = finding.lines or (finding.message,)
                lines.append(f"{finding.verdict.value}: {said}")
                lines += [f"  {line}" for line in more]
                lines += [f"  expected {finding.expected}"] if finding.expected else []
                lines.append(f"  at {pointer(finding.place) or '/'}")
        fixes = dict.fromkeys(finding.fix for finding in self.findings if finding.needs_action)
        lines += [f"instead: {fix}" for fix in fixes if fix]
        return "\n".join(printable(line) for line in lines)

    def silent(self) -> str:
        """Why there is nothing to judge, or who accepted what was found; else empty."""
        waived = [accepted(f.waiver) for f in self.findings if f.waiver is not None]
        if waived:
            return "waived " + "; ".join(printable(text) for text in dict.fromkeys(waived))
        if all(finding.verdict is Verdict.NOT_APPLICABLE for finding in self.findings):
            return printable("; ".join(dict.fromkeys(f.message for f in self.findings)))
        return ""

    def properties(self) -> Iterator[tuple[str, str]]:
        """What a report group shows beside the result."""
        yield "control", self.control
        yield "title", self.findings[0].title
        yield "severity", self.findings[0].severity.value
        yield "step", printable(self.subject)
        yield "definition", printable(self.report.input.target)
        yield "sha256", self.report.input.sha256


class Pipeline(NamedTuple):
    """A definition as a whole, and the controls that were to run on it."""

    report: Report
    strict: bool

    @property
    def id(self) -> str:
        """The pipeline's name, behind its profile's."""
        parts = (self.report.profile, self.report.input.name)
        return "-".join(printable(part) for part in parts if part)

    def properties(self) -> Iterator[tuple[str, str]]:
        """How many controls ran on how much, and which documents decided."""
        report = self.report
        yield "controls", str(len(report.controls))
        yield "controls_digest", report.controls_digest
        yield "requests", str(report.requests)
        yield "environment_sha256", report.environment_sha256
        yield "waivers_sha256", report.waivers[1]

    def unheard(self) -> list[str]:
        """The controls that said nothing, not even why they do not apply."""
        spoke = {finding.control for finding in self.report.findings}
        return [control for control in self.report.controls if control not in spoke]

    def left_out(self) -> list[str]:
        """The controls that are not configured, where each has to be."""
        missing = sorted(self.report.not_configured.items()) if self.strict else ()
        return [f"{control}: the profile has no {field}" for control, field in missing]


class _Policies(NamedTuple):
    """The files that say who may call what, and what pipelines make their roles call."""

    profile: str
    environment: str
    access: str
    controls: Optional[str]
    called: Called


def _policies(checked: Checked) -> Iterator[_Policies]:
    batch = checked.batch
    if batch.access:
        called = called_by(batch, checked.checker, load_environment(batch.environment))
        yield _Policies(batch.profile, batch.environment, batch.access, batch.controls, called)


class Cases(NamedTuple):
    """Everything there is to test."""

    controls: tuple[Case, ...]
    waivers: tuple[Case, ...]
    pipelines: tuple[Pipeline, ...]
    policies: tuple[PolicyCase, ...] = ()
    guardrails: tuple[GuardrailCase, ...] = ()
    proofs: tuple[ProofCase, ...] = ()

    @classmethod
    def of(cls, asked: Asked, strict: bool = False, expectations: Optional[str] = None) -> Cases:
        """Check what is asked for; ``expectations`` is a folder of the user's own.

        Raises InputError for what cannot be read.
        """
        if asked.access and asked.environment and not asked.targets:
            made = cls((), (), ())
            accesses = [_Policies("", asked.environment, asked.access, asked.controls, {})]
        else:
            checked = [check_batch(batch) for batch in batches(asked)]
            made = cls.from_reports(with_waivers(checked), strict)
            accesses = [each for one in checked for each in _policies(one)]
        if expectations is not None and not accesses:
            raise InputError("expectations without an access file: which policies?")
        for each in accesses:
            environment = load_environment(each.environment)
            may = load_access(each.access, environment=environment)
            asked_of = policy_cases(each.profile, environment, may, expectations, strict)
            denied = guardrail_cases(each.profile, environment, may, each.controls)
            proved = proof_cases(each.profile, environment, may, each.controls, each.called, strict)
            made = made._replace(
                policies=(*made.policies, *asked_of),
                guardrails=(*made.guardrails, *denied),
                proofs=(*made.proofs, *proved),
            )
        return made

    @classmethod
    def from_reports(cls, reports: Sequence[Report], strict: bool = False) -> Cases:
        """The cases of reports on definitions and on files of waivers."""
        definitions = [report for report in reports if report.input.kind == DEFINITION]
        waivers = [report for report in reports if report.input.kind == WAIVERS]
        return cls(
            tuple(case for report in definitions for case in _cases(report)),
            tuple(case for report in waivers for case in _cases(report)),
            tuple(Pipeline(report, strict) for report in definitions),
        )


def _cases(report: Report) -> Iterator[Case]:
    grouped: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        grouped.setdefault((finding.control, finding.subject), []).append(finding)
    for (control, subject), findings in grouped.items():
        yield Case(report, control, subject, tuple(findings))
