"""What a Deny that closes a violation could be: what the control forbids of an action."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase
from typing import Any, NamedTuple

from ormer.guardrails.projection import Projection
from ormer.guardrails.statements import as_json, statements
from ormer.model.errors import InputError
from ormer.model.policy import CURRENT_VERSION, Statement
from ormer.proofs.asked.targets import Target
from ormer.proofs.closing.document import statement_of

Body = Mapping[str, Any]


class Candidate(NamedTuple):
    """Deny statements of one action, each with a Sid; ``also`` is what they deny besides."""

    statements: tuple[Body, ...]
    also: tuple[str, ...] = ()


def candidates(
    control: str, target: Target, projections: Sequence[Projection]
) -> Iterator[Candidate]:
    """As a guardrail says it, and, where that is about other keys, as the control does."""
    found = [each for each in projections if each.action == target.action]
    try:
        projected = tuple(as_json(each) for each in statements(found))
    except InputError:  # a value in which IAM would see a variable
        projected = ()
    if projected:
        yield Candidate(projected, tuple(dict.fromkeys(m for one in found for m in one.also)))
    told: list[tuple[Body, ...]] = []
    for spare in (True, False):
        plain = _plain(control, target, spare)
        if plain and plain not in told:
            told.append(plain)
            yield Candidate(plain)


def policy_of(bodies: Sequence[Body]) -> dict[str, Any]:
    """The statements as a policy document."""
    return {"Version": CURRENT_VERSION, "Statement": list(bodies)}


def joined(of_actions: Mapping[str, Sequence[Body]]) -> list[Body]:
    """The statements of all actions; what is said of several is said once."""
    actions: dict[str, list[str]] = {}
    bodies: dict[str, Body] = {}
    for action, said in of_actions.items():
        for body in said:
            key = repr({**body, "Action": "", "Sid": ""})
            bodies.setdefault(key, body)
            actions.setdefault(key, []).append(action)
    return [
        {**bodies[key], "Sid": f"{_stem(bodies[key])}{_letter(number)}", "Action": _listed(names)}
        for number, (key, names) in enumerate(actions.items())
    ]


def _plain(control: str, target: Target, spare: bool) -> tuple[Body, ...]:
    """What is surely forbidden as Denies.

    ``spare``: a Deny on all but some resources leaves those of exceptions out, too.
    """
    stem = re.sub(r"[^A-Za-z0-9]", "", control)
    found = [
        statement_of(_spared(statement, target, spare))
        for statement in (target.certain.statements if target.certain else ())
        if _can_be_written(statement)
    ]
    return tuple({**body, "Sid": f"{stem}{_letter(n)}"} for n, body in enumerate(found))


def _spared(statement: Statement, target: Target, spare: bool) -> Statement:
    if statement.resources is None:
        return statement._replace(resources=("*",))
    if not statement.not_resource or not spare or target.certain is None:
        return statement
    excepted = (each for each in target.certain.exceptions if not each.not_resource)
    more = [text for each in excepted for text in each.resources or ()]
    return statement._replace(resources=tuple(dict.fromkeys((*statement.resources, *more))))


def _can_be_written(statement: Statement) -> bool:
    """One Condition block holds an operator and key once."""
    asked = [(each.operator, each.key) for each in dict.fromkeys(statement.conditions)]
    return len(asked) == len(set(asked))


def _stem(body: Body) -> str:
    return str(body["Sid"]).rstrip(ascii_lowercase)


def _letter(number: int) -> str:
    above, here = divmod(number, len(ascii_lowercase))
    return (_letter(above - 1) if above else "") + ascii_lowercase[here]


def _listed(actions: list[str]) -> Any:
    found = list(dict.fromkeys(actions))
    return found[0] if len(found) == 1 else found
