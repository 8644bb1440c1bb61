"""What a finding found, as one text."""

from __future__ import annotations

from ormer.model.finding import Finding
from ormer.model.request import Found
from ormer.model.value import show


def actual(finding: Finding) -> str:
    """The value found, or the values, joined; empty where there is none."""
    value = finding.actual
    if value is None:
        return ""
    if isinstance(value, tuple) and all(isinstance(item, Found) for item in value):
        return ", ".join(show(item.value) for item in value)
    return show(value)
