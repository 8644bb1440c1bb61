"""Guardrails as test cases: what a control forbids, asked by every principal that might do it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Optional

from ormer.controls.load import load_catalogue
from ormer.evaluate.open.verdict import AccessEvaluator
from ormer.expectations.answers import violation_answer
from ormer.expectations.violations import Violation, violations
from ormer.guardrails.generate import generate
from ormer.guardrails.projection import Kind
from ormer.model.access import Access
from ormer.model.control import Control
from ormer.model.environment import Environment
from ormer.model.finding import Verdict
from ormer.model.principal import Principal
from ormer.model.value import printable

_JOBS = ("roles.execution", "roles.pipeline")


class GuardrailCase(NamedTuple):
    """The violations of one control by one action, and who tries them."""

    profile: str
    control: Control
    action: str
    principal: Principal
    violations: tuple[Violation, ...]
    evaluator: AccessEvaluator
    environment: Environment

    @property
    def id(self) -> str:
        """``NET-01-sagemaker:CreateTrainingJob-sm-exec``, as pytest shows it."""
        name = self.principal.name.rpartition("/")[2]
        parts = (self.profile, self.control.id, self.action, name)
        return "-".join(printable(part) for part in parts if part)

    def wrong(self) -> str:
        """The violations that are not denied; empty where all are."""
        lines: dict[str, None] = {}  # in order; the spellings of a key are mostly decided alike
        for violation in self.violations:
            found = violation_answer(violation, self.principal, self.evaluator, self.environment)
            if found.verdict is not Verdict.PASS:
                about = (f"{found.verdict.value}: not denied: {found.lines[0]}", *found.lines[1:])
                lines["\n  ".join(printable(line) for line in about)] = None
        if lines:
            lines[f"instead: attach the guardrails of {self.control.id} (ormer guardrails)"] = None
        return "\n".join(lines)

    def silent(self) -> str:
        """There is always something to decide."""
        return ""

    def properties(self) -> Iterator[tuple[str, str]]:
        """What a report group shows beside the result."""
        yield "control", self.control.id
        yield "title", self.control.title
        yield "severity", self.control.severity.value
        yield "action", self.action
        yield "principal", self.principal.name


def guardrail_cases(
    profile: str, environment: Environment, access: Access, controls: Optional[str]
) -> Iterator[GuardrailCase]:
    """A case a control, action and principal.

    What a control keeps from pipelines alone is asked by the profile's roles; everything else by
    every principal of the access. Raises InputError for controls that cannot be read.
    """
    catalogue = load_catalogue(controls)
    by_id = {control.id: control for control in catalogue.controls}
    grouped: dict[tuple[str, str], list[Violation]] = {}
    made = generate(Kind.IAM, catalogue, environment)
    for violation in violations(made, environment):
        grouped.setdefault((violation.control, violation.action), []).append(violation)
    evaluator = AccessEvaluator(access)
    jobs = {arn for field in _JOBS for arn in environment.lookup(field) or ()}
    for (name, action), found in grouped.items():
        control = by_id[name]
        everyone = set(control.raw["guardrail"]["attach"]) > {Kind.IAM.attached_to}
        for arn, holder in access.holders.items():
            if everyone or arn in jobs:
                yield GuardrailCase(
                    profile, control, action, holder.principal, tuple(found), evaluator, environment
                )
