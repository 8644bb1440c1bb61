"""Whether the policies of an access file decide a question as they have to."""

from __future__ import annotations

from typing import NamedTuple

from ormer.evaluate.explain import changes, statement_name
from ormer.evaluate.open.verdict import AccessEvaluator, SymbolicDecision
from ormer.expectations.expectation import Expectation
from ormer.expectations.filled_in import by_default, of_organization
from ormer.expectations.placeholders import OTHER_ACCOUNT
from ormer.expectations.questions import Question, tagged
from ormer.expectations.violations import Violation
from ormer.model.access import Access, Holder, ResourcePolicy
from ormer.model.authorization import AuthorizationRequest, Outcome
from ormer.model.environment import Environment
from ormer.model.finding import Verdict
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Principals, Statement
from ormer.model.principal import Principal

_NETWORK = frozenset(["aws:sourcevpce", "aws:sourcevpc", "aws:sourceip", "aws:vpcsourceip"])
OTHER = "ormer-other"
"""In the name of a resource of the account that nobody's access file describes."""


class Answer(NamedTuple):
    """Pass, fail or unknown, and why, line by line."""

    verdict: Verdict
    lines: tuple[str, ...]


def answer(expectation: Expectation, question: Question, evaluator: AccessEvaluator) -> Answer:
    """The answer to one question, by an access that has who asks (``with_any_role``)."""
    access = evaluator.access
    request = tagged(question, access)
    if request is None:
        return Answer(Verdict.FAIL, (f"the access file has no {question.request.principal.name}",))
    endpoint = access.endpoint_of(request.action) if question.is_in_vpc else None
    whole = _with(request, access)
    if whole is not access:
        evaluator = AccessEvaluator(whole)
    decision = evaluator.decide(request, endpoint)
    if question.lacks and decision.outcome is not Outcome.EXPLICITLY_DENIED:
        return Answer(Verdict.UNKNOWN, (f"the access file has no policy of {question.lacks}",))
    if decision.outcome is Outcome.UNKNOWN:
        return Answer(Verdict.UNKNOWN, decision.why)
    is_allowed = decision.outcome is Outcome.ALLOWED
    verdict = Verdict.PASS if is_allowed is expectation.is_allowed else Verdict.FAIL
    said = _said(decision, request)
    if question.is_in_vpc and endpoint is None:
        service = request.action.partition(":")[0]
        said.append(f"the access file has no VPC endpoint of {service}: none was in the way")
    return Answer(verdict, tuple(said))


def _with(request: AuthorizationRequest, access: Access) -> Access:
    """The access with what it cannot know: services, and others' resources, which are open.

    A service has no policies of its own. What somebody else's bucket or role allows is theirs to
    say, so the worst is assumed: it lets everyone in; one of this account, whoever that lets in.
    """
    name = request.principal.name
    if name not in access.holders:
        access = access._replace(
            holders={**access.holders, name: Holder(request.principal, {}, ())}
        )
    resource = request.resource
    owner = resource.partition("/")[0] if resource.split(":")[2] == "s3" else resource
    if request.account == OTHER_ACCOUNT:
        return _opened(access, owner, Principals(everyone=True))
    return _opened(access, owner, Principals(aws=(request.account,))) if OTHER in owner else access


def _opened(access: Access, resource: str, who: Principals) -> Access:
    """The access in which a resource's policy allows everything."""
    everything = Statement("Open", Effect.ALLOW, ("*",), False, ("*",), False, who, False, ())
    policy = Policy("somebody else's policy", CURRENT_VERSION, (everything,))
    policies = (*access.resource_policies, ResourcePolicy(resource, policy))
    return access._replace(resource_policies=policies)


def violation_answer(
    violation: Violation,
    principal: Principal,
    evaluator: AccessEvaluator,
    environment: Environment,
) -> Answer:
    """Whether a principal of the access is denied what a guardrail is there to deny.

    It may come by any way, so it has to be denied whatever the way adds: no endpoint's policy
    counts, and keys of the network may be there or not.
    """
    request = violation_request(violation, principal, evaluator.access, environment)
    decision = evaluator.decide(request)
    if decision.outcome is Outcome.UNKNOWN:
        return Answer(Verdict.UNKNOWN, (violation.note, *decision.why))
    is_denied = decision.outcome is not Outcome.ALLOWED
    verdict = Verdict.PASS if is_denied else Verdict.FAIL
    return Answer(verdict, (violation.note, *_said(decision, request)))


def violation_request(
    violation: Violation, principal: Principal, access: Access, environment: Environment
) -> AuthorizationRequest:
    """The request of a principal of the access that makes a violation."""
    tags = access.holders[principal.name].tags
    tagged = {f"aws:principaltag/{key.lower()}": value for key, value in tags.items()}
    keys = {key.lower(): value for key, value in violation.keys.items()}
    basic = dict(by_default(principal, environment.account, environment))
    basic.update(of_organization(principal, environment.account, environment, access))
    context = {**tagged, **basic, **keys}
    return AuthorizationRequest(
        principal, violation.action, violation.resource, environment.account, context, _NETWORK
    )


def _said(decision: SymbolicDecision, request: AuthorizationRequest) -> list[str]:
    named = [f"{reason.effect.value} of {statement_name(reason)}" for reason in decision.reasons]
    if decision.outcome is Outcome.IMPLICITLY_DENIED:
        named += changes(decision.decision, request)
    return [f"{decision.outcome.value} {request.action} on {request.resource}", *named]
