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
from ormer.proofs.asked.properties import with_properties
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
def _before(index: int) -> Before:
    """A stage. Raises ValueError where it proves nothing."""
    stage = stages()[index]
    prover = prover_of(stage.access)
    found = {
        Point(each.control.id, holder.principal.name, one.action): one
        for each in prover.targets
        for holder in prover.holders(each.control)
        for one in prover.proof(each._replace(unseen=()), holder).actions
    }
    if not any(one.verdict in KEPT and not one.vacuous for one in found.values()):
        raise ValueError(f"{stage.kind.value}: proves nothing")
    return Before(stage, prover, found)


def prover_of(access: Access) -> Prover:
    """The prover of an access, for the example environment."""
    profile = environment()
    return Prover(access, profile, with_properties(load_catalogue().controls, profile))


def of_document(document: str) -> Iterator[Before]:
    """The stages that a document stands on; what is proved there is proved once."""
    for index in _stages_of(document):
        yield _before(index)


def _stages_of(document: str) -> Iterator[int]:
    kind = Kind.IAM
    if document.startswith(SCP_PACK):
        kind = Kind.SCP
    elif document == BOUNDARY_PACK:
        kind = Kind.BOUNDARY
    for index, stage in enumerate(stages()):
        if stage.kind is kind and _places(stage.access, document):
            yield index


def concerned(one: Before, mutant: Mutant) -> Iterator[Point]:
    """The points that a mutant can turn: kept as the documents are, and its statement is about
    the action of whoever meets the document."""
    own = (Layer.IDENTITY, Layer.BOUNDARY)
    for_all = bool(_places(one.stage.access, mutant.document) - set(own))
    for point, proof in one.proofs.items():
        if proof.verdict in KEPT and _is_changed(mutant, point.action):
            holder = one.stage.access.holders[point.principal]
            if for_all or _has(holder, mutant.document):
                yield point


def layers_of(document: str) -> frozenset[Layer]:
    """The layers in which a document stands, on any of its stages."""
    found = (_places(stages()[index].access, document) for index in _stages_of(document))
    return frozenset().union(*found)


def _places(access: Access, document: str) -> frozenset[Layer]:
    holders = access.holders.values()
    places: dict[Layer, list[Policy]] = {
        Layer.IDENTITY: [each for one in holders for each in one.identity],
        Layer.BOUNDARY: [each for one in holders for each in one.boundary or ()],
        Layer.RESOURCE: [one.policy for one in access.resource_policies],
        Layer.ENDPOINT: [one.policy for one in access.endpoints],
        Layer.SCP: [each for level in access.scps for each in level.policies],
        Layer.RCP: [each for level in access.rcps for each in level.policies],
    }
    return frozenset(
        layer for layer, found in places.items() if any(one.name == document for one in found)
    )


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
