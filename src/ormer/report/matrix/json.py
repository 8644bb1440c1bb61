"""The enforcement matrix as JSON: every row, cell by cell, with what carries it."""

from __future__ import annotations

import json
from typing import Any

from ormer import __version__
from ormer.model.authorization import AuthorizationRequest
from ormer.proofs.matrix.alone import Cell
from ormer.proofs.matrix.enforcement import Matrix, Row


def render(made: Matrix) -> str:
    """The document; a column that is not among a row's cells does not meet the action."""
    document = {
        "schema": 1,
        "tool": {"version": __version__},
        "columns": [column.value for column in made.columns],
        "rows": [_row(row) for row in made.rows],
        "nobody_may_call": [
            {"control": one.control, "actions": list(one.actions)} for one in made.idle
        ],
        "no_condition_key": [
            {"control": one.control, "actions": list(one.actions)} for one in made.unseen
        ],
        "not_asked": [{"control": one.control, "why": one.why} for one in made.not_asked],
    }
    return json.dumps(document, indent=2) + "\n"


def _row(row: Row) -> dict[str, Any]:
    return {
        "control": row.control,
        "action": row.action,
        "principals": list(row.principals),
        "cells": {column.value: _cell(cell) for column, cell in row.cells.items()},
    }


def _cell(cell: Cell) -> dict[str, Any]:
    """Fields that say nothing are left out."""
    found: dict[str, Any] = {"verdict": cell.enforcement.value}
    found["statements"] = [one._asdict() for one in cell.by]
    if cell.also:
        found["also_denies"] = [
            {**one.by._asdict(), "request": _request(one.request)} for one in cell.also
        ]
    if cell.is_idle:
        found["lets_in_nothing"] = True
    if cell.example is not None:
        found["lets_in"] = _request(cell.example)
    if cell.worlds:
        found["worlds"] = list(cell.worlds)
    if cell.why:
        found["why"] = cell.why
    return {key: value for key, value in found.items() if value != []}


def _request(request: AuthorizationRequest) -> dict[str, Any]:
    """As ``ormer decide`` reads it."""
    context = {
        key: value if isinstance(value, str) else list(value)
        for key, value in request.context.items()
    }
    return {
        "principal": request.principal.name,
        "action": request.action,
        "resource": request.resource,
        "resourceAccount": request.account,
        "context": context,
    }
