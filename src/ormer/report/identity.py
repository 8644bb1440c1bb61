"""A finding's id: the same tomorrow, when steps and lists are in another order."""

from __future__ import annotations

import hashlib
from typing import Any

from ormer.model.definition import Place
from ormer.model.finding import Finding, Report


def named_place(body: Any, place: Place) -> str:
    """The place with list elements by name (or by value) where they have one."""
    parts: list[str] = []
    node = body
    for part in place:
        node = _below(node, part)
        parts.append(str(part) if not isinstance(part, int) else f"[{_name(node, part)}]")
    return "/".join(parts)


def _below(node: Any, part: Any) -> Any:
    if isinstance(node, dict):
        return node.get(part)
    if isinstance(node, list) and isinstance(part, int) and part < len(node):
        return node[part]
    return None


def _name(element: Any, index: int) -> str:
    if isinstance(element, dict):
        for member, value in element.items():
            if isinstance(value, str) and (member.endswith("Name") or member == "Key"):
                return value
        return str(index)
    return str(element) if isinstance(element, str) else str(index)


def finding_id(report: Report, finding: Finding) -> str:
    """16 hex digits of a SHA-256 over pipeline, control, subject and place by name."""
    place = named_place(report.input.body, finding.place)
    text = "\x1f".join((report.input.pipeline, finding.control, finding.subject, place))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
