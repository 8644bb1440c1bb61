"""Guardrails in words: what each control became, what else is denied, what is not prevented."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from ormer.guardrails.generate import Guardrails
from ormer.guardrails.limits import LIMITS
from ormer.guardrails.projection import Form, Kind, Projection

_WIDTH = 96
_WHAT = {
    Kind.IAM: "managed policy for the pipeline's and the execution role",
    Kind.BOUNDARY: "permissions boundary for the pipeline's and the execution role",
    Kind.SCP: "service control policy",
}


def summary(guardrails: Guardrails) -> str:
    """Everything that was decided, for a person."""
    lines = [*_documents(guardrails), ""]
    for control in guardrails.controls:
        if control.id in guardrails.projections:
            also = control.raw.get("guardrail", {}).get("also_denies", "")
            lines += _control(control.id, guardrails, str(also))
    lines += ["", "Not in these:"]
    lines += [f"  {name:8} {why}" for name, why in sorted(guardrails.left_out.items())]
    return "\n".join(lines) + "\n"


def _documents(guardrails: Guardrails) -> Iterator[str]:
    limit = LIMITS[guardrails.kind]
    for document in guardrails.documents:
        count = len(document.content["Statement"])
        size = f"{document.size} of {limit.size} characters, {count} statements"
        yield f"{document.name}.json: {_WHAT[guardrails.kind]}, {size}"
    if len(guardrails.documents) > 1:
        yield f"Attach all of them: they are parts of one (at most {limit.documents} fit)."
    if guardrails.has_wildcards:
        yield "Names of actions are shortened with wildcards."
    for question, answer in guardrails.assumed.items():
        yield f"Only right where the profile's assumption holds: {question} is {answer}."
    if guardrails.no_room:
        yield f"LEFT OUT, there is no room for them: {', '.join(guardrails.no_room)}"


def _control(name: str, guardrails: Guardrails, also: str) -> Iterator[str]:
    projections = guardrails.projections[name]
    sids = [one.sid for one in guardrails.statements if one.control == name]
    yield f"{name:8} {', '.join(sids)}: {_counts(projections)}"
    if also:
        yield f"         also denies {also}"
    for gap, actions in by_reason((gap, one.action) for one in projections for gap in one.gaps):
        yield from _wrapped(f"does not prevent on {', '.join(actions)}: {gap}")


def _counts(projections: Sequence[Projection]) -> str:
    """How many actions there are of each form."""
    counts = {form: sum(one.form is form for one in projections) for form in Form}
    said = [f"{form.value} on {_actions(count)}" for form, count in counts.items() if count]
    return ", ".join(said)


def _actions(count: int) -> str:
    return "1 action" if count == 1 else f"{count} actions"


def by_reason(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Each reason once, with the actions it is about."""
    found: dict[str, list[str]] = {}
    for reason, action in pairs:
        found.setdefault(reason, []).append(action)
    yield from found.items()


def _wrapped(text: str) -> list[str]:
    indent = " " * 9
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
