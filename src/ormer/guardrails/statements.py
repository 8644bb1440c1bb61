"""Projections -> Deny statements, each of one control: what it is called, and its JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import ascii_lowercase
from typing import Any, NamedTuple

from ormer.guardrails.projection import Denial, Projection
from ormer.model.errors import InputError
from ormer.model.policy import Condition

_VARIABLE = "${"


class Deny(NamedTuple):
    """A statement. ``sid`` is the control's id without what a Sid cannot hold, and a letter."""

    sid: str
    control: str
    actions: tuple[str, ...]
    denial: Denial


def statements(projections: Iterable[Projection]) -> tuple[Deny, ...]:
    """A statement for each thing denied, with every action that it is denied of."""
    actions: dict[tuple[str, Denial], list[str]] = {}
    for projection in projections:
        for denial in projection.denials:
            actions.setdefault((projection.control, denial), []).append(projection.action)
    taken: dict[str, int] = {}
    made = []
    for (control, denial), names in actions.items():
        made.append(Deny(_sid(control, taken), control, tuple(sorted(names)), denial))
    return tuple(made)


def _sid(control: str, taken: dict[str, int]) -> str:
    """ "Sid ... supports ASCII uppercase letters, lowercase letters, and numbers" (IAM)."""
    stem = re.sub(r"[^A-Za-z0-9]", "", control)
    number = taken[stem] = taken.get(stem, -1) + 1
    return stem + _letters(number)


def _letters(number: int) -> str:
    above, here = divmod(number, len(ascii_lowercase))
    return (_letters(above - 1) if above else "") + ascii_lowercase[here]


def as_json(statement: Deny) -> dict[str, Any]:
    """The statement as it stands in a document.

    Raises InputError for a value in which IAM would see a policy variable.
    """
    _, _, actions, (resources, not_resource, conditions) = statement
    body: dict[str, Any] = {"Sid": statement.sid, "Effect": "Deny", "Action": _one(actions)}
    _check_values(statement, resources or ())
    body["NotResource" if not_resource and resources else "Resource"] = _one(resources or ("*",))
    block: dict[str, dict[str, Any]] = {}
    for condition in sorted(conditions):
        _check_values(statement, condition.values)
        block.setdefault(condition.operator, {})[condition.key] = _one(condition.values)
    _check_once(statement.control, conditions, block)
    return {**body, "Condition": block} if block else body


def _one(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _check_values(statement: Deny, values: Iterable[str]) -> None:
    for value in values:
        if _VARIABLE in value:
            raise InputError(
                f"{statement.control}: {value!r} would be a policy variable in a guardrail"
            )


def _check_once(control: str, conditions: Iterable[Condition], block: dict[str, Any]) -> None:
    """One Condition block holds an operator and key once."""
    if sum(len(keys) for keys in block.values()) < len(list(conditions)):
        raise InputError(f"{control}: asks twice for one key with one operator: no statement can")


def in_parts(statement: Deny) -> Iterator[Deny]:
    """The statement in two, each with half of its actions; nothing where it has only one."""
    middle = len(statement.actions) // 2
    if middle:
        yield statement._replace(actions=statement.actions[:middle])
        yield statement._replace(actions=statement.actions[middle:])
