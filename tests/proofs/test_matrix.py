"""The enforcement matrix: each layer alone, all together, and what else a layer denies."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import Any, Optional

import pytest

from ormer.controls.load import load_catalogue
from ormer.evaluate.decide import decide
from ormer.model.access import Access, Endpoint, Holder, ResourcePolicy
from ormer.model.authorization import Level, Outcome, PolicySet
from ormer.model.environment import Environment
from ormer.model.policy import Policy
from ormer.model.principal import principal_from_arn
from ormer.proofs.asked.properties import load_properties
from ormer.proofs.matrix.alone import Cell, Enforcement
from ormer.proofs.matrix.enforcement import Column, Matrix, Row, every_principal, matrix
from ormer.proofs.prover import Prover
from ormer.read.environment import read_environment
from ormer.read.policies.policy import PolicyKind, PolicyReader

PIPELINE = "arn:aws:iam::111122223333:role/sm-pipeline"
EXECUTION = "arn:aws:iam::111122223333:role/sm-exec"
TRAIN, PACKAGE = "sagemaker:CreateTrainingJob", "sagemaker:CreateModelPackage"
ISOLATION = "sagemaker:NetworkIsolation"


def policy(name: str, *statements: dict[str, Any], guarded: bool = False) -> Policy:
    kind = PolicyKind.GUARDED_RESOURCE if guarded else PolicyKind.IDENTITY
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return PolicyReader(name).policy(document, (), kind, name)


def allow(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions) or "*", "Resource": "*", **more}


def deny(sid: str, conditions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Action": TRAIN,
        "Resource": "*",
        "Condition": conditions,
        **more,
    }


MISSING = deny("Missing", {"Null": {ISOLATION: "true"}})
FALSE = deny("False", {"Bool": {ISOLATION: "false"}})
EXACT = (MISSING, FALSE)
STRICT = deny("Tagged", {"StringNotEquals": {"aws:RequestTag/EnvironmentName": "mlops"}})
EVERYTHING = policy("everything", allow())


@pytest.fixture(scope="module")
def environment() -> Environment:
    profile = resources.files("ormer.controls") / "example_environment.yaml"
    return read_environment(profile.read_bytes(), "example_environment.yaml")


def held(
    *identity: Policy, arn: str = PIPELINE, boundary: Any = None, session: Any = None
) -> Holder:
    return Holder(principal_from_arn(arn), {}, identity, boundary, session)


def made(
    environment: Environment,
    access: Access | Holder,
    control: str = "NET-03",
    seconds: float = 60.0,
    principals: Optional[Sequence[str]] = None,
) -> Matrix:
    if isinstance(access, Holder):
        access = Access({access.principal.name: access})
    controls = [one for one in load_catalogue().controls if one.id in control.split()]
    return matrix(Prover(access, environment, controls, seconds), principals)


def row(found: Matrix, action: str = TRAIN) -> Row:
    (one,) = [row for row in found.rows if row.action == action]
    return one


def words(found: Matrix, action: str = TRAIN) -> dict[str, str]:
    cells = row(found, action).cells
    return {column.value: cell.enforcement.value for column, cell in cells.items()}


def named(cell: Cell) -> set[str]:
    return {one.statement for one in cell.by}


LAYERS: dict[str, tuple[dict[str, Any], str]] = {
    "identity Denies": ({"identity": (EVERYTHING, policy("p", *EXACT))}, "prevented"),
    "a half of them": ({"identity": (EVERYTHING, policy("p", MISSING))}, "open"),
    "boundary": ({"boundary": (policy("p", allow(), *EXACT),)}, "prevented"),
    "session": ({"session": policy("p", allow(), *EXACT)}, "prevented"),
}


@pytest.mark.parametrize("case", LAYERS)
def test_one_layer_prevents_and_the_others_are_open(case: str, environment: Environment) -> None:
    given, expected = LAYERS[case]
    attached = {"identity": (EVERYTHING,), **given}
    identity = attached.pop("identity")
    found = words(made(environment, held(*identity, **attached)))
    layer = {"a half of them": "identity Denies"}.get(case, case)
    assert found[layer] == found["all together"] == expected
    others = set(found) - {layer, "identity", "all together"}
    assert {found[name] for name in others} == {"open"}


def test_the_organisation_and_the_endpoint_are_layers(environment: Environment) -> None:
    """The endpoint stops what comes through it, and alone nothing else."""
    endpoint = Endpoint(
        "vpce-1", "sagemaker", policy("e", allow(TRAIN, Principal="*"), guarded=True)
    )
    stopped = policy(
        "e", allow(Principal="*"), *({**one, "Principal": "*"} for one in EXACT), guarded=True
    )
    scps = (Level("root", (policy("s", allow(), *EXACT),)),)
    holder = held(EVERYTHING)
    access = Access({PIPELINE: holder}, endpoints=(endpoint,), scps=scps)
    found = words(made(environment, access))
    assert (found["SCPs"], found["endpoint"], found["all together"]) == (
        *("prevented", "open"),
        "prevented",
    )
    access = access._replace(endpoints=(endpoint._replace(policy=stopped),), scps=())
    found = words(made(environment, access))
    assert (found["endpoint"], found["all together"]) == ("prevented", "open")
    assert "SCPs" not in found and "boundary" not in found


def test_what_is_open_together_is_a_request_that_the_evaluator_allows(
    environment: Environment,
) -> None:
    found = made(environment, held(EVERYTHING))
    assert not found.is_kept
    request = row(found).cells[Column.TOGETHER].example
    assert request is not None
    assert decide(PolicySet(identity=(EVERYTHING,)), request).outcome is Outcome.ALLOWED
    assert request.context.get("sagemaker:networkisolation") in (None, "false")


def test_allows_that_let_in_all_that_is_permitted_are_exact(environment: Environment) -> None:
    tagged = policy("tagged", deny("All", {"Null": {"aws:RequestTag/EnvironmentName": "false"}}))
    narrow = policy("narrow", {**allow(TRAIN), "Condition": {"Bool": {ISOLATION: "true"}}})
    found = row(made(environment, held(narrow, tagged)))
    assert found.cells[Column.ALLOWS].enforcement is Enforcement.PREVENTED
    assert found.cells[Column.DENIES].enforcement is Enforcement.OPEN


def test_a_request_that_a_stricter_deny_denies_too(environment: Environment) -> None:
    only = {"BoolIfExists": {ISOLATION: "false"}}
    more = deny("More", {**only, "Null": {"sagemaker:VpcSubnets": "false"}})
    rest = deny("Rest", {"Null": {"sagemaker:VpcSubnets": "true"}})
    strict = policy("strict", more, rest, MISSING)
    holder = held(EVERYTHING, strict)
    cell = row(made(environment, holder)).cells[Column.DENIES]
    assert cell.enforcement is Enforcement.STRICTER and "Rest" in named(cell)
    assert not cell.is_idle
    (one,) = cell.also
    assert one.by.statement == "Rest"
    assert one.request.context.get("sagemaker:networkisolation") == "true"
    decided = decide(PolicySet(identity=(EVERYTHING, strict)), one.request)
    assert decided.outcome is Outcome.EXPLICITLY_DENIED
    assert {reason.statement for reason in decided.reasons} == {"Rest"}


def test_one_document_at_two_buckets_is_not_exact_as_no_object_is_in_both(
    environment: Environment,
) -> None:
    closed = policy("b", {**deny("X", {}, Action="s3:GetObject"), "Principal": "*"}, guarded=True)
    shared = tuple(
        ResourcePolicy(f"arn:aws:s3:::{bucket}", closed)
        for bucket in ("data-bucket", "models-bucket")
    )
    access = Access({PIPELINE: held(EVERYTHING)}, shared)
    controls = [one for one in load_properties() if one.id == "ACS-01"]
    found = matrix(Prover(access, environment, controls))
    assert words(found, "s3:GetObject")["resource policies"] == "stricter"


def test_by_what_denies_nothing_else_where_that_is_enough(environment: Environment) -> None:
    """A wide Deny beside exact ones makes nothing stricter."""
    guarded = policy("p", STRICT, *EXACT)
    cell = row(made(environment, held(EVERYTHING, guarded))).cells[Column.DENIES]
    assert (cell.enforcement, named(cell)) == (Enforcement.PREVENTED, {"Missing", "False"})


def test_allows_that_let_in_nothing_are_told(environment: Environment) -> None:
    boundary = (policy("b", allow("s3:*")),)
    holder = held(EVERYTHING, boundary=boundary)
    found = made(environment, holder)
    assert not found.rows
    (idle,) = found.idle
    assert TRAIN in idle.actions
    endpoint = Endpoint(
        "vpce-1", "sagemaker", policy("e", allow("s3:*", Principal="*"), guarded=True)
    )
    access = Access({PIPELINE: held(EVERYTHING)}, endpoints=(endpoint,))
    cell = row(made(environment, access)).cells[Column.ENDPOINT]
    assert (cell.enforcement, cell.is_idle) == (Enforcement.STRICTER, True)


def test_what_no_key_shows_is_detected(environment: Environment) -> None:
    found = made(environment, held(EVERYTHING), "TAG-01")
    assert words(found, PACKAGE)["all together"] == "detected"
    assert made(environment, held(EVERYTHING), "SEC-01").unseen


def test_what_is_not_decided_is_unknown(environment: Environment) -> None:
    found = made(environment, held(EVERYTHING, policy("p", *EXACT)), seconds=1e-9)
    assert not found.is_kept
    cell = row(found).cells[Column.TOGETHER]
    assert cell.enforcement is Enforcement.UNKNOWN and "time" in cell.why


def test_every_principal_shows_the_worst(environment: Environment) -> None:
    """Who lacks a layer is not kept by it."""
    guarded = held(EVERYTHING, policy("p", *EXACT), boundary=(EVERYTHING,))
    other = held(EVERYTHING, arn=EXECUTION)
    access = Access({PIPELINE: guarded, EXECUTION: other})
    both = made(environment, access)
    (one,) = [each for each in every_principal(both.rows) if each.action == TRAIN]
    assert one.principals == (PIPELINE, EXECUTION)
    assert {cell.enforcement for cell in one.cells.values()} == {Enforcement.OPEN}
    alone = made(environment, access, principals=[PIPELINE])
    (one,) = [each for each in every_principal(alone.rows) if each.action == TRAIN]
    assert one.cells[Column.TOGETHER].enforcement is Enforcement.PREVENTED


def test_what_is_not_configured_is_not_asked(environment: Environment) -> None:
    values = {key: value for key, value in environment.values.items() if "instance_type" not in key}
    found = made(environment._replace(values=values), held(EVERYTHING), "CMP-01")
    (one,) = found.not_asked
    assert "not configured" in one.why and not found.rows
    assert not found.is_kept  # nothing was asked
    assert made(environment._replace(values=values), held(), "CMP-01 NET-01").is_kept
    assert made(environment, held(), "CMP-01").is_kept  # it was, and nothing is allowed


def test_a_control_about_nobody_of_the_file_is_not_asked(environment: Environment) -> None:
    """Somebody else may call the action; that nobody may would not be true."""
    other = "arn:aws:iam::111122223333:role/administrator"
    found = made(environment, held(EVERYTHING, arn=other), "ROLE-01")
    assert found.rows == found.idle == ()
    ((control, why),) = found.not_asked
    assert control == "ROLE-01" and why.startswith("nobody to ask about")
