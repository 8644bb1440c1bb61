"""What is found in each world -> what is said of an action in all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Optional

from ormer.model.world import World
from ormer.proofs.proof import ActionProof, Carrier, Counterexample, Verdict
from ormer.prove.case import Case


class InWorld(NamedTuple):
    """The answer in one world; ``case`` is the one that ``counterexample`` was found in."""

    verdict: Verdict
    is_alive: bool = True
    counterexample: Optional[Counterexample] = None
    carriers: tuple[Carrier, ...] = ()
    why: str = ""
    case: Optional[Case] = None
    unbound: tuple[str, ...] = ()


def over_worlds(action: str, decided: Mapping[World, InWorld]) -> ActionProof:
    """A verdict has to be that of every world; a violation in some of them only is unknown."""
    by_verdict: dict[Verdict, list[World]] = {}
    for world, one in decided.items():
        by_verdict.setdefault(one.verdict, []).append(world)
    vacuous = not any(one.is_alive for one in decided.values())
    every = names(decided)
    if set(by_verdict) == {Verdict.VIOLATED}:
        first = next(iter(decided.values()))
        return ActionProof(action, Verdict.VIOLATED, every, False, first.counterexample)
    if Verdict.UNKNOWN in by_verdict:
        where = by_verdict[Verdict.UNKNOWN]
        one = decided[where[0]]
        return ActionProof(action, Verdict.UNKNOWN, names(where), why=one.why, unbound=one.unbound)
    if Verdict.VIOLATED in by_verdict:
        where = by_verdict[Verdict.VIOLATED]
        why = f"{action}: allowed where AWS shows it thus: {where[0].name}"
        found = decided[where[0]].counterexample
        return ActionProof(action, Verdict.UNKNOWN, names(where), False, found, why=why)
    if Verdict.DETECTED in by_verdict:
        why = decided[by_verdict[Verdict.DETECTED][0]].why
        return ActionProof(action, Verdict.DETECTED, every, why=why)
    carriers = dict.fromkeys(c for one in decided.values() for c in one.carriers)
    return ActionProof(action, Verdict.PROVED, every, vacuous, carriers=tuple(carriers))


def names(worlds: Iterable[World]) -> tuple[str, ...]:
    """The worlds by name."""
    return tuple(world.name for world in worlds)
