"""LNT-07: ways out of a Deny that a tag or a service's call opens.

Source: "AWS global condition context keys" (aws:PrincipalTag, aws:ViaAWSService), and "Pass
session tags in AWS STS", in the IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ormer.lint.bench import Bench, without
from ormer.lint.document import At
from ormer.lint.rules import EXCEPTION
from ormer.lint.samples import Value, values
from ormer.lint.wish import Wish
from ormer.model.lint import LintFinding, Witness
from ormer.model.policy import Condition, Effect
from ormer.model.policy_operators import split_policy_operator

_TAG = "aws:principaltag/"
_VIA = ("aws:viaawsservice", "aws:viaawsmcpservice")


def findings(bench: Bench) -> Iterator[LintFinding]:
    """Every condition of a Deny that exempts by a tag, or all that services call."""
    for at in bench.of(Effect.DENY):
        for condition in at.statement.conditions:
            message = _opened_by(condition)
            if message:
                place = at.condition_place(condition)
                yield bench.finding(EXCEPTION, at, place, message, _witness(bench, at, condition))


def _opened_by(condition: Condition) -> str:
    operator = split_policy_operator(condition.operator)
    key = condition.key.lower()
    told = {value.lower() for value in condition.values}
    if key in _VIA:
        asks_no = told == {"false"} and not operator.negated and operator.kind != "null"
        if asks_no or (told == {"true"} and operator.negated):
            return f"whatever a service calls on somebody's behalf gets past it ({condition.key})"
    if key.startswith(_TAG) and (
        operator.negated or (operator.kind == "null" and told == {"true"})
    ):
        return f"a principal or session with a tag gets past it ({condition.key})"
    return ""


def _witness(bench: Bench, at: At, condition: Condition) -> Optional[Witness]:
    """A request that breaks everything else the Deny asks for, and has the tag."""
    key = condition.key.lower()
    tags = tuple(values(condition, bench.version, {})) or ("any",)
    held: tuple[Value, ...] = ("true",) if key in _VIA else tags
    forced: dict[str, tuple[Value, ...]] = {key: held}
    if key in _VIA:  # a service's call does not come through the caller's network
        asked = {each.key.lower() for each in at.statement.conditions}
        forced.update(
            {name: (None,) for name in ("aws:sourcevpc", "aws:sourcevpce") if name in asked}
        )
    meant = bench.meant(at, without(at, condition))
    return bench.gets_past(at, meant, Wish(meant.statement, bench.version, forced))
