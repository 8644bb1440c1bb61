"""LNT-09 and LNT-17: ForAllValues, which holds where there is nothing to compare.

Source: "Set operators for multivalued context keys" in the IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from ormer.lint.bench import Bench, without
from ormer.lint.document import At
from ormer.lint.key_facts import is_always_there, is_multivalued, is_requirement
from ormer.lint.rules import ALL_DIFFER, FOR_ALL
from ormer.lint.samples import foreign, values
from ormer.lint.wish import Wish
from ormer.model.lint import LintFinding
from ormer.model.policy import Condition, Effect
from ormer.model.policy_operators import FOR_ALL as ALL
from ormer.model.policy_operators import split_policy_operator


def unguarded(bench: Bench) -> Iterator[LintFinding]:
    """Every ForAllValues of an Allow without a Null that asks for the key."""
    for at in bench.of(Effect.ALLOW):
        for condition in at.statement.conditions:
            if split_policy_operator(condition.operator).each != ALL:
                continue
            if is_always_there(condition.key) or not is_multivalued(condition.key):
                continue  # a single-valued key is LNT-05
            if _guarded(at, condition):
                continue
            wish = Wish(at.statement, bench.version, {condition.key.lower(): (None,)})
            message = f"a request without {condition.key} is allowed, too"
            place = at.condition_place(condition)
            yield bench.finding(FOR_ALL, at, place, message, bench.let_in(at, wish))


def _guarded(at: At, condition: Condition) -> bool:
    return any(
        other.key.lower() == condition.key.lower()
        and split_policy_operator(other.operator).kind == "null"
        and {value.lower() for value in other.values} == {"false"}
        for other in at.statement.conditions
    )


def all_differ(bench: Bench) -> Iterator[LintFinding]:
    """Every negated ForAllValues of a Deny that asks for something.

    Of who calls from where, as in aws:CalledVia, one good value is meant to be enough.
    """
    for at in bench.of(Effect.DENY):
        for condition in at.statement.conditions:
            operator = split_policy_operator(condition.operator)
            if operator.each != ALL or not operator.negated:
                continue
            if not is_requirement(condition.key) or not is_multivalued(condition.key):
                continue
            held = tuple(
                (good, bad)
                for good in values(condition, bench.version, {})
                for bad in foreign(condition.key)
            )
            meant = bench.meant(at, without(at, condition))
            wish = Wish(meant.statement, bench.version, {condition.key.lower(): held})
            message = f"one approved value of {condition.key} among others gets past it"
            place = at.condition_place(condition)
            witness = bench.gets_past(at, meant, wish)
            yield bench.finding(ALL_DIFFER, at, place, message, witness)
