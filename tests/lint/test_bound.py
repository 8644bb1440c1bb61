"""What a symbol is taken for follows from where it stands; what cannot be taken is left out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ormer.lint.bound import assumed_texts
from ormer.lint.check import lint
from ormer.lint.document import read_document
from ormer.model.lint import Attached
from ormer.model.symbol import START, symbol

S = symbol("X")
ROLE = "arn:aws:iam::111122223333:role/x"


def taken(**elements: Any) -> str:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **elements}
    return assumed_texts({"Statement": [statement]})["X"]


@pytest.mark.parametrize(
    "elements, text",
    [
        ({"Resource": f"arn:{S}:s3:::data"}, "aws"),
        ({"Resource": f"arn:aws:sqs:{S}:111122223333:queue"}, "eu-west-1"),
        ({"Resource": f"arn:aws:sqs:eu-west-1:{S}:queue"}, "111122223333"),
        ({"Resource": f"arn:{symbol('P')}:iam::{S}:role/a"}, "111122223333"),
        ({"Resource": f"arn:aws:s3:::{S}/*"}, "x"),
        ({"Resource": f"arn:aws:iam::1111{S}:role/a"}, "x"),
        ({"Resource": S}, "arn:aws:s3:::x/x"),
        ({"Resource": f"{S}/*"}, "arn:aws:s3:::x"),
        ({"NotResource": f"{S}/public/*"}, "arn:aws:s3:::x"),
        ({"Action": "s3:ListBucket", "Resource": S}, "arn:aws:s3:::x"),
        ({"Action": "kms:Decrypt", "Resource": S}, "arn:aws:kms:eu-west-1:111122223333:key/x"),
        ({"Action": "iam:PassRole", "Resource": [S]}, ROLE),
        ({"Action": "no:Such", "Resource": S}, "arn:aws:no:eu-west-1:111122223333:x"),
        ({"Principal": {"AWS": S}}, ROLE),
        ({"Principal": {"AWS": [S]}}, ROLE),
        ({"Principal": {"AWS": f"arn:aws:iam::{S}:root"}}, "111122223333"),
        ({"Principal": {"Service": S}}, "lambda.amazonaws.com"),
        ({"Principal": {"Federated": S}}, "arn:aws:iam::111122223333:oidc-provider/x"),
        ({"Condition": {"IpAddress": {"aws:SourceIp": S}}}, "10.0.0.0/8"),
        ({"Condition": {"NumericLessThan": {"s3:TlsVersion": S}}}, "1"),
        ({"Condition": {"Bool": {"aws:SecureTransport": S}}}, "true"),
        ({"Condition": {"Null": {"aws:SourceVpce": S}}}, "true"),
        ({"Condition": {"DateLessThan": {"aws:CurrentTime": S}}}, "2026-01-01T00:00:00Z"),
        ({"Condition": {"StringEquals": {"aws:SourceVpce": S}}}, "vpce-0a0a0a0a0a0a0a0a0"),
        ({"Condition": {"StringEquals": {"aws:PrincipalAccount": [S]}}}, "111122223333"),
        ({"Condition": {"StringEquals": {"aws:PrincipalOrgID": S}}}, "o-example000"),
        ({"Condition": {"ArnLike": {"aws:PrincipalArn": S}}}, ROLE),
        ({"Condition": {"StringEquals": {"aws:RequestTag/team": S}}}, "x"),
        ({"Condition": {"ArnEquals": {"no:such": S}}}, ROLE),
    ],
)
def test_a_symbol_is_taken_for_what_its_place_asks_for(elements: dict[str, Any], text: str) -> None:
    assert taken(**elements) == text


def test_a_part_of_an_arn_says_more_than_a_condition() -> None:
    condition = {"StringEquals": {"aws:RequestTag/account": S}}
    assert taken(Resource=f"arn:aws:iam::{S}:role/a", Condition=condition) == "111122223333"


@pytest.mark.parametrize(
    "condition",
    [
        {"IpAddress": {"aws:SourceIp": S}},
        {"ArnEquals": {"sagemaker:VolumeKmsKeyArn": S}},
        {"NumericEquals": {"sagemaker:MaxRuntimeInSeconds": S}},
        {"Bool": {"sagemaker:NetworkIsolation": S}},
        {"ForAllValues:StringEquals": {"sagemaker:VpcSubnets": S}, "Null": {"sagemaker:VpcSubnets": "false"}},
    ],
)  # fmt: skip
def test_no_rule_calls_an_unknown_value_a_bad_one(condition: dict[str, Any]) -> None:
    action = "s3:GetObject" if "IpAddress" in condition else "sagemaker:CreateTrainingJob"
    statement = {"Effect": "Allow", "Action": action, "Resource": S, "Condition": condition}
    body = {"Version": "2012-10-17", "Statement": [statement]}
    assert [f.message for f in lint(read_document(body, "t", Attached.IDENTITY))] == []


def test_the_rest_is_linted_with_its_own_numbers_and_no_symbol_is_left() -> None:
    bad = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
    body = {"Version": "2012-10-17", "Statement": [S, {**bad, "Effect": S}, bad]}
    document = read_document(body, "t", Attached.IDENTITY)
    assert START not in json.dumps(document.body)
    assert [(f.rule.id, f.statement, f.place) for f in lint(document)] == [
        ("LNT-18", "0", ("Statement", 0)),
        ("LNT-18", "1", ("Statement", 1, "Effect")),
        ("LNT-15", "2", ("Statement", 2, "Resource")),
    ]
    (_, _, passes) = lint(document)
    assert passes.witness is not None
    assert len(passes.witness.line["identityPolicies"][0]["Statement"]) == 1


@pytest.mark.parametrize(
    "body, place",
    [
        ({"Version": "2012-10-17", "Statement": S}, ("Statement",)),
        ({"Statement": {"Effect": S, "Action": "*", "Resource": "*"}}, ("Statement", "Effect")),
    ],
)
def test_a_policy_without_any_known_statement_is_no_pass(body: Any, place: Any) -> None:
    found = [f for f in lint(read_document(body, "t", Attached.IDENTITY)) if f.rule.id == "LNT-18"]
    assert [f.place for f in found] == [place]


def test_a_boundary_grants_nothing_and_a_deny_of_what_it_does_not_allow_harms_nothing() -> None:
    passing = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
    carried = {
        "StringNotEquals": {"sagemaker:OutputKmsKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/k"}
    }
    denied = {"Effect": "Deny", "Action": "sagemaker:Create*Job*", "Resource": "*", "Condition": carried}  # fmt: skip
    body = {"Version": "2012-10-17", "Statement": [passing, denied]}
    found = {
        kind: [f.rule.id for f in lint(read_document(body, "t", kind))]
        for kind in (Attached.BOUNDARY, Attached.IDENTITY)
    }
    assert found == {Attached.BOUNDARY: [], Attached.IDENTITY: ["LNT-15", "LNT-01"]}


def test_what_another_statement_asks_for_is_given_and_hides_no_hole() -> None:
    train = {"Effect": "Deny", "Action": "sagemaker:CreateTrainingJob", "Resource": "*"}
    wrong = {"ForAnyValue:StringNotEquals": {"sagemaker:VpcSubnets": "subnet-1"}}
    tags = {"StringNotEquals": {"aws:RequestTag/team": "ml"}}
    types = {"ForAnyValue:StringNotLike": {"sagemaker:InstanceTypes": "ml.m5.*"}}
    none = {"Null": {"sagemaker:InstanceTypes": "true"}}
    others = [{**train, "Condition": each} for each in (tags, types, none)]
    body = {"Version": "2012-10-17", "Statement": [{**train, "Condition": wrong}, *others]}
    (finding,) = lint(read_document(body, "t", Attached.IDENTITY))
    assert finding.rule.id == "LNT-14"
    assert finding.witness is not None
    assert finding.witness.line["request"]["context"] == {
        "aws:RequestTag/team": "ml",
        "sagemaker:InstanceTypes": ["ml.m5.example"],
    }
