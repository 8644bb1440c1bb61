"""Where a finding is, as SARIF's location (section 3.28): file, lines, step and JSON Pointer."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import Any, Optional
from urllib.parse import quote

from ormer.model.definition import pointer
from ormer.model.finding import Finding
from ormer.model.value import printable
from ormer.read.text.json_regions import Region


def uri(target: str, folder: str) -> str:
    """The target as a URI: relative to ``folder`` where it is in there or was given so.

    Standard input has no file; it keeps the name that reports give it, as a relative URI.
    """
    path = PurePath(target)
    if path.is_absolute():
        if not (folder and path.is_relative_to(folder)):
            return path.as_uri()
        path = path.relative_to(folder)
    return quote(os.fsencode(path.as_posix()), safe="/")


def location(
    finding: Finding, artifact: dict[str, Any], region: Optional[Region]
) -> dict[str, Any]:
    """The member's region in the text, and its two logical names: by step and by pointer.

    A region without columns is a whole line.
    """
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if region is not None and not region.column:
        physical["region"] = {"startLine": region.line}
    elif region is not None:
        physical["region"] = {
            "startLine": region.line,
            "startColumn": region.column,
            "endLine": region.end_line,
            "endColumn": region.end_column,
        }
    return {
        "physicalLocation": physical,
        "logicalLocations": [*_step(finding), *_member(finding)],
    }


def _step(finding: Finding) -> list[dict[str, str]]:
    if not finding.subject:
        return []
    subject = printable(finding.subject)
    name = subject.rpartition("/")[2]
    return [{"name": name, "fullyQualifiedName": subject, "kind": "step"}]


def _member(finding: Finding) -> list[dict[str, str]]:
    """Section 3.33.3 names places of a JSON document by their pointers."""
    if not finding.place:
        return []
    last = finding.place[-1]
    named = {"name": printable(str(last)), "fullyQualifiedName": printable(pointer(finding.place))}
    return [{**named, "kind": "property"} if isinstance(last, str) else named]
