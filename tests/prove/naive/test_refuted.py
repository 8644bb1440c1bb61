"""Each naive set is refuted: with a request that is decided, and a Deny that is proved to close it."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.forbidden import forbidden, is_forbidden
from ormer.controls.load import load_catalogue
from ormer.model.authorization import AuthorizationRequest, Outcome
from ormer.proofs.asked.properties import load_properties
from ormer.proofs.proof import Verdict
from ormer.proofs.telling.told import Proving, Shown, Told
from ormer.read.environment import read_environment
from ormer.run.decide import Decider
from ormer.run.prove import Asked, prove

HERE = Path(__file__).parent
PROFILE = HERE.parents[2] / "pipelines" / "environment.yaml"
ENVIRONMENT = read_environment(PROFILE.read_bytes(), "environment.yaml")
EXPECTED: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (HERE / "expected.yaml").read_text(encoding="utf-8")
)
CONTROLS = {one.id: one for one in (*load_catalogue().controls, *load_properties())}
LEFT_WHERE_NO_NAME_IS_SHOWN = {("old-key-names", "KMS-01")}
"""A job with a wrong key on an instance that needs none: no policy sees the key there."""


def entries(verdict: str) -> list[Any]:
    return [
        pytest.param(name, entry, id=f"{name}-{entry['control']}-{number}")
        for name, all_ in EXPECTED.items()
        for number, entry in enumerate(all_)
        if entry["verdict"] == verdict
    ]


def proving(name: str, entry: dict[str, Any], access: str = "", profile: Path = PROFILE) -> Proving:
    access = access or str(HERE / name / "access.yaml")
    return proved(access, str(profile), entry["control"], entry["principal"])


@lru_cache
def proved(access: str, profile: str, control: str, principal: str) -> Proving:
    return prove(Asked(access, profile, [control], [principal]))


def only(found: Proving) -> Told:
    (told,) = found.told
    return told


def of_action(told: Told, entry: dict[str, Any]) -> Shown:
    return next(each for each in told.actions if each.proof.action == entry["action"])


@pytest.mark.parametrize("name, entry", entries("violated"))
def test_it_is_refuted_with_a_request_that_is_decided(name: str, entry: dict[str, Any]) -> None:
    told = only(proving(name, entry))
    shown = of_action(told, entry)
    some_worlds = "worlds" in entry
    assert shown.proof.verdict is (Verdict.UNKNOWN if some_worlds else Verdict.VIOLATED)
    assert (shown.proof.worlds == shown.proof.asked) is not some_worlds
    answer = Decider().answer(json.dumps(shown.line).encode(), name)
    assert answer.decision is not None and answer.decision.outcome is Outcome.ALLOWED
    request = answer.request
    assert request is not None and shown.counterexample is not None
    real = request._replace(context=shown.counterexample.real)
    assert is_forbidden(forbidden(CONTROLS[entry["control"]], ENVIRONMENT), real)
    assert entry["principal"] in shown.sentence and entry["action"] in shown.sentence


@pytest.mark.parametrize(
    "name, entry", [each for each in entries("violated") if "worlds" in each.values[1]]
)
def test_where_the_profile_says_how_it_is_it_is_violated(
    name: str, entry: dict[str, Any], tmp_path: Path
) -> None:
    fields = {"key_names": "kms_key_names", "absent_boolean": "absent_boolean"}
    assume = {fields[key]: value for key, value in entry["worlds"].items()}
    profile = {**yaml.safe_load(PROFILE.read_text(encoding="utf-8")), "assume": assume}
    path = tmp_path / "environment.yaml"
    path.write_text(yaml.safe_dump(profile), encoding="utf-8")
    shown = of_action(only(proving(name, entry, profile=path)), entry)
    assert shown.proof.verdict is Verdict.VIOLATED


@pytest.mark.parametrize("name, entry", entries("violated"))
def test_its_fix_closes_it(name: str, entry: dict[str, Any], tmp_path: Path) -> None:
    """The Deny is attached as it is printed: the request is denied, and the proof succeeds."""
    told = only(proving(name, entry))
    assert told.fix is not None and told.fix.document is not None
    assert entry["action"] in told.fix.actions
    line = dict(of_action(told, entry).line or {})
    line["identityPolicies"] = [*line["identityPolicies"], told.fix.document]
    decision = Decider().answer(json.dumps(line).encode(), name).decision
    assert decision is not None and decision.outcome is Outcome.EXPLICITLY_DENIED
    access = yaml.safe_load((HERE / name / "access.yaml").read_text(encoding="utf-8"))
    for principal in access["principals"]:
        if principal["arn"] == entry["principal"]:
            principal["identity_policies"].append("fix.json")
    for document in (HERE / name).glob("*.json"):
        (tmp_path / document.name).write_bytes(document.read_bytes())
    (tmp_path / "fix.json").write_text(json.dumps(told.fix.document), encoding="utf-8")
    (tmp_path / "access.yaml").write_text(yaml.safe_dump(access), encoding="utf-8")
    after = of_action(only(proving(name, entry, str(tmp_path / "access.yaml"))), entry)
    if (name, entry["control"]) in LEFT_WHERE_NO_NAME_IS_SHOWN:
        assert {left.action for left in told.fix.left} >= {entry["action"]}
        assert after.proof.verdict is Verdict.UNKNOWN
        assert all("names neither" in world for world in after.proof.worlds)
    else:
        assert told.fix.left == ()
        assert after.proof.verdict is Verdict.PROVED
        assert not after.proof.vacuous or entry["control"] == "ACS-06"


@pytest.mark.parametrize("name, entry", entries("proved"))
def test_what_is_to_be_proved_is(name: str, entry: dict[str, Any]) -> None:
    told = only(proving(name, entry))
    assert told.proof.verdict is Verdict.PROVED
    assert told.fix is None and all(each.line is None for each in told.actions)


def test_a_request_that_the_control_does_not_forbid_is_none_of_them() -> None:
    """What the test of membership above would say of a request that is permitted."""
    entry = next(e for e in EXPECTED["presence-only"] if e["control"] == "NET-01")
    shown = of_action(only(proving("presence-only", entry)), entry)
    found = shown.counterexample
    assert found is not None
    good = {**found.real, "sagemaker:vpcsubnets": ENVIRONMENT.values["vpc.subnets"][:1]}
    request: AuthorizationRequest = found.request._replace(context=good)
    assert not is_forbidden(forbidden(CONTROLS["NET-01"], ENVIRONMENT), request)
