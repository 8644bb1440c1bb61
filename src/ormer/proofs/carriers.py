"""What carries a proof: as few Denies and limits as make it, and which of them it needs.

A solver's core is a set of assumptions that cannot hold together; each is taken away in turn
("Deletion-based minimal unsatisfiable core", Marques-Silva, 2010).
"""

from __future__ import annotations

from ormer.proofs.proof import Carrier
from ormer.prove.case import Case


def carriers_of(case: Case, name: str, core: tuple[str, ...]) -> tuple[Carrier, ...]:
    """The parts of a core that are enough to prove ``name``, none of which can be spared."""
    parts = {part.name: part for part in case.parts}
    kept = [each for each in core if each in parts]
    for each in list(kept):
        fewer = [other for other in kept if other != each]
        answer = case.ask(name, fewer)
        if answer.model is None and not answer.unknown:
            kept = [other for other in fewer if other in answer.core]
    every = list(parts)
    made = []
    for each in kept:
        part = parts[each]
        without = case.ask(name, [other for other in every if other != each])
        is_needed = without.model is not None or bool(without.unknown)
        made.append(Carrier(part.layer.value, part.policy, part.statement, is_needed))
    return tuple(made)
