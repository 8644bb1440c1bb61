"""Whatever a policy says, lint ends, and what it claims is what the evaluator decides."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ormer.evaluate.decide import decide
from ormer.facts.global_keys import GLOBAL_KEYS
from ormer.facts.iam_actions import action
from ormer.lint.check import lint
from ormer.lint.document import read_document
from ormer.lint.key_facts import carries, is_multivalued
from ormer.model.finding import SEVERITY_ORDER
from ormer.model.lint import Attached, LintFinding
from ormer.model.policy_operators import KINDS
from ormer.model.symbol import symbol
from ormer.read.policies.decide_line import check_line, read_policies, read_request

ACTIONS = [
    *("s3:GetObject", "s3:PutObject", "s3:HeadObject", "s3:*", "*", "s3:Fetch*", "x:y"),
    *("sagemaker:CreateTrainingJob", "sagemaker:CreateTransformJob", "iam:PassRole"),
    *("kms:Decrypt", "sts:AssumeRole", "S3:GETOBJECT", "sagemaker:Create*"),
    f"s3:{symbol('Verb')}Object",
]
RESOURCES = [
    "*",
    "arn:aws:s3:::data/*",
    "arn:aws:s3:::*x*",
    "arn:aws:s3:::${aws:username}/*",
    "?",
    "",
    f"{symbol('Bucket.Arn')}/*",
    symbol("Any"),
]
KEYS = [
    *[entry.key for entry in GLOBAL_KEYS.values()],
    *("sagemaker:VpcSubnets", "sagemaker:VolumeKmsKey", "sagemaker:VolumeKmsKeyArn"),
    *(
        "sagemaker:NetworkIsolation",
        "s3:x-amz-acl",
        "s3:prefix",
        "aws:TagKeys",
        "s3:ResourceAccount",
        "no:such",
        "odd",
    ),
    *("aws:RequestTag/team", "aws:PrincipalTag/team", "sts:ExternalId", "saml:aud", "a.b:sub"),
]
VALUES = [
    "true",
    "false",
    "*",
    "a*",
    "10.0.0.0/8",
    "111122223333",
    "${aws:username}",
    "5",
    "",
    "arn:aws:iam::*:role/x",
    "2026-01-01",
    symbol("Any"),
    f"{symbol('AWS::Region')}x",
]
OPERATORS = [
    *KINDS,
    *(
        f"{each}:{base}IfExists"
        for each in ("ForAllValues", "ForAnyValue")
        for base in ("StringEquals", "StringNotLike", "ArnLike")
    ),
    "ForAllValues:StringEquals",
    "ForAnyValue:StringNotEquals",
]
PRINCIPALS: list[Any] = [
    "*",
    {"AWS": "*"},
    {"AWS": "111122223333"},
    {"AWS": ["arn:aws:iam::111122223333:role/a/b"]},
    {"Service": "lambda.amazonaws.com"},
    {"AWS": [symbol("Any")], "Service": symbol("Any")},
    {"Federated": "x"},
    {"CanonicalUser": "abc"},
    {},
]


def several(found: list[str]) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(found), max_size=3) | st.sampled_from(found)


CONDITIONS = st.dictionaries(
    st.sampled_from(OPERATORS),
    st.dictionaries(st.sampled_from(KEYS), several(VALUES), max_size=3),
    max_size=3,
)


@st.composite
def documents(draw: st.DrawFn) -> tuple[dict[str, Any], Attached]:
    attached = draw(st.sampled_from(list(Attached)))
    statements = draw(st.lists(statement(attached), max_size=3) | statement(attached))
    version = draw(st.sampled_from([{}, {"Version": "2012-10-17"}, {"Version": "2008-10-17"}]))
    return {**version, "Statement": statements}, attached


@st.composite
def statement(draw: st.DrawFn, attached: Attached) -> dict[str, Any]:
    body = {
        "Effect": draw(st.sampled_from(["Allow", "Deny"])),
        draw(st.sampled_from(["Action", "Action", "NotAction"])): draw(several(ACTIONS)),
    }
    if attached is not Attached.TRUST:
        body[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(
            several(RESOURCES)
        )
    if attached not in (Attached.IDENTITY, Attached.BOUNDARY, Attached.SCP):
        body[draw(st.sampled_from(["Principal", "NotPrincipal"]))] = draw(
            st.sampled_from(PRINCIPALS)
        )
    return {**body, "Condition": draw(CONDITIONS)}


def check(finding: LintFinding) -> None:
    """The witness, read as ``ormer decide`` reads it, is decided as it says."""
    rank, own = SEVERITY_ORDER[finding.severity], SEVERITY_ORDER[finding.rule.severity]
    assert own <= rank <= own + 2
    if finding.witness is None:
        assert rank > own or own == len(SEVERITY_ORDER) - 1
        return
    line = check_line(json.loads(json.dumps(finding.witness.line)), "line")
    policies = read_policies({k: v for k, v in line.items() if k != "request"}, "line")
    assert decide(policies, read_request(line, "line")).outcome is finding.witness.outcome
    assert finding.witness.outcome.value in finding.witness.text
    check_possible(line["request"])


def check_possible(request: dict[str, Any]) -> None:
    """Only keys that the action carries, each with the number of values that it may have."""
    about = action(request["action"])
    assert about is not None
    for key, value in request["context"].items():
        assert carries(about, key), key
        assert isinstance(value, list) is is_multivalued(key), key
    parts = request["resource"].split(":", 5)
    if len(parts) == 6 and len(parts[4]) == 12:
        assert request["resourceAccount"] == parts[4]
    for key in ("aws:ResourceAccount", "s3:ResourceAccount"):
        assert request["context"].get(key, request.get("resourceAccount")) == request.get(
            "resourceAccount"
        )


@settings(max_examples=150, deadline=None)
@given(documents())
def test_no_policy_stops_it_and_every_witness_is_decided_as_it_says(
    made: tuple[dict[str, Any], Attached],
) -> None:
    body, attached = made
    for finding in lint(read_document(body, "policy.json", attached)):
        check(finding)


@settings(max_examples=30, deadline=None)
@given(documents())
def test_a_policy_says_the_same_twice(made: tuple[dict[str, Any], Attached]) -> None:
    body, attached = made
    assert lint(read_document(body, "a", attached)) == lint(read_document(body, "a", attached))


def test_policies_of_aws_are_linted_and_their_witnesses_hold() -> None:
    moto = pytest.importorskip("moto.iam.aws_managed_policies")
    managed = json.loads(moto.aws_managed_policies_data)
    names = sorted(managed)[:: max(1, len(managed) // 200)]
    assert len(names) >= 200
    findings = [
        finding
        for name in names
        for finding in lint(read_document(managed[name]["Document"], name, Attached.IDENTITY))
    ]
    assert len(findings) > 50
    for finding in findings[:100]:
        check(finding)
