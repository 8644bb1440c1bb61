"""A finding's id: the same tomorrow, when steps and lists are in another order."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ormer.model.definition import Place
from ormer.model.digest import sha256
from ormer.model.finding import Finding, Report

_RANDOM = r"(-RepackModel-\w+)-[0-9a-f]{8}\b"
"""SDK v3 ends the name of a repack step with a new random number at every build."""


class Namer:
    """Names places of one document; each list's elements are named once."""

    def __init__(self, body: Any) -> None:
        self.body = body
        self._named: dict[int, list[str]] = {}

    def place(self, place: Place) -> str:
        """The place with list elements by name (or by value) where they have one."""
        parts: list[str] = []
        node = self.body
        for part in place:
            siblings, node = node, _below(node, part)
            if isinstance(part, int) and isinstance(siblings, list) and part < len(siblings):
                parts.append(f"[{self._names(siblings)[part]}]")
            else:
                parts.append(str(part))
        return "/".join(parts)

    def _names(self, siblings: list[Any]) -> list[str]:
        named = self._named.get(id(siblings))
        if named is None:
            named = self._named[id(siblings)] = _names_among(siblings)
        return named


def _below(node: Any, part: Any) -> Any:
    if isinstance(node, dict):
        return node.get(part)
    if isinstance(node, list) and isinstance(part, int) and part < len(node):
        return node[part]
    return None


def _names_among(siblings: list[Any]) -> list[str]:
    """Each element's name, or its number where it has none of its own."""
    counted = Counter(pair for element in siblings for pair in _pairs(element))
    return [
        next((value for member, value in _pairs(e) if counted[member, value] == 1), f"#{index}")
        for index, e in enumerate(siblings)
    ]


def _pairs(element: Any) -> list[tuple[str, str]]:
    """The members that name an element, or the text that it is, in a fixed order."""
    if isinstance(element, str):
        return [("", element)]
    return [(member, element[member]) for member in _names(element)]


def _names(element: Any) -> list[str]:
    """The members that name an element, in an order that the file does not decide."""
    if not isinstance(element, dict):
        return []
    named = (
        m for m, v in element.items() if isinstance(v, str) and (m.endswith("Name") or m == "Key")
    )
    return sorted(named, key=lambda member: (member != "Name", member))


def finding_id(finding: Finding, pipeline: str, namer: Namer) -> str:
    """16 hex digits of a SHA-256 over pipeline, control, subject and place by name."""
    place = namer.place(finding.place)
    words = (pipeline, finding.control, finding.subject, place)
    text = re.sub(_RANDOM, r"\1", "\x1f".join(words))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def identified(reports: list[Report]) -> Iterator[tuple[Report, list[tuple[Finding, str]]]]:
    """Each report with its findings, in order, and their ids."""
    for report in reports:
        namer = Namer(report.input.body)
        yield report, [(f, finding_id(f, report.input.name, namer)) for f in report.findings]


def evidence(finding: Finding, body: Any) -> str:
    """16 hex digits of a SHA-256 over what was wrong: the verdict and all that decided it.

    For a rule about the document that is the part of it that is meant. Another value at the
    same place, or one more beside it, is other evidence; no value can be read from it.
    """
    told = finding.told
    what = repr(told) if told is not None else _part(finding.place, body)
    text = f"{finding.verdict.value}\x1f{what}"
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _part(place: Place, body: Any) -> str:
    """The document below a place; below the whole step for its type."""
    for part in place[:-1] if place[-1:] == ("Type",) else place:
        body = _below(body, part)
    return json.dumps(body, sort_keys=True)
