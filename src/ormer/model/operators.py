"""The condition operators of IAM, by name.

Source: "IAM JSON policy elements: Condition operators" in the IAM User Guide.
"""

from __future__ import annotations

from typing import NamedTuple

TEXT = (
    ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase")
    + ("StringLike", "StringNotLike")
    + ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")
)
NUMERIC = ("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals") + (
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
)
BOOL = "Bool"
NULL = "Null"
_ALL = frozenset((*TEXT, *NUMERIC, BOOL, NULL))
_IF_EXISTS = "IfExists"


class Operator(NamedTuple):
    """An operator taken apart: ``ForAnyValue:StringNotLikeIfExists``."""

    base: str
    each: str
    if_exists: bool

    @property
    def negated(self) -> bool:
        """Whether it is true of a missing key."""
        return "Not" in self.base


def split_operator(name: str) -> Operator:
    """Take an operator's name apart. Raises KeyError for one that does not exist."""
    each, _, base = name.rpartition(":")
    if_exists = base.endswith(_IF_EXISTS) and base != NULL + _IF_EXISTS
    base = base.removesuffix(_IF_EXISTS) if if_exists else base
    if each not in ("", "ForAnyValue", "ForAllValues") or base not in _ALL:
        raise KeyError(name)
    return Operator(base, each, if_exists)
