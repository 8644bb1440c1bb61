"""Two readings of a request and policies of which parts are not known: the widest, the narrowest.

In the widest an Allow counts where it may match and a Deny where it surely does; in the
narrowest it is the other way round. More Allows never deny more and more Denies never allow
more, so what both decide alike is so for everything that the unknown parts may turn out to be.
"""

from __future__ import annotations

from typing import Optional

from ormer.evaluate.decide import Evaluator
from ormer.evaluate.match_principal import Grant, match_principal
from ormer.evaluate.open.conditions import condition_holds
from ormer.evaluate.open.elements import (
    about_action,
    about_resource,
    has_open_names,
    open_resource,
    principal_readings,
)
from ormer.evaluate.open.own_policy import may_need_own_policy
from ormer.evaluate.plan import Plan
from ormer.evaluate.predicate import Test
from ormer.evaluate.public_access import is_public
from ormer.evaluate.rule import CompiledStatement
from ormer.model.authorization import AuthorizationRequest, Layer, PolicySet
from ormer.model.policy import Policy, Statement
from ormer.model.principal import Principal
from ormer.model.symbol import has_symbol


class OpenStatement(CompiledStatement):
    """A statement in one of the two readings."""

    __slots__ = ("counts_in_doubt",)

    def __init__(self, layer: Layer, policy: Policy, statement: Statement, widest: bool) -> None:
        super().__init__(layer, policy, statement)
        self.counts_in_doubt = widest is not self.is_deny

    def tests(self) -> tuple[Test, ...]:
        """One test: whether it counts for the request."""
        return (self._counts,)

    def _counts(self, request: AuthorizationRequest) -> bool:
        holds = self.holds(request)
        return self.counts_in_doubt if holds is None else holds

    def holds(self, request: AuthorizationRequest) -> Optional[bool]:
        """Whether resource and conditions match: True, False, or None if it cannot be said."""
        version, statement = self.policy.version, self.statement
        result = about_resource(statement, version, request)
        for condition in statement.conditions:
            if result is False:
                return False
            holds = condition_holds(condition, version, statement.effect, request)
            result = holds if holds is not True else result
        return result

    def may_apply(self, request: AuthorizationRequest, bounded: bool) -> bool:
        """Whether it may match the request, principal and action included."""
        doubtful = OpenStatement(self.layer, self.policy, self.statement, not self.is_deny)
        named = doubtful.grant(request.principal, request.action.lower(), bounded)
        return bool(named) and self.holds(request) is not False

    def grant(self, principal: Principal, action: str, bounded: bool) -> Grant:
        """The closest or the least close way in which it may name the principal."""
        about = about_action(self.statement, action)
        if about is False or (about is None and not self.counts_in_doubt):
            return Grant.NONE
        grants = [
            self._granted(each, principal, action, bounded)
            for each in principal_readings(self.statement, principal)
        ]
        return max(grants) if self.counts_in_doubt else min(grants)

    def _granted(
        self, statement: Statement, principal: Principal, action: str, bounded: bool
    ) -> Grant:
        return self.in_layer(match_principal(statement, principal, bounded), action)


class OpenEvaluator(Evaluator):
    """The evaluator of one reading."""

    def __init__(self, policies: PolicySet, widest: bool) -> None:
        def make(layer: Layer, policy: Policy, statement: Statement) -> CompiledStatement:
            return OpenStatement(layer, policy, statement, widest)

        super().__init__(policies, make)
        self._widest = widest
        self._restricted = policies.restrict_public_buckets and _is_public(
            policies.resource, widest
        )

    def statements(self, request: AuthorizationRequest) -> list[OpenStatement]:
        """The statements of every layer that reaches the request."""
        reaching = self.compiled.reaching(
            request.principal, request.action.lower(), request.account
        )
        return [each for each in reaching if isinstance(each, OpenStatement)]

    def _needs_own_policy(self, plan: Plan, request: AuthorizationRequest) -> bool:
        needed = may_need_own_policy(plan.action, open_resource(request))
        return not self._widest if needed is None else needed


def _is_public(policy: Optional[Policy], widest: bool) -> bool:
    """Of statements with symbols: none is public in the widest reading, else each may be."""
    if policy is None:
        return False
    known = tuple(each for each in policy.statements if not _has_symbols(each))
    if len(known) < len(policy.statements) and not widest:
        return True
    return is_public(policy._replace(statements=known))


def _has_symbols(statement: Statement) -> bool:
    texts = [text for each in statement.conditions for text in (each.key, *each.values)]
    return has_open_names(statement.principals) or any(map(has_symbol, texts))
