"""Proofs as JSON, for programs. The fields are a contract: they only ever grow."""

from __future__ import annotations

import json
from typing import Any, Optional

from ormer.proofs.closing.fix import Fix
from ormer.proofs.proof import Verdict
from ormer.proofs.telling.told import At, By, Proving, Shown, Told


def render(proving: Proving) -> str:
    """One JSON document."""
    return json.dumps(document(proving), indent=2, ensure_ascii=True) + "\n"


def document(proving: Proving) -> dict[str, Any]:
    """The document as plain values."""
    digest, count, overridden = proving.controls
    path, sha256 = proving.environment
    return {
        "schema": 1,
        "tool": dict(proving.versions),
        "inputs": [
            {"target": each.path, "sha256": each.sha256, "kind": each.kind}
            for each in proving.inputs
        ],
        "environment": {"path": path, "sha256": sha256},
        "access": {"path": proving.access, "assumed": dict(proving.assumed)},
        "controls": {"digest": digest, "count": count, "overridden": list(overridden)},
        "timeout": proving.seconds,
        "proofs": [_proof(each) for each in proving.told],
        "summary": _summary(proving),
    }


def _proof(told: Told) -> dict[str, Any]:
    proof, worst = told.proof, told.worst
    return {
        "control": proof.control,
        "title": proof.title,
        "severity": proof.severity,
        "principal": proof.principal,
        "verdict": proof.verdict.value if told.is_configured else "not_configured",
        "vacuous": proof.vacuous,
        "why": proof.why or (worst.proof.why if worst is not None else ""),
        "sentence": worst.sentence if worst is not None else "",
        "counterexample": worst.line if worst is not None else None,
        "aws_cli": worst.aws_cli if worst is not None else "",
        "statements": _merged(told) if worst is not None else [],
        "worlds": list(worst.proof.worlds) if worst is not None else [],
        "fix": _fix(told.fix),
        "advice": told.advice,
        "belongs": told.belongs,
        "actions": [_action(each) for each in told.actions],
    }


def _merged(told: Told) -> list[dict[str, Any]]:
    """The statements of the action that decides; of a proof, those of all its actions."""
    shown = told.actions if told.proof.verdict is Verdict.PROVED else (told.worst,)
    every = dict.fromkeys(by for each in shown if each is not None for by in each.by)
    return [_by(each) for each in every]


def _action(shown: Shown) -> dict[str, Any]:
    proof = shown.proof
    return {
        "action": proof.action,
        "verdict": proof.verdict.value,
        "vacuous": proof.vacuous,
        "why": proof.why,
        "unbound": list(proof.unbound),
        "worlds": list(proof.worlds),
        "sentence": shown.sentence,
        "counterexample": shown.line,
        "aws_cli": shown.aws_cli,
        "statements": [_by(each) for each in shown.by],
    }


def _by(by: By) -> dict[str, Any]:
    return {
        "layer": by.layer,
        "policy": by.policy,
        "statement": by.statement,
        "effect": by.effect,
        "needed": by.needed,
        "location": _location(by.at),
    }


def _location(at: Optional[At]) -> Optional[dict[str, Any]]:
    return None if at is None else {"file": at.file, "line": at.line}


def _fix(fix: Optional[Fix]) -> Optional[dict[str, Any]]:
    if fix is None:
        return None
    return {
        "document": fix.document,
        "actions": list(fix.actions),
        "also": list(fix.also),
        "left": [{"action": each.action, "worlds": list(each.worlds)} for each in fix.left],
        "why": fix.why,
    }


def _summary(proving: Proving) -> dict[str, int]:
    counts = {verdict.value: proving.count(verdict) for verdict in Verdict}
    return {
        **counts,
        "vacuous": proving.vacuous,
        "not_configured": proving.not_configured,
        "proofs": len(proving.told),
    }
