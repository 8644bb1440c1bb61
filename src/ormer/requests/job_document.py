"""The JSON text inside CreateJob's JobConfigDocument -> the structure it describes.

The SDK splices pipeline variables into the finished text, as a Std:Join of fragments; the
structure gets each variable back in the place where its text lands.
"""

from __future__ import annotations

import json
import re
from typing import Any

from ormer.model.value import Opaque
from ormer.requests.resolve import is_reference

DOCUMENT = "JobConfigDocument"
_MARK = "\ue000{}\ue001"
_MARKED = "\ue000(\\d+)\ue001"


def opened(document: Any) -> dict[str, Any] | Opaque:
    """The document as a structure, or Opaque with the reason why it cannot be read."""
    variables: list[Any] = []
    text = _text(document, variables)
    if text is None:
        return Opaque(f"{DOCUMENT} is not a JSON text")
    try:
        structure = json.loads(text)
    except (ValueError, RecursionError):
        return Opaque(f"{DOCUMENT} does not hold JSON")
    if not isinstance(structure, dict):
        return Opaque(f"{DOCUMENT} does not hold a JSON object")
    return {name: _restored(value, variables) for name, value in structure.items()}


def _text(document: Any, variables: list[Any]) -> str | None:
    if isinstance(document, str):
        return document
    join = document.get("Std:Join") if isinstance(document, dict) else None
    if not isinstance(join, dict) or not isinstance(join.get("Values"), list):
        return None
    fragments = []
    for value in join["Values"]:
        if is_reference(value):
            fragments.append(_MARK.format(len(variables)))
            variables.append(value)
        else:
            fragments.append(str(value))
    return str(join.get("On", "")).join(fragments)


def _restored(node: Any, variables: list[Any]) -> Any:
    if isinstance(node, dict):
        return {name: _restored(value, variables) for name, value in node.items()}
    if isinstance(node, list):
        return [_restored(value, variables) for value in node]
    if not isinstance(node, str) or not variables:
        return node
    pieces = re.split(_MARKED, node)
    if len(pieces) == 1:
        return node
    values = [variables[int(p)] if i % 2 else p for i, p in enumerate(pieces) if i % 2 or p]
    return {"Std:Join": {"On": "", "Values": values}}
