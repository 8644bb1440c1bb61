"""Reading and changing a definition at a place, without touching the original.

A place may lead through a text that holds JSON (the document of a Job step).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

Place = tuple[Any, ...]
Change = Callable[[Any, Any], None]
"""Changes the copied holder at the key."""

MISSING: Any = object()
EACH = "*"
_MARK = "<reference>"


def at(node: Any, place: Place) -> Any:
    """What stands at the place, or MISSING."""
    for token in place:
        node = _opened(node)
        if not (isinstance(node, (dict, list)) and _has(node, token)):
            return MISSING
        node = node[token]
    return node


def changed(node: Any, place: Place, change: Change) -> Any:
    """A copy in which ``change`` was made at the place; structures on the way are made."""
    opened = _opened(node)
    if opened is not node:
        return json.dumps(changed(opened, place, change))
    head, rest = place[0], place[1:]
    copy = node.copy()
    if not rest:
        change(copy, head)
        return copy
    below = at(node, (head,))
    below = changed({} if below is MISSING else below, rest, change)
    _put(copy, head, below)
    return copy


def put(node: Any, place: Place, value: Any) -> Any:
    """A copy with the value at the place."""

    def change(holder: Any, key: Any) -> None:
        _put(holder, key, value)

    return changed(node, place, change)


def refer(node: Any, place: Place, reference: Any) -> Any:
    """A copy with the reference at the place; one in a text is spliced into it by a Std:Join."""
    for end in range(1, len(place)):
        text = at(node, place[:end])
        if isinstance(text, str):
            before, after = put(text, place[end:], _MARK).split(_MARK)
            join = {"Std:Join": {"On": "", "Values": [before, reference, after]}}
            return put(node, place[:end], join)
    return put(node, place, reference)


def nearest(node: Any, place: Place) -> Place:
    """The place, or its nearest ancestor that is there."""
    while at(node, place) is MISSING:
        place = place[:-1]
    return place


def tokens(path: str) -> Place:
    """``A[*].B[0]`` as ``("A", "*", "B", 0)``."""
    found: list[Any] = []
    for inside, name in re.findall(r"\[([^\]]+)\]|([^.\[\]]+)", path):
        found.append(name or (int(inside) if inside.isdigit() else EACH))
    return tuple(found)


def expanded(node: Any, base: Place, path: Place) -> Iterator[Place]:
    """Every place that a path with ``[*]`` in it leads to."""
    if EACH not in path:
        yield base + path
        return
    cut = path.index(EACH)
    elements = at(node, base + path[:cut])
    for index in range(len(elements)):
        yield from expanded(node, (*base, *path[:cut], index), path[cut + 1 :])


def label(place: Place) -> str:
    """The place as a path: ``A[0].B``."""
    text = "".join(f"[{t}]" if isinstance(t, int) or t == EACH else f".{t}" for t in place)
    return text.removeprefix(".")


def _has(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else key in range(len(holder))


def _opened(node: Any) -> Any:
    if isinstance(node, str):
        try:
            held = json.loads(node)
        except ValueError:
            return node
        return held if isinstance(held, dict) else node
    return node


def _put(holder: Any, key: Any, value: Any) -> None:
    if isinstance(holder, list) and key == len(holder):
        holder.append(value)
    else:
        holder[key] = value
