"""Two sets of policies and one principal -> the requests that both see.

What the request is like must be told alike for both: where the sets name different endpoints of
a service, they are taken for one, and where the first lets sessions be tagged, tags may be
anything. Where the second alone does, a session without tags of its own met the first.
"""

from __future__ import annotations

from ormer.model.access import Access, Holder, ResourcePolicy
from ormer.model.environment import Environment
from ormer.model.world import World
from ormer.proofs.asked.spaces import Spaces, may_tag_sessions
from ormer.proofs.difference.outsiders import Outsider, outsiders_space
from ormer.proofs.difference.sides import Side
from ormer.prove.request_space import RequestSpace

_REGIONS = {"aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_DEFAULT_REGION = "us-east-1"


def assumed_environment(access: Access) -> Environment:
    """The account of the first principal, for want of a profile: it only gives likely values."""
    for arn in access.holders:
        parts = arn.split(":")
        return Environment(parts[4], _REGIONS.get(parts[1], _DEFAULT_REGION), {})
    return Environment("111122223333", _DEFAULT_REGION, {})


class Joint:
    """The requests that ``before`` and ``after`` see, of any principal and action."""

    def __init__(self, before: Access, after: Access, environment: Environment) -> None:
        self.environment = environment
        organization = after.organization or before.organization
        joined = Access(
            {},
            (*_without_trust(after, before), *_without_trust(before, after)),
            (*after.endpoints, *(e for e in before.endpoints if _is_new(e.service, after))),
            organization=organization,
        )
        own = before.organization or after.organization
        self.after = Spaces(joined, environment, {}, listed_are_own=True)
        joined = joined._replace(organization=own)
        self.before = Spaces(joined, environment, {}, listed_are_own=True)
        others = (o for o in joined.resource_policies if not _is_trust(o))
        trust = filter(_is_trust, before.resource_policies)
        joined = joined._replace(resource_policies=(*others, *trust))
        self.untagged = Spaces(joined, environment, {}, listed_are_own=True)

    def spaces(
        self,
        action: str,
        before: Side,
        after: Side,
        world: World,
        named: tuple[str, ...],
        outsider: Outsider | None = None,
    ) -> tuple[RequestSpace, RequestSpace]:
        """The request as each of the two sees it: all but its fixed keys is the same."""
        new = self._space(self.after, action, after, before, world, named, outsider)
        is_tagged = _may_be_tagged(after) and not _may_be_tagged(before)
        spaces = self.untagged if is_tagged else self.before
        old = self._space(spaces, action, before, after, world, named, outsider)
        return old, new

    def _space(
        self,
        spaces: Spaces,
        action: str,
        side: Side,
        other: Side,
        world: World,
        named: tuple[str, ...],
        outsider: Outsider | None,
    ) -> RequestSpace:
        holder = _holder(side, other)
        made = spaces.space(action, holder, world, named)
        return made if outsider is None else outsiders_space(made, outsider)


def _holder(side: Side, other: Side) -> Holder:
    found = side.holder or other.holder
    assert found is not None
    return found


def _may_be_tagged(side: Side) -> bool:
    return side.holder is None or may_tag_sessions(side.access, side.holder)


def _is_trust(one: ResourcePolicy) -> bool:
    return ":role/" in one.resource


def _is_new(service: str, access: Access) -> bool:
    return all(one.service != service for one in access.endpoints)


def _without_trust(access: Access, other: Access) -> list[ResourcePolicy]:
    """The policies of its resources, but for a role's of which the other has none: there
    anybody might tag sessions."""
    known = {one.resource for one in other.resource_policies}
    return [one for one in access.resource_policies if not _is_trust(one) or one.resource in known]
