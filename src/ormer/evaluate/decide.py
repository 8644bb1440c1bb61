"""One request against every policy it meets -> Decision.

Source: "Policy evaluation logic" in the IAM User Guide, with its pages "How AWS enforcement
code logic evaluates requests to allow or deny access", "Policy evaluation for requests within
a single account" and "Cross-account policy evaluation logic".

    evaluator = Evaluator(policies)
    evaluator.decide(request)
"""

from __future__ import annotations

from typing import Optional

from ormer.evaluate.always import is_always_allowed
from ormer.evaluate.match_principal import Grant
from ormer.evaluate.organisation import has_identity
from ormer.evaluate.own_policy import needs_own_policy
from ormer.evaluate.plan import Compiled, Gate, Make, Plan
from ormer.evaluate.public_access import is_public
from ormer.evaluate.rule import CompiledStatement, applies
from ormer.model.authorization import (
    AuthorizationRequest,
    Decision,
    Layer,
    Missing,
    Outcome,
    PolicySet,
    Reason,
)
from ormer.model.principal import Kind

_MOST_PLANS = 4096
_NO_REASONS: tuple[Reason, ...] = ()
_IDENTITY = Missing(Layer.IDENTITY)
_RESOURCE = Missing(Layer.RESOURCE)
_PUBLIC_ACCESS = Missing(Layer.PUBLIC_ACCESS_BLOCK)
_make = tuple.__new__

Reasons = Optional[tuple[Reason, ...]]
"""The statements that allow something; None where none does."""


class Evaluator:
    """A set of policies, compiled once and used for any number of requests.

    ``make`` says how a statement is read (see ``reading``).
    """

    def __init__(self, policies: PolicySet, make: Make = CompiledStatement) -> None:
        self.compiled = Compiled(policies, make)
        self._plans: dict[str, dict[str, Plan]] = {}
        self._count = 0
        resource = policies.resource
        self._restricted = (
            policies.restrict_public_buckets and resource is not None and is_public(resource)
        )

    def decide(self, request: AuthorizationRequest) -> Decision:
        """The decision, with the statements that made it. An explicit Deny anywhere wins."""
        plan = self._plan(request)
        if is_always_allowed(request.principal, plan.action):
            return _without_permission(plan, request)
        denying = [rule.reason for rule in plan.denies if applies(rule, request)]
        if denying:
            return _make(Decision, (Outcome.EXPLICITLY_DENIED, tuple(denying), ()))
        reasons: list[Reason] = []
        for gate in plan.gates:
            found = _allowed_by(gate, request)
            if found is None:
                return self._denied(plan, request)
            reasons += found
        granted = self._grant(plan, request)
        if granted is None:
            return self._denied(plan, request)
        return _make(Decision, (Outcome.ALLOWED, (*reasons, *granted), ()))

    def _plan(self, request: AuthorizationRequest) -> Plan:
        key = f"{request.principal.key} {request.account}"
        plans = self._plans.get(key)
        if plans is not None:
            plan = plans.get(request.action)
            if plan is not None:
                return plan
        if self._count >= _MOST_PLANS:
            self._plans.clear()
            self._count = 0
        self._count += 1
        plan = self.compiled.plan(request.principal, request.action.lower(), request.account)
        self._plans.setdefault(key, {})[request.action] = plan
        return plan

    def _grant(self, plan: Plan, request: AuthorizationRequest) -> Reasons:
        """What the principal's and the resource's policies allow between them."""
        principal = request.principal
        grant, granting = self._resource_grant(plan, request)
        if not has_identity(principal):
            return granting
        if principal.account != request.account:
            return _and(granting, _by_identity(plan, request)) if grant else None
        if grant is Grant.DIRECT:
            return granting
        if grant is Grant.USER:
            return _and(granting, _limit(plan.session, request))
        if grant is Grant.ROLE:
            limits = _and(_limit(plan.boundary, request), _limit(plan.session, request))
            return _and(granting, limits)
        if not grant and self._needs_own_policy(plan, request):
            return None
        return _and(_by_identity(plan, request), granting or _NO_REASONS)

    def _needs_own_policy(self, plan: Plan, request: AuthorizationRequest) -> bool:
        return needs_own_policy(plan.action, request.resource)

    def _resource_grant(self, plan: Plan, request: AuthorizationRequest) -> tuple[Grant, Reasons]:
        """The closest grant of the resource's policy, unless S3 restricts a public bucket."""
        if self._restricted and _is_outside(plan, request):
            return Grant.NONE, None
        for rule in plan.resource:
            if applies(rule, request):
                return rule.grant, (rule.reason,)
        return Grant.NONE, None

    def _denied(self, plan: Plan, request: AuthorizationRequest) -> Decision:
        """An implicit denial, and every layer that would have to change for it to end."""
        gates = [gate for gate in plan.gates if _allowed_by(gate, request) is None]
        missing: list[tuple[Missing, ...]] = [(gate.missing,) for gate in gates]
        if self._grant(plan, request) is None:
            missing += self._lacking(plan, request)
        return Decision(Outcome.IMPLICITLY_DENIED, _NO_REASONS, tuple(missing))

    def _lacking(self, plan: Plan, request: AuthorizationRequest) -> list[tuple[Missing, ...]]:
        principal = request.principal
        if self._restricted and _is_outside(plan, request):
            return [(_PUBLIC_ACCESS,)]
        grant, _ = self._resource_grant(plan, request)
        if not has_identity(principal):
            return [(_RESOURCE,)]
        lacking: list[tuple[Missing, ...]] = []
        across = principal.account != request.account
        if not grant and (across or self._needs_own_policy(plan, request)):
            lacking.append((_RESOURCE,))
        if _limit(plan.identity, request) is None and grant < Grant.ROLE:
            lacking.append((_IDENTITY,) if across or lacking else (_IDENTITY, _RESOURCE))
        elif across and _limit(plan.identity, request) is None:
            lacking.append((_IDENTITY,))
        for gate in (plan.boundary, plan.session):
            if gate is not None and _allowed_by(gate, request) is None:
                lacking.append((gate.missing,))
        return lacking


