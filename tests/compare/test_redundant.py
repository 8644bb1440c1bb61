"""Denies that are needed, those that others make redundant, and those that deny nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytest.importorskip("pysat")

from ormer.model.access import Access
from ormer.proofs.difference.redundant import Denies, Need

MadeAccess = Callable[..., Access]
BUCKET = "arn:aws:s3:::data"
READ = {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{BUCKET}/*"}
TLS = {
    "Sid": "Tls",
    "Effect": "Deny",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def _needs(access: Access) -> dict[str, Need]:
    return {one.deny.statement: one.need for one in Denies(access).judged()}


def test_a_deny_alone_is_needed(made: MadeAccess) -> None:
    (one,) = Denies(made(READ, TLS)).judged()
    assert one.need is Need.NEEDED
    assert one.change is not None and one.change.request is not None
    assert one.change.request.context["aws:securetransport"] == "false"


def test_a_narrower_deny_is_redundant_and_says_because_of_which(made: MadeAccess) -> None:
    narrow = {**TLS, "Sid": "Narrow", "Action": "s3:GetObject"}
    access = made(READ, TLS, narrow)
    by_name = {one.deny.statement: one for one in Denies(access).judged()}
    assert by_name["Narrow"].need is Need.REDUNDANT
    assert by_name["Narrow"].because == ("identity access.yaml#policy statement Tls",)
    assert by_name["Tls"].need is Need.REDUNDANT  # alone: s3:GetObject is all that is allowed
    wider = made({**READ, "Action": ["s3:GetObject", "s3:PutObject"]}, TLS, narrow)
    assert _needs(wider) == {"Tls": Need.NEEDED, "Narrow": Need.REDUNDANT}


def test_a_deny_of_what_nothing_allows_is_idle(made: MadeAccess) -> None:
    assert _needs(made(READ, {**TLS, "Sid": "Queues", "Action": "sqs:*"})) == {"Queues": Need.IDLE}
    elsewhere = {**TLS, "Sid": "Elsewhere", "Resource": "arn:aws:s3:::other/*"}
    assert _needs(made(READ, elsewhere)) == {"Elsewhere": Need.IDLE}


def test_a_bucket_s_deny_is_kept_by_the_role_s(made: MadeAccess) -> None:
    bucket = {**TLS, "Sid": "Bucket", "Principal": "*"}
    access = made(READ, TLS, resources={BUCKET: bucket})
    assert _needs(access) == {"Tls": Need.REDUNDANT, "Bucket": Need.REDUNDANT}
    public = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    public["Resource"] = f"{BUCKET}/*"
    shared = made(READ, TLS, resources={BUCKET: [bucket, public]})
    assert _needs(shared)["Bucket"] is Need.NEEDED  # others than the role come, too


def test_time_that_is_over_is_unknown(made: MadeAccess) -> None:
    (one,) = Denies(made(READ, TLS), seconds=-1.0).judged()
    assert (one.need, one.why) == (Need.UNKNOWN, "the time is over")


def test_a_deny_that_another_repeats_is_redundant_and_not_idle(made: MadeAccess) -> None:
    again = {**TLS, "Sid": "Again"}
    by_name = {one.deny.statement: one for one in Denies(made(READ, TLS, again)).judged()}
    assert by_name["Tls"].need is Need.REDUNDANT
    assert by_name["Tls"].because == ("identity access.yaml#policy statement Again",)
    assert by_name["Again"].need is Need.REDUNDANT
