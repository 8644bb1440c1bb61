"""A policy whose texts may have symbols (``model/symbol.py``) -> Policy, for ``evaluate.open``.

A symbol within a text stays in the text. A symbol in place of more than a text (a statement, a
condition block, an effect) becomes what may come of it: a statement that may allow and one that
may deny, a condition that may hold or not. So nothing unknown ever counts as absent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ormer.model.definition import Place
from ormer.model.errors import InputError
from ormer.model.policy import CURRENT_VERSION, Condition, Effect, Policy, Principals, Statement
from ormer.model.symbol import END, START, has_symbol, pieces, readable, symbol, symbols
from ormer.read.policies.policy import PolicyKind, PolicyReader
from ormer.read.text.json_text import parse_json


class OpenPolicyReader(PolicyReader):
    """As ``PolicyReader``, for what infrastructure code declares."""

    def refuse(self, place: Place, why: str) -> InputError:
        """The error for what stands at ``place``, with symbols as they are written."""
        return super().refuse(place, readable(why))

    def policy(self, document: Any, place: Place, kind: PolicyKind, called: str) -> Policy:
        """A document as Policy: an object, JSON text of one, or a symbol that is one.

        Raises InputError as ``PolicyReader`` does, and for a Version that is a symbol.
        """
        if isinstance(document, str):
            if is_symbol(document):
                return unknown_policy(document, kind, called)
            document = parse_open_json(document, str(self.refuse(place, "the text")))
        version = document.get("Version") if isinstance(document, dict) else None
        if isinstance(version, str) and has_symbol(version):
            raise self.refuse(
                (*place, "Version"), f"{version} is not known: give it as a parameter"
            )
        return super().policy(document, place, kind, called)

    def _statements(self, found: Any, place: Place, kind: PolicyKind) -> tuple[Statement, ...]:
        if isinstance(found, str) and is_symbol(found):
            return tuple(unknown(found, kind))
        return super()._statements(found, place, kind)

    def _expanded(
        self, body: Any, place: Place, kind: PolicyKind, index: str
    ) -> tuple[Statement, ...]:
        if isinstance(body, str) and is_symbol(body):
            return tuple(unknown(body, kind))
        effect = body.get("Effect") if isinstance(body, dict) else None
        if isinstance(effect, str) and has_symbol(effect):
            both = [self._statement({**body, "Effect": e}, place, kind, index) for e in Effect]
            return tuple(
                each._replace(conditions=(*each.conditions, maybe(effect))) for each in both
            )
        return super()._expanded(body, place, kind, index)

    def _statement(self, body: Any, place: Place, kind: PolicyKind, index: str) -> Statement:
        statement = super()._statement(body, place, kind, index)
        return statement._replace(name=readable(statement.name))

    def _is_action(self, action: str) -> bool:
        return has_symbol(action) or super()._is_action(action)

    def _who(self, found: Any, place: Place) -> Principals:
        if isinstance(found, str) and is_symbol(found):
            return _whoever(found)
        return super()._who(found, place)

    def _check_aws_principal(self, text: str, place: Place) -> None:
        if not has_symbol(text):
            super()._check_aws_principal(text, place)
        elif any(mark in piece for piece in pieces(text)[::2] for mark in "*?"):
            why = f"'{text}': a principal has no wildcard but '*' alone"
            raise self.refuse(place, why)

    def _conditions(self, block: Any, place: Place) -> tuple[Condition, ...]:
        if isinstance(block, str) and is_symbol(block):
            return (maybe(block),)
        if not isinstance(block, dict):
            return super()._conditions(block, place)
        found: list[Condition] = []
        for operator, keys in block.items():
            if has_symbol(operator):
                found.append(maybe(operator))
            elif isinstance(keys, str) and is_symbol(keys):
                found.append(maybe(keys))
            else:
                found += super()._conditions({operator: keys}, place)
        return tuple(found)


def is_symbol(text: str) -> bool:
    """Whether the text is one symbol and nothing else."""
    return has_symbol(text) and not "".join(pieces(text)[::2]) and len(pieces(text)) == 3


def maybe(text: str) -> Condition:
    """A condition that holds or not, as the text's symbols turn out."""
    return Condition("StringEquals", text, ())


def in_doubt(policy: Policy, text: str) -> Policy:
    """The policy of which each statement holds or not, as the text's symbols turn out."""
    return policy._replace(
        statements=tuple(
            each._replace(conditions=(*each.conditions, maybe(text))) for each in policy.statements
        )
    )


def unknown_policy(text: str, kind: PolicyKind, called: str) -> Policy:
    """A policy of which nothing is known but the symbol that stands for it."""
    return Policy(called, CURRENT_VERSION, tuple(unknown(text, kind)))


def unknown(text: str, kind: PolicyKind) -> Iterator[Statement]:
    """What a symbol that stands for statements may say: anything, of either effect."""
    who = None if kind is PolicyKind.IDENTITY else _whoever(text)
    for effect in Effect:
        yield Statement(
            readable(text), effect, (text,), False, (text,), False, who, False, (maybe(text),)
        )


def _whoever(text: str) -> Principals:
    return Principals(False, (text,), (text,), (text,), (text,))


def parse_open_json(text: str, name: str) -> Any:
    """JSON text with symbols in its texts, or in place of a value, as plain values.

    Raises InputError naming ``name`` as ``parse_json`` does.
    """
    names = symbols(text)
    try:
        return _named(parse_json("".join(_numbered(text, names)), name), names)
    except RecursionError:
        raise InputError(f"{name}: nested too deeply to be a policy") from None


def _numbered(text: str, names: tuple[str, ...]) -> Iterator[str]:
    """The text with each symbol's number for its name, in quotes where it is not in a text."""
    numbers = {name: number for number, name in enumerate(names)}
    quoted = False
    for index, piece in enumerate(pieces(text)):
        if index % 2:
            numbered = f"{START}{numbers[piece]}{END}"
            yield numbered if quoted else f'"{numbered}"'
            continue
        yield piece
        escaped = False
        for character in piece:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = quoted
            elif character == '"':
                quoted = not quoted


def _named(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, str) and has_symbol(value):
        made = [
            symbol(names[int(piece)]) if index % 2 else piece
            for index, piece in enumerate(pieces(value))
        ]
        return "".join(made)
    if isinstance(value, list):
        return [_named(each, names) for each in value]
    if isinstance(value, dict):
        return {_named(key, names): _named(each, names) for key, each in value.items()}
    return value
