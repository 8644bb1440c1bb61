"""What is left to ask when the principal and the action are known.

A set of policies is compiled once; the first request of a principal for an action makes a
plan, in which only statements about both remain, and every later one uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Optional

from ormer.evaluate.always import is_out_of_reach
from ormer.evaluate.match_principal import Grant
from ormer.evaluate.organisation import has_identity, rcps_reach, scps_reach
from ormer.evaluate.rule import CompiledStatement, Rule
from ormer.model.authorization import Layer, Missing, PolicySet
from ormer.model.policy import Policy, Statement
from ormer.model.principal import Kind, Principal

Make = Callable[[Layer, Policy, Statement], CompiledStatement]


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
    """The statements of a policy set by layer, and the plans made of them.

    ``make`` says how a statement is read.
    """

    def __init__(self, policies: PolicySet, make: Make = CompiledStatement) -> None:
        self.policies = policies
        self.identity = _compile(make, Layer.IDENTITY, policies.identity)
        self.boundary = _compile(make, Layer.BOUNDARY, policies.boundary or ())
        self.session = _compile(make, Layer.SESSION, _optional(policies.session))
        self.resource = _compile(make, Layer.RESOURCE, _optional(policies.resource))
        self.endpoint = _compile(make, Layer.ENDPOINT, policies.endpoint or ())
        self.scps = [_compile(make, Layer.SCP, level.policies) for level in policies.scps]
        self.rcps = [_compile(make, Layer.RCP, level.policies) for level in policies.rcps]

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
        if is_out_of_reach(principal, action, account):
            return found + [each for each in self.resource if not each.is_deny]
        return found + self.resource

    def bounded(self, principal: Principal) -> bool:
        """Whether the principal has a permissions boundary, which the root user never has."""
        limited = has_identity(principal) and principal.kind is not Kind.ROOT
        return limited and self.policies.boundary is not None

    def plan(self, principal: Principal, action: str, account: str) -> Plan:
        """The plan for a principal, an action and the account of the resource."""
        reaching = self.reaching(principal, action, account)
        bounded = self.bounded(principal)
        about = _About({id(each): each.grant(principal, action, bounded) for each in reaching})
        is_root = principal.kind is Kind.ROOT
        identity = self.identity if has_identity(principal) else []
        in_session = self.policies.session is not None and not is_root and has_identity(principal)
        return Plan(
            action=action,
            denies=about.rules(reaching, deny=True),
            gates=tuple(self._gates(about, principal)),
            identity=None if is_root else about.gate(identity, Missing(Layer.IDENTITY)),
            boundary=about.gate(self.boundary, Missing(Layer.BOUNDARY)) if bounded else None,
            session=about.gate(self.session, Missing(Layer.SESSION)) if in_session else None,
            resource=tuple(sorted(about.rules(self.resource, deny=False), key=_by_grant)),
        )

    def _gates(self, about: _About, principal: Principal) -> Iterator[Gate]:
        if scps_reach(principal, self.policies.management_account):
            for level, statements in zip(self.policies.scps, self.scps, strict=True):
                yield about.gate(statements, Missing(Layer.SCP, level.name))
        if self.policies.endpoint is not None:
            yield about.gate(self.endpoint, Missing(Layer.ENDPOINT))


class _About:
    """Statements by how they take in one principal, for an action that they are about."""

    def __init__(self, grants: dict[int, Grant]) -> None:
        self._grants = grants

    def rules(self, among: Iterable[CompiledStatement], deny: bool) -> tuple[Rule, ...]:
        return tuple(
            each.rule(self._grants[id(each)])
            for each in among
            if each.is_deny is deny and self._grants[id(each)]
        )

    def gate(self, among: Iterable[CompiledStatement], missing: Missing) -> Gate:
        return Gate(self.rules(among, deny=False), missing)


def _by_grant(rule: Rule) -> int:
    return -rule.grant


def _optional(policy: Optional[Policy]) -> tuple[Policy, ...]:
    return () if policy is None else (policy,)


def _compile(make: Make, layer: Layer, policies: Iterable[Policy]) -> list[CompiledStatement]:
    return [
        make(layer, policy, statement) for policy in policies for statement in policy.statements
    ]
