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

from typing import NamedTuple, Optional

from ormer.evaluate.decide import Evaluator
from ormer.model.access import Access, Endpoint
from ormer.model.authorization import (
    AuthorizationRequest,
    Decision,
    Missing,
    Outcome,
    PolicySet,
    Reason,
)
from ormer.model.symbol import START, has_symbol


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
    """The decision by an access file, for traffic through ``endpoint`` (None: through none).

    ``access.policies`` chooses by the resource's text; this one decides for each policy that
    the resource may turn out to have. Raises KeyError for a principal that ``access`` lacks.
    """
    return decide_symbolic(
        access.policies(request.principal.name, request.resource, endpoint), request
    )


class SymbolicEvaluator:
    """A set of policies, compiled once and used for any number of requests."""

    def __init__(self, policies: PolicySet) -> None:
        self._evaluator = Evaluator(policies)
        self._open = repr(START)[1:-1] in repr(policies)

    def decide(self, request: AuthorizationRequest) -> SymbolicDecision:
        """What holds for every request that this one may turn out to be."""
        if self._open or request.uncertain or _has_unknown_parts(request):
            return SymbolicDecision(Outcome.UNKNOWN, why=("it has parts that are not known",))
        return SymbolicDecision(*self._evaluator.decide(request))


def _has_unknown_parts(request: AuthorizationRequest) -> bool:
    if request.resource != "*" and ("*" in request.resource or "?" in request.resource):
        return True
    texts = [request.resource, request.account]
    for value in request.context.values():
        texts += (value,) if isinstance(value, str) else value
    return any(map(has_symbol, texts))