def _is_outside(plan: Plan, request: AuthorizationRequest) -> bool:
    """ "Only AWS service principals and authorized users within the bucket owner's account" """
    principal = request.principal
    if not plan.action.startswith("s3:") or principal.kind is Kind.SERVICE:
        return False
    return principal.account != request.account or not principal.account


def _by_identity(plan: Plan, request: AuthorizationRequest) -> Reasons:
    """Identity policies, within the boundary and the session policy."""
    limits = _and(_limit(plan.boundary, request), _limit(plan.session, request))
    return _and(_limit(plan.identity, request), limits)


def _limit(gate: Optional[Gate], request: AuthorizationRequest) -> Reasons:
    return _NO_REASONS if gate is None else _allowed_by(gate, request)


def _without_permission(plan: Plan, request: AuthorizationRequest) -> Decision:
    """Of what needs no permission. The endpoint's policy still says who may do what through it
    ("Control access to AWS STS with VPC endpoint policies" in the IAM User Guide)."""
    denies = (rule for rule in plan.denies if rule.reason.layer is Layer.ENDPOINT)
    denying = tuple(rule.reason for rule in denies if applies(rule, request))
    if denying:
        return Decision(Outcome.EXPLICITLY_DENIED, denying, ())
    reasons: list[Reason] = []
    for gate in plan.gates:
        if gate.missing.layer is Layer.ENDPOINT:
            found = _allowed_by(gate, request)
            if found is None:
                return Decision(Outcome.IMPLICITLY_DENIED, _NO_REASONS, ((gate.missing,),))
            reasons += found
    return Decision(Outcome.ALLOWED, tuple(reasons), ())


def _allowed_by(gate: Gate, request: AuthorizationRequest) -> Reasons:
    for rule in gate.allows:
        if applies(rule, request):
            return (rule.reason,)
    return None


def _and(first: Reasons, second: Reasons) -> Reasons:
    return None if first is None or second is None else first + second


def decide(policies: PolicySet, request: AuthorizationRequest) -> Decision:
    """The decision of one request; for several with the same policies, keep an Evaluator."""
    return Evaluator(policies).decide(request)
