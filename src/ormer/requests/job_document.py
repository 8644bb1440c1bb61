"""The JSON text inside CreateJob's JobConfigDocument -> the structure it describes.

The SDK splices pipeline variables into the finished text, as a Std:Join of fragments; the
structure gets each variable back in the place where its text lands.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ormer.model.errors import InputError
from ormer.model.value import CALLER, DEPLOY, Expression, Free, Opaque, show
from ormer.read.text.json_text import parse_json
from ormer.requests.resolve import is_reference

DOCUMENT = "JobConfigDocument"
DEEPEST = 64
Resolve = Callable[[Any], Any]

_ENDS = frozenset('"\\\n\r\t')
_OPENS = "\ue000"
_MARK = "\ue000{}\ue001"
_MARKED = "\ue000(\\d+)\ue001"


def opened(document: Any) -> dict[str, Any] | Opaque:
    """The document as a structure, or Opaque with the reason why it cannot be read."""
    variables: list[Any] = []
    text = _text(document, variables)
    if text is None:
        return Opaque(f"{DOCUMENT} is not a JSON text")
    try:
        structure = parse_json(text, DOCUMENT)
    except InputError as error:
        return Opaque(f"{DOCUMENT} does not hold JSON: {error}")
    if not isinstance(structure, dict):
        return Opaque(f"{DOCUMENT} does not hold a JSON object")
    try:
        return {_name(name): _restored(value, variables, 0) for name, value in structure.items()}
    except _Unclear as unclear:
        return Opaque(f"{DOCUMENT} {unclear}")


def doubt(document: Any, resolve: Resolve) -> str:
    """Why the document may say more than it shows, or nothing.

    ``resolve`` gives the value of a reference in it. The service joins texts: a variable
    whose text has a quotation mark in it rewrites the rest of the document.
    """
    variables: list[Any] = []
    _text(document, variables)
    for variable in variables:
        if not _is_plain(variable, resolve):
            return f"{show(resolve(variable))} may end the text it stands in and go on"
    return ""


class _Unclear(Exception):
    pass


def _name(name: str) -> str:
    if _OPENS in name:
        raise _Unclear("has a member whose name is a variable")
    return name


def _is_plain(variable: Any, resolve: Resolve) -> bool:
    """Whether a variable's text can be no more than a part of the JSON string it stands in.

    What the service itself makes (ids, ARNs, places) has no quotation marks.
    """
    value = resolve(variable)
    if isinstance(value, str):
        return not set(value) & _ENDS
    if not isinstance(value, Expression):
        return isinstance(value, (bool, int, float))
    return all(isinstance(part, str) or _is_plain_part(part) for part in value.parts)


def _is_plain_part(part: Free) -> bool:
    if part.choices is not None:
        return not any(set(choice) & _ENDS for choice in part.choices)
    if part.source in (CALLER, DEPLOY):
        return part.kind in ("Integer", "Float")
    return ".OutputParameters" not in part.name and part.name != "Std:JsonGet"


def _text(document: Any, variables: list[Any]) -> str | None:
    if isinstance(document, str):
        return document
    join = document.get("Std:Join") if isinstance(document, dict) else None
    if not isinstance(join, dict) or not isinstance(join.get("Values"), list):
        return None
    separator = join.get("On", "")
    if not isinstance(separator, str):
        return None
    fragments = []
    for value in join["Values"]:
        if is_reference(value):
            fragments.append(_MARK.format(len(variables)))
            variables.append(value)
        else:
            if _OPENS in str(value):
                return None
            fragments.append(str(value))
    return separator.join(fragments)


def _restored(node: Any, variables: list[Any], depth: int) -> Any:
    if depth > DEEPEST:
        raise _Unclear(f"is nested deeper than {DEEPEST}")
    if isinstance(node, dict):
        return {_name(n): _restored(value, variables, depth + 1) for n, value in node.items()}
    if isinstance(node, list):
        return [_restored(value, variables, depth + 1) for value in node]
    if not isinstance(node, str) or not variables:
        return node
    pieces = re.split(_MARKED, node)
    if len(pieces) == 1:
        return node
    values = [variables[int(p)] if i % 2 else p for i, p in enumerate(pieces) if i % 2 or p]
    return {"Std:Join": {"On": "", "Values": values}}
