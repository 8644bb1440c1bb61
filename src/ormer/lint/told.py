"""A witness as a person is told it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ormer.facts.global_keys import GLOBAL_KEYS
from ormer.lint.document import Document
from ormer.model.authorization import Outcome


def spelling(document: Document) -> dict[str, str]:
    """Key in lower case -> as the document spells it, or one beside it, or the reference."""
    known = {key: entry.key for key, entry in GLOBAL_KEYS.items()}
    for each in (*document.beside, document):
        known |= {c.key.lower(): c.key for s in each.policy.statements for c in s.conditions}
    return known


def told(request: Mapping[str, Any], outcome: Outcome, says: str) -> str:
    """``gets through (Allowed): s3:GetObject on ... by ... with ...``."""
    who = request["principal"]
    if isinstance(who, dict):
        who = who.get("service") or who.get("id") or "anyone, without credentials,"
    shown = [f"{key} {_value(value)}" for key, value in request["context"].items()]
    holds = f" with {', '.join(shown)}" if shown else ""
    owner = request.get("resourceAccount", "")
    where = f" (account {owner})" if owner and f":{owner}:" not in request["resource"] else ""
    asks = f"{request['action']} on {request['resource']}{where} by {who}{holds}"
    return f"{says} ({outcome.value}): {asks}"


def _value(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
