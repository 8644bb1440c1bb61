"""What a proof says: of one control and one principal, and of each action behind it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple, Optional

from ormer.model.authorization import AuthorizationRequest, Reason
from ormer.model.policy import Policy


class Verdict(str, Enum):
    """Worst first.

    ``DETECTED``: nothing is allowed that a condition key shows to be forbidden, but something
    that may be: the check of the pipeline's definition is what finds it.
    """

    VIOLATED = "violated"
    UNKNOWN = "unknown"
    DETECTED = "detected"
    PROVED = "proved"


ORDER = {verdict: rank for rank, verdict in enumerate(Verdict)}


class Carrier(NamedTuple):
    """What carries a proof: a Deny, or, where ``statement`` is empty, what a layer does not
    allow. ``needed``: without it, nothing else of the policies keeps the proof."""

    layer: str
    policy: str
    statement: str
    needed: bool


class Counterexample(NamedTuple):
    """A request that is allowed and forbidden, decided by the evaluator.

    ``through`` is the id of the endpoint that it comes through, or empty. ``real`` is what the
    request holds by the names of today. ``foreign_policy``: the resource is another account's,
    whose policy allows it, as its owner may have written it. ``allowed_by`` are the statements
    that the evaluator names.
    """

    request: AuthorizationRequest
    through: str
    real: Mapping[str, str | tuple[str, ...]]
    foreign_policy: Optional[Policy]
    allowed_by: tuple[Reason, ...]


class ActionProof(NamedTuple):
    """One action. ``worlds`` are those for which the verdict was found, by name, of all that were
    ``asked``; ``vacuous``: nothing of the action is allowed at all, in any of them. ``unbound``
    are the names, left open by templates, that it is unknown for."""

    action: str
    verdict: Verdict
    worlds: tuple[str, ...]
    vacuous: bool = False
    counterexample: Optional[Counterexample] = None
    carriers: tuple[Carrier, ...] = ()
    why: str = ""
    asked: tuple[str, ...] = ()
    unbound: tuple[str, ...] = ()


class Proof(NamedTuple):
    """One control and one principal. ``why`` says why nothing was asked ("not configured: ..."),
    or is empty. ``like`` is the principal whose proof it was first, if no policy tells the two
    apart; or empty."""

    control: str
    title: str
    severity: str
    principal: str
    actions: tuple[ActionProof, ...]
    why: str = ""
    like: str = ""

    @property
    def verdict(self) -> Verdict:
        """The worst of its actions."""
        found = [each.verdict for each in self.actions]
        if not found:
            return Verdict.DETECTED
        return min(found, key=ORDER.__getitem__)

    @property
    def vacuous(self) -> bool:
        """Whether it holds only because nothing of its kind is allowed at all."""
        return bool(self.actions) and all(each.vacuous for each in self.actions)

    @property
    def worst(self) -> Optional[ActionProof]:
        """The action that decides the verdict."""
        return min(self.actions, key=lambda one: ORDER[one.verdict], default=None)
