"""The words a control may use: actions, keys, operators and profile fields that exist."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache

from ormer.facts.service import Shape, load_service
from ormer.facts.step_types import STEP_TYPES
from ormer.model.control import MEMBER, Condition, Control, Statement
from ormer.model.errors import InputError
from ormer.model.operators import BOOL, NULL, NUMERIC, split_operator
from ormer.read.environment import is_field, is_number_field

RESERVED = ("DOC-", "WVR-")
CARRIERS = "@"
"""``@KEY`` stands for every action that carries KEY."""

_REFERENCE = r"\$\{env\.([^}]*)\}"
_ACTION = r"[a-z0-9-]+:[A-Za-z0-9*?]+"
_OWN_KEYS = (
    ("api:Shape", "api:Member", "api:Value", "api:Key", "api:SecretFindings", "api:CodeLocations")
)  # fmt: skip
_LINKED = {
    "Model": "sagemaker:CreateModel",
    "EndpointConfig": "sagemaker:CreateEndpointConfig",
    "Endpoint": "sagemaker:CreateEndpoint",
}
COUNT = "#"
_TAG_KEYS = ("aws:RequestTag/", "aws:TagKeys")


def check_control(control: Control) -> None:
    """Check every word of a control.

    Raises InputError naming the control's source for an action, operator, key, value or
    profile field that does not exist.
    """
    where = f"{control.source}: {control.id}"
    if control.id.startswith(RESERVED):
        raise InputError(f"{where}: ids that start with {' or '.join(RESERVED)} are those of rules")
    for statement in (*control.forbid, *control.exceptions):
        for action in statement.actions:
            _check_action(action, where)
        for condition in statement.conditions:
            _check_condition(condition, where)
            _check_path(condition.key, statement, where)
        for resource in statement.resources or ():
            _check_fields(resource, where)
        if statement.facet == MEMBER:
            _check_shapes(statement, where)


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


@cache
def _all_actions() -> frozenset[str]:
    """What steps cause, and what else creates or changes a SageMaker resource."""
    return known_actions() | frozenset(f"sagemaker:{a}" for a in load_service().changing)


@cache
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
    elif not any(fnmatchcase(known.lower(), action.lower()) for known in _all_actions()):
        raise InputError(f"{where}: no action {action!r} that a control could be about")


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
            field = re.fullmatch(_REFERENCE, value)
            is_number = (
                is_number_field(field[1]) if field else bool(re.fullmatch(r"-?[0-9]+", value))
            )
            if not is_number:
                raise InputError(f"{where}: {condition.operator} takes numbers, not {value!r}")


def _check_fields(text: str, where: str) -> None:
    for field in re.findall(_REFERENCE, text):
        if not is_field(field):
            raise InputError(f"{where}: ${{env.{field}}} is no field of a profile")
    if "${env" in re.sub(_REFERENCE, "", text):
        raise InputError(f"{where}: {text!r} holds a reference that does not end")


def _check_shapes(statement: Statement, where: str) -> None:
    """A member statement has to name the shapes of its members, each of them an existing one."""
    named = [c for c in statement.conditions if c.key == "api:Shape"]
    if [c.operator for c in named] != ["StringEquals"]:
        raise InputError(f"{where}: a member statement names api:Shape with StringEquals, once")
    for shape in named[0].values:
        if shape not in _all_shapes():
            raise InputError(f"{where}: {shape!r} is no shape of an API input")


@cache
def _all_shapes() -> frozenset[str]:
    found: set[str] = set()
    todo = [action.input for action in load_service().actions.values()]
    while todo:
        shape = todo.pop()
        if shape.name not in found:
            found.add(shape.name)
            todo += [*shape.members.values(), *([shape.item] if shape.item else [])]
    return frozenset(found)


def _check_path(key: str, statement: Statement, where: str) -> None:
    """An ``api:`` path has to be in the input of one of the statement's actions."""
    path = key.removeprefix("api:")
    if path == key or key in _OWN_KEYS or path.startswith("Step."):
        return
    link, _, rest = path.partition(".")
    inputs = [_LINKED[link]] if link in _LINKED else _inputs_of(statement)
    rest = rest if link in _LINKED else path
    if inputs and not any(_has(load_service().actions[name].input, rest) for name in inputs):
        raise InputError(f"{where}: no input of its actions has {path}")


def _inputs_of(statement: Statement) -> list[str]:
    """The described actions of a statement; none where one of them is not described."""
    patterns = [action.lower() for action in statement.actions if not action.startswith(CARRIERS)]
    if len(patterns) < len(statement.actions):
        return []
    named = [a for a in known_actions() if any(fnmatchcase(a.lower(), p) for p in patterns)]
    described = load_service().actions
    undescribed = [a for a in named if a not in described or a == "sagemaker:CreateJob"]
    return [] if undescribed else named


def _has(shape: Shape, path: str) -> bool:
    for name in path.split("."):
        while shape.kind in ("list", "map") and shape.item is not None:
            if name == COUNT or shape.kind == "map":
                break
            shape = shape.item
        if name == COUNT:
            return True
        if shape.kind == "map" and shape.item is not None:
            shape = shape.item
        elif name in shape.members:
            shape = shape.members[name]
        else:
            return False
    return True


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
