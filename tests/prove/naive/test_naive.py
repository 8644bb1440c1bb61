"""Each naive set lets through what ``expected.yaml`` says it does: decided, request by request."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from benchmarks.forbidden import forbidden, is_forbidden
from ormer.controls.load import load_catalogue
from ormer.evaluate.decide import Evaluator
from ormer.model.access import Access
from ormer.model.authorization import AuthorizationRequest, Outcome, PolicySet
from ormer.model.policy import Policy
from ormer.model.world import World
from ormer.proofs.asked.properties import load_properties
from ormer.read.environment import read_environment
from ormer.read.policies.decide_line import check_line, read_policies, read_request
from ormer.run.access import load_access

HERE = Path(__file__).parent
PROFILE = HERE.parents[2] / "pipelines" / "environment.yaml"
ENVIRONMENT = read_environment(PROFILE.read_bytes(), "environment.yaml")
EXPECTED: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (HERE / "expected.yaml").read_text(encoding="utf-8")
)
SETS = sorted(path.parent.name for path in HERE.glob("*/access.yaml"))
CONTROLS = {one.id: one for one in (*load_catalogue().controls, *load_properties())}


class Line(NamedTuple):
    request: AuthorizationRequest
    policies: PolicySet
    context: dict[str, Any]


def lines_of(name: str) -> list[Line]:
    text = (HERE / name / "requests.jsonl").read_text(encoding="utf-8")
    read = [check_line(json.loads(line), name) for line in text.splitlines()]
    return [
        Line(read_request(one, name), read_policies(one, name), one["request"]["context"])
        for one in read
    ]


def requests() -> list[Any]:
    return [
        pytest.param(name, line, id=f"{name}-{number}")
        for name in SETS
        for number, line in enumerate(lines_of(name), 1)
    ]


def expected(verdict: str) -> list[Any]:
    return [
        pytest.param(name, entry, id=f"{name}-{entry['control']}-{number}")
        for name, entries in EXPECTED.items()
        for number, entry in enumerate(entries)
        if entry["verdict"] == verdict
    ]


def statements(policies: tuple[Policy, ...]) -> list[Any]:
    return [(policy.version, policy.statements) for policy in policies]


def met(access: Access, line: Line) -> PolicySet:
    """What the access file says that the request meets."""
    vpce = line.context.get("aws:SourceVpce")
    endpoint = next((one for one in access.endpoints if one.id == vpce), None)
    return access.policies(line.request.principal.name, line.request.resource, endpoint)


def test_every_set_is_expected_and_told() -> None:
    assert sorted(EXPECTED) == SETS
    table = (HERE / "README.md").read_text(encoding="utf-8")
    assert [name for name in SETS if f"| `{name}` |" not in table] == []
    assert all(any(e["verdict"] == "violated" for e in entries) for entries in EXPECTED.values())


def test_no_file_is_left_over() -> None:
    for name in SETS:
        text = (HERE / name / "access.yaml").read_text(encoding="utf-8")
        documents = {path.name for path in (HERE / name).glob("*.json")}
        assert {one for one in documents if one not in text} == set(), name


@pytest.mark.parametrize("name, line", requests())
def test_a_request_meets_the_policies_of_the_access_file(name: str, line: Line) -> None:
    wanted = met(load_access(str(HERE / name / "access.yaml")), line)
    assert statements(line.policies.identity) == statements(wanted.identity)
    assert statements(line.policies.endpoint or ()) == statements(wanted.endpoint or ())
    assert (line.policies.resource is None) is (wanted.resource is None)
    if line.policies.resource and wanted.resource:
        assert line.policies.resource.statements == wanted.resource.statements


@pytest.mark.parametrize("name, line", requests())
def test_a_request_gets_through(name: str, line: Line) -> None:
    assert Evaluator(line.policies).decide(line.request).outcome is Outcome.ALLOWED


@pytest.mark.parametrize("name, line", requests())
def test_a_request_shows_a_violation_that_is_expected(name: str, line: Line) -> None:
    violations = [entry for entry in EXPECTED[name] if entry["verdict"] == "violated"]
    assert any(breaks(entry, line) for entry in violations)


@pytest.mark.parametrize("name, entry", expected("violated"))
def test_a_violation_has_a_request_that_shows_it(name: str, entry: dict[str, Any]) -> None:
    shown = [line for line in lines_of(name) if breaks(entry, line)]
    assert shown
    assert entry["principal"] in {line.request.principal.name for line in shown}
    assert entry["action"] in {line.request.action for line in shown}


GOOD_SUBNET, BAD_SUBNET = ENVIRONMENT.values["vpc.subnets"][0], "subnet-0fedcba9876543210"
BUCKET = f"arn:aws:s3:::{ENVIRONMENT.values['buckets.data'][0]}"
JOBS = f"arn:aws:sagemaker:{ENVIRONMENT.region}:{ENVIRONMENT.account}:training-job/x"
ROLES = ("admin", "mlops-dev-sagemaker-execution", "mlops-dev-sagemaker-pipeline")
ASKED = [
    *product(["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], [f"{BUCKET}/a", "*"]),
    *product(["s3:ListBucket", "s3:PutBucketPolicy"], [BUCKET]),
    *product(["sagemaker:CreateTrainingJob"], [JOBS]),
    *product(["iam:PassRole"], [f"arn:aws:iam::{ENVIRONMENT.account}:role/{r}" for r in ROLES]),
]
KEYS: dict[str, list[Any]] = {
    "aws:sourcevpce": [None, ENVIRONMENT.values["vpc.endpoints.s3"][0], "vpce-0fedcba98"],
    "aws:securetransport": [None, "true", "false"],
    "iam:passedtoservice": [None, "sagemaker.amazonaws.com", "lambda.amazonaws.com"],
    "sagemaker:vpcsubnets": [None, (GOOD_SUBNET,), (BAD_SUBNET,), (GOOD_SUBNET, BAD_SUBNET)],
}


@pytest.mark.parametrize("name, entry", expected("proved"))
def test_no_request_of_a_small_space_breaks_what_is_to_be_proved(
    name: str, entry: dict[str, Any]
) -> None:
    access = load_access(str(HERE / name / "access.yaml"))
    principal = access.holders[entry["principal"]].principal
    what = forbidden(CONTROLS[entry["control"]], ENVIRONMENT)
    allowed = 0
    for (action, resource), values in product(ASKED, product(*KEYS.values())):
        context = {key: v for key, v in zip(KEYS, values, strict=True) if v is not None}
        context["aws:principalarn"] = principal.name
        account = ENVIRONMENT.account
        request = AuthorizationRequest(principal, action, resource, account, context)
        through = [e for e in access.endpoints if e.id == context.get("aws:sourcevpce")]
        policies = access.policies(principal.name, resource, through[0] if through else None)
        if Evaluator(policies).decide(request).outcome is Outcome.ALLOWED:
            allowed += 1
            assert not is_forbidden(what, request), request
    assert allowed


@pytest.mark.parametrize("name, entry", expected("proved"))
def test_no_request_shows_what_is_to_be_proved(name: str, entry: dict[str, Any]) -> None:
    of_principal = [
        line for line in lines_of(name) if line.request.principal.name == entry["principal"]
    ]
    assert not any(breaks(entry, line) for line in of_principal)


def test_the_worlds_are_those_of_the_model() -> None:
    told = {key for entries in EXPECTED.values() for e in entries for key in e.get("worlds", {})}
    assert told and told <= set(World._fields)


def breaks(entry: dict[str, Any], line: Line) -> bool:
    return is_forbidden(forbidden(CONTROLS[entry["control"]], ENVIRONMENT), line.request)
