"""What is proved, point by point: a control on an action of a principal, on one stage.

A stage is an access in which the document of a mutant has its place (``docs.policy_teeth``): the
example environment as it is, with the guardrails that it does without, and a role that has every
permission and one set of guardrails alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from docs.policy_teeth.documents import BOUNDARY_PACK, SCP_PACK
from docs.policy_teeth.operators import NO_ACTION, Mutant
from docs.policy_teeth.places import Stage, environment, stages
from ormer.controls.load import load_catalogue
from ormer.guardrails.projection import Kind
from ormer.model.access import Access, Holder
from ormer.model.authorization import Layer
from ormer.model.policy import Policy, Statement
from ormer.proofs.proof import ActionProof, Verdict
from ormer.proofs.prover import Prover
from ormer.prove.statements import is_about

KEPT = (Verdict.PROVED, Verdict.DETECTED)
"""Nothing that a condition key shows to be forbidden is allowed."""


class Point(NamedTuple):
    """A control on an action of a principal."""

    control: str
    principal: str
    action: str


class Before(NamedTuple):
    """A stage with what is proved of the documents as they are."""

    stage: Stage
    prover: Prover
    proofs: dict[Point, ActionProof]


@cache
def before() -> tuple[Before, ...]:
    """Every stage. Raises ValueError where one proves nothing."""
    return tuple(_before(stage) for stage in stages())


def _before(stage: Stage) -> Before:
    prover = prover_of(stage.access)
    found = {
        Point(proof.control, proof.principal, one.action): one
        for proof in prover.proofs()
        for one in proof.actions
    }
    if not any(one.verdict in KEPT and not one.vacuous for one in found.values()):
        raise ValueError(f"{stage.kind.value}: proves nothing")
    return Before(stage, prover, found)


def prover_of(access: Access) -> Prover:
    """The prover of an access, for the example environment."""
    return Prover(access, environment(), load_catalogue().controls)


def of_document(document: str) -> tuple[Before, ...]:
    """The stages that a document stands on."""
    kind = Kind.IAM
    if document.startswith(SCP_PACK):
        kind = Kind.SCP
    elif document == BOUNDARY_PACK:
        kind = Kind.BOUNDARY
    return tuple(one for one in before() if one.stage.kind is kind and _stands(one, document))


def _stands(one: Before, document: str) -> bool:
    holders = one.stage.access.holders.values()
    return _is_for_all(one.stage.access, document) or any(_has(each, document) for each in holders)


def concerned(one: Before, mutant: Mutant) -> Iterator[Point]:
    """The points that a mutant can turn: kept as the documents are, and its statement is about
    the action of whoever meets the document."""
    for_all = _is_for_all(one.stage.access, mutant.document)
    for point, proof in one.proofs.items():
        if proof.verdict in KEPT and _is_changed(mutant, point.action):
            holder = one.stage.access.holders[point.principal]
            if for_all or _has(holder, mutant.document):
                yield point


def layers_of(document: str) -> frozenset[Layer]:
    """The layers in which a document stands, on any of its stages."""
    found: set[Layer] = set()
    for one in of_document(document):
        access = one.stage.access
        places: dict[Layer, list[Policy]] = {
            Layer.IDENTITY: [p for each in access.holders.values() for p in each.identity],
            Layer.BOUNDARY: [p for each in access.holders.values() for p in each.boundary or ()],
            Layer.RESOURCE: [each.policy for each in access.resource_policies],
            Layer.ENDPOINT: [each.policy for each in access.endpoints],
            Layer.SCP: [p for level in access.scps for p in level.policies],
            Layer.RCP: [p for level in access.rcps for p in level.policies],
        }
        found |= {layer for layer, all_ in places.items() if any(p.name == document for p in all_)}
    return frozenset(found)


def _is_changed(mutant: Mutant, action: str) -> bool:
    about = [_is_about(each, action) for each in mutant.statements]
    if mutant.operator == NO_ACTION:
        return about[0] is not about[1]
    return any(about)


def _is_about(statement: Statement, action: str) -> bool:
    return is_about(statement, action.lower(), may=True)


def _has(holder: Holder, document: str) -> bool:
    attached = (*holder.identity, *(holder.boundary or ()))
    return any(policy.name == document for policy in attached)


def _is_for_all(access: Access, document: str) -> bool:
    found: list[Policy] = [one.policy for one in access.resource_policies]
    found += [one.policy for one in access.endpoints]
    found += [each for level in (*access.scps, *access.rcps) for each in level.policies]
    return any(policy.name == document for policy in found)
