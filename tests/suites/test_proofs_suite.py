"""``pytest --pyargs ormer.suites --access``: what the policies are proved to prevent."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Suites = Callable[..., Any]

ACCOUNT = "111122223333"
PIPELINE = f"arn:aws:iam::{ACCOUNT}:role/sm-pipeline"
TRAIN = "sagemaker:CreateTrainingJob"
ISOLATION = "sagemaker:NetworkIsolation"
GIVEN = ("--environment", "env.yaml", "--access", "access.json", "-k", "test_proofs")
CASE = "test_proofs[NET-03-sm-pipeline]"
ALLOW = {"Effect": "Allow", "Action": TRAIN, "Resource": "*", "Sid": "Jobs"}
DENY = {"Sid": "Missing", "Effect": "Deny", "Action": TRAIN, "Resource": "*"}
EXACT = (
    {**DENY, "Condition": {"Null": {ISOLATION: "true"}}},
    {**DENY, "Sid": "False", "Condition": {"Bool": {ISOLATION: "false"}}},
)


def written(folder: Path, *statements: dict[str, Any]) -> None:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    access = {"principals": [{"arn": PIPELINE, "identity_policies": [document]}]}
    (folder / "access.json").write_text(json.dumps(access))


def message(ran: Any, name: str) -> str:
    (case,) = (one for one in ran.xml.iter("testcase") if name in one.get("name"))
    found = case.find("failure")
    return str(case.find("skipped").get("message") if found is None else found.text)


def test_a_violation_is_a_request_with_who_allows_it(suites: Suites, folder: Path) -> None:
    written(folder, ALLOW)
    ran = suites(*GIVEN)
    assert (ran.code, ran.cases[CASE]) == (1, "failure")
    said = message(ran, CASE)
    assert said.startswith(f"violated: {TRAIN} on arn:aws:sagemaker:eu-west-1:{ACCOUNT}:")
    assert "Allow of identity" in said and "statement Jobs" in said


def test_what_is_proved_passes_with_its_properties(suites: Suites, folder: Path) -> None:
    written(folder, ALLOW, *EXACT)
    ran = suites(*GIVEN)
    assert ran.cases[CASE] == "passed"
    (case,) = (one for one in ran.xml.iter("testcase") if one.get("name") == CASE)
    told = {one.get("name"): one.get("value") for one in case.iter("property")}
    assert told["verdict"] == "proved" and told["principal"] == PIPELINE
    assert ran.cases["test_proofs[SEC-01-sm-pipeline]"] == "skipped"
    assert "the check of the definition finds it" in message(ran, "SEC-01-sm-pipeline")


def test_what_depends_on_what_aws_does_not_document_is_unknown(
    suites: Suites, folder: Path
) -> None:
    written(folder, ALLOW, EXACT[1])
    assert message(suites(*GIVEN), CASE).splitlines()[0].startswith(f"unknown: {TRAIN}: allowed")


def test_a_proof_of_nothing_is_no_success(suites: Suites, folder: Path) -> None:
    """By itself it is skipped; where a step makes the call, it fails."""
    written(folder, {**ALLOW, "Action": "s3:GetObject"})
    ran = suites(*GIVEN)
    assert ran.cases[CASE] == "skipped"
    assert "nothing of its kind is allowed at all" in message(ran, CASE)
    ran = suites(*GIVEN, "--definition", "build/bare.json")
    assert message(ran, CASE) == f"vacuous: nothing of {TRAIN} is allowed, and Train calls it"


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--ormer-strict",), 1)])
def test_without_a_solver_a_line_says_so(
    strict: tuple[str, ...], code: int, suites: Suites, folder: Path
) -> None:
    written(folder, ALLOW)
    absent = "from ormer.proofs import installed\n\ninstalled.is_installed = lambda: False\n"
    (folder / "no_solver.py").write_text(absent)
    ran = suites(*GIVEN, *strict, "-p", "no_solver")
    said = "nothing was proved: proofs need a SAT solver: pip install 'ormer[prove]'"
    assert f"ormer: {said}" in ran.out
    assert ran.code == code
    assert ran.cases == {"test_proofs[no solver]": "failure" if strict else "skipped"}
