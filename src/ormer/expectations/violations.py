"""Guardrails -> the requests that they are there to deny, each with all else as it has to be.

Who makes them is everybody: a Deny that is on one role only leaves the others free to make the
same job.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ormer.evaluate.decide import Evaluator
from ormer.facts.carriers import load_carriers
from ormer.guardrails.generate import Guardrails
from ormer.guardrails.statements import Deny, as_json
from ormer.model.authorization import AuthorizationRequest, Outcome, PolicySet
from ormer.model.environment import Environment
from ormer.model.policy import CURRENT_VERSION, Condition
from ormer.model.policy_operators import split_policy_operator
from ormer.model.principal import principal_from_arn
from ormer.read.policies.policy import PolicyKind, PolicyReader

Value = str | tuple[str, ...]
Keys = dict[str, Value]

WRONG = "ormer-not-approved"
_SOMEBODY = principal_from_arn("arn:aws:iam::111122223333:role/somebody")
_GLOBAL = ("iam", "s3")


class Violation(NamedTuple):
    """A request by its action, resource (perhaps a pattern) and condition keys."""

    control: str
    sid: str
    action: str
    resource: str
    keys: Mapping[str, Value]
    note: str


def violations(made: Guardrails, environment: Environment) -> Iterator[Violation]:
    """Every violation of every statement by every action, in each spelling of renamed keys."""
    by_action: dict[str, list[Deny]] = {}
    for statement in made.statements:
        for action in statement.actions:
            by_action.setdefault(action, []).append(statement)
    for statement in made.statements:
        evaluator = _evaluator(statement)
        for action in statement.actions:
            compliant = _compliant(action, by_action[action])
            resource = _resource(statement, action, environment)
            seen: list[Keys] = []
            for keys in _spelled(_violating(statement, compliant)):
                if keys not in seen and _denies(evaluator, action, resource, keys):
                    seen.append(keys)
                    note = _note(statement, keys)
                    yield Violation(statement.control, statement.sid, action, resource, keys, note)


def _evaluator(statement: Deny) -> Evaluator:
    document = {"Version": CURRENT_VERSION, "Statement": as_json(statement)}
    policy = PolicyReader(statement.sid).policy(document, (), PolicyKind.IDENTITY, statement.sid)
    return Evaluator(PolicySet(identity=(policy,)))


def _denies(evaluator: Evaluator, action: str, resource: str, keys: Keys) -> bool:
    folded = {key.lower(): value for key, value in keys.items()}
    request = AuthorizationRequest(_SOMEBODY, action, resource, _SOMEBODY.account, folded)
    return evaluator.decide(request).outcome is Outcome.EXPLICITLY_DENIED


def _resource(statement: Deny, action: str, environment: Environment) -> str:
    resources, not_resource, _ = statement.denial
    service = action.partition(":")[0]
    region = "" if service in _GLOBAL else environment.region
    home = f"arn:{environment.partition}:{service}:{region}:{environment.account}:"
    if resources and not not_resource:
        return resources[0]
    return f"{home}role/{WRONG}" if service == "iam" else f"{home}*"


def _compliant(action: str, statements: list[Deny]) -> Keys:
    """Values of the action's keys that no statement denies, as far as single ones tell."""
    keys: Keys = {}
    for statement in sorted(statements, key=lambda one: len(_named(one.denial.conditions))):
        for condition in sorted(statement.denial.conditions):
            value = _approved(condition)
            if value is not None:
                keys.setdefault(condition.key, _listed(condition.key, value))
    return keys


def _named(conditions: frozenset[Condition]) -> set[str]:
    return {condition.key for condition in conditions}


def _approved(condition: Condition) -> str | None:
    """A value with which the condition of a Deny does not hold; None where it is to be missing."""
    operator = split_policy_operator(condition.operator)
    first = condition.values[0]
    if operator.base == "Null":
        return None
    if operator.base == "Bool":
        return "true" if first == "false" else None
    if operator.base.startswith("Numeric"):
        return first
    return first.replace("*", "x") if operator.negated else None


def _violating(statement: Deny, compliant: Keys) -> Iterator[Keys]:
    """What is wrong, and what is missing, of the keys that the statement asks for.

    First with every value approved and keys missing alone: where that is denied, no other
    statement has to do with it.
    """
    conditions = sorted(statement.denial.conditions)
    missing = {c.key for c in conditions if c.operator == "Null" and c.values == ("true",)}
    yield {key: value for key, value in compliant.items() if key not in missing}
    wrong = dict(compliant)
    absent = dict(compliant)
    for condition in conditions:
        value = _denied(condition)
        absent.pop(condition.key, None)
        if condition.key in missing:
            wrong.pop(condition.key, None)
        elif value is not None:
            wrong[condition.key] = _listed(condition.key, value)
        else:
            wrong.setdefault(condition.key, _listed(condition.key, WRONG))
    yield wrong
    yield absent


def _denied(condition: Condition) -> str | None:
    operator = split_policy_operator(condition.operator)
    first = condition.values[0]
    if operator.base == "Null":
        return None
    if operator.base.startswith("Numeric"):
        return str(int(float(first)) + 1)
    return WRONG if operator.negated else first


def _listed(key: str, value: str) -> Value:
    carried = load_carriers().keys.get(key)
    return (value,) if carried is not None and carried.is_multivalued else value


def _spelled(contexts: Iterator[Keys]) -> Iterator[Keys]:
    """Each context with the current names of renamed keys, with those before, and with both."""
    renamed = load_carriers().renamed
    old = set(renamed.values())
    for keys in contexts:
        yield keys
        yield {key: value for key, value in keys.items() if key not in old}
        yield {key: value for key, value in keys.items() if key not in renamed}


def _note(statement: Deny, keys: Keys) -> str:
    named = sorted(_named(statement.denial.conditions))
    said = [f"{key.rpartition(':')[2]} {_shown(keys.get(key))}" for key in named]
    return f"{statement.sid}: {', '.join(said)}" if said else statement.sid


def _shown(value: Value | None) -> str:
    if value is None:
        return "missing"
    return ",".join(value) if isinstance(value, tuple) else value
