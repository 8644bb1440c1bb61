"""``pytest --pyargs ormer.suites --access``: what the policies of an access file decide."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Suites = Callable[..., Any]

ACCOUNT = "111122223333"
JOB, PIPELINE, ANALYST = (
    f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("sm-exec", "sm-pipeline", "analyst")
)
GIVEN = ("--environment", "env.yaml", "--access", "access.json")
OWN = """
- id: OWN-01
  title: Analysts delete nothing
  severity: high
  why: What is gone is gone.
  source: the team
  expect: denied
  ask: {who: "arn:aws:iam::${account}:role/analyst", via: outside, do: "s3:DeleteObject", to: "arn:${partition}:s3:::${env.buckets.data}/x"}
"""


def allow(*actions: str, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def bucket(name: str) -> dict[str, Any]:
    document = allow("s3:*", Effect="Deny", Principal="*")
    condition = {"StringNotEquals": {"aws:SourceVpce": "vpce-0s3"}}
    document["Statement"][0] |= {"Sid": "Vpce", "Condition": condition}
    return {"resource": f"arn:aws:s3:::{name}", "policy": document}


@pytest.fixture
def access(folder: Path) -> dict[str, Any]:
    """An access file; what a test changes is in it once ``written``."""
    return {
        "principals": [
            {"arn": JOB, "identity_policies": [allow("s3:ListBucket")]},
            {"arn": PIPELINE, "identity_policies": [allow("sagemaker:CreateTrainingJob")]},
            {"arn": ANALYST, "identity_policies": [allow("s3:*")]},
        ],
        "resource_policies": [bucket("data-bucket"), bucket("models-bucket")],
        "vpc_endpoints": [
            {"id": "vpce-0s3", "service": "s3", "policy": allow("s3:*", Principal="*")}
        ],
    }


def message(ran: Any, name: str) -> str:
    (case,) = (one for one in ran.xml.iter("testcase") if name in one.get("name"))
    return str(case.find("failure").text)


def test_there_is_a_test_for_each_request_and_each_guardrail(
    suites: Suites, folder: Path, access: dict[str, Any]
) -> None:
    (folder / "access.json").write_text(json.dumps(access))
    ran = suites(*GIVEN)
    assert ran.code == 1
    from_outside = "any role from outside the VPC: s3:GetObject arn:aws:s3:::data-bucket/ormer-test"
    assert ran.cases[f"test_policies[BKT-01-{from_outside}]"] == "passed"
    assert ran.cases[f"test_policies[BKT-01-{from_outside} with aws:SourceVpce=vpce-0ffffffffffffffff]"] == "passed"  # fmt: skip
    plain = "any role through the VPC: s3:GetObject arn:aws:s3:::data-bucket/ormer-test with aws:SecureTransport=false"
    assert ran.cases[f"test_policies[BKT-04-{plain}]"] == "failure"
    assert ran.cases["test_guardrails[NET-01-sagemaker:CreateTrainingJob-sm-pipeline]"] == "failure"
    assert ran.cases["test_guardrails[NET-01-sagemaker:CreateTrainingJob-sm-exec]"] == "passed"
    assert "test_guardrails[NET-01-sagemaker:CreateTrainingJob-analyst]" in ran.cases
    assert not [name for name in ran.cases if "NOTSET" in name or "test_definition" in name]


def test_a_failure_says_what_was_decided_by_what_and_why_it_matters(
    suites: Suites, folder: Path, access: dict[str, Any]
) -> None:
    (folder / "access.json").write_text(json.dumps(access))
    ran = suites(*GIVEN)
    said = message(ran, "BKT-04-any role through the VPC: s3:ListBucket arn:aws:s3:::data-bucket")
    assert said.startswith("fail: Buckets are reached over TLS alone\n  has to be denied\n")
    assert "Allowed s3:ListBucket on arn:aws:s3:::data-bucket\n" in said
    assert "aws:securetransport=false" in said
    assert "why: Plain HTTP shows the data to the network." in said
    said = message(ran, "NET-01-sagemaker:CreateTrainingJob-sm-pipeline")
    first, *_, last = said.splitlines()
    assert first == "fail: not denied: NET01a: VpcSubnets missing"
    assert last == "instead: attach the guardrails of NET-01 (ormer guardrails)"
    assert said.count("NET01a: VpcSubnets missing") == 1


def test_a_bucket_without_its_policy_is_unknown(
    suites: Suites, folder: Path, access: dict[str, Any]
) -> None:
    del access["resource_policies"][1]
    (folder / "access.json").write_text(json.dumps(access))
    said = message(
        suites(*GIVEN), "BKT-03-a stranger through the VPC: s3:ListBucket arn:aws:s3:::models"
    )
    assert said.startswith("unknown: Nobody of another account")
    assert "  the access file has no policy of arn:aws:s3:::models-bucket\n" in said


def test_own_expectations_are_asked_beside_ours(
    suites: Suites, folder: Path, access: dict[str, Any]
) -> None:
    (folder / "own").mkdir()
    (folder / "own" / "team.yaml").write_text(OWN)
    access["principals"][2]["identity_policies"] = [allow("s3:GetObject")]
    (folder / "access.json").write_text(json.dumps(access))
    name = f"test_policies[OWN-01-{ANALYST} from outside the VPC: s3:DeleteObject arn:aws:s3:::data-bucket/x]"
    assert suites(*GIVEN, "--ormer-expectations", "own").cases[name] == "passed"
    access["principals"][2]["identity_policies"] = [allow("s3:DeleteObject")]
    access["resource_policies"][0]["policy"]["Statement"][0]["Action"] = "s3:GetObject"
    (folder / "access.json").write_text(json.dumps(access))
    assert suites(*GIVEN, "--ormer-expectations", "own").cases[name] == "failure"


def test_definitions_and_policies_are_tested_together(
    suites: Suites, folder: Path, access: dict[str, Any]
) -> None:
    (folder / "access.json").write_text(json.dumps(access))
    (folder / "ormer.toml").write_text(
        'definitions = ["build/nothing.json"]\nenvironment = "env.yaml"\naccess = "access.json"\n'
    )
    ran = suites()
    assert {name.partition("[")[0] for name in ran.cases} == {
        "test_definition", "test_every_control_ran", "test_policies", "test_guardrails", "test_proofs"
    }  # fmt: skip


@pytest.mark.parametrize(
    "arguments, part",
    [
        (["--environment", "env.yaml", "--access", "no.json"], "ormer: no.json: no such file"),
        ([*GIVEN, "--ormer-expectations", "no"], "ormer: no: no folder with files of expectations"),
        (
            ["--environment", "env.yaml", "--definition", "build/nothing.json", "--ormer-expectations", "own"],
            "ormer: expectations without an access file: which policies?",
        ),
    ],
    ids=["no access file", "no folder", "no policies"],
)  # fmt: skip
def test_what_cannot_be_read_is_2_and_one_line(
    arguments: list[str], part: str, suites: Suites, folder: Path, access: dict[str, Any]
) -> None:
    (folder / "access.json").write_text(json.dumps(access))
    ran = suites(*arguments)
    assert ran.code == 2 and part in ran.out and "Traceback" not in ran.out
