"""What a document is taken for, and what becomes of parts that only a deployment knows."""

from __future__ import annotations

from typing import Any

import pytest

from ormer.lint.check import lint
from ormer.lint.document import guess_attached, read_document
from ormer.model.errors import InputError
from ormer.model.lint import Attached
from ormer.model.symbol import symbol

ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
ASSUME: dict[str, Any] = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}


@pytest.mark.parametrize(
    "body, attached",
    [
        ({"Statement": ALLOW}, Attached.IDENTITY),
        ({"Statement": [ALLOW]}, Attached.IDENTITY),
        ({"Statement": [ALLOW, {**ALLOW, "Principal": "*"}]}, Attached.RESOURCE),
        ({"Statement": [{**ALLOW, "NotPrincipal": "*"}]}, Attached.RESOURCE),
        ({"Statement": [ASSUME]}, Attached.TRUST),
        ({"Statement": [{**ASSUME, "Resource": "*"}]}, Attached.RESOURCE),
        ({"Statement": [{**ASSUME, "Action": "s3:GetObject"}]}, Attached.RESOURCE),
        ({"Statement": 1}, Attached.IDENTITY),
        ([], Attached.IDENTITY),
    ],
)
def test_a_document_is_taken_for_what_its_elements_show(body: Any, attached: Attached) -> None:
    assert guess_attached(body) is attached


def test_a_symbol_is_taken_for_one_text_everywhere_and_the_witness_says_which() -> None:
    bucket = symbol("DataBucket")
    statement = {
        **ALLOW,
        "Principal": "*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:{symbol('AWS::Partition')}:s3:::{bucket}/*"],
    }
    (finding,) = lint(
        read_document({"Version": "2012-10-17", "Statement": [statement]}, "t", Attached.RESOURCE)
    )
    assert finding.witness is not None
    assert finding.witness.assumed == {"DataBucket": "databucket", "AWS::Partition": "aws"}
    assert finding.witness.line["request"]["resource"] == "arn:aws:s3:::databucket/example"


def test_a_principal_that_is_a_symbol_is_taken_for_a_role() -> None:
    statement = {**ALLOW, "Principal": {"AWS": symbol("Role.Arn")}}
    document = read_document({"Statement": [statement]}, "t", Attached.RESOURCE)
    assert document.assumed == {"Role.Arn": "arn:aws:iam::111122223333:role/role-arn"}


@pytest.mark.parametrize(
    "body, message",
    [
        ([], "t: a policy is a JSON object, this is a list"),
        ({"Statement": [1]}, "t: /Statement/0: a statement is an object, this is a number"),
        ({"Statement": [{**ALLOW, "Principal": "*"}]}, "Principal has no place in"),
    ],
)
def test_what_is_no_policy_is_refused_with_its_place(body: Any, message: str) -> None:
    with pytest.raises(InputError, match=message.replace("*", r"\*")):
        read_document(body, "t", Attached.IDENTITY)


def test_what_is_nested_without_end_is_refused() -> None:
    body: Any = {}
    for _ in range(5000):
        body = {"Statement": [body]}
    with pytest.raises(InputError, match="t: nested too deeply to be a policy"):
        read_document(body, "t", Attached.IDENTITY)


def test_a_document_of_thousands_of_statements_is_linted() -> None:
    body = {"Statement": [{**ALLOW, "Sid": f"S{n}"} for n in range(500)]}
    assert [finding.rule.id for finding in lint(read_document(body, "t", Attached.IDENTITY))] == [
        "LNT-11"
    ]
