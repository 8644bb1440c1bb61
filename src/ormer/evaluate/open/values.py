"""A value of a policy whose text is not known for sure: the texts that it may turn out to be.

Source: "IAM policy elements: Variables and tags" in the IAM User Guide, as ``evaluate.variables``
reads it; here the value of a variable may have symbols, and its key may be there or not.
"""

from __future__ import annotations

from itertools import product
from typing import Optional

from ormer.evaluate.open.text import (
    Tokens,
    is_closed,
    may_be_empty,
    open_glob,
    open_literal,
    ordered,
)
from ormer.evaluate.variables import Fixed, Part, Template, Variable, parse_template
from ormer.model.authorization import AuthorizationRequest
from ormer.model.symbol import has_symbol, symbol, symbols

Texts = tuple[Optional[Tokens], ...]
"""The texts that a value may be; None among them where it may not resolve."""
_MOST = 64
ANYTHING: Texts = ((symbol("?"),), None)


def open_template(text: str, version: str) -> Template:
    """``parse_template`` for a text with symbols."""
    if any("$" in name for name in symbols(text)):
        return (Variable(text, None),)
    return parse_template(text, version)


def is_certain(template: Template, request: AuthorizationRequest) -> bool:
    """Whether the value has one text only, and no symbol in it."""
    return all(_is_certain(part, request) for part in template)


def _is_certain(part: Part, request: AuthorizationRequest) -> bool:
    if not isinstance(part, Variable):
        return not has_symbol(part.text)
    if part.key in request.uncertain or has_symbol(f"{part.key}{part.default or ''}"):
        return False
    value = request.context.get(part.key)
    return not isinstance(value, str) or not has_symbol(value)


def texts(template: Template, request: AuthorizationRequest, wildcards: bool) -> Texts:
    """Every text that the value may be; ``wildcards``: whether its own text has any."""
    parts = [_part_texts(part, request, wildcards) for part in template]
    size = 1
    for part in parts:
        size *= len(part)
    if size > _MOST:
        return ANYTHING
    return tuple(dict.fromkeys(map(_joined, product(*parts))))


def _joined(parts: tuple[Optional[Tokens], ...]) -> Optional[Tokens]:
    joined: list[str] = []
    for part in parts:
        if part is None:
            return None
        joined += part
    return ordered(joined)


def _part_texts(part: Part, request: AuthorizationRequest, wildcards: bool) -> Texts:
    if isinstance(part, Fixed):
        return (open_glob(part.text) if wildcards else open_literal(part.text),)
    if isinstance(part, Variable):
        return _variable_texts(part, request)
    return (open_literal(part.text),)


def _variable_texts(variable: Variable, request: AuthorizationRequest) -> Texts:
    if has_symbol(variable.key):
        return ANYTHING
    value = request.context.get(variable.key)
    default = None if variable.default is None else open_literal(variable.default)
    if variable.key in request.uncertain and value is None:
        return ((symbol(variable.key),), default, None)
    found: list[Optional[Tokens]] = []
    if isinstance(value, str):
        text = open_literal(value)
        found += [text] if text else []
        found += [default] if may_be_empty(text) else []
    elif value:
        found.append(None)  # a multivalued key is no variable
    else:
        found.append(default)
    if variable.key in request.uncertain:
        found.append(default)
    return tuple(dict.fromkeys(found))


def segments(template: Template, count: int) -> tuple[Template, ...]:
    """The template cut at the first ``count - 1`` colons of its own text, symbols left whole."""
    found: list[list[Part]] = [[]]
    for part in template:
        if not isinstance(part, Fixed):
            found[-1].append(part)
            continue
        piece: list[str] = []
        for token in open_literal(part.text):
            if token == ":" and len(found) < count:
                found[-1].append(Fixed("".join(piece)))
                found.append([])
                piece = []
            else:
                piece.append(token)
        found[-1].append(Fixed("".join(piece)))
    return tuple(tuple(segment) for segment in found)


def has_open_text(template: Template) -> bool:
    """Whether a symbol stands in the value's own text, which may hold anything."""
    return any(
        has_symbol(part.key if isinstance(part, Variable) else part.text) for part in template
    )


def closed_text(text: str) -> bool:
    """Whether a value of the request is known."""
    return is_closed(open_literal(text))
