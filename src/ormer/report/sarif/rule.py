"""A control or document rule as SARIF's reportingDescriptor (section 3.49)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ormer.model.control import Control
from ormer.report.explanation import Rule, mapping
from ormer.report.markdown.text import plain
from ormer.report.sarif.level import level, security_severity
from ormer.report.sarif.message import message_string

_MOST_TAGS = 20
"""GitHub refuses a file with a rule of more; the help names every mapping."""


def descriptor(rule: Rule) -> dict[str, Any]:
    """What the rule forbids, why, what to write instead, and how bad a violation is."""
    return {
        "id": rule.id,
        "shortDescription": {"text": message_string(rule.title)},
        "fullDescription": {"text": message_string(rule.why)},
        "help": {"text": message_string(f"Instead: {rule.fix}"), "markdown": _help(rule)},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {
            "severity": rule.severity.value,
            "security-severity": security_severity(rule.severity),
            "tags": _tags(rule),
        },
    }


def _tags(rule: Rule) -> list[str]:
    ids = (f"{m['framework']}: {name}" for m in _raw(rule, "maps") for name in m["ids"])
    return list(dict.fromkeys(["security", *ids]))[:_MOST_TAGS]


def _help(rule: Rule) -> str:
    """Markdown without HTML (section 3.11.4 forbids it) and without braces."""
    paragraphs = [f"**Instead:** {plain(rule.fix)}", f"**Why:** {plain(rule.why)}"]
    paragraphs += _listed("Known misses", (str(miss) for miss in _raw(rule, "known_misses")))
    paragraphs += _listed("Maps to", (mapping(entry) for entry in _raw(rule, "maps")))
    return "\n\n".join(paragraphs)


def _listed(title: str, entries: Iterator[str]) -> list[str]:
    items = "\n".join(f"- {plain(entry)}" for entry in entries)
    return [f"**{title}:**\n\n{items}"] if items else []


def _raw(rule: Rule, name: str) -> list[Any]:
    """A list that a control's file may have and a document rule has not."""
    return list(rule.raw.get(name, ())) if isinstance(rule, Control) else []
