"""How the calls of one job, or of the pipeline's role, are made: what they all have in common."""

from __future__ import annotations

from typing import NamedTuple

from ormer.model.call import Call, Kind, Setting, Way
from ormer.model.definition import Place
from ormer.model.environment import Environment

_UNKNOWN_NETWORK = ((Way.VPC, "the job is in the VPC"), (Way.OUTSIDE, "the job is not in the VPC"))
SECURE = {"aws:securetransport": "true"}


class Maker(NamedTuple):
    """Makes calls of one kind by one of ``roles``, for a step.

    ``unknown`` is why nothing about them can be decided, such as a role that is not known.
    """

    environment: Environment
    kind: Kind
    roles: tuple[str, ...]
    subject: str
    place: Place
    unknown: str = ""

    def call(
        self,
        action: str,
        resource: str,
        why: str,
        settings: tuple[Setting, ...] = (Setting(SECURE),),
        account: str = "",
        doubt: str = "",
    ) -> Call:
        """A call on a resource; without settings over TLS from outside the VPC."""
        return Call(
            self.kind, action, resource, self.roles, settings, self.subject, self.place, why,
            account, self.unknown, doubt,
        )  # fmt: skip

    def undecided(self, action: str, why: str, reason: str) -> Call:
        """A call whose resource is not known."""
        return self.call(action, "*", why)._replace(unknown=self.unknown or reason)

    def arn(self, service: str, resource: str, account: str = "") -> str:
        """An ARN of the profile's region, and of its account unless another is given."""
        where = self.environment
        owner = account or where.account
        return f"arn:{where.partition}:{service}:{where.region}:{owner}:{resource}"


def by_network(in_vpc: bool | None, context: dict[str, str]) -> tuple[Setting, ...]:
    """The settings of a job's own traffic: through its VPC, or not, or both where not known."""
    full = {**SECURE, **context}
    if in_vpc is not None:
        return (Setting(full, Way.VPC if in_vpc else Way.OUTSIDE),)
    return tuple(Setting(full, way, frozenset(), name) for way, name in _UNKNOWN_NETWORK)


def by_platform(in_vpc: bool | None, what: str) -> tuple[Setting, ...]:
    """The settings of what may take the job's network or SageMaker's own: AWS does not say."""
    if in_vpc is False:
        return (Setting(SECURE),)
    return (
        Setting(SECURE, Way.VPC, frozenset(), f"{what} goes through the VPC"),
        Setting(SECURE, Way.OUTSIDE, frozenset(), f"{what} goes through SageMaker's own network"),
    )
