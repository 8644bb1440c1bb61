"""LNT-06: requirements of a Deny that are joined by AND where OR was meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Optional

from ormer.facts.iam_actions import Action, deprecated_keys
from ormer.lint.bench import Bench
from ormer.lint.called import actions
from ormer.lint.document import At
from ormer.lint.key_facts import is_multivalued, is_requirement
from ormer.lint.rules import CONJUNCTION
from ormer.lint.samples import Value, foreign, values
from ormer.lint.wish import Wish
from ormer.model.lint import LintFinding, Witness
from ormer.model.policy import Condition, Effect
from ormer.model.policy_operators import split_policy_operator

_PAIR = frozenset(("sagemaker:vpcsubnets", "sagemaker:vpcsecuritygroupids"))
_APART = frozenset(
    f"sagemaker:{name}"
    for name in ("CreateNotebookInstance", "CreateDomain", "UpdateDomain", "CreateCluster")
)
"""Actions that take subnets without security groups; elsewhere VpcConfig requires both."""


def findings(bench: Bench) -> Iterator[LintFinding]:
    """Every operator of a Deny that holds several requirements."""
    for at in bench.of(Effect.DENY):
        for operator in dict.fromkeys(each.operator for each in at.statement.conditions):
            found = _requirements(at, operator)
            keys = [each for each in found if not _splits(bench, at, each)]
            if len(keys) > 1:
                yield _finding(bench, at, operator, keys)


def _requirements(at: At, operator: str) -> list[Condition]:
    """The conditions of one operator that each ask for something; two names of one key are one."""
    parts = split_policy_operator(operator)
    found: dict[str, Condition] = {}
    for condition in at.statement.conditions:
        if condition.operator != operator or not is_requirement(condition.key):
            continue
        told = {value.lower() for value in condition.values}
        if parts.kind in ("null", "bool") and told != {"false" if parts.kind == "bool" else "true"}:
            continue
        if parts.kind not in ("null", "bool") and not parts.negated:
            continue
        key = condition.key.lower()
        found.setdefault(deprecated_keys().get(key, condition.key).lower(), condition)
    if parts.kind == "null" and frozenset(found) == _PAIR and not _apart(at):
        return []
    return list(found.values())


def _splits(bench: Bench, at: At, condition: Condition) -> bool:
    """Whether a missing key only says for which requests the others are required.

    It does where another Deny requires the same of requests whose key has certain values.
    """
    if split_policy_operator(condition.operator).kind != "null":
        return False
    others = {each for each in at.statement.conditions if each.operator == condition.operator}
    others = {each for each in others if each.key not in _spellings(at, condition)}
    return bool(others) and any(
        others <= set(other.conditions)
        and any(_is_about_values_of(each, condition.key) for each in other.conditions)
        for other in bench.alike(Effect.DENY)
    )


def _is_about_values_of(condition: Condition, key: str) -> bool:
    kind = split_policy_operator(condition.operator).kind
    return kind != "null" and condition.key.lower() == key.lower()


def _apart(at: At) -> tuple[Action, ...]:
    return tuple(each for each in actions(at.statement) if each.name in _APART)


def _finding(bench: Bench, at: At, operator: str, keys: list[Condition]) -> LintFinding:
    names = " and ".join(condition.key for condition in keys)
    broken = {"null": "are missing"}.get(split_policy_operator(operator).kind, "are wrong")
    message = f"the Deny fires only where {names} {broken}: one that is right opens it"
    place = (*at.place, "Condition", operator)
    return bench.finding(CONJUNCTION, at, place, message, _witness(bench, at, keys))


def _witness(bench: Bench, at: At, keys: list[Condition]) -> Optional[Witness]:
    """A request that breaks the first requirement and meets the second, or the other way round."""
    for broken, met in ((keys[0], keys[1]), (keys[1], keys[0])):
        block: dict[str, Any] = {k: dict(v) for k, v in at.body["Condition"].items()}
        held = _meeting(bench, met)
        forced: dict[str, tuple[Value, ...]] = {}
        for key in _spellings(at, met):
            block[met.operator].pop(key, None)
            forced[key.lower()] = held if key == met.key else (None, *held)
        meant = bench.meant(at, {"Condition": block})
        among = _apart(at) if {k.key.lower() for k in (broken, met)} == _PAIR else ()
        wish = Wish(meant.statement, bench.version, forced, among or None)
        found = bench.gets_past(at, meant, wish)
        if found is not None:
            return found
    return None


def _spellings(at: At, condition: Condition) -> list[str]:
    """The key as this operator has it, under its old name and its new one."""

    def current(key: str) -> str:
        return deprecated_keys().get(key.lower(), key).lower()

    same = current(condition.key)
    return [
        each.key
        for each in at.statement.conditions
        if each.operator == condition.operator and current(each.key) == same
    ]


def _meeting(bench: Bench, condition: Condition) -> tuple[Value, ...]:
    """Values that meet a requirement, so that its condition does not hold."""
    kind = split_policy_operator(condition.operator).kind
    if kind == "null":
        found = foreign(condition.key)
    elif kind == "bool":
        found = ("true",)
    else:
        found = tuple(values(condition, bench.version, {}))
    return tuple((text,) for text in found) if is_multivalued(condition.key) else found
