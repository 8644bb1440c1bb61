"""What the evaluator says of a request that the prover found, by one set of policies.

A key or a role of this account whose own policy nobody shows is taken to have one that lets its
account's policies decide, as a new key's does ("Default key policy" in the AWS KMS Developer
Guide); that of another account's resource to allow everything. Whoever reads it is told.
"""

from __future__ import annotations

from typing import NamedTuple

from ormer.evaluate.explain import layers, statement_name
from ormer.evaluate.open.verdict import SymbolicDecision, SymbolicEvaluator
from ormer.evaluate.own_policy import needs_own_policy
from ormer.model.access import Access
from ormer.model.authorization import AuthorizationRequest, Outcome, PolicySet
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Principals, Statement
from ormer.proofs.difference.outsiders import ITS_OWN
from ormer.proofs.replay import ITS_OWNER

FOREIGN = "the policy of the other account's resource allows it, as its owner may have written it"
UNSHOWN = "the resource's own policy, which is not shown, lets the account's policies decide"
_UNSHOWN_NAME = "a policy that is not shown"


class Asked(NamedTuple):
    """A request, and whether it comes through the listed endpoint of its service."""

    request: AuthorizationRequest
    is_through_listed: bool


def decided(access: Access, asked: Asked) -> SymbolicDecision:
    """The decision; the principal has to be one of ``access``."""
    return SymbolicEvaluator(_policies(access, asked)).decide(asked.request)


def is_allowed(access: Access, asked: Asked) -> bool:
    """Whether it is allowed, whatever the policies' symbols are."""
    return decided(access, asked).outcome is Outcome.ALLOWED


def is_denied(access: Access, asked: Asked) -> bool:
    """Whether it is denied, whatever the policies' symbols are."""
    return decided(access, asked).outcome in (
        Outcome.EXPLICITLY_DENIED,
        Outcome.IMPLICITLY_DENIED,
    )


def assumption(access: Access, asked: Asked) -> str:
    """What is taken of the resource's policy, or an empty text."""
    request = asked.request
    if _shown(access, request) is not None:
        return ""
    if request.account != request.principal.account:
        return FOREIGN
    return UNSHOWN if needs_own_policy(request.action.lower(), request.resource) else ""


def evaluator_says(decision: SymbolicDecision) -> str:
    """What is left to say where the evaluator decides otherwise than was found."""
    return f"the evaluator says {decision.outcome.value}"


def reasons(decision: SymbolicDecision) -> tuple[str, ...]:
    """What decided, each in words: statements, or the layers that lack an Allow."""
    if decision.outcome is Outcome.IMPLICITLY_DENIED:
        return tuple(f"no Allow in the {layers(group)}" for group in decision.missing)
    taken = (ITS_OWNER.name, _UNSHOWN_NAME, ITS_OWN)
    return tuple(statement_name(each) for each in decision.reasons if each.policy not in taken)


def _shown(access: Access, request: AuthorizationRequest) -> Policy | None:
    return access.policies(request.principal.name, request.resource, None).resource


def _policies(access: Access, asked: Asked) -> PolicySet:
    request = asked.request
    endpoint = access.endpoint_of(request.action) if asked.is_through_listed else None
    name = request.principal.name
    assumed = assumption(access, asked)
    if assumed == FOREIGN:
        return access.policies_with(name, ITS_OWNER, endpoint)
    if assumed == UNSHOWN:
        return access.policies_with(name, _delegating(request), endpoint)
    return access.policies(name, request.resource, endpoint)


def _delegating(request: AuthorizationRequest) -> Policy:
    own = Principals(aws=(request.account,))
    statement = Statement("Account", Effect.ALLOW, ("*",), False, ("*",), False, own, False, ())
    return Policy(_UNSHOWN_NAME, CURRENT_VERSION, (statement,))
