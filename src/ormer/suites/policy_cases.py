"""Policies as test cases: each request that they have to deny, or to allow, is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Optional

from ormer.evaluate.open.verdict import AccessEvaluator
from ormer.expectations.answers import answer
from ormer.expectations.askers import with_any_role
from ormer.expectations.expectation import DENIED, Expectation, load_expectations
from ormer.expectations.placeholders import NotConfigured
from ormer.expectations.questions import Question, questions
from ormer.model.access import Access
from ormer.model.environment import Environment
from ormer.model.finding import Verdict
from ormer.model.value import printable


class PolicyCase(NamedTuple):
    """A question; ``question`` is None where the profile lacks what it is about: ``missing``."""

    profile: str
    expectation: Expectation
    question: Optional[Question]
    evaluator: AccessEvaluator
    missing: str
    strict: bool

    @property
    def id(self) -> str:
        """``BKT-01-any role through the VPC: s3:GetObject arn:...``, as pytest shows it."""
        what = self.missing if self.question is None else self.question.text
        parts = (self.profile, self.expectation.id, what)
        return "-".join(printable(part) for part in parts if part)

    def wrong(self) -> str:
        """What is decided otherwise than it has to be; empty where nothing is."""
        if self.question is None:
            return f"the profile has no {self.missing}" if self.strict else ""
        found = answer(self.expectation, self.question, self.evaluator)
        if found.verdict is Verdict.PASS:
            return ""
        wanted = DENIED if not self.expectation.is_allowed else "allowed"
        lines = [f"{found.verdict.value}: {self.expectation.title}", f"  has to be {wanted}"]
        given = self.question.request.context.items()
        context = ", ".join(
            f"{key}={value if isinstance(value, str) else ','.join(value)}"
            for key, value in sorted(given)
        )
        lines += [f"  {line}" for line in (*found.lines, f"with {context}")]
        lines.append(f"why: {self.expectation.why}")
        return "\n".join(printable(line) for line in lines)

    def silent(self) -> str:
        """Why there is nothing to decide, or nothing."""
        return "" if self.question is not None else f"the profile has no {self.missing}"

    def properties(self) -> Iterator[tuple[str, str]]:
        """What a report group shows beside the result."""
        yield "expectation", self.expectation.id
        yield "title", self.expectation.title
        yield "severity", self.expectation.severity.value
        yield "source", self.expectation.source


def policy_cases(
    profile: str, environment: Environment, access: Access, folder: Optional[str], strict: bool
) -> Iterator[PolicyCase]:
    """The cases of an access under a profile; ``folder`` has the user's own expectations.

    Raises InputError for what cannot be read.
    """
    evaluator = AccessEvaluator(with_any_role(access, environment))
    for expectation in load_expectations(Path(folder) if folder is not None else None):
        try:
            for question in questions(expectation, environment, evaluator.access):
                yield PolicyCase(profile, expectation, question, evaluator, "", strict)
        except NotConfigured as missing:
            yield PolicyCase(profile, expectation, None, evaluator, str(missing), strict)
