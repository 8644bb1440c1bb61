"""What of a template's policy cannot be linted: statements that only a deployment will know.

A symbol within a text is taken for a text (``lint/bound.py``). One that stands for a statement,
an effect, an action, a principal or a condition may be anything: the statement is left out, and
LNT-18 says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ormer.model.definition import Place
from ormer.model.policy import CURRENT_VERSION
from ormer.model.symbol import has_symbol
from ormer.read.policies.open_policy import is_symbol, parse_open_json


class Unsettled(NamedTuple):
    """A place of the document, the text with the symbol that stands there, and its statement's
    name, which is empty for the document."""

    place: Place
    text: str
    statement: str = ""


class Settled(NamedTuple):
    """A document with the statements that are known, each with its number in the original."""

    body: Mapping[str, Any]
    numbers: tuple[int, ...]
    unsettled: tuple[Unsettled, ...]


def settled(document: Any, name: str) -> Settled:
    """The document without what is not known. It is one that ``OpenPolicyReader`` has read."""
    if isinstance(document, str):
        if is_symbol(document):
            return _nothing({}, Unsettled((), document))
        document = parse_open_json(document, name)
    found = document["Statement"]
    if isinstance(found, str):
        return _nothing(document, Unsettled(("Statement",), found))
    if isinstance(found, dict):
        unknown = tuple(_unsettled(found, ("Statement",), "0"))
        return Settled(_with(document, []), (), unknown) if unknown else Settled(document, (0,), ())
    by_number = {
        number: tuple(_unsettled(each, ("Statement", number), str(number)))
        for number, each in enumerate(found)
    }
    numbers = tuple(number for number, unknown in by_number.items() if not unknown)
    body = _with(document, [found[number] for number in numbers])
    return Settled(body, numbers, tuple(one for each in by_number.values() for one in each))


def _with(document: Mapping[str, Any], statements: list[Any]) -> dict[str, Any]:
    return {**document, "Statement": statements}


def _nothing(document: Mapping[str, Any], unknown: Unsettled) -> Settled:
    return Settled(_with({"Version": CURRENT_VERSION, **document}, []), (), (unknown,))


def _unsettled(statement: Any, place: Place, number: str) -> Iterator[Unsettled]:
    """The first thing that keeps a statement from being linted."""
    if isinstance(statement, str):
        yield Unsettled(place, statement, number)
        return
    for inner, text in _open(statement):
        yield Unsettled((*place, *inner), text, str(statement.get("Sid") or number))
        return


def _open(statement: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    for element in ("Effect", "Action", "NotAction"):
        yield from _symbols(statement.get(element), (element,))
    for element in ("Principal", "NotPrincipal"):
        if _is_text_with_symbol(statement.get(element)):
            yield (element,), statement[element]
    condition = statement.get("Condition", {})
    if isinstance(condition, str):
        yield ("Condition",), condition
        return
    for operator, keys in condition.items():
        if has_symbol(operator):
            yield ("Condition",), operator
        elif isinstance(keys, str):
            yield ("Condition", operator), keys
        else:
            yield from ((("Condition", operator), key) for key in keys if has_symbol(key))


def _symbols(found: Any, place: Place) -> Iterator[tuple[Place, str]]:
    texts = found if isinstance(found, list) else [found]
    for index, text in enumerate(texts):
        if _is_text_with_symbol(text):
            yield (*place, index) if isinstance(found, list) else place, text


def _is_text_with_symbol(found: Any) -> bool:
    return isinstance(found, str) and has_symbol(found)
