"""What a control or property forbids, read once more: whether one request is among it.

A second reading beside ``proofs.asked.targets``, for tests and for the peer of the benchmark.
It is decided by ``evaluate``, which reads the statements as a policy: what is forbidden as Denies,
the exceptions as Allows. ``api:`` keys are looked up in the request's context like every other; IAM
never shows them, so a request without them has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ormer.controls.resolve import NotConfigured, resolved
from ormer.controls.vocabulary import CARRIERS
from ormer.evaluate.decide import Evaluator
from ormer.facts.carriers import CREATE, load_carriers
from ormer.model.authorization import AuthorizationRequest, Outcome, PolicySet
from ormer.model.control import MEMBER, Control, Statement
from ormer.model.environment import Environment
from ormer.model.policy import CURRENT_VERSION, Condition, Effect, Policy
from ormer.model.policy import Statement as PolicyStatement


class Forbidden(NamedTuple):
    """The requests of a property for one profile: those of ``forbid`` and of no exception."""

    forbid: tuple[Statement, ...]
    exceptions: tuple[Statement, ...]


def forbidden(control: Control, environment: Environment) -> Forbidden:
    """The property with the profile's values in it.

    An exception for what the profile does not name is none. Raises NotConfigured naming the
    first field that what is forbidden asks for and the profile does not have.
    """
    exceptions: list[Statement] = []
    for exception in control.exceptions:
        try:
            exceptions += resolved(exception, environment)
        except NotConfigured:
            continue
    forbid = (each for statement in control.forbid for each in resolved(statement, environment))
    return Forbidden(tuple(forbid), tuple(exceptions))


def is_forbidden(forbidden: Forbidden, request: AuthorizationRequest) -> bool:
    """Whether a statement of ``forbid`` matches the request and no exception does.

    A statement about members matches nothing: no policy sees them. An action that updates is
    judged by the keys that are there, never by one that is missing.
    """
    forbid = [s for s in forbidden.forbid if _owes(s, request)]
    if not _matches(forbid, request, Effect.DENY, Outcome.EXPLICITLY_DENIED):
        return False
    return not _matches(forbidden.exceptions, request, Effect.ALLOW, Outcome.ALLOWED)


def _owes(statement: Statement, request: AuthorizationRequest) -> bool:
    if not statement.actions[0].startswith(CARRIERS) or request.action.startswith(CREATE):
        return True
    return all(condition.key.lower() in request.context for condition in statement.conditions)


def _matches(
    statements: Iterable[Statement], request: AuthorizationRequest, effect: Effect, if_so: Outcome
) -> bool:
    made = tuple(
        _as_policy(statement, number, effect)
        for number, statement in enumerate(statements)
        if statement.facet != MEMBER
    )
    if not made:
        return False
    policy = Policy("control", CURRENT_VERSION, made)
    own = request._replace(account=request.principal.account)  # one account: no other layer
    return Evaluator(PolicySet(identity=(policy,))).decide(own).outcome is if_so


def _as_policy(statement: Statement, number: int, effect: Effect) -> PolicyStatement:
    return PolicyStatement(
        name=str(number),
        effect=effect,
        actions=tuple(name for pattern in statement.actions for name in _named(pattern)),
        not_action=False,
        resources=("*",) if statement.resources is None else statement.resources,
        not_resource=statement.not_resource,
        principals=None,
        not_principal=False,
        conditions=tuple(Condition(*condition) for condition in statement.conditions),
    )


def _named(pattern: str) -> tuple[str, ...]:
    if not pattern.startswith(CARRIERS):
        return (pattern,)
    return load_carriers().keys[pattern[len(CARRIERS) :]].actions
