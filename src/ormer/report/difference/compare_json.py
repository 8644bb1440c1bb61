"""A comparison as JSON."""

from __future__ import annotations

import json
from typing import Any

from ormer import __version__
from ormer.proofs.difference.compare import Answer, Change
from ormer.report.difference.compared import Compared, count, request_json


def render(compared: Compared) -> str:
    """One object."""
    made = {
        "schema": 1,
        "tool": {"version": __version__},
        "old": compared.old,
        "new": compared.new_target,
        "principalsAdded": list(compared.added),
        "principalsRemoved": list(compared.removed),
        "allowed": [_change(each) for each in compared.new],
        "noLongerAllowed": [_change(each) for each in compared.gone],
        "note": compared.note,
        "summary": {
            "allowed": count(compared.new, Answer.NEW),
            "allowedUnknown": count(compared.new, Answer.UNKNOWN),
            "noLongerAllowed": count(compared.gone, Answer.NEW),
            "noLongerAllowedUnknown": count(compared.gone, Answer.UNKNOWN),
            "questions": compared.asked,
        },
    }
    return json.dumps(made, indent=2) + "\n"


def _change(change: Change) -> dict[str, Any]:
    return {
        "principal": change.principal,
        "answer": change.answer.value,
        "actions": list(change.actions),
        "request": request_json(change.request, change.through),
        "allowedBy": list(change.allowed_by),
        "deniedBy": list(change.denied_by),
        "given": change.given,
        "worlds": list(change.worlds),
        "why": change.why,
    }
