"""What the prover found, decided once more by the evaluator: a counterexample, or not.

The two share nothing but the model. The request has to be allowed by the policies, and matched
by what is forbidden, for the evaluator too; otherwise it is no counterexample, and why is said.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

from ormer.evaluate.decide import decide
from ormer.evaluate.open.verdict import SymbolicDecision, SymbolicEvaluator
from ormer.model.access import Access, Endpoint, Holder
from ormer.model.authorization import AuthorizationRequest, Context, Outcome, PolicySet
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Principals, Statement
from ormer.model.principal import is_account
from ormer.proofs.proof import Counterexample
from ormer.prove.forbidden import Forbidden
from ormer.prove.found import Found

OTHER_ACCOUNT = "999988887777"
_PRINCIPAL = "aws:principalarn"
ITS_OWNER = Policy(
    "the policy of the other account's resource",
    CURRENT_VERSION,
    (
        Statement(
            "Everybody", Effect.ALLOW, ("*",), False, ("*",), False, Principals(True), False, ()
        ),
    ),
)


class Replayed(NamedTuple):
    """The counterexample, or why it is none."""

    counterexample: Optional[Counterexample] = None
    why: str = ""


Kept = dict[tuple[str, str, int], SymbolicEvaluator]
"""Compiled policies of one access, by the principal, the endpoint and the resource's policy."""


def replay(
    access: Access,
    holder: Holder,
    action: str,
    forbidden: Optional[Forbidden],
    found: Found,
    kept: Optional[Kept] = None,
) -> Replayed:
    """Decide what was found. ``forbidden`` None: being allowed is all that matters; ``kept`` are
    compiled policies of the access, and gets more."""
    request = request_of(holder, action, found)
    decided = decided_by(access, holder, request, found, {} if kept is None else kept)
    if decided.outcome is not Outcome.ALLOWED:
        why = "; ".join(decided.why) or _why_not(access, action, found, decided.outcome)
        return Replayed(why=f"{action} {found.resource}: {why}")
    if forbidden is not None and not is_forbidden(forbidden, request, found.really):
        return Replayed(why=f"{action} {found.resource}: the evaluator does not find it forbidden")
    endpoint = access.endpoint_of(action) if found.is_through_listed else None
    owner = ITS_OWNER if _is_unlisted(access, holder, found) else None
    through = endpoint.id if endpoint is not None else ""
    made = Counterexample(request, through, found.really, owner, decided.reasons)
    return Replayed(made)


def _why_not(access: Access, action: str, found: Found, outcome: Outcome) -> str:
    said = f"the evaluator says {outcome.value}"
    own_policy = action.lower().startswith(("kms:", "sts:"))
    if own_policy and all(one.resource != found.resource for one in access.resource_policies):
        return f"it depends on its policy, which the access file does not list ({said})"
    return said


def request_of(holder: Holder, action: str, found: Found) -> AuthorizationRequest:
    """The request that was found, as policies see it."""
    own = holder.principal.account
    return AuthorizationRequest(
        holder.principal, action, found.resource, _account(found, own), found.seen
    )


def _account(found: Found, own: str) -> str:
    if found.account or not found.is_foreign:
        return found.account or own
    parts = found.resource.split(":")  # AWS has ``aws`` there
    return parts[4] if len(parts) > 4 and is_account(parts[4]) else OTHER_ACCOUNT


def decided_by(
    access: Access, holder: Holder, request: AuthorizationRequest, found: Found, kept: Kept
) -> SymbolicDecision:
    """The evaluator's decision."""
    endpoint = access.endpoint_of(request.action) if found.is_through_listed else None
    owner = ITS_OWNER if _is_unlisted(access, holder, found) else None
    return _decided(access, request, endpoint, owner, kept)


def _decided(
    access: Access,
    request: AuthorizationRequest,
    endpoint: Optional[Endpoint],
    owner: Optional[Policy],
    kept: Kept,
) -> SymbolicDecision:
    """``owner`` is the policy of a resource that the access does not have."""
    name = request.principal.name
    if owner is not None:
        policies = access.policies_with(name, owner, endpoint)
    else:
        policies = access.policies(name, request.resource, endpoint)
    key = (name, "" if endpoint is None else endpoint.id, id(policies.resource))
    if key not in kept:  # the access keeps the resource's policy alive
        kept[key] = SymbolicEvaluator(policies)
    return kept[key].decide(request)


def by_another(
    access: Access, holder: Holder, forbidden: Forbidden, found: Counterexample, kept: Kept
) -> Optional[Counterexample]:
    """The same request made by another principal, if it is a counterexample, too."""
    request = found.request._replace(
        principal=holder.principal, context=_renamed(holder, found.request.context)
    )
    real = _renamed(holder, found.real)
    endpoint = access.endpoint_of(request.action) if found.through else None
    decided = _decided(access, request, endpoint, found.foreign_policy, kept)
    if decided.outcome is not Outcome.ALLOWED or not is_forbidden(forbidden, request, real):
        return None
    return found._replace(request=request, real=real, allowed_by=decided.reasons)


def _renamed(holder: Holder, context: Context) -> Context:
    if _PRINCIPAL not in context:
        return context
    return {**context, _PRINCIPAL: holder.principal.name}


def _is_unlisted(access: Access, holder: Holder, found: Found) -> bool:
    """Whether it is another account's resource whose policy nobody shows."""
    policies = access.policies(holder.principal.name, found.resource, None)
    return found.is_foreign and policies.resource is None


def is_forbidden(forbidden: Forbidden, request: AuthorizationRequest, really: Context) -> bool:
    """Whether the evaluator, too, finds a statement that matches and no exception that does.

    ``really`` is what the request holds, by the names of today."""
    real = request._replace(context=really)
    return _denies(forbidden.statements, real) and not _denies(forbidden.exceptions, real)


def matching(forbidden: Forbidden, found: Counterexample) -> Optional[Statement]:
    """The first forbidden statement that the evaluator finds to match a counterexample."""
    real = found.request._replace(context=found.real)
    return next((each for each in forbidden.statements if _denies((each,), real)), None)


def _denies(statements: tuple[Statement, ...], request: AuthorizationRequest) -> bool:
    policy = Policy("forbidden", CURRENT_VERSION, statements)
    outcome = decide(PolicySet(identity=(policy,)), request).outcome
    return outcome is Outcome.EXPLICITLY_DENIED
