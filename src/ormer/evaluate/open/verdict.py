"""A request or policies of which parts are not known -> what holds whatever they turn out to be.

    decision = decide_symbolic(policies, request)
    if decision.outcome is Outcome.UNKNOWN: ... decision.why ...

What may be unknown, and how it is written:

- a text of a policy or a value of the request's context with symbols (``model/symbol.py``):
  each symbol is one text, whichever it is, and the same one wherever its name stands;
- the request's resource with symbols, or with ``*`` and ``?``: every resource of that form
  (``arn:aws:s3:::data/abalone/*``: each object below). ``*`` alone is no pattern: it is what
  a request names whose action has no resource, as ``ecr:GetAuthorizationToken``;
- ``uncertain`` keys of the request: there or not, with the value in ``context`` or any;
- the resource's account, as a text with a symbol.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Optional

from ormer.evaluate.open.doubt import doubts
from ormer.evaluate.open.possible_policies import possible_policies
from ormer.evaluate.open.reading import OpenEvaluator
from ormer.model.access import Access, Endpoint
from ormer.model.authorization import (
    AuthorizationRequest,
    Decision,
    Missing,
    Outcome,
    PolicySet,
    Reason,
)
from ormer.model.symbol import has_symbol, readable

_ANOTHER_ACCOUNT = "any other account"


class SymbolicDecision(NamedTuple):
    """What holds for everything that the request and the policies may turn out to be.

    ``Allowed``: each of them is allowed. ``ExplicitlyDenied``: a Deny matches each of them.
    ``ImplicitlyDenied``: none is allowed, whether or not a Deny may match, too. ``Unknown``:
    neither can be said; ``why`` then has a line for each statement that it depends on, with
    the element and the symbols (``identity role.yaml#Jobs statement Read: Resource
    arn:aws:s3:::${DataBucket}/* depends on DataBucket``), and is empty otherwise.
    ``reasons`` and ``missing`` are those of ``Decision``; empty for ``Unknown``.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    missing: tuple[tuple[Missing, ...], ...] = ()
    why: tuple[str, ...] = ()

    @property
    def decision(self) -> Decision:
        """It as a decision, for ``evaluate.explain.changes``."""
        return Decision(self.outcome, self.reasons, self.missing)


def decide_symbolic(policies: PolicySet, request: AuthorizationRequest) -> SymbolicDecision:
    """The decision of one request; for several with the same policies: ``SymbolicEvaluator``."""
    return SymbolicEvaluator(policies).decide(request)


def decide_access(
    access: Access, request: AuthorizationRequest, endpoint: Optional[Endpoint] = None
) -> SymbolicDecision:
    """The decision of one request by an access file; for several: ``AccessEvaluator``."""
    return AccessEvaluator(access).decide(request, endpoint)


class AccessEvaluator:
    """An access file, its policies compiled when they are first met."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._kept: dict[tuple[str, int, str], SymbolicEvaluator] = {}

    def decide(
        self, request: AuthorizationRequest, endpoint: Optional[Endpoint] = None
    ) -> SymbolicDecision:
        """The decision for traffic through ``endpoint`` (None: through none).

        Where it is not known which resource it is, it is decided by the policy of each that it
        may be, and by none. Raises KeyError for a principal that the access does not have.
        """
        found = possible_policies(self.access, request, endpoint)
        way = "" if endpoint is None else endpoint.id
        decided = [self._of(each, request, way).decide(request) for each in found]
        return combined(decided, request)

    def _of(
        self, policies: PolicySet, request: AuthorizationRequest, way: str
    ) -> SymbolicEvaluator:
        key = (request.principal.name, id(policies.resource), way)  # the access keeps them alive
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = SymbolicEvaluator(policies)
        return kept


class SymbolicEvaluator:
    """A set of policies, compiled once and used for any number of requests."""

    def __init__(self, policies: PolicySet) -> None:
        self._widest = OpenEvaluator(policies, widest=True)
        self._narrowest = OpenEvaluator(policies, widest=False)
        self._management = policies.management_account

    def decide(self, request: AuthorizationRequest) -> SymbolicDecision:
        """What holds for every request that this one may turn out to be."""
        if not has_symbol(request.account):
            return self._decide(request)
        accounts = {request.principal.account, self._management, _ANOTHER_ACCOUNT}
        decided = [self._decide(request._replace(account=account)) for account in sorted(accounts)]
        return combined(decided, request)

    def _decide(self, request: AuthorizationRequest) -> SymbolicDecision:
        best = self._widest.decide(request)
        if best.outcome is not Outcome.ALLOWED:
            return SymbolicDecision(*best)
        worst = self._narrowest.decide(request)
        if worst.outcome is Outcome.ALLOWED:
            return SymbolicDecision(*worst)
        why = tuple(dict.fromkeys(doubts(self._narrowest, worst, request)))
        return SymbolicDecision(Outcome.UNKNOWN, why=why or (_about_resource(request),))


def combined(
    decided: Sequence[SymbolicDecision], request: AuthorizationRequest
) -> SymbolicDecision:
    """What holds if any one of the decisions is the right one; there is at least one."""
    outcomes = {each.outcome for each in decided}
    if len(outcomes) == 1 and Outcome.UNKNOWN not in outcomes:
        return decided[0]
    if not outcomes & {Outcome.ALLOWED, Outcome.UNKNOWN}:
        return next(each for each in decided if each.outcome is Outcome.IMPLICITLY_DENIED)
    why = tuple(dict.fromkeys(line for each in decided for line in each.why))
    if len(outcomes) > 1 or not why:
        why = (_about_resource(request), *why)
    return SymbolicDecision(Outcome.UNKNOWN, why=why)


def _about_resource(request: AuthorizationRequest) -> str:
    if has_symbol(request.account):
        return f"it depends on the account of {readable(request.resource)}"
    return f"it depends on which resource {readable(request.resource)} is"
