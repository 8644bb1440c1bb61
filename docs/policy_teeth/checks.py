"""What the package itself asks of policies: expectations, violations of guardrails, calls of a run.

Each check is something that the suites or the prediction find nothing wrong with as the
documents are. A mutant is caught by the first that is no longer so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple, Optional

from docs.plain_documents import ROOT
from docs.policy_teeth.places import Stage, environment, stages
from ormer.assess.check import Checker
from ormer.assess.predict import Predictor
from ormer.controls.load import load_catalogue
from ormer.evaluate.open.verdict import AccessEvaluator
from ormer.expectations.answers import answer, violation_answer, violation_request
from ormer.expectations.askers import with_any_role
from ormer.expectations.expectation import Expectation, load_expectations
from ormer.expectations.questions import Question, questions, tagged
from ormer.expectations.violations import Violation, violations
from ormer.guardrails.generate import generate
from ormer.guardrails.projection import Kind
from ormer.model.access import Access
from ormer.model.authorization import AuthorizationRequest
from ormer.model.call import Call
from ormer.model.finding import Verdict
from ormer.model.principal import Principal
from ormer.read.definition import read_definition
from ormer.requests.calls.build import calls
from ormer.requests.calls.upsert_calls import Upsert, upsert_calls
from ormer.suites.guardrail_cases import guardrail_cases

DEFINITION = ROOT / "benchmarks" / "abalone.json"
_BUILD = "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-build"


class Deciders(NamedTuple):
    """An access, ready to be asked."""

    evaluator: AccessEvaluator
    predictor: Predictor

    @classmethod
    def of(cls, access: Access) -> Deciders:
        """Those of an access; policies are compiled when they are first met."""
        role = (environment().lookup("roles.pipeline") or ("",))[0]
        whole = with_any_role(access, environment())
        return cls(AccessEvaluator(whole), Predictor(access, environment(), role))


class Check(NamedTuple):
    """One thing to decide, and whether it has to be allowed.

    ``meets`` are the documents that may have a part in it. ``request`` is what is decided, None
    where one check decides several.
    """

    action: str
    is_allowed: bool
    meets: frozenset[str]
    request: Optional[AuthorizationRequest]
    passes: Callable[[Deciders], bool]


class Group(NamedTuple):
    """Checks of one column, all of one stage."""

    column: str
    stage: Stage
    checks: tuple[Check, ...]


EXPECTATIONS, VIOLATIONS, ALONE, CALLS = "expectations", "violations", "alone", "calls"
COLUMNS = (EXPECTATIONS, VIOLATIONS, ALONE, CALLS)


@cache
def groups() -> tuple[Group, ...]:
    """Every check there is. Raises ValueError where one fails on the documents as they are."""
    return tuple(_groups())


def _groups() -> Iterator[Group]:
    for stage in stages():
        if stage.is_alone:
            yield _passing(ALONE, stage, _violations_alone(stage))
            continue
        if stage.kind is Kind.IAM:
            yield _passing(EXPECTATIONS, stage, _questions(stage))
        yield _passing(VIOLATIONS, stage, _violations(stage))
        yield _passing(CALLS, stage, _calls(stage))


def _passing(column: str, stage: Stage, checks: Iterator[Check]) -> Group:
    deciders = Deciders.of(stage.access)
    found = tuple(checks)
    failing = [one.action for one in found if not one.passes(deciders)]
    if failing or not found:
        raise ValueError(f"{column} of {stage.kind.value}: fails as it is: {failing}")
    return Group(column, stage, found)


def _questions(stage: Stage) -> Iterator[Check]:
    whole = with_any_role(stage.access, environment())
    for expectation in load_expectations(None):
        for question in questions(expectation, environment(), whole):
            request = question.request
            met = _met(stage.access, (request.principal.name,), request.action)
            asked = tagged(question, whole)
            passes = _answered(expectation, question)
            yield Check(request.action, expectation.is_allowed, met, asked, passes)


def _answered(expectation: Expectation, question: Question) -> Callable[[Deciders], bool]:
    return lambda by: answer(expectation, question, by.evaluator).verdict is Verdict.PASS


def _violations(stage: Stage) -> Iterator[Check]:
    """As the suites ask them where the guardrails are of that kind."""
    if stage.kind is Kind.IAM:
        for case in guardrail_cases("", environment(), stage.access, None):
            for each in case.violations:
                yield _violation(stage, each, case.principal)
        return
    jobs = [arn for name in _JOBS for arn in environment().lookup(name) or ()]
    for each in _of_kind(stage.kind):
        for arn in jobs:
            yield _violation(stage, each, stage.access.holders[arn].principal)


_JOBS = ("roles.execution", "roles.pipeline")


def _violations_alone(stage: Stage) -> Iterator[Check]:
    (holder,) = stage.access.holders.values()
    for each in _of_kind(stage.kind):
        yield _violation(stage, each, holder.principal)


def _of_kind(kind: Kind) -> tuple[Violation, ...]:
    return tuple(violations(generate(kind, load_catalogue(), environment()), environment()))


def _violation(stage: Stage, asked: Violation, principal: Principal) -> Check:
    def passes(by: Deciders) -> bool:
        found = violation_answer(asked, principal, by.evaluator, environment())
        return found.verdict is Verdict.PASS

    met = _met(stage.access, (principal.name,), asked.action)
    request = violation_request(asked, principal, stage.access, environment())
    return Check(asked.action, False, met, request, passes)


def _calls(stage: Stage) -> Iterator[Check]:
    """The calls of a run of the abalone pipeline, and those of the gate that upserts it."""
    definition = read_definition(DEFINITION.read_bytes(), DEFINITION.name)
    checker = Checker(environment(), load_catalogue())
    built = checker.builder.build(definition)
    upsert = Upsert(_BUILD, "AbalonePipeline", {}, starts=True)
    made = (*calls(definition, built, environment()), *upsert_calls(upsert, environment()))
    pipeline = (environment().lookup("roles.pipeline") or ("",))[0]
    for call in made:
        roles = tuple(role or pipeline for role in call.roles)
        met = _met(stage.access, roles, call.action)
        yield Check(call.action, True, met, None, _predicted(call))


def _predicted(call: Call) -> Callable[[Deciders], bool]:
    return lambda by: by.predictor.predict(call).verdict is Verdict.PASS


def _met(access: Access, principals: tuple[str, ...], action: str) -> frozenset[str]:
    """The documents that may decide; of those of resources and endpoints, all of the service."""
    service = action.partition(":")[0]
    found = [
        policy
        for name in principals
        if name in access.holders
        for policy in (*access.holders[name].identity, *(access.holders[name].boundary or ()))
    ]
    of = {"sts": "iam"}.get(service, service)
    found += [one.policy for one in access.resource_policies if one.resource.split(":")[2] == of]
    found += [one.policy for one in access.endpoints if one.service == service]
    found += [policy for level in (*access.scps, *access.rcps) for policy in level.policies]
    return frozenset(policy.name for policy in found)
