"""Formulas over atoms: literals joined by "all of" and "one of".

A literal is a positive or negative integer, the number of an atom, as SAT solvers write it;
True and False are formulas, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Union


class All(NamedTuple):
    """All of the parts hold. ``is_any`` keeps it apart from ``Any`` of the same parts: without
    it, the two would be equal."""

    parts: tuple[Formula, ...]
    is_any: bool = False


class Any(NamedTuple):
    """One of the parts holds."""

    parts: tuple[Formula, ...]
    is_any: bool = True


Formula = Union[bool, int, All, Any]


def all_of(parts: Iterable[Formula]) -> Formula:
    """All of them; True for none."""
    kept: dict[Formula, None] = {}
    for part in parts:
        if part is False:
            return False
        if part is not True:
            kept.update(dict.fromkeys(part.parts if isinstance(part, All) else (part,)))
    if not kept:
        return True
    return next(iter(kept)) if len(kept) == 1 else All(tuple(kept))


def any_of(parts: Iterable[Formula]) -> Formula:
    """One of them; False for none."""
    kept: dict[Formula, None] = {}
    for part in parts:
        if part is True:
            return True
        if part is not False:
            kept.update(dict.fromkeys(part.parts if isinstance(part, Any) else (part,)))
    if not kept:
        return False
    return next(iter(kept)) if len(kept) == 1 else Any(tuple(kept))


def negation(formula: Formula) -> Formula:
    """What holds where the formula does not."""
    if isinstance(formula, bool):
        return not formula
    if isinstance(formula, int):
        return -formula
    if isinstance(formula, All):
        return any_of(map(negation, formula.parts))
    return all_of(map(negation, formula.parts))


def implies(condition: Formula, then: Formula) -> Formula:
    """Where the condition holds, ``then`` does."""
    return any_of((negation(condition), then))


def same(one: Formula, other: Formula) -> Formula:
    """Both hold or neither does."""
    return all_of((implies(one, other), implies(other, one)))
