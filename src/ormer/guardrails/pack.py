"""Statements -> as many documents as they need, each within AWS's limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ormer.guardrails.limits import LIMITS, size_of
from ormer.guardrails.projection import Kind
from ormer.guardrails.statements import Deny, as_json, in_parts
from ormer.model.errors import InputError
from ormer.model.policy import CURRENT_VERSION


class Document(NamedTuple):
    """A policy: what its file is called, its content, and its size as AWS counts it."""

    name: str
    content: dict[str, Any]
    size: int


def packed(
    kind: Kind, statements: Sequence[Deny], first: Sequence[dict[str, Any]] = ()
) -> tuple[Document, ...]:
    """Documents that hold the statements in their order, each of which starts with ``first``.

    Raises InputError for a statement that fits into no document even with one action.
    """
    groups: list[list[Deny]] = [[]]
    todo = list(statements)
    while todo:
        statement = todo.pop(0)
        if _size(kind, [*groups[-1], statement], first) <= LIMITS[kind].size:
            groups[-1].append(statement)
        elif groups[-1]:
            groups.append([])
            todo.insert(0, statement)
        else:
            todo = [*_parts(statement), *todo]
    filled = [group for group in groups if group]
    return tuple(
        Document(_name(kind, index), _content(_numbered(group), first), _size(kind, group, first))
        for index, group in enumerate(filled, 1)
    )


def fits(kind: Kind, documents: Sequence[Document]) -> bool:
    """Whether so many documents can be attached in one place."""
    return len(documents) <= LIMITS[kind].documents


def _parts(statement: Deny) -> list[Deny]:
    parts = list(in_parts(statement))
    if not parts:
        raise InputError(f"{statement.control}: a statement of it is larger than any policy may be")
    return parts


def _numbered(group: list[Deny]) -> list[Deny]:
    """Halves of one statement in the same document, put together again."""
    joined: dict[tuple[str, Any], Deny] = {}
    for one in group:
        key = (one.sid, one.denial)
        before = joined.get(key)
        actions = one.actions if before is None else (*before.actions, *one.actions)
        joined[key] = one._replace(actions=actions)
    return list(joined.values())


def _content(statements: Iterable[Deny], first: Sequence[dict[str, Any]]) -> dict[str, Any]:
    made = [as_json(statement) for statement in statements]
    return {"Version": CURRENT_VERSION, "Statement": [*first, *made]}


def _size(kind: Kind, statements: Iterable[Deny], first: Sequence[dict[str, Any]]) -> int:
    return size_of(kind, _content(_numbered(list(statements)), first))


def _name(kind: Kind, index: int) -> str:
    return "boundary" if kind is Kind.BOUNDARY else f"guardrails-{index}"
