"""A definition against a catalogue: the check that everything else is built on."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Optional

from ormer.assess.document_rules import DOCUMENT_RULES, document_findings
from ormer.assess.judge import judge
from ormer.assess.plan import Plan
from ormer.controls.load import Catalogue
from ormer.facts.service import load_service
from ormer.model.definition import Definition, Origin
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.finding import DEFINITION, CheckedInput, Finding, Report, Severity, Verdict
from ormer.read.definition import read_definition
from ormer.requests.build import RequestBuilder

if TYPE_CHECKING:  # a check without an access file decides nothing
    from ormer.assess.predict import Predictor
    from ormer.requests.build import Requests


class Checker:
    """A catalogue and a profile, compiled once, to check any number of definitions.

    With a ``predictor`` it is also predicted which calls of a run would be denied.
    """

    def __init__(
        self,
        environment: Environment,
        catalogue: Catalogue,
        predictor: Optional[Predictor] = None,
    ) -> None:
        self.environment = environment
        self.catalogue = catalogue
        self.predictor = predictor
        self.service = load_service()
        self.plan = Plan(catalogue.controls, environment, self.service)
        self.builder = RequestBuilder(self.service, environment, self.plan.shapes)
        self._controls = tuple(control.id for control in catalogue.controls)
        self._unspoken = tuple(self._of_silence())

    def check(self, definition: bytes, target: str, pipeline: str = "") -> Report:
        """Check one definition's bytes. ``target`` names it in errors and in the report.

        Raises InputError for bytes that are no definition.
        """
        with _collection_paused():
            try:
                read = read_definition(definition, target)
                return self._check(read, definition, target, pipeline, None)
            except RecursionError:
                raise InputError(f"{target}: nested too deeply to be checked") from None

    def check_part(
        self, read: Definition, text: bytes, target: str, pipeline: str, origin: Origin
    ) -> Report:
        """Check a definition that stands in a file of another kind; ``text`` is what it was."""
        with _collection_paused():
            try:
                return self._check(read, text, target, pipeline, origin)
            except RecursionError:
                raise InputError(f"{target}: nested too deeply to be checked") from None

    def _check(
        self,
        read: Definition,
        text: bytes,
        target: str,
        pipeline: str,
        origin: Optional[Origin],
    ) -> Report:
        built = self.builder.build(read)
        findings = list(document_findings(read, built))
        for request in built.requests:
            findings += judge(request, self.plan.for_action(request.action))
        calls, access = 0, ""
        proved: Optional[tuple[int, int]] = None
        assumed: tuple[tuple[str, str], ...] = ()
        if self.predictor is not None:
            predicted, calls, proved = _predicted(self.predictor, read, built)
            findings += predicted
            access, assumed = self.predictor.path, self.predictor.assumed
        spoke = {finding.control for finding in findings}
        findings += [said for said in self._unspoken if said.control not in spoke]
        return Report(
            input=CheckedInput(target, read.sha256, DEFINITION, pipeline, read.body, text, origin),
            environment_path=self.environment.path,
            environment_sha256=self.environment.sha256,
            controls_digest=self.catalogue.digest,
            controls=self._controls,
            overridden=self.catalogue.overridden,
            versions=self.service.versions,
            findings=tuple(findings),
            requests=len(built.requests) + calls,
            steps=len(read.steps),
            not_configured=self.plan.not_configured,
            disabled=self.plan.disabled,
            access=access,
            assumed=assumed,
            proved=proved,
        )

    def _of_silence(self) -> Iterator[Finding]:
        """What is said of each control and rule that says nothing, so that all are listed."""
        for rule in DOCUMENT_RULES:
            yield _whole(rule.id, rule.title, rule.severity, Verdict.PASS, "")
        if self.predictor is not None:
            yield from _without_calls()
        for control in self.catalogue.controls:
            reason = self._reason(control.id)
            yield _whole(
                control.id, control.title, control.severity, Verdict.NOT_APPLICABLE, reason
            )

    def _reason(self, control: str) -> str:
        if control in self.plan.disabled:
            return f"disabled by the profile: {self.plan.disabled[control]}"
        if control in self.plan.not_configured:
            return f"not configured: the profile has no {self.plan.not_configured[control]}"
        return "no request of this pipeline is of its kind"


def _predicted(
    predictor: Predictor, definition: Definition, built: Requests
) -> tuple[list[Finding], int, Optional[tuple[int, int]]]:
    """What is predicted of the calls of a run, how many these are, and of how many it is proved."""
    from ormer.assess.access_findings import access_findings, count_of_proved
    from ormer.requests.calls.build import calls
    from ormer.requests.calls.upsert_calls import upsert_calls

    made = calls(definition, built, predictor.environment)
    if predictor.upsert is not None:
        made += tuple(upsert_calls(predictor.upsert, predictor.environment))
    predicted = [predictor.predict(call) for call in made]
    return list(access_findings(predicted)), len(made), count_of_proved(predicted)


def _without_calls() -> Iterator[Finding]:
    from ormer.assess.access_rules import OF_PIPELINE

    for rule in OF_PIPELINE:
        text = "no step of this pipeline makes such a call"
        yield _whole(rule.id, rule.title, rule.severity, Verdict.NOT_APPLICABLE, text)


@contextmanager
def _collection_paused() -> Iterator[None]:
    """A check makes no cycles, and collecting in vain would make its time grow quadratically."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _whole(control: str, title: str, severity: Severity, verdict: Verdict, text: str) -> Finding:
    return Finding(control, title, verdict, severity, "", (), text)


def check(
    definition: bytes,
    target: str,
    environment: Environment,
    catalogue: Catalogue,
    predictor: Optional[Predictor] = None,
) -> Report:
    """Check one definition. To check several, make a Checker once."""
    return Checker(environment, catalogue, predictor).check(definition, target)
