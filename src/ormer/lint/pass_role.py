"""LNT-15: iam:PassRole on any role."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.facts.iam_actions import action
from ormer.lint.bench import Bench
from ormer.lint.example import ACCOUNT
from ormer.lint.rules import PASS_ROLE
from ormer.lint.wish import Wish
from ormer.model.lint import Attached, LintFinding
from ormer.model.policy import Effect

_ANY_ROLE = f"arn:aws:iam::{ACCOUNT}:role/Administrator"


def findings(bench: Bench) -> Iterator[LintFinding]:
    """Every Allow that takes in a role that nobody named.

    A statement about every action is an administrator's, and says so.
    """
    passing = action("iam:PassRole")
    if bench.document.attached is not Attached.IDENTITY or passing is None:
        return
    for at in bench.of(Effect.ALLOW):
        if at.statement.not_action or at.statement.not_resource:
            continue
        if not any(_is_about_it(pattern) for pattern in at.statement.actions):
            continue
        wish = Wish(at.statement, bench.version, {}, (passing,), (_ANY_ROLE,))
        witness = bench.let_in(at, wish)
        if witness is not None:
            services = any(c.key.lower() == "iam:passedtoservice" for c in at.statement.conditions)
            message = "any role may be passed" + (" to the services named" if services else "")
            place = (*at.place, "Resource")
            yield bench.finding(PASS_ROLE, at, place, message, witness, milder=services)


def _is_about_it(pattern: str) -> bool:
    return bool(pattern.strip("*")) and pattern.lower().startswith("iam:")
