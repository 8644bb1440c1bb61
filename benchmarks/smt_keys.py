"""The condition keys of a request as variables of z3, and conditions as formulas about them.

A key of one value is a flag (whether it is there) and a value. A key of several is as many slots
of that kind as there are demands for some value (``ForAnyValue``, or a ``ForAllValues`` that must
not hold), and one more: which values beyond these there are decides nothing.

Source: "Condition operators" and "Single-valued vs. multivalued context keys", IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Optional, Protocol

import z3

from benchmarks import smt_texts
from ormer.model.policy_operators import FOR_ALL, FOR_ANY, split_policy_operator


class Unsupported(Exception):
    """A construct that this encoding does not have; the answer is unknown."""


class HasCondition(Protocol):
    """A condition of a policy or of a control."""

    @property
    def operator(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def values(self) -> tuple[str, ...]: ...


class Slot(NamedTuple):
    """A value, and whether it is there."""

    present: Any
    value: Any


class Keys:
    """The keys of one action.

    ``types`` are those of the keys that the action carries, in lower case; no other key is there.
    ``fixed`` are known values. ``facts`` is what is true of the variables made so far.
    """

    def __init__(self, types: Callable[[str], Optional[str]], fixed: Mapping[str, str]) -> None:
        self._types = types
        self._fixed = fixed
        self._slots: dict[str, list[Slot]] = {}
        self._demands: dict[str, int] = {}
        self.facts: list[Any] = []

    def count(self, conditions: Iterable[HasCondition]) -> None:
        """See to it that the lists of these conditions have slots enough; before ``holds``."""
        seen = set()
        for each in conditions:
            if split_policy_operator(each.operator).each:
                seen.add((each.operator.lower(), each.key.lower(), each.values))
        for _, key, _ in seen:
            self._demands[key] = self._demands.get(key, 0) + 1

    def holds(self, condition: HasCondition) -> Any:
        """When the condition holds. Raises Unsupported."""
        key = condition.key.lower()
        try:
            operator = split_policy_operator(condition.operator)
        except KeyError:
            raise Unsupported(condition.operator) from None
        slots, is_list = self._of(key)
        there = z3.Or([slot.present for slot in slots])
        if operator.base == "Null":
            return z3.Or(
                [z3.Not(there) if v.lower() == "true" else there for v in condition.values]
            )
        if is_list and not operator.each:
            missing = operator.negated or operator.if_exists
            return z3.Not(there) if missing else z3.BoolVal(False)
        each = [_compared(operator.base, slot.value, condition.values) for slot in slots]
        if operator.each == FOR_ALL:
            return z3.And([z3.Implies(s.present, c) for s, c in zip(slots, each, strict=True)])
        some = z3.Or([z3.And(s.present, c) for s, c in zip(slots, each, strict=True)])
        if operator.if_exists or (operator.negated and operator.each != FOR_ANY):
            return z3.Or(z3.Not(there), some)
        return some

    def slots(self) -> Mapping[str, list[Slot]]:
        """What has been asked for, by key."""
        return self._slots

    def is_list(self, key: str) -> bool:
        """Whether the key has several values."""
        return (self._types(key) or "").startswith("ArrayOf")

    def slot(self, key: str) -> Slot:
        """The slot of a key of one value."""
        return self._of(key)[0][0]

    def _of(self, key: str) -> tuple[list[Slot], bool]:
        if key not in self._slots:
            self._slots[key] = self._made(key)
        return self._slots[key], self.is_list(key)

    def _made(self, key: str) -> list[Slot]:
        kind = self._types(key)
        if key in self._fixed:
            return [Slot(z3.BoolVal(True), z3.StringVal(self._fixed[key]))]
        if kind is None:
            return [Slot(z3.BoolVal(False), z3.StringVal(""))]
        sort = z3.RealSort() if kind == "Numeric" else z3.StringSort()
        count = self._demands.get(key, 0) + 1 if self.is_list(key) else 1
        made = []
        for number in range(count):
            slot = Slot(z3.Bool(f"{key}#{number}?"), z3.Const(f"{key}#{number}", sort))
            made.append(slot)
            if kind == "Bool":
                words = [slot.value == z3.StringVal(word) for word in ("true", "false")]
                self.facts.append(z3.Or(words))
            elif kind != "Numeric":
                self.facts.append(slot.value != z3.StringVal(""))
        return made


def _compared(base: str, value: Any, wanted: tuple[str, ...]) -> Any:
    """Whether a value is one of those wanted, or none of them where the operator is negated."""
    positive = base.replace("Not", "")
    if any("${" in one for one in wanted):
        raise Unsupported("a policy variable")
    found = [_one(positive, value, one) for one in wanted]
    return z3.Not(z3.Or(found)) if "Not" in base else z3.Or(found)


def _one(base: str, value: Any, wanted: str) -> Any:
    if base == "StringEquals":
        return value == z3.StringVal(wanted)
    if base == "StringEqualsIgnoreCase":
        return z3.InRe(value, smt_texts.folded(wanted))
    if base == "StringLike":
        return smt_texts.like(value, wanted)
    if base in ("ArnEquals", "ArnLike"):
        return z3.InRe(value, smt_texts.arn(wanted))
    if base == "Bool":
        return value == z3.StringVal(wanted.lower())
    if base in _NUMBERS and value.sort() == z3.RealSort():
        return _NUMBERS[base](value, z3.RealVal(wanted))
    raise Unsupported(base)


_NUMBERS: dict[str, Callable[[Any, Any], Any]] = {
    "NumericEquals": lambda value, wanted: value == wanted,
    "NumericLessThan": lambda value, wanted: value < wanted,
    "NumericLessThanEquals": lambda value, wanted: value <= wanted,
    "NumericGreaterThan": lambda value, wanted: value > wanted,
    "NumericGreaterThanEquals": lambda value, wanted: value >= wanted,
}
