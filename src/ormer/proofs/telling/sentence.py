"""A counterexample as a sentence: who can call what, and with what that a control forbids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Optional

from ormer.facts.carriers import CREATE
from ormer.facts.service import load_service
from ormer.model.authorization import Layer, Reason
from ormer.model.policy import Condition, Effect, Statement
from ormer.model.policy_operators import split_policy_operator
from ormer.model.symbol import readable
from ormer.proofs.proof import Counterexample
from ormer.proofs.replay import matching
from ormer.proofs.telling.spelling import Spelling
from ormer.prove.forbidden import Forbidden

_GRANTS = (Layer.IDENTITY, Layer.RESOURCE)
_NO_ENDPOINT = "aws:sourcevpce"


def can_call(forbidden: Forbidden, found: Counterexample, spelling: Spelling) -> str:
    """``arn:... can call sagemaker:CreateTrainingJob with no VpcConfig.Subnets (...)``."""
    request = found.request
    statement = matching(forbidden, found)
    said = _said(statement, found, spelling) if statement is not None else ""
    resource = readable(request.resource)
    on = "" if _is_new(request.action, resource) else f" on {resource}"
    through = f" through {found.through}" if found.through and found.through not in said else ""
    return f"{request.principal.name} can call {request.action}{on}{through}{readable(said)}"


def allowing(reasons: Iterable[Reason]) -> Optional[Reason]:
    """The statement that grants it: the principal's own, or else the resource's."""
    allows = [each for each in reasons if each.effect is Effect.ALLOW]
    for layer in _GRANTS:
        for each in allows:
            if each.layer is layer:
                return each
    return allows[0] if allows else None


def _is_new(action: str, resource: str) -> bool:
    """Whether the resource is what the action creates, by whatever name, or there is none."""
    return resource == "*" or action.startswith(CREATE)


def _said(statement: Statement, found: Counterexample, spelling: Spelling) -> str:
    by_key: dict[str, list[Condition]] = {}
    for condition in statement.conditions:
        by_key.setdefault(condition.key.lower(), []).append(condition)
    told = [
        _of_key(key, conditions, found, spelling)
        for key, conditions in by_key.items()
        if key in found.real or _may_be_missing(conditions)
    ]
    return f" {' and '.join(told)}" if told else ""


def _may_be_missing(conditions: list[Condition]) -> bool:
    return any(each.operator == "Null" and "true" in each.values for each in conditions) or all(
        split_policy_operator(each.operator).negated for each in conditions
    )


def _of_key(
    key: str, conditions: list[Condition], found: Counterexample, spelling: Spelling
) -> str:
    name = spelling.of(key)
    value = found.real.get(key)
    if value is None:
        if key == _NO_ENDPOINT:
            return f"through no VPC endpoint ({name} is not there)"
        member = _member(found.request.action, name)
        return f"with no {member} ({name} is not there)" if member else f"without {name}"
    shown = ", ".join(value) if isinstance(value, tuple) else value
    wrong = any(split_policy_operator(each.operator).negated for each in conditions)
    return f"with {name} {shown}{', which is not approved' if wrong else ''}"


def _member(action: str, key: str) -> str:
    """The member of the API's input that fills the key, without its list marks."""
    facts = load_service().actions.get(action)
    known = None if facts is None else facts.keys.get(key)
    return known.flat[0] if known is not None and known.flat else ""
