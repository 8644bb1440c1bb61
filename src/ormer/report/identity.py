"""A finding's id: the same tomorrow, when steps and lists are in another order."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from ormer.model.definition import Place
from ormer.model.finding import Finding, Report

_RANDOM = r"(-RepackModel-\w+)-[0-9a-f]{8}\b"
"""SDK v3 ends the name of a repack step with a new random number at every build."""


def named_place(body: Any, place: Place) -> str:
    """The place with list elements by name (or by value) where they have one."""
    parts: list[str] = []
    node = body
    for part in place:
        siblings, node = node, _below(node, part)
        if isinstance(part, int) and isinstance(siblings, list):
            parts.append(f"[{_name_among(siblings, part)}]")
        else:
            parts.append(str(part))
    return "/".join(parts)


def _name_among(siblings: list[Any], index: int) -> str:
    """The element's name, or its number where it has none of its own."""
    if index >= len(siblings):
        return str(index)
    element = siblings[index]
    if isinstance(element, str):
        return element if siblings.count(element) == 1 else str(index)
    for member in _names(element):
        others = [s for s in siblings if isinstance(s, dict) and s.get(member) == element[member]]
        if len(others) == 1:
            return str(element[member])
    return str(index)


def _names(element: Any) -> list[str]:
    """The members that name an element, in an order that the file does not decide."""
    if not isinstance(element, dict):
        return []
    named = (
        m for m, v in element.items() if isinstance(v, str) and (m.endswith("Name") or m == "Key")
    )
    return sorted(named, key=lambda member: (member != "Name", member))


def _below(node: Any, part: Any) -> Any:
    if isinstance(node, dict):
        return node.get(part)
    if isinstance(node, list) and isinstance(part, int) and part < len(node):
        return node[part]
    return None


def finding_id(report: Report, finding: Finding, pipeline: str) -> str:
    """16 hex digits of a SHA-256 over pipeline, control, subject and place by name."""
    place = named_place(report.input.body, finding.place)
    words = (pipeline, finding.control, finding.subject, place)
    text = re.sub(_RANDOM, r"\1", "\x1f".join(words))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
