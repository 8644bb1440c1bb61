"""The condition operators of policies by kind, and an operator's name taken apart.

Source: "IAM JSON policy elements: Condition operators" and "Single-valued vs. multivalued
context keys" in the IAM User Guide.
"""

from __future__ import annotations

from typing import NamedTuple

KINDS = {
    "StringEquals": "text",
    "StringNotEquals": "text",
    "StringEqualsIgnoreCase": "folded text",
    "StringNotEqualsIgnoreCase": "folded text",
    "StringLike": "glob",
    "StringNotLike": "glob",
    "ArnEquals": "arn",
    "ArnLike": "arn",
    "ArnNotEquals": "arn",
    "ArnNotLike": "arn",
    "NumericEquals": "number",
    "NumericNotEquals": "number",
    "NumericLessThan": "number",
    "NumericLessThanEquals": "number",
    "NumericGreaterThan": "number",
    "NumericGreaterThanEquals": "number",
    "DateEquals": "date",
    "DateNotEquals": "date",
    "DateLessThan": "date",
    "DateLessThanEquals": "date",
    "DateGreaterThan": "date",
    "DateGreaterThanEquals": "date",
    "IpAddress": "ip",
    "NotIpAddress": "ip",
    "BinaryEquals": "binary",
    "Bool": "bool",
    "Null": "null",
}
"""Every operator and the kind of value it compares."""

FOR_ANY = "ForAnyValue"
FOR_ALL = "ForAllValues"
_IF_EXISTS = "IfExists"
_FOLDED = {name.lower(): name for name in KINDS}
_SETS = {"": "", FOR_ANY.lower(): FOR_ANY, FOR_ALL.lower(): FOR_ALL}


class PolicyOperator(NamedTuple):
    """``ForAnyValue:StringNotLikeIfExists``, taken apart."""

    base: str
    each: str
    if_exists: bool

    @property
    def kind(self) -> str:
        """The kind of value it compares."""
        return KINDS[self.base]

    @property
    def negated(self) -> bool:
        """Whether it is true of a missing key."""
        return "Not" in self.base


def split_policy_operator(name: str) -> PolicyOperator:
    """Take an operator's name apart, whatever its case. Raises KeyError for an unknown one."""
    each, _, base = name.lower().rpartition(":")
    if_exists = base.endswith(_IF_EXISTS.lower())
    if if_exists:
        base = base[: -len(_IF_EXISTS)]
    if each not in _SETS or base not in _FOLDED or (if_exists and base == "null"):
        raise KeyError(name)
    return PolicyOperator(_FOLDED[base], _SETS[each], if_exists)
