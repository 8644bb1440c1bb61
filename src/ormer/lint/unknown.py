"""LNT-18: what was left out, because only a deployment will know it."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.lint.bench import Bench
from ormer.lint.rules import UNKNOWN
from ormer.model.definition import Place
from ormer.model.lint import LintFinding
from ormer.model.symbol import readable


def findings(bench: Bench) -> Iterator[LintFinding]:
    """The policy, its statements, or each statement that was not linted."""
    for one in bench.document.unsettled:
        message = f"not linted: {_what(one.place)} is {readable(one.text)}, known when deployed"
        yield LintFinding(UNKNOWN, UNKNOWN.severity, one.statement, one.place, message, None)


def _what(place: Place) -> str:
    if not place:
        return "the policy"
    named = [part for part in place if isinstance(part, str)]
    return named[-1] if len(named) > 1 or len(place) == 1 else "the statement"
