"""The words a control may use: actions, keys, operators and profile fields that exist."""

from __future__ import annotations

import re
from functools import cache

from ormer.facts.service import load_service
from ormer.facts.step_types import STEP_TYPES
from ormer.model.control import Condition, Control
from ormer.model.errors import InputError
from ormer.model.operators import BOOL, NULL, NUMERIC, split_operator
from ormer.read.environment import is_field

CARRIERS = "@"
"""``@KEY`` stands for every action that carries KEY."""

_REFERENCE = r"\$\{env\.([^}]*)\}"
_ACTION = r"[a-z0-9-]+:[A-Za-z0-9*?]+"
_TAG_KEYS = ("aws:RequestTag/", "aws:TagKeys")


def check_control(control: Control) -> None:
    """Check every word of a control.

    Raises InputError naming the control's source for an action, operator, key, value or
    profile field that does not exist.
    """
    where = f"{control.source}: {control.id}"
    for statement in (*control.forbid, *control.exceptions):
        for action in statement.actions:
            _check_action(action, where)
        for condition in statement.conditions:
            _check_condition(condition, where)
        for resource in statement.resources or ():
            _check_fields(resource, where)


@cache
def is_multivalued(key: str) -> bool:
    """Whether IAM fills the key with a list; an ``api:`` path may always lead through one."""
    if key.startswith("api:"):
        return True
    return any(
        action.keys[key].type.startswith("ArrayOf")
        for action in load_service().actions.values()
        if key in action.keys
    )


def known_actions() -> frozenset[str]:
    """Every action a pipeline's steps can cause."""
    actions = {step.action for step in STEP_TYPES.values() if step.action}
    actions |= {step.alternative[1] for step in STEP_TYPES.values() if step.alternative[1]}
    return frozenset(actions | set(load_service().actions) | {"iam:PassRole"})


def _check_action(action: str, where: str) -> None:
    if action.startswith(CARRIERS):
        _check_key(action[1:], where)
    elif not re.fullmatch(_ACTION, action):
        raise InputError(f"{where}: {action!r} is not an action such as sagemaker:CreateModel")


def _check_condition(condition: Condition, where: str) -> None:
    try:
        operator = split_operator(condition.operator)
    except KeyError:
        raise InputError(f"{where}: unknown condition operator {condition.operator!r}") from None
    _check_key(condition.key, where)
    for value in (*condition.values, condition.key):
        _check_fields(value, where)
    if operator.base in (NULL, BOOL):
        _check_values(condition, ("true", "false"), where)
    elif operator.base in NUMERIC:
        for value in condition.values:
            if not value.startswith("$") and not value.lstrip("-").isdigit():
                raise InputError(f"{where}: {condition.operator} takes numbers, not {value!r}")


def _check_fields(text: str, where: str) -> None:
    for field in re.findall(_REFERENCE, text):
        if not is_field(field):
            raise InputError(f"{where}: ${{env.{field}}} is no field of a profile")


def _check_values(condition: Condition, allowed: tuple[str, ...], where: str) -> None:
    for value in condition.values:
        if value.lower() not in allowed:
            raise InputError(
                f"{where}: {condition.operator} takes {' or '.join(allowed)}, not {value!r}"
            )


def _check_key(key: str, where: str) -> None:
    if key.startswith(("api:", *_TAG_KEYS)) or key in ("aws:RequestTag", "iam:PassedToService"):
        return
    if any(key in action.keys for action in load_service().actions.values()):
        return
    raise InputError(f"{where}: no action of a pipeline carries the condition key {key!r}")
