"""A path of the key table laid along botocore's shapes: what is there whenever its parent is.

Used where facts are distilled, never by a check.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

Shapes = dict[str, dict[str, Any]]

ELEMENT, VALUE = "[]", "{}"


class Part(NamedTuple):
    """One step of a path: a member's name, ``[]`` (each element) or ``{}`` (each map value).

    ``shape`` is where the step leads. ``certain``: wherever the step's parent is, the step
    leads to something, and at the path's end to something that is not an empty text.
    """

    token: str
    shape: str
    certain: bool


MemberPath = tuple[Part, ...]


def tokens(path: str) -> list[str]:
    """``A.B[].C`` as ``["A", "B", "[]", "C"]``."""
    found: list[str] = []
    for part in path.split("."):
        mark = part[-2:] if part[-2:] in (ELEMENT, VALUE) else ""
        found += [part.removesuffix(mark), mark] if mark else [part]
    return found


def member_path(shapes: Shapes, root: str, path: str) -> MemberPath:
    """``path`` from the structure ``root``; nothing where no service model describes it."""
    parts: list[Part] = []
    name = root
    for token in tokens(path):
        shape = shapes[name]
        if token == ELEMENT:
            certain, name = shape.get("min", 0) >= 1, shape["member"]["shape"]
        elif token == VALUE:
            certain, name = shape.get("min", 0) >= 1, shape["value"]["shape"]
        elif shape["type"] != "structure":
            return ()
        else:
            certain = token in shape.get("required", ())
            name = shape["members"][token]["shape"]
        parts.append(Part(token, name, certain))
    last = parts[-1]
    return (*parts[:-1], last._replace(certain=last.certain and _never_empty(shapes[last.shape])))


def _never_empty(shape: dict[str, Any]) -> bool:
    """Whether a value of the shape is never an empty text, which policies may see as no value."""
    if shape["type"] != "string" or shape.get("min", 0) >= 1 or "enum" in shape:
        return True
    pattern = shape.get("pattern")
    if pattern is None:
        return False
    try:
        return re.fullmatch(pattern, "") is None
    except re.error:  # a pattern of Java's that Python cannot read: not known, so not certain
        return False


def is_certain(path: MemberPath) -> bool:
    """Whether every input has a value at the path."""
    return bool(path) and all(part.certain for part in path)


def entails(path: MemberPath, other: MemberPath) -> bool:
    """Whether a value at ``path`` means that there is one at ``other`` in the same structure.

    The structure is the last that both paths lead through, so inside a list it is the same
    element; from there on, everything on the way to ``other`` has to be certain.
    """
    if not path or not other:
        return False
    common = 0
    while common < min(len(path), len(other)) and path[common].token == other[common].token:
        common += 1
    return all(part.certain for part in other[common:])
