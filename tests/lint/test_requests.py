"""The requests that are tried: only such as the action, the caller and the account allow."""

from __future__ import annotations

from typing import Any

import pytest

from ormer.facts.iam_actions import Action, action
from ormer.lint.callers import INSIDER
from ormer.lint.context import choose_context
from ormer.lint.document import read_document
from ormer.lint.wish import Wish, attempts
from ormer.model.lint import Attached
from ormer.model.policy import Statement


def statement(condition: dict[str, Any], resource: str = "*") -> Statement:
    body = {"Effect": "Allow", "Action": "s3:*", "Resource": resource, "Condition": condition}
    document = {"Version": "2012-10-17", "Statement": body}
    return read_document(document, "p", Attached.IDENTITY).policy.statements[0]


def the(name: str) -> Action:
    found = action(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "about, condition, expected",
    [
        (
            "s3:PutObject",
            {"StringEquals": {"s3:x-amz-acl": "private"}},
            {"s3:x-amz-acl": "private"},
        ),
        ("s3:GetObject", {"StringEquals": {"s3:x-amz-acl": "private"}}, None),
        ("s3:GetObject", {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::1:role/x"}}, None),
        ("s3:GetObject", {"StringEquals": {"s3:ResourceAccount": "a bucket"}}, None),
        ("s3:GetObject", {"StringEquals": {"aws:SourceVpc": "vpc-1"}}, {"aws:sourcevpc": "vpc-1"}),
        ("s3:GetObject", {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}, {}),
        ("s3:PutObject", {"NumericLessThan": {"s3:signatureAge": "5"}}, {"s3:signatureage": "4"}),
        (
            "sagemaker:CreateTrainingJob",
            {"ForAnyValue:StringLike": {"sagemaker:VpcSubnets": "subnet-*"}},
            {"sagemaker:vpcsubnets": ("subnet-example",)},
        ),
    ],
)
def test_a_context_holds_what_the_request_may_have(
    about: str, condition: dict[str, Any], expected: dict[str, Any] | None
) -> None:
    made = choose_context(statement(condition), "2012-10-17", INSIDER.keys, {}, the(about))
    if expected is None:
        assert made is None
    else:
        assert made == {**INSIDER.keys, **expected}


def test_a_resource_is_of_one_account() -> None:
    asked = statement({"StringEquals": {"aws:ResourceAccount": "444455556666"}}, "*")
    of_bucket, of_queue = the("s3:GetObject"), the("sqs:SendMessage")
    wish = Wish(asked, "2012-10-17", actions=(of_bucket, of_queue))
    tried = [attempt.request for attempt in attempts(wish)]
    assert tried
    assert {request["resourceAccount"] for request in tried} == {"444455556666"}
    assert not [request for request in tried if ":111122223333:" in request["resource"]]
