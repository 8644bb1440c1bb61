"""What lint found as SARIF 2.1.0, for code scanning and editors.

A finding's witness is in its properties: the line of ``ormer decide``, as text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from ormer import __version__
from ormer.model.definition import pointer
from ormer.model.lint import Linted, LintFinding, LintRule
from ormer.report.sarif.level import level
from ormer.report.sarif.location import uri
from ormer.report.sarif.log import log
from ormer.report.sarif.message import message_string
from ormer.report.sarif.rule import descriptor


def render(linted: Sequence[Linted], rules: Sequence[LintRule], folder: str = "") -> str:
    """The log as JSON; targets in ``folder`` are named relative to it."""
    run = {
        "tool": {
            "driver": {
                "name": "Ormer",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [descriptor(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "artifacts": list(_artifacts(linted, folder).values()),
        "results": list(_results(linted, rules, folder)),
    }
    return log(run)


def _artifacts(linted: Sequence[Linted], folder: str) -> dict[str, dict[str, Any]]:
    """The files by their addresses: several documents may be in one."""
    first: dict[str, Linted] = {}
    for each in linted:
        first.setdefault(uri(each.file, folder), each)
    return {address: _artifact(each, address) for address, each in first.items()}


def _artifact(linted: Linted, address: str) -> dict[str, Any]:
    is_yaml = linted.file != linted.target and not address.endswith((".json", ".template"))
    return {
        "location": {"uri": address},
        "roles": ["analysisTarget"],
        "mimeType": "application/yaml" if is_yaml else "application/json",
        "encoding": "UTF-8",
        "hashes": {"sha-256": linted.sha256},
    }


def _results(
    linted: Sequence[Linted], rules: Sequence[LintRule], folder: str
) -> Iterator[dict[str, Any]]:
    place = {rule.id: index for index, rule in enumerate(rules)}
    indices = {address: index for index, address in enumerate(_artifacts(linted, folder))}
    for document in linted:
        address = uri(document.file, folder)
        artifact = {"uri": address, "index": indices[address]}
        for finding, at in zip(document.findings, document.lines, strict=True):
            yield {
                "ruleId": finding.rule.id,
                "ruleIndex": place[finding.rule.id],
                **_result(finding),
                "locations": [_location(finding, artifact, at)],
                "partialFingerprints": {"ormerLintId/v1": _identity(document.target, finding)},
            }


def _result(finding: LintFinding) -> dict[str, Any]:
    witness = finding.witness
    shown = "" if witness is None else f". {witness.text}"
    properties: dict[str, Any] = {"severity": finding.severity.value}
    if witness is not None:
        properties["decision"] = witness.outcome.value
        properties["decideLine"] = json.dumps(witness.line)
    return {
        "level": level(finding.severity),
        "message": {"text": message_string(f"{finding.message}{shown}")},
        "properties": properties,
    }


def _location(
    finding: LintFinding, artifact: dict[str, Any], at: tuple[int, int]
) -> dict[str, Any]:
    region = {"startLine": at[0], "startColumn": at[1]}
    logical = [{"fullyQualifiedName": pointer(finding.place)}] if finding.place else []
    return {
        "physicalLocation": {"artifactLocation": artifact, "region": region},
        "logicalLocations": logical,
    }


def _identity(target: str, finding: LintFinding) -> str:
    """The same for the same finding in the same document, wherever its lines are."""
    told = json.dumps([target, finding.rule.id, finding.statement, pointer(finding.place)])
    return hashlib.sha256(told.encode()).hexdigest()[:16]
