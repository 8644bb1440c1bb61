"""A decision in words: what would have to change, and why each statement did or did not apply."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.evaluate.conditions import condition_test
from ormer.evaluate.decide import Evaluator
from ormer.evaluate.match_action import matches_action
from ormer.evaluate.match_resource import resource_test
from ormer.evaluate.rule import CompiledStatement
from ormer.model.authorization import (
    AuthorizationRequest,
    Decision,
    Layer,
    Missing,
    Outcome,
    Reason,
)
from ormer.model.policy import Condition, Effect

_DONE = {Effect.ALLOW: "allowed", Effect.DENY: "denied"}
_NAMES = {
    Layer.SCP: "service control policies of level",
    Layer.RCP: "resource control policies of level",
    Layer.ENDPOINT: "VPC endpoint policy",
    Layer.IDENTITY: "identity policies",
    Layer.BOUNDARY: "permissions boundary",
    Layer.SESSION: "session policy",
    Layer.RESOURCE: "resource's policy",
    Layer.PUBLIC_ACCESS_BLOCK: "public access block",
}


def changes(decision: Decision, request: AuthorizationRequest) -> tuple[str, ...]:
    """For a denial: each thing that would have to change. All of them, for it to be allowed."""
    if decision.outcome is Outcome.EXPLICITLY_DENIED:
        denying = map(statement_name, decision.reasons)
        return tuple(f"{name} would have to go, or not match" for name in denying)
    return tuple(_allow(group, request) for group in decision.missing)


def _allow(group: tuple[Missing, ...], request: AuthorizationRequest) -> str:
    if group[0].layer is Layer.PUBLIC_ACCESS_BLOCK:
        return (
            "RestrictPublicBuckets keeps other accounts out while the bucket's policy is public: "
            "the policy would have to name who may come in"
        )
    return f"the {layers(group)} would have to allow {request.action} on {request.resource}"


def layers(group: tuple[Missing, ...]) -> str:
    """Layers of which one would have to allow: ``identity policies or the resource's policy``."""
    return " or the ".join(f"{_NAMES[each.layer]} {each.name}".strip() for each in group)


def statement_name(reason: Reason) -> str:
    """``scp root/0 statement DenyRegions`` for a message."""
    return f"{reason.layer.value} {reason.policy} statement {reason.statement}"


def explanation(
    evaluator: Evaluator, request: AuthorizationRequest, decision: Decision
) -> Iterator[str]:
    """The decision for a person, line by line."""
    yield f"{decision.outcome.value}: {request.principal.name} {request.action} {request.resource}"
    for reason in decision.reasons:
        yield f"  {_DONE[reason.effect]} by {statement_name(reason)}"
    for change in changes(decision, request):
        yield f"  to change: {change}"
    action = request.action.lower()
    bounded = evaluator.compiled.bounded(request.principal)
    for each in evaluator.compiled.reaching(request.principal, action, request.account):
        why = _why(each, request, action, bounded)
        yield f"    {statement_name(each.reason)} ({each.reason.effect.value}): {why}"


def _why(each: CompiledStatement, request: AuthorizationRequest, action: str, bounded: bool) -> str:
    """Why a statement applies, or the first thing that keeps it from applying."""
    statement, version = each.statement, each.policy.version
    if not matches_action(statement, action):
        element = "NotAction" if statement.not_action else "Action"
        return f"not about this action ({element} {_list(statement.actions)})"
    if not each.grant(request.principal, action, bounded):
        return "not about this principal"
    test = resource_test(statement, version)
    if test is not None and not test(request):
        element = "NotResource" if statement.not_resource else "Resource"
        return f"not about this resource ({element} {_list(statement.resources or ())})"
    for condition in statement.conditions:
        if not condition_test(condition, version, statement.effect)(request):
            return _unmet(condition, request)
    return "applies"


def _unmet(condition: Condition, request: AuthorizationRequest) -> str:
    found = request.context.get(condition.key.lower())
    if found is None:
        has = "is not in the request"
    else:
        has = f"is {found!r}" if isinstance(found, str) else f"is [{_list(found)}]"
    return f"{condition.operator} {condition.key} {_list(condition.values)}: {condition.key} {has}"


def _list(texts: tuple[str, ...]) -> str:
    return ", ".join(texts)
