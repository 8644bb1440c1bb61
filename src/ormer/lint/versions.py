"""LNT-10 and LNT-11: the version, and what it makes of variables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ormer.evaluate.variables import Variable, parse_template
from ormer.lint.bench import Bench
from ormer.lint.document import At
from ormer.lint.rules import VARIABLES, VERSION
from ormer.lint.wish import Wish
from ormer.model.lint import LintFinding, Witness
from ormer.model.policy import CURRENT_VERSION, Effect


def findings(bench: Bench) -> Iterator[LintFinding]:
    """Every statement with a variable that is none, or the document that names no version."""
    if bench.version == CURRENT_VERSION:
        return
    found = [at for at in bench.statements if _variable(at)]
    for at in found:
        message = f"${{{_variable(at)}}} is plain text in version {bench.version}"
        yield bench.finding(VARIABLES, at, at.place, message, _witness(bench, at))
    if not found and not bench.document.names_version:
        yield bench.finding(VERSION, None, (), "the policy has no Version", None)


def _variable(at: At) -> str:
    """The first variable of the statement, if version 2012-10-17 would know it as one."""
    texts = [*(at.statement.resources or ())]
    texts += [value for condition in at.statement.conditions for value in condition.values]
    for text in texts:
        for part in parse_template(text, CURRENT_VERSION):
            if isinstance(part, Variable):
                return part.key
    return ""


def _witness(bench: Bench, at: At) -> Optional[Witness]:
    """A request about what the variable stands for."""
    meant = bench.meant(at, {}, CURRENT_VERSION)
    wish = Wish(meant.statement, CURRENT_VERSION)
    if at.statement.effect is Effect.DENY:
        return bench.gets_past(at, meant, wish)
    return bench.left_out(at, meant, wish)
