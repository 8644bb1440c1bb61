"""What plainly nobody allows: the cheap answer, before any formula is made."""

from __future__ import annotations

from collections.abc import Iterable

from ormer.model.access import Access, Holder
from ormer.model.policy import Effect, Policy, Statement
from ormer.model.principal import Kind
from ormer.prove.principals import named
from ormer.prove.reaching import TRUST_ACTIONS, may_be_of, needs_nothing
from ormer.prove.statements import is_about

_ALL_BUT_OWN = (Kind.ROOT, Kind.SERVICE, Kind.ANONYMOUS, Kind.FEDERATED)
_Listed = tuple[tuple[str, ...], bool]
"""The actions that a statement lists, and whether it is about all others."""


class Idle:
    """One principal: what its Allows list is found once, for all actions, and each answer kept."""

    def __init__(self, access: Access, holder: Holder) -> None:
        self._principal = holder.principal
        self._is_known = holder.principal.kind not in _ALL_BUT_OWN
        layers = (
            [holder.identity] if holder.boundary is None else [holder.identity, holder.boundary]
        )
        self._own = [_allowed(policies, holder) for policies in layers]
        self._resources = [
            (one.resource, listed)
            for one in access.resource_policies
            if (listed := _allowed((one.policy,), holder))
        ]
        self._found: dict[str, bool] = {}

    def is_idle(self, action: str) -> bool:
        """Whether no statement could allow the principal anything of the action."""
        name = action.lower()
        if name not in self._found:
            self._found[name] = self._is_idle(name)
        return self._found[name]

    def _is_idle(self, name: str) -> bool:
        if name.startswith("kms:") or name in TRUST_ACTIONS:
            return False  # the policy of a key or a role that nobody shows may allow it
        if needs_nothing(name, self._principal):
            return False
        if not self._is_known or all(_may_list(listed, name) for listed in self._own):
            return False
        return not any(
            may_be_of(name, resource) and _may_list(listed, name)
            for resource, listed in self._resources
        )


def _allowed(policies: Iterable[Policy], holder: Holder) -> tuple[Statement, ...]:
    """The Allows that may name the principal: one for each list of actions."""
    found: dict[_Listed, Statement] = {}
    bounded = holder.boundary is not None
    for policy in policies:
        for one in policy.statements:
            if one.effect is Effect.ALLOW and named(one, holder.principal, bounded, may=True):
                found.setdefault((one.actions, one.not_action), one)
    return tuple(found.values())


def _may_list(statements: Iterable[Statement], action: str) -> bool:
    return any(is_about(each, action, may=True) for each in statements)


def is_idle(access: Access, holder: Holder, action: str) -> bool:
    """As ``Idle``, of one action."""
    return Idle(access, holder).is_idle(action)
