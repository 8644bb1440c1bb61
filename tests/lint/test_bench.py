"""A request is a witness only if the document and what was meant decide it differently."""

from __future__ import annotations

from typing import Any

import pytest

from ormer.lint.bench import Bench, without
from ormer.lint.document import read_document
from ormer.lint.layers import ALLOW_ALL, OPEN, Around, layers
from ormer.lint.wish import Wish
from ormer.model.authorization import Outcome
from ormer.model.lint import Attached
from ormer.model.policy import Condition

DENY: dict[str, Any] = {
    "Effect": "Deny",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::data/*",
    "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1", "aws:PrincipalTag/a": "b"}},
}
ALLOW = {**DENY, "Effect": "Allow"}
ELSEWHERE = ("arn:aws:s3:::elsewhere/x",)
AROUND = Around(generous=True, across=False, account="111122223333", own_policy=False)


def bench(*statements: dict[str, Any]) -> Bench:
    body = {"Version": "2012-10-17", "Statement": list(statements)}
    return Bench(read_document(body, "p.json", Attached.IDENTITY))


def test_a_request_that_the_meant_deny_would_not_end_gets_past_nothing() -> None:
    made = bench(DENY)
    at = made.statements[0]
    meant = made.meant(at, {"Condition": None})
    wish = Wish(meant.statement, made.version)
    shown = made.gets_past(at, meant, wish._replace(forced={"aws:sourcevpce": ("vpce-1",)}))
    assert shown is not None and shown.outcome is Outcome.ALLOWED
    assert made.gets_past(at, meant, wish._replace(resources=ELSEWHERE)) is None


def test_a_request_that_the_meant_allow_would_not_grant_is_left_out_of_nothing() -> None:
    made = bench({**ALLOW, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}})
    at = made.statements[0]
    meant = made.meant(at, {"Condition": None})
    wish = Wish(meant.statement, made.version)
    shown = made.left_out(at, meant, wish)
    assert shown is not None and shown.outcome is Outcome.IMPLICITLY_DENIED
    assert made.left_out(at, meant, wish._replace(resources=ELSEWHERE)) is None


def test_a_statement_lets_in_what_no_other_one_does() -> None:
    for others, expected in (((), True), (({**ALLOW, "Condition": {}},), False)):
        made = bench(*others, ALLOW)
        at = made.statements[-1]
        shown = made.let_in(at, Wish(at.statement, made.version))
        assert (shown is not None) is expected


def test_a_statement_keeps_out_what_no_other_one_does() -> None:
    for others, expected in (((), True), (({**DENY, "Condition": {}},), False)):
        made = bench(*others, DENY)
        at = made.statements[-1]
        shown = made.kept_out(at, Wish(at.statement, made.version))
        assert (shown is not None) is expected


def test_without_takes_one_condition_out_and_an_empty_block_away() -> None:
    at = bench(DENY).statements[0]
    tag = Condition("StringNotEquals", "aws:PrincipalTag/a", ("b",))
    endpoint = Condition("StringNotEquals", "aws:SourceVpce", ("vpce-1",))
    left = {"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}
    assert without(at, tag) == left
    assert without(at, tag, endpoint) == {"Condition": None}


@pytest.mark.parametrize(
    "attached, body, around, expected",
    [
        (Attached.IDENTITY, DENY, AROUND, {"identityPolicies": ["it", ALLOW_ALL]}),
        (Attached.IDENTITY, ALLOW, AROUND._replace(generous=False), {"identityPolicies": ["it"]}),
        (
            Attached.IDENTITY,
            ALLOW,
            AROUND._replace(generous=False, across=True),
            {"identityPolicies": ["it"], "resourcePolicy": OPEN},
        ),
        (
            Attached.RESOURCE,
            ALLOW,
            AROUND._replace(generous=False),
            {"identityPolicies": [], "resourcePolicy": "it"},
        ),
        (
            Attached.RESOURCE,
            ALLOW,
            AROUND._replace(generous=False, own_policy=True),
            {"identityPolicies": [ALLOW_ALL], "resourcePolicy": "it"},
        ),
        (
            Attached.RESOURCE,
            ALLOW,
            AROUND._replace(account=""),
            {"identityPolicies": [], "resourcePolicy": "it"},
        ),
        (
            Attached.SCP,
            DENY,
            AROUND,
            {
                "identityPolicies": [ALLOW_ALL],
                "scps": [{"id": "root", "policies": ["it", ALLOW_ALL]}],
            },
        ),
        (
            Attached.SCP,
            ALLOW,
            AROUND,
            {"identityPolicies": [ALLOW_ALL], "scps": [{"id": "root", "policies": ["it"]}]},
        ),
        (
            Attached.RCP,
            DENY,
            AROUND,
            {"identityPolicies": [ALLOW_ALL], "rcps": [{"id": "root", "policies": ["it"]}]},
        ),
        (
            Attached.ENDPOINT,
            DENY,
            AROUND,
            {"identityPolicies": [ALLOW_ALL], "vpcEndpointPolicies": ["it", OPEN]},
        ),
        (
            Attached.ENDPOINT,
            ALLOW,
            AROUND,
            {"identityPolicies": [ALLOW_ALL], "vpcEndpointPolicies": ["it"]},
        ),
    ],
)
def test_what_stands_around_a_document(
    attached: Attached, body: dict[str, Any], around: Around, expected: dict[str, Any]
) -> None:
    document = {"Statement": body}

    def named(value: Any) -> Any:
        if value == document:
            return "it"
        if isinstance(value, list):
            return [named(each) for each in value]
        if isinstance(value, dict) and "policies" in value:
            return {**value, "policies": named(value["policies"])}
        return value

    assert {k: named(v) for k, v in layers(attached, document, around).items()} == expected
