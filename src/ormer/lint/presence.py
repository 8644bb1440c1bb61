"""LNT-08 and LNT-14: keys of which only the presence counts, and keys whose absence does not.

Source: "IAM JSON policy elements: Condition operators" (Null, IfExists) in the IAM User Guide;
for what a missing key means, the SageMaker API Reference: a flag that is not set is false, a
notebook without DirectInternetAccess or RootAccess has both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ormer.facts.global_keys import global_key
from ormer.facts.iam_actions import deprecated_keys
from ormer.lint.bench import Bench, without
from ormer.lint.called import actions
from ormer.lint.document import At
from ormer.lint.key_facts import carries, is_multivalued, is_network_or_kms, value_type
from ormer.lint.rules import ABSENT, PRESENCE
from ormer.lint.samples import Value, foreign
from ormer.lint.wish import Wish
from ormer.model.lint import LintFinding, Witness
from ormer.model.policy import Condition, Effect, Statement
from ormer.model.policy_operators import FOR_ANY, split_policy_operator

_FLAGS = ("aws:securetransport", "aws:multifactorauthpresent")
_DEFAULTS = {
    "sagemaker:directinternetaccess": "Enabled",
    "sagemaker:rootaccess": "Enabled",
    "sagemaker:appnetworkaccesstype": "PublicInternetOnly",
}
"""What a missing key stands for."""


def presence_only(bench: Bench) -> Iterator[LintFinding]:
    """Every network or KMS key that may have any value as long as it has one.

    A Deny is excused by any Deny, here or beside it, that holds the key against values, an Allow by
    its own conditions.
    """
    denied = {key for each in bench.alike(Effect.DENY) for key in _held_to_values(each)}
    for at in bench.statements:
        for condition in at.statement.conditions:
            if not is_network_or_kms(condition.key) or not _asks_presence(at, condition):
                continue
            held = denied if at.statement.effect is Effect.DENY else _held_to_values(at.statement)
            carried = any(carries(each, condition.key) for each in actions(at.statement))
            if carried and _current(condition.key) not in held:
                yield _present(bench, at, condition)


def _asks_presence(at: At, condition: Condition) -> bool:
    operator = split_policy_operator(condition.operator)
    deny = at.statement.effect is Effect.DENY
    if operator.kind == "null":
        return {value.lower() for value in condition.values} == {"true" if deny else "false"}
    star = bool(condition.values) and all(not value.strip("*") for value in condition.values)
    return star and operator.kind in ("glob", "arn") and operator.negated is deny


def _held_to_values(statement: Statement) -> set[str]:
    """The keys, by their newest names, that a statement holds against values."""
    return {_current(each.key) for each in statement.conditions if _is_about_values(each)}


def _current(key: str) -> str:
    return deprecated_keys().get(key.lower(), key).lower()


def _is_about_values(condition: Condition) -> bool:
    operator = split_policy_operator(condition.operator)
    return operator.kind != "null" and any(value.strip("*") for value in condition.values)


def _present(bench: Bench, at: At, condition: Condition) -> LintFinding:
    key = condition.key.lower()
    held: tuple[Value, ...] = foreign(key)
    if is_multivalued(key):
        held = tuple((value,) for value in foreign(key))
    message = f"any {condition.key} will do: nothing says which are approved"
    witness: Optional[Witness]
    if at.statement.effect is Effect.DENY:
        meant = bench.meant(at, without(at, condition))
        wish = Wish(meant.statement, bench.version, {key: held})
        witness = bench.gets_past(at, meant, wish)
    else:
        witness = bench.let_in(at, Wish(at.statement, bench.version, {key: held}))
    return bench.finding(PRESENCE, at, at.condition_place(condition), message, witness)


def absent(bench: Bench) -> Iterator[LintFinding]:
    """Every condition of a Deny that a request escapes by leaving the key out.

    Where another statement catches that request there is nothing to find.
    """
    for at in bench.of(Effect.DENY):
        for condition in at.statement.conditions:
            message = _escaped_by(condition)
            if not message:
                continue
            meant = bench.meant(at, without(at, condition))
            wish = Wish(meant.statement, bench.version, {condition.key.lower(): (None,)})
            witness = bench.gets_past(at, meant, wish)
            if witness is not None:
                place = at.condition_place(condition)
                yield bench.finding(ABSENT, at, place, message, witness)


def _escaped_by(condition: Condition) -> str:
    operator = split_policy_operator(condition.operator)
    key = condition.key.lower()
    told = {value.lower() for value in condition.values}
    flag = key in _FLAGS or (global_key(key) is None and value_type(key) == "Bool")
    if operator.kind == "bool" and flag and told == {"false"}:
        return f"a request without {condition.key} escapes: a missing flag is not false"
    if operator.each == FOR_ANY and operator.negated and is_network_or_kms(key):
        return f"a request without any {condition.key} escapes: no value is a wrong one"
    default = _DEFAULTS.get(key)
    if default is not None and not operator.negated and default.lower() in told:
        return f"a request without {condition.key} escapes, and {default} is the default"
    return ""
