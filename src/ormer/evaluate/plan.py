"""What is left to ask when the principal and the action are known.

A set of policies is compiled once; the first request of a principal for an action makes a
plan, in which only statements about both remain, and every later one uses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Optional

from ormer.evaluate.match_principal import Grant
from ormer.evaluate.organisation import has_identity, rcps_reach, scps_reach
from ormer.evaluate.rule import CompiledStatement, Rule
from ormer.model.authorization import Layer, Missing, PolicySet
from ormer.model.policy import Policy
from ormer.model.principal import Kind, Principal


class Gate(NamedTuple):
    """Policies of which one has to allow the request."""

    allows: tuple[Rule, ...]
    missing: Missing


class Plan(NamedTuple):
    """Statements about one principal and one action, in lower case: action names have none.

    ``gates`` are the layers that limit everyone they reach. ``identity`` is None for the root
    user, which needs no policy; ``boundary`` and ``session`` are None where there is none.
    ``resource`` is in order of how closely it names the principal.
    """

    action: str
    denies: tuple[Rule, ...]
    gates: tuple[Gate, ...]
    identity: Optional[Gate]
    boundary: Optional[Gate]
    session: Optional[Gate]
    resource: tuple[Rule, ...]


class Compiled:
    """The statements of a policy set by layer, and the plans made of them."""

    def __init__(self, policies: PolicySet) -> None:
        self.policies = policies
        self.identity = _compile(Layer.IDENTITY, policies.identity)
        self.boundary = _compile(Layer.BOUNDARY, policies.boundary or ())
        self.session = _compile(Layer.SESSION, _optional(policies.session))
        self.resource = _compile(Layer.RESOURCE, _optional(policies.resource))
        self.endpoint = _compile(Layer.ENDPOINT, policies.endpoint or ())
        self.scps = [_compile(Layer.SCP, level.policies) for level in policies.scps]
        self.rcps = [_compile(Layer.RCP, level.policies) for level in policies.rcps]

    def reaching(self, principal: Principal, action: str, account: str) -> list[CompiledStatement]:
        """Every statement of a layer that reaches the request, in the order of layers."""
        management = self.policies.management_account
        found: list[CompiledStatement] = []
        if scps_reach(principal, management):
            found += [each for level in self.scps for each in level]
        if rcps_reach(principal, action, account, management):
            found += [each for level in self.rcps for each in level]
        found += self.endpoint
        if has_identity(principal):
            found += [*self.identity, *self.boundary, *self.session]
        return found + self.resource

    def bounded(self, principal: Principal) -> bool:
        """Whether the principal has a permissions boundary, which the root user never has."""
        limited = has_identity(principal) and principal.kind is not Kind.ROOT
        return limited and self.policies.boundary is not None

    def plan(self, principal: Principal, action: str, account: str) -> Plan:
        """The plan for a principal, an action and the account of the resource."""
        reaching = self.reaching(principal, action, account)
        bounded = self.bounded(principal)
        grants = {id(each): each.grant(principal, action, bounded) for each in reaching}

        def rules(among: Iterable[CompiledStatement], deny: bool) -> tuple[Rule, ...]:
            return tuple(
                each.rule(grants[id(each)])
                for each in among
                if each.is_deny is deny and grants[id(each)]
            )

        def gate(among: Iterable[CompiledStatement], missing: Missing) -> Gate:
            return Gate(rules(among, False), missing)

        sets = self.policies
        gates = []
        if scps_reach(principal, sets.management_account):
            for level, statements in zip(sets.scps, self.scps, strict=True):
                gates.append(gate(statements, Missing(Layer.SCP, level.name)))
        if sets.endpoint is not None:
            gates.append(gate(self.endpoint, Missing(Layer.ENDPOINT)))
        limited = has_identity(principal) and principal.kind is not Kind.ROOT
        return Plan(
            action=action,
            denies=rules(reaching, True),
            gates=tuple(gates),
            identity=(
                None
                if principal.kind is Kind.ROOT
                else gate(self.identity if limited else (), Missing(Layer.IDENTITY))
            ),
            boundary=(gate(self.boundary, Missing(Layer.BOUNDARY)) if bounded else None),
            session=(
                gate(self.session, Missing(Layer.SESSION))
                if limited and sets.session is not None
                else None
            ),
            resource=tuple(sorted(rules(self.resource, False), key=_by_grant)),
        )


def _by_grant(rule: Rule) -> int:
    return -int(rule.grant or Grant.NONE)


def _optional(policy: Optional[Policy]) -> tuple[Policy, ...]:
    return () if policy is None else (policy,)


def _compile(layer: Layer, policies: Iterable[Policy]) -> list[CompiledStatement]:
    return [
        CompiledStatement(layer, policy, statement)
        for policy in policies
        for statement in policy.statements
    ]
