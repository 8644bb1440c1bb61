"""A statement, compiled: the tests that remain when the action and the principal are known."""

from __future__ import annotations

from typing import NamedTuple

from ormer.evaluate.conditions import condition_test
from ormer.evaluate.match_action import matches_action
from ormer.evaluate.match_principal import Grant, match_principal
from ormer.evaluate.match_resource import resource_test
from ormer.evaluate.predicate import Test
from ormer.model.authorization import AuthorizationRequest, Layer, Reason
from ormer.model.policy import Effect, Policy, Statement
from ormer.model.principal import Principal


class Rule(NamedTuple):
    """What a plan holds of a statement; it applies if every test holds."""

    tests: tuple[Test, ...]
    reason: Reason
    grant: Grant


class CompiledStatement:
    """A statement in its layer; its tests are made when they are first needed, and kept."""

    __slots__ = ("_tests", "layer", "policy", "statement")

    def __init__(self, layer: Layer, policy: Policy, statement: Statement) -> None:
        self.layer = layer
        self.policy = policy
        self.statement = statement
        self._tests: tuple[Test, ...] | None = None

    @property
    def is_deny(self) -> bool:
        """Whether its effect is Deny."""
        return self.statement.effect is Effect.DENY

    @property
    def reason(self) -> Reason:
        """How a decision names it."""
        return Reason(self.layer, self.policy.name, self.statement.name, self.statement.effect)

    def tests(self) -> tuple[Test, ...]:
        """The tests of resource and conditions."""
        if self._tests is None:
            version, statement = self.policy.version, self.statement
            resource = resource_test(statement, version)
            conditions = (
                condition_test(condition, version, statement.effect)
                for condition in statement.conditions
            )
            self._tests = (*(() if resource is None else (resource,)), *conditions)
        return self._tests

    def grant(self, principal: Principal, action: str, bounded: bool) -> Grant:
        """How it takes in the principal, who may have a boundary, for an action it is about."""
        if not matches_action(self.statement, action):
            return Grant.NONE
        return self.in_layer(match_principal(self.statement, principal, bounded), action)

    def in_layer(self, grant: Grant, action: str) -> Grant:
        """What a grant of its Principal element amounts to in its layer.

        An endpoint policy that allows an account: for the services that have gateway
        endpoints this is the account's root user alone ("Principals for gateway endpoints",
        AWS PrivateLink guide). A policy does not tell its endpoint's type, so always there.
        """
        if grant is Grant.ACCOUNT and self.layer is Layer.ENDPOINT and not self.is_deny:
            return Grant.NONE if action.startswith(("s3:", "dynamodb:")) else grant
        return grant

    def rule(self, grant: Grant) -> Rule:
        """It as a plan holds it."""
        return Rule(self.tests(), self.reason, grant)


def applies(rule: Rule, request: AuthorizationRequest) -> bool:
    """Whether every test of the rule holds."""
    for test in rule.tests:  # noqa: SIM110  a generator costs more
        if not test(request):
            return False
    return True
