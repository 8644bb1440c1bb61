"""Who can do something, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ormer import __version__
from ormer.model.symbol import readable
from ormer.model.value import printable
from ormer.proofs.difference.reach import Can, Reached
from ormer.report.difference.compared import example, named, request_json, shown_keys

_ORDER = tuple(Can)


def render(action: str, resource: str, found: tuple[Reached, ...]) -> str:
    """Those who can first; what is prevented alike stands together, and nobody is said to be."""
    ordered = sorted(_together(found), key=lambda one: _ORDER.index(one.can))
    lines = [f"{action} on {resource}", ""]
    for one in ordered:
        lines += _lines(one)
    if not found:
        lines.append("nobody to ask about: the access file has no principals")
    return "\n".join(map(printable, lines)) + "\n"


def _together(found: tuple[Reached, ...]) -> Iterator[Reached]:
    groups: dict[Reached, list[str]] = {}
    for one in found:
        if one.can is Can.NO and one.request is None:
            groups.setdefault(one._replace(actions=()), []).extend(one.actions)
        else:
            yield one
    for alike, actions in groups.items():
        yield alike._replace(actions=tuple(actions))


def _lines(one: Reached) -> Iterator[str]:
    yield f"{one.can.value}: {one.principal}"
    yield f"    {named(one.actions)}"
    for need in one.needs:
        yield f"    if {need}"
    if one.can is Can.CONDITIONS and not one.needs and not one.why:
        yield "    in several ways, which have no condition in common; one of them:"
    if one.request is not None:
        yield f"    example: {example(one.request)}"
        for key, value in shown_keys(one.request):
            yield f"             {key} {value}"
        if one.through:
            yield f"             through the endpoint {one.through}"
    if one.because:
        what = "prevented by" if one.can is Can.NO else "allowed by"
        yield f"    {what}: {', '.join(one.because)}"
    if one.given:
        yield f"    given that {one.given}"
    if one.why:
        yield f"    not known: {readable(one.why)}"
    yield ""


def as_json(action: str, resource: str, found: tuple[Reached, ...]) -> str:
    """One object."""
    made = {
        "schema": 1,
        "tool": {"version": __version__},
        "action": action,
        "resource": resource,
        "principals": [_json(one) for one in found],
    }
    return json.dumps(made, indent=2) + "\n"


def _json(one: Reached) -> dict[str, Any]:
    return {
        "principal": one.principal,
        "can": one.can.value,
        "actions": list(one.actions),
        "conditions": list(one.needs),
        "request": request_json(one.request, one.through),
        "because": list(one.because),
        "given": one.given,
        "why": one.why,
    }
