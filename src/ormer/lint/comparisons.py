"""LNT-04 and LNT-05: operators that do not compare what they seem to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Optional

from ormer.lint.bench import Bench, without
from ormer.lint.document import At
from ormer.lint.key_facts import is_always_there, is_multivalued, key_type, value_type
from ormer.lint.rules import OPERATOR, SET_OPERATOR
from ormer.lint.samples import Value, foreign, texts, values
from ormer.lint.wish import Wish
from ormer.model.lint import LintFinding, Witness
from ormer.model.policy import Condition, Effect
from ormer.model.policy_operators import FOR_ALL, PolicyOperator, split_policy_operator

_FITS = {
    "text": ("String", "ARN"),
    "folded text": ("String", "ARN"),
    "glob": ("String", "ARN"),
    "arn": ("ARN",),
    "number": ("Numeric",),
    "date": ("Date",),
    "ip": ("IPAddress",),
    "bool": ("Bool",),
    "binary": ("Binary",),
}
_ARN_SEGMENTS = 6


def findings(bench: Bench) -> Iterator[LintFinding]:
    """Every condition whose operator does not fit its key or its values."""
    for at in bench.statements:
        for condition in at.statement.conditions:
            operator = split_policy_operator(condition.operator)
            if operator.kind == "null" or key_type(condition.key) is None:
                continue
            message = _misfit(condition, operator)
            if message:
                witness = _seen_as(bench, at, condition, operator, _expected(bench, condition))
                yield bench.finding(OPERATOR, at, at.condition_place(condition), message, witness)
            found = _set_misfit(bench, at, condition, operator)
            if found is not None:
                yield found


def _misfit(condition: Condition, operator: PolicyOperator) -> str:
    kind, type_name = operator.kind, value_type(condition.key)
    if condition.key.lower() == "aws:epochtime" and kind == "number":
        return ""  # "Works with date operators or numeric operators"
    if kind == "arn" and all(value.startswith(("arn:", "${", "*")) for value in condition.values):
        return ""  # the reference calls some keys strings that hold ARNs
    if kind == "arn" and type_name == "ARN":
        return f"{condition.operator} compares ARNs, and a value of {condition.key} is none"
    if type_name not in _FITS[kind]:
        return f"{condition.operator} on {condition.key}, which holds {_named(type_name)}"
    if kind in ("text", "folded text") and _wild(condition):
        return f"{condition.operator} takes the wildcard in {_wild(condition)[0]!r} literally"
    return ""


def _named(type_name: str) -> str:
    names = {"String": "text", "Bool": "true or false", "Numeric": "a number", "Date": "a date"}
    return names.get(
        type_name, {"ARN": "an ARN", "IPAddress": "an address"}.get(type_name, type_name)
    )


def _wild(condition: Condition) -> list[str]:
    """Values in which a wildcard stands beside other text."""
    plain = [re.sub(r"\$\{[^}]*\}", "", value) for value in condition.values]
    return [
        value
        for value, rest in zip(condition.values, plain, strict=True)
        if "*" in rest or "?" in rest
    ]


def _expected(bench: Bench, condition: Condition) -> tuple[Value, ...]:
    """Values of the key's own type that a reader would take for values that match."""
    type_name = value_type(condition.key)
    found: list[str] = []
    for value in condition.values:
        if type_name == "IPAddress":
            found.append(_address(value))
        elif type_name == "Bool":
            found.append(value.lower())
        else:
            found += [text for text in texts(value, bench.version, {}) if text != value] or [value]
    if type_name == "ARN":
        found = [t for t in found if t.startswith("arn:")] or [
            f"arn:aws:kms:eu-west-1:111122223333:key/{text}" if "/" not in text else text
            for text in found
        ]
    if is_multivalued(condition.key):
        return tuple((text,) for text in found)
    return tuple(found)


def _address(network: str) -> str:
    """An address within a network that is not the text of the network."""
    head = network.partition("/")[0]
    return re.sub(r"\.0$", ".7", head)


def _seen_as(
    bench: Bench, at: At, condition: Condition, operator: PolicyOperator, held: tuple[Value, ...]
) -> Optional[Witness]:
    """A request that holds a value that seems to match, decided as if it did not."""
    key = condition.key.lower()
    own = Wish(at.statement, bench.version, {key: held})
    deny = at.statement.effect is Effect.DENY
    if operator.negated:
        return bench.kept_out(at, own) if deny else bench.let_in(at, own)
    meant = bench.meant(at, without(at, condition))
    wish = own._replace(statement=meant.statement)
    return bench.gets_past(at, meant, wish) if deny else bench.left_out(at, meant, wish)


def _set_misfit(
    bench: Bench, at: At, condition: Condition, operator: PolicyOperator
) -> Optional[LintFinding]:
    several = is_multivalued(condition.key)
    place = at.condition_place(condition)
    if several and not operator.each:
        message = f"{condition.operator} matches no value of {condition.key}, which is multivalued"
        witness = _single_on_several(bench, at, condition, operator)
        return bench.finding(SET_OPERATOR, at, place, message, witness)
    if several or not operator.each:
        return None
    message = f"{condition.operator} on {condition.key}, which is single-valued"
    witness = None
    if operator.each == FOR_ALL and not is_always_there(condition.key):
        own = Wish(at.statement, bench.version, {condition.key.lower(): (None,)})
        deny = at.statement.effect is Effect.DENY
        witness = bench.kept_out(at, own) if deny else bench.let_in(at, own)
    return bench.finding(SET_OPERATOR, at, place, message, witness)


def _single_on_several(
    bench: Bench, at: At, condition: Condition, operator: PolicyOperator
) -> Optional[Witness]:
    """A request whose value should meet the condition, which it never does."""
    found = tuple(values(condition, bench.version, {}))
    held = foreign(condition.key) if operator.negated else found
    forced = {condition.key.lower(): tuple((each,) for each in held)}
    meant = bench.meant(at, without(at, condition))
    wish = Wish(meant.statement, bench.version, forced)
    if at.statement.effect is Effect.DENY:
        return bench.gets_past(at, meant, wish)
    return bench.left_out(at, meant, wish)
