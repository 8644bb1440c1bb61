"""Which Denies are needed, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ormer import __version__
from ormer.model.symbol import readable
from ormer.model.value import printable
from ormer.proofs.difference.redundant import Judged, Need
from ormer.report.difference.compared import example, request_json, shown_keys

_MOST = 6


def render(target: str, judged: tuple[Judged, ...]) -> str:
    """A paragraph for each Deny that is not shown to be needed, a line for each that is."""
    lines = [line for one in judged for line in _lines(one)]
    counts = {need: sum(one.need is need for one in judged) for need in Need}
    told = ", ".join(f"{counts[need]} {need.value}" for need in Need if counts[need])
    return "\n".join(map(printable, (*lines, "", f"{target}: {told or 'no Deny'}"))) + "\n"


def _lines(one: Judged) -> Iterator[str]:
    deny = one.deny
    yield f"{one.need.value:9} {deny.layer} {deny.policy} {deny.statement}"
    if one.change is not None and one.change.request is not None:
        request = one.change.request
        yield f"          without it: {request.principal.name}"
        yield f"          {example(request)}"
        for key, value in shown_keys(request):
            yield f"            {key} {value}"
    if one.need is Need.REDUNDANT:
        kept = one.because
        more = f" and {len(kept) - _MOST} more" if len(kept) > _MOST else ""
        yield f"          kept by {', '.join(kept[:_MOST])}{more}"
    if one.need is Need.IDLE:
        yield "          no Allow lets through what it denies"
    if one.why:
        yield f"          {readable(one.why)}"


def as_json(target: str, judged: tuple[Judged, ...]) -> str:
    """One object."""
    made = {
        "schema": 1,
        "tool": {"version": __version__},
        "access": target,
        "denies": [_json(one) for one in judged],
        "summary": {need.value: sum(one.need is need for one in judged) for need in Need},
    }
    return json.dumps(made, indent=2) + "\n"


def _json(one: Judged) -> dict[str, Any]:
    change = one.change
    return {
        "layer": one.deny.layer,
        "policy": one.deny.policy,
        "statement": one.deny.statement,
        "need": one.need.value,
        "request": None if change is None else request_json(change.request, change.through),
        "because": list(one.because),
        "why": one.why,
    }
