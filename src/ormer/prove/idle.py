"""What plainly nobody allows: the cheap answer, before any formula is made."""

from __future__ import annotations

from collections.abc import Iterable

from ormer.model.access import Access, Holder
from ormer.model.policy import Effect, Policy
from ormer.model.principal import Kind
from ormer.prove.layers import TRUST_ACTIONS, may_be_of
from ormer.prove.principals import named
from ormer.prove.statements import is_about


def is_idle(access: Access, holder: Holder, action: str) -> bool:
    """Whether no statement could allow the principal anything of the action."""
    kind = holder.principal.kind
    if kind in (Kind.ROOT, Kind.SERVICE, Kind.ANONYMOUS, Kind.FEDERATED):
        return False
    name = action.lower()
    if name.startswith("kms:") or name in TRUST_ACTIONS:
        return False  # the policy of a key or a role that nobody shows may allow it
    if holder.boundary is not None and not _may_allow(holder.boundary, holder, name):
        return not _of_resources(access, holder, name)
    return not _may_allow(holder.identity, holder, name) and not _of_resources(access, holder, name)


def _of_resources(access: Access, holder: Holder, action: str) -> bool:
    listed = (one.policy for one in access.resource_policies if may_be_of(action, one.resource))
    return _may_allow(listed, holder, action)


def _may_allow(policies: Iterable[Policy], holder: Holder, action: str) -> bool:
    return any(
        statement.effect is Effect.ALLOW
        and is_about(statement, action, may=True)
        and named(statement, holder.principal, holder.boundary is not None, may=True)
        for policy in policies
        for statement in policy.statements
    )
