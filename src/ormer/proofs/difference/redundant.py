"""Each Deny of an access file: would anything more be allowed without it?

for judged in Denies(access).judged(): ...
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import NamedTuple, Optional

from ormer.model.access import Access, Holder
from ormer.model.authorization import Level
from ormer.model.environment import Environment
from ormer.model.policy import Effect, Policy
from ormer.proofs.difference.compare import SECONDS, Answer, Change, Comparison, Progress
from ormer.proofs.difference.prevented import NO_ALLOW
from ormer.proofs.difference.sides import Side, places


class Need(str, Enum):
    """Whether a Deny is needed. ``IDLE``: no Allow lets through what it denies, whatever other
    Denies say."""

    NEEDED = "needed"
    REDUNDANT = "redundant"
    IDLE = "idle"
    UNKNOWN = "unknown"


class Deny(NamedTuple):
    """A Deny by its layer, its policy and its name there."""

    layer: str
    policy: str
    statement: str


class Judged(NamedTuple):
    """``change`` shows what would be allowed, for one that is needed; ``because`` what keeps the
    same, for one that is not; ``why`` says what is not known."""

    deny: Deny
    need: Need
    change: Optional[Change] = None
    because: tuple[str, ...] = ()
    why: str = ""

    @property
    def is_needed(self) -> bool:
        """Whether a request shows that it is."""
        return self.need is Need.NEEDED


class Denies:
    """``principals`` are those whose requests count, all and others of resources by default.
    ``seconds`` is the time for all of them."""

    def __init__(
        self,
        access: Access,
        environment: Optional[Environment] = None,
        seconds: float = SECONDS,
        principals: Optional[Iterable[str]] = None,
    ) -> None:
        self.access = access
        self.environment = environment
        self.seconds = seconds
        self.principals = None if principals is None else tuple(principals)

    def all_(self) -> tuple[Deny, ...]:
        """Every Deny, each once, of the policies that meet the principals."""
        found: dict[Deny, None] = {}
        for arn, holder in self.access.holders.items():
            if self.principals is None or arn in self.principals:
                for place, policies in places(Side(self.access, holder)):
                    for policy in policies:
                        for statement in policy.statements:
                            if statement.effect is Effect.DENY:
                                found[Deny(place.layer, policy.name, statement.name)] = None
        return tuple(found)

    def judged(self, progress: Optional[Progress] = None) -> Iterator[Judged]:
        """Each of them, alone: that two are redundant does not say that both can go."""
        deadline = time.monotonic() + self.seconds
        denies = self.all_()
        for number, deny in enumerate(denies):
            if progress is not None:
                progress(f"{deny.policy} {deny.statement}", number, len(denies))
            yield self._judge(deny, deadline - time.monotonic())

    def _judge(self, deny: Deny, seconds: float) -> Judged:
        less = without(self.access, deny)
        comparison = Comparison(
            self.access, less, self.environment, seconds, self.principals, explains=True
        )
        why = ""
        for change in comparison.changes():
            if change.answer is Answer.NEW:
                return Judged(deny, Need.NEEDED, change)
            why = why or change.why
        if why:
            return Judged(deny, Need.UNKNOWN, why=why)
        denies = tuple(each for each in comparison.kept_by if not each.startswith(NO_ALLOW))
        denies += tuple(each for each in self._twins(deny) if each not in denies)
        if denies:
            return Judged(deny, Need.REDUNDANT, because=denies)
        return Judged(deny, Need.IDLE, because=tuple(comparison.kept_by))

    def _twins(self, deny: Deny) -> Iterator[str]:
        """Denies beside it that say the same, of which a comparison has no question."""
        found: dict[str, None] = {}
        for holder in self.access.holders.values():
            for place, policies in places(Side(self.access, holder)):
                named = {
                    (policy.name, one.name): (policy.version, one._replace(name=""))
                    for policy in policies
                    for one in policy.statements
                }
                said = (
                    named.get((deny.policy, deny.statement)) if place.layer == deny.layer else None
                )
                for (policy_name, name), other in named.items():
                    if other == said and (policy_name, name) != (deny.policy, deny.statement):
                        found[f"{place.layer} {policy_name} statement {name}"] = None
        yield from found


def without(access: Access, deny: Deny) -> Access:
    """The access without the statement, wherever its policy is attached in that layer."""

    def less(layer: str) -> Callable[[Policy], Policy]:
        def made(policy: Policy) -> Policy:
            if layer != deny.layer or policy.name != deny.policy:
                return policy
            kept = tuple(each for each in policy.statements if each.name != deny.statement)
            return policy._replace(statements=kept)

        return made

    def several(layer: str, policies: tuple[Policy, ...]) -> tuple[Policy, ...]:
        return tuple(map(less(layer), policies))

    def levels(layer: str, all_: tuple[Level, ...]) -> tuple[Level, ...]:
        return tuple(each._replace(policies=several(layer, each.policies)) for each in all_)

    def holder(one: Holder) -> Holder:
        return one._replace(
            identity=several("identity", one.identity),
            boundary=None if one.boundary is None else several("boundary", one.boundary),
            session=None if one.session is None else less("session")(one.session),
        )

    return access._replace(
        holders={arn: holder(one) for arn, one in access.holders.items()},
        resource_policies=tuple(
            each._replace(policy=less("resource")(each.policy)) for each in access.resource_policies
        ),
        endpoints=tuple(
            each._replace(policy=less("endpoint")(each.policy)) for each in access.endpoints
        ),
        scps=levels("scp", access.scps),
        rcps=levels("rcp", access.rcps),
    )
