"""Every mutant, and what becomes of the proofs that it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from docs.policy_teeth.operators import Mutant, Way
from docs.policy_teeth.outcomes import all_mutants
from docs.proof_teeth.points import (
    KEPT,
    Before,
    Point,
    concerned,
    layers_of,
    of_document,
    prover_of,
)
from ormer.model.policy import Effect
from ormer.proofs.proof import ActionProof, Carrier
from ormer.proofs.prover import Prover

TURNED = "turned"
CLOSES, NO_CONTROL, NOBODY = "denies more", "no control", "nobody"
OTHERS, ITSELF, ASIDE = "others", "itself", "aside"
REASONS = {
    CLOSES: "it can only deny more, and what is denied breaks no control: not asked",
    NO_CONTROL: "no control forbids anything of its actions that a condition key shows: not asked",
    NOBODY: "what it is about is allowed to nobody all the same",
    OTHERS: "redundant: a proof, as it was found, took the statement, and others carry it without",
    ITSELF: "what is left of the statement, or of the Allows that it is one of, still carries them",
    ASIDE: "redundant: the proofs, as they were found, did without the statement already",
}
"""Why a mutant leaves every proof as it is."""
LEFT = (NOBODY, OTHERS, ITSELF, ASIDE)
"""What was asked, and found."""


class Outcome(NamedTuple):
    """A mutant by its parts; ``result`` is ``TURNED`` or a reason.

    ``turned`` is the first point that is no longer kept, ``alone`` whether that is so of nothing
    but the guardrails. ``carriers`` are what the proofs need with the mutant.
    """

    document: str
    statement: str
    operator: str
    what: str
    result: str
    turned: tuple[Point, ...] = ()
    is_alone: bool = False
    carriers: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """``iam/boundary.yaml#Boundary Jobs: without an action: s3:GetObject``."""
        part = f": {self.what}" if self.what else ""
        return f"{self.document} {self.statement}: {self.operator}{part}"


def outcomes() -> tuple[Outcome, ...]:
    """Every mutant of every document, tried; takes minutes."""
    count = len(all_mutants())
    with ProcessPoolExecutor() as pool:
        return tuple(pool.map(_tried, range(count), chunksize=20))


def _tried(index: int) -> Outcome:
    return tried(all_mutants()[index])


def tried(mutant: Mutant) -> Outcome:
    """One mutant: the proofs that it concerns are made again, until one does not hold."""
    if mutant.way is Way.CLOSES:
        return _outcome(mutant, CLOSES)
    carriers: dict[str, None] = {}
    carried: set[str] = set()
    is_asked, is_vacuous = False, True
    for one in of_document(mutant.document):
        points = list(concerned(one, mutant))
        is_asked = is_asked or bool(points)
        carried |= {_named(each) for point in points for each in one.proofs[point].carriers}
        for point, proof in _again(one, points, mutant) if points else ():
            if proof.verdict not in KEPT:
                found = _outcome(mutant, TURNED)
                return found._replace(turned=(point,), is_alone=one.stage.is_alone)
            is_vacuous = is_vacuous and proof.vacuous
            carriers.update(dict.fromkeys(_named(each) for each in proof.carriers))
    if not is_asked:
        return _outcome(mutant, NO_CONTROL)
    if is_vacuous:
        return _outcome(mutant, NOBODY)
    own = _own_names(mutant)
    result = ITSELF if own & set(carriers) else ASIDE
    if result is ASIDE and own & carried:
        result = OTHERS
    return _outcome(mutant, result)._replace(carriers=tuple(carriers))


def _own_names(mutant: Mutant) -> set[str]:
    """What carriers call the statement: an Allow is one of those that its layers allow."""
    if mutant.before.effect is Effect.DENY:
        return {f"{mutant.document} {mutant.before.name}"}
    return {f"what {layer.value} allows" for layer in layers_of(mutant.document)}


def _outcome(mutant: Mutant, result: str) -> Outcome:
    about = (mutant.document, mutant.before.name, mutant.operator, mutant.what)
    return Outcome(*about, result)


def _again(
    one: Before, points: Iterable[Point], mutant: Mutant
) -> Iterator[tuple[Point, ActionProof]]:
    """The proofs with the mutant in place of the document: what is allowed already first."""
    access = one.stage.with_policy(mutant.document, mutant.policy)
    prover = prover_of(access)
    for point in sorted(points, key=lambda point: one.proofs[point].vacuous):
        yield point, _proof(prover, point)


def _proof(prover: Prover, point: Point) -> ActionProof:
    for each in prover.targets:
        if each.control.id == point.control:
            target = [one for one in each.actions if one.action == point.action]
            asked = each._replace(actions=tuple(target), unseen=())
            (found,) = prover.proof(asked, prover.access.holders[point.principal]).actions
            return found
    raise KeyError(point.control)


def _named(carrier: Carrier) -> str:
    if carrier.statement:
        return f"{carrier.policy} {carrier.statement}"
    return f"what {carrier.layer} allows"
