"""The prover's formulas, read with one request in mind, say what the evaluator decides.

The two share nothing but the model. The cases are those of the evaluator's own campaign: every
layer, every operator, with and without IfExists and set operators, keys that are missing, that
have one value or several, both effects, both versions, every kind of principal.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.differential.cases import case as random_case
from ormer.evaluate.decide import decide
from ormer.model.access import Access, Endpoint, Holder, ResourcePolicy
from ormer.model.authorization import AuthorizationRequest, Outcome, PolicySet
from ormer.model.principal import Kind
from ormer.prove.atoms import Atoms
from ormer.prove.formula import All, Formula
from ormer.prove.formula import Any as AnyOf
from ormer.prove.layers import Layers
from ormer.prove.request_space import KeyFacts, RequestSpace, Route
from ormer.prove.views import FOREIGN, LISTED, MANAGED, RESOURCE, Request
from ormer.read.policies.decide_line import check_line, read_policies, read_request

SECOND = "222222222222"


def access_of(policies: PolicySet, request: AuthorizationRequest) -> Access:
    """An access file with these policies; the resource's is its own, or its bucket's."""
    name = request.principal.name
    holder = Holder(request.principal, {}, policies.identity, policies.boundary, policies.session)
    resource = request.resource
    if ":s3:" in resource:
        resource = resource.partition("/")[0]
    service = request.action.partition(":")[0].lower()
    return Access(
        {name: holder},
        () if policies.resource is None else (ResourcePolicy(resource, policies.resource),),
        () if policies.endpoint is None else (Endpoint("vpce-1", service, policies.endpoint[0]),),
        policies.scps,
        policies.rcps,
        policies.management_account,
    )


def is_true(formula: Formula, atoms: Atoms, texts: dict[str, str], on: set[str]) -> bool:
    if isinstance(formula, bool):
        return formula
    if isinstance(formula, All):
        return all(is_true(part, atoms, texts, on) for part in formula.parts)
    if isinstance(formula, AnyOf):
        return any(is_true(part, atoms, texts, on) for part in formula.parts)
    atom = atoms.by_number.get(abs(formula))
    if atom is None:
        holds = atoms.switch_names[abs(formula)] in on
    else:
        holds = atom.holds(texts[atom.variable])
    return holds is (formula > 0)


def allowed(policies: PolicySet, request: AuthorizationRequest, may: bool) -> bool:
    """Whether the formulas allow the request; where something is not known, ``may`` says."""
    access = access_of(policies, request)
    many = {key: value for key, value in request.context.items() if not isinstance(value, str)}
    fixed = {key: value for key, value in request.context.items() if isinstance(value, str)}
    foreign = request.account != request.principal.account
    space = RequestSpace(
        request.action,
        request.principal,
        None,
        lambda key: KeyFacts(True) if key in many else None,
        fixed=fixed,
        may_be_foreign=foreign,
        route=Route("vpce-1", ("vpce-1",)) if access.endpoints else Route(),
    )
    atoms = Atoms()
    made = Request(atoms, space, lambda key: len(many.get(key, ())))
    holder = access.holders[request.principal.name]
    formula = Layers(access, holder, made, may).allowed()
    texts = {RESOURCE: request.resource}
    on = {FOREIGN, LISTED} if foreign else {LISTED}  # and nothing that nobody shows
    if request.account == access.management_account:
        on.add(MANAGED)
    for key, values in many.items():
        for number, value in enumerate(values):
            texts[f"{key} #{number}"] = value
            on.add(f"{key} has value {number}")
    for name in atoms.variables:
        if name.startswith("="):
            texts[name] = name[1:]
    return is_true(formula, atoms, texts, on)


def is_open(policies: PolicySet, request: AuthorizationRequest) -> bool:
    """Whether the formulas take more for possible than the one request: a variable of a key with
    several values, a role whose session a statement names, another account's policy, a boundary
    of the root user, who can have none."""
    names_session = "assumed-role/" in repr(policies) and request.principal.kind is Kind.ROLE
    is_unshown = policies.resource is None and request.account != request.principal.account
    is_odd = policies.boundary is not None and request.principal.kind is Kind.ROOT
    return "${list:" in repr(policies) or names_session or is_unshown or is_odd


def check(line: dict[str, Any]) -> str:
    """Both decisions of a line; gives back the evaluator's."""
    read = check_line(line, "line")
    policies, request = read_policies(read, "line"), read_request(read, "line")
    outcome = decide(policies, request).outcome
    is_allowed = outcome is Outcome.ALLOWED
    most, least = allowed(policies, request, True), allowed(policies, request, False)
    assert most >= is_allowed, "an allowed request that the prover would not see"
    if not is_open(policies, request):
        assert most is least and least is is_allowed
    return outcome.value


@given(st.integers(0, 10**9), st.sampled_from(["", "", SECOND, "111111111111"]))
@settings(max_examples=250, deadline=None)
def test_a_request_is_allowed_by_the_formulas_if_the_evaluator_says_so(
    seed: int, management: str
) -> None:
    line = random_case(seed, 0)
    if management:
        line["managementAccount"] = management
    check(line)


@pytest.mark.parametrize("seed", ["a", "b"])
def test_seeded_cases_of_each_outcome(seed: str) -> None:
    found = [check(random_case(int(seed, 16), number)) for number in range(700)]
    assert all(found.count(each) > 20 for each in set(found)) and len(set(found)) == 3
