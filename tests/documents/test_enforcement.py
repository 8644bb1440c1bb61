"""The page of enforcement is true: what it says is prevented, the evaluator denies, asked with every
violation that the guardrails know, by each layer alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from docs.policy_teeth.places import EVERYTHING, environment, stages
from ormer.controls.load import load_catalogue
from ormer.evaluate.decide import decide
from ormer.expectations.answers import violation_request
from ormer.expectations.violations import Violation, violations
from ormer.guardrails.generate import generate
from ormer.guardrails.projection import Kind
from ormer.model.access import Access, Holder
from ormer.model.authorization import Outcome, PolicySet
from ormer.model.policy import Effect, Policy
from ormer.proofs.asked.properties import load_properties
from ormer.proofs.matrix.alone import Enforcement
from ormer.proofs.matrix.enforcement import Column, Matrix, matrix
from ormer.proofs.prover import Prover

KEPT = (Enforcement.PREVENTED, Enforcement.STRICTER)


@pytest.fixture(scope="module")
def access() -> Access:
    return stages()[0].access


@pytest.fixture(scope="module")
def made(access: Access) -> Matrix:
    asked = (*load_catalogue().controls, *load_properties())
    return matrix(Prover(access, environment(), asked))


def _only(policies: tuple[Policy, ...], effect: Effect) -> tuple[Policy, ...]:
    return tuple(
        one._replace(statements=tuple(each for each in one.statements if each.effect is effect))
        for one in policies
    )


ALONE: dict[Column, Callable[[Holder], PolicySet]] = {
    Column.IDENTITY: lambda one: PolicySet(identity=one.identity),
    Column.DENIES: lambda one: PolicySet(identity=(EVERYTHING, *_only(one.identity, Effect.DENY))),
    Column.ALLOWS: lambda one: PolicySet(identity=_only(one.identity, Effect.ALLOW)),
    Column.BOUNDARY: lambda one: PolicySet(identity=(EVERYTHING,), boundary=one.boundary),
}


def _violations() -> tuple[Violation, ...]:
    return tuple(violations(generate(Kind.IAM, load_catalogue(), environment()), environment()))


@pytest.mark.parametrize("column", ALONE, ids=[column.value for column in ALONE])
def test_what_is_prevented_alone_is_denied_by_it_alone(
    column: Column, access: Access, made: Matrix
) -> None:
    rows = {(row.control, row.action): row for row in made.rows}
    asked = 0
    for one in _violations():
        row = rows.get((one.control, one.action))
        cell = None if row is None else row.cells.get(column)
        if row is None or cell is None or cell.enforcement not in KEPT:
            continue
        holder = access.holders[row.principals[0]]
        request = violation_request(one, holder.principal, access, environment())
        decided = decide(ALONE[column](holder), request)
        assert decided.outcome is not Outcome.ALLOWED, f"{one.control} {request}"
        asked += 1
    assert asked > 20


def test_all_together_let_in_nothing_that_is_forbidden(made: Matrix) -> None:
    assert made.is_kept
    verdicts = {row.cells[Column.TOGETHER].enforcement for row in made.rows}
    assert verdicts == {Enforcement.PREVENTED, Enforcement.STRICTER, Enforcement.DETECTED}


def test_what_else_is_denied_is_denied(access: Access, made: Matrix) -> None:
    """By all of the policies, through whichever way the request takes."""
    asked = 0
    for row in made.rows:
        for column, cell in row.cells.items():
            assert not cell.why, f"{row.control} {row.action} {column.value}: {cell.why}"
            for one in cell.also:
                by_id = {each.id: each for each in access.endpoints}
                way = by_id.get(str(one.request.context.get("aws:sourcevpce", "")))
                found = access.policies(row.principals[0], one.request.resource, way)
                assert decide(found, one.request).outcome is not Outcome.ALLOWED
                asked += 1
    assert asked > 100
