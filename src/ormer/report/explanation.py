"""A control in words, for ``ormer explain``; the same facts make the control reference."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from ormer.model.control import Condition, Control, Statement
from ormer.model.finding import Severity

_WIDTH = 88
DETECTED = "it is detected, not prevented"
PROVED = "`ormer prove` says whether it holds"


class Rule(Protocol):
    """What a control and a document rule have in common."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def why(self) -> str: ...
    @property
    def fix(self) -> str: ...


def list_all(controls: Sequence[Control], rules: Sequence[Rule]) -> str:
    """A line a control and rule: id, severity, title."""
    rows: list[Rule] = sorted([*controls, *rules], key=lambda rule: rule.id)
    return "".join(f"{row.id:8} {row.severity.value:8} {row.title}\n" for row in rows)


def explain_rule(rule: Rule) -> str:
    """A document rule: title, why, and what to write instead."""
    return "\n".join(_common(rule)) + "\n"


def explain_control(control: Control, prevented: str = DETECTED) -> str:
    """Everything a control's file says, for a person. ``prevented`` says what comes of it where
    no guardrail is made."""
    raw = control.raw
    lines = list(_common(control))
    lines += ["", "Forbids", *(f"  {text}" for s in control.forbid for text in statement(s))]
    if control.exceptions:
        lines += ["", "Except"]
        for exception in control.exceptions:
            lines += [f"  {text}" for text in statement(exception)]
            lines += [f"    because {exception.reason}"]
    lines += _listed("Known misses", [str(miss) for miss in raw.get("known_misses", [])])
    lines += _listed("As a guardrail", [_guardrail(raw.get("guardrail", {}), prevented)])
    lines += _listed("Maps to", [mapping(entry) for entry in raw.get("maps", [])])
    lines += ["", f"Source: {control.source}"]
    return "\n".join(lines) + "\n"


def _common(rule: Rule) -> Iterator[str]:
    yield f"{rule.id}  {rule.title}  ({rule.severity.value})"
    yield ""
    yield from textwrap.wrap(rule.why, _WIDTH)
    yield ""
    yield from textwrap.wrap(f"Instead: {rule.fix}", _WIDTH)


def _listed(title: str, entries: list[str]) -> list[str]:
    lines = [line for entry in entries if entry for line in _item(entry)]
    return ["", title, *lines] if lines else []


def _item(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  - ", subsequent_indent="    ")


def statement(forbidden: Statement) -> list[str]:
    """A statement in words: the actions, then each condition."""
    member = "each member of " if forbidden.facet == "member" else ""
    lines = [f"{member}{', '.join(_action(action) for action in forbidden.actions)}"]
    if forbidden.resources is not None:
        word = "on any resource but" if forbidden.not_resource else "on"
        lines.append(f"    {word} {', '.join(forbidden.resources)}")
    lines += [f"    {_condition(condition)}" for condition in forbidden.conditions]
    return lines


def _action(action: str) -> str:
    return f"every action that carries {action[1:]}" if action.startswith("@") else action


def _condition(condition: Condition) -> str:
    return f"{condition.operator} {condition.key}: {', '.join(condition.values)}"


def _guardrail(guardrail: dict[str, Any], prevented: str) -> str:
    form = guardrail.get("form", "none")
    if form == "none":
        return f"none: {guardrail.get('reason', 'not stated')}; {prevented}"
    also = f", which also denies {guardrail['also_denies']}" if "also_denies" in guardrail else ""
    why = f" ({guardrail['reason']})" if "reason" in guardrail else ""
    return f"{form}{why}{also}; attach to {', '.join(guardrail.get('attach', []))}"


def mapping(entry: dict[str, Any]) -> str:
    """A framework mapping with who made it."""
    return f"{entry['framework']}: {', '.join(map(str, entry['ids']))} ({entry['by']})"
