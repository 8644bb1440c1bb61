"""The words of an access property: actions, keys, operators and profile fields that exist.

Source: the Service Authorization Reference (``facts.iam_actions``) and "AWS global condition
context keys" in the IAM User Guide (``facts.global_keys``).
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from ormer.facts.global_keys import global_key
from ormer.facts.iam_actions import Action, service_actions
from ormer.model.control import REQUEST, Condition, Control, Statement
from ormer.model.errors import InputError
from ormer.model.operators import BOOL, NULL, split_operator
from ormer.read.environment import is_field

_REFERENCE = r"\$\{env\.([^}]*)\}"


def check_property(control: Control) -> None:
    """Check every word of a property.

    Raises InputError naming the property's source for an action, operator, key, value or
    profile field that does not exist, a key that none of the statement's actions carries, and
    a statement about members, which no policy sees.
    """
    where = f"{control.source}: {control.id}"
    for statement in (*control.forbid, *control.exceptions):
        if statement.facet != REQUEST:
            raise InputError(f"{where}: a property is about requests, not about members")
        actions = [found for each in statement.actions for found in _named(each, where)]
        for condition in statement.conditions:
            _check_condition(condition, actions, where)
        _check_fields(statement, where)


def _named(pattern: str, where: str) -> list[Action]:
    service, _, name = pattern.partition(":")
    known = service_actions(service)
    found = [] if known is None else list(known.actions.items())
    matching = [action for key, action in found if fnmatchcase(key, name.lower())]
    if not matching:
        raise InputError(f"{where}: no action {pattern!r} in the Service Authorization Reference")
    return matching


def _check_condition(condition: Condition, actions: list[Action], where: str) -> None:
    try:
        operator = split_operator(condition.operator)
    except KeyError:
        raise InputError(f"{where}: unknown condition operator {condition.operator!r}") from None
    key = condition.key.lower()
    if global_key(key) is None and not any(key in action.keys for action in actions):
        raise InputError(f"{where}: none of its actions carries the key {condition.key!r}")
    if operator.base in (NULL, BOOL) and not {"true", "false"} >= set(condition.values):
        raise InputError(f"{where}: {condition.operator} takes true or false")


def _check_fields(statement: Statement, where: str) -> None:
    values = [value for condition in statement.conditions for value in condition.values]
    for text in (*values, *(statement.resources or ())):
        for field in re.findall(_REFERENCE, text):
            if not is_field(field):
                raise InputError(f"{where}: ${{env.{field}}} is no field of a profile")
        if "${env" in re.sub(_REFERENCE, "", text):
            raise InputError(f"{where}: {text!r} holds a reference that does not end")
