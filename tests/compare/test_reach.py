"""Who can, under which conditions, and what prevents the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("pysat")

from ormer.model.access import Access
from ormer.proofs.difference.reach import Can, Reach, Reached

MadeAccess = Callable[..., Access]
BUCKET = "arn:aws:s3:::data"
OBJECTS = f"{BUCKET}/*"
READ = {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": OBJECTS}
TLS = {
    "Sid": "Tls",
    "Effect": "Deny",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
ALL = {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}


def _own(access: Access, action: str = "s3:GetObject", resource: str = OBJECTS) -> list[Reached]:
    return [
        one for one in Reach(access).reached(action, resource) if one.principal.endswith("jobs")
    ]


def test_always(made: MadeAccess) -> None:
    (one,) = _own(made(READ))
    assert (one.can, one.needs) == (Can.ALWAYS, ())
    assert one.request is not None and one.request.resource.startswith(f"{BUCKET}/")


def _if(operator: str, key: str, *values: str, effect: str = "Allow") -> dict[str, Any]:
    return {**READ, "Effect": effect, "Condition": {operator: {key: list(values)}}}


CONDITIONS: dict[str, tuple[list[Any], tuple[str, ...]]] = {
    "an Allow's value": (
        [_if("StringEquals", "aws:SourceVpce", "vpce-1", "vpce-2")],
        ("aws:SourceVpce is vpce-1 or vpce-2",),
    ),
    "a Deny's value": (
        [READ, _if("StringNotEquals", "aws:SourceVpce", "vpce-1", effect="Deny")],
        ("aws:SourceVpce is vpce-1",),
    ),
    "a Deny that a missing key escapes": (
        [READ, _if("StringNotEqualsIfExists", "aws:SourceVpce", "vpce-1", effect="Deny")],
        ("aws:SourceVpce is vpce-1",),
    ),
    "multi-factor authentication": (
        [READ, _if("BoolIfExists", "aws:MultiFactorAuthPresent", "false", effect="Deny")],
        ("aws:MultiFactorAuthPresent is true",),
    ),
    "TLS where it is there": ([READ, TLS], ("aws:SecureTransport is not false, or is missing",)),
    "a key that must be missing": (
        [READ, _if("Null", "aws:SourceIdentity", "false", effect="Deny")],
        ("aws:SourceIdentity is missing",),
    ),
    "an address": (
        [_if("IpAddress", "aws:SourceIp", "10.0.0.0/8")],
        ("aws:SourceIp is in 10.0.0.0/8",),
    ),
    "two ways": (
        [_if("StringEquals", "aws:UserAgent", "a"), _if("IpAddress", "aws:SourceIp", "10.0.0.0/8")],
        (),
    ),
    "two ways with one thing in common": (
        [
            _if("StringEquals", "aws:UserAgent", "a"),
            _if("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
            _if("Bool", "aws:SecureTransport", "false", effect="Deny"),
            _if("Null", "aws:SecureTransport", "true", effect="Deny"),
        ],
        ("aws:SecureTransport is true",),
    ),
    "a part of the resources": (
        [{**READ, "Resource": f"{BUCKET}/a/*"}],
        (f"the resource matches {BUCKET}/a/*",),
    ),
}


@pytest.mark.parametrize("case", CONDITIONS)
def test_conditions(case: str, made: MadeAccess) -> None:
    statements, needs = CONDITIONS[case]
    (one,) = _own(made(*statements))
    assert one.can is Can.CONDITIONS
    missing = [each for each in needs if each not in one.needs]
    if case == "a Deny that a missing key escapes":
        missing = [] if one.needs in ((f"{needs[0]}, if it is there",), needs) else list(one.needs)
    assert not missing, one.needs
    assert len(one.needs) == len(needs), one.needs


NOBODY: dict[str, tuple[list[Any], dict[str, Any], str]] = {
    "no Allow of the resource": ([{**READ, "Resource": "arn:aws:s3:::b/*"}], {}, "identity polic"),
    "no Allow of the action": ([{**READ, "Action": "s3:PutObject"}], {}, "is about it"),
    "a Deny": ([READ, {**READ, "Sid": "Never", "Effect": "Deny"}], {}, "statement Never"),
    "a boundary": (
        [READ],
        {"boundary": [{**ALL, "Action": "sqs:*"}]},
        "no Allow for it in the permissions boundary",
    ),
    "a service control policy": (
        [READ],
        {"scps": [[{**ALL, "Action": "sqs:*"}]]},
        "no Allow for it in the service control policies of level level 0",
    ),
    "a bucket's policy": (
        [READ],
        {"resources": {BUCKET: {**TLS, "Condition": {}, "Principal": "*", "Sid": "Shut"}}},
        "statement Shut",
    ),
    "another kind of resource": ([ALL], {}, "no request of the action is about such a resource"),
}


@pytest.mark.parametrize("case", NOBODY)
def test_what_prevents_it(case: str, made: MadeAccess) -> None:
    statements, more, why = NOBODY[case]
    resource = "arn:aws:sqs:*:*:*" if case == "another kind of resource" else OBJECTS
    (one,) = _own(made(*statements, **more), resource=resource)
    assert one.can is Can.NO
    assert why in " ".join(one.because)


def test_a_pattern_of_actions_is_told_apart(made: MadeAccess) -> None:
    found = _own(made(READ), "s3:GetObject*")
    by_can = {one.can: one.actions for one in found}
    assert by_can[Can.ALWAYS] == ("s3:GetObject",)
    assert "s3:GetObjectAcl" in by_can[Can.NO]


def test_no_action_answers_for_one_that_has_other_resources(made: MadeAccess) -> None:
    """Where no statement tells resources apart, the resource that is asked about still does."""
    every = {**ALL, "Action": ["s3:GetAccelerateConfiguration", "s3:GetObject", "s3:GetObjectAcl"]}
    found = {one.actions: one.can for one in _own(made(every), "s3:Get*", f"{BUCKET}/a")}
    assert found.pop(("s3:GetObject", "s3:GetObjectAcl")) is Can.ALWAYS
    assert found.pop(("s3:GetAccelerateConfiguration",)) is Can.NO
    assert set(found.values()) == {Can.NO}  # what no Allow is about
    (one,) = _own(made(every), "s3:GetAccelerate*", BUCKET)
    assert one.can is Can.ALWAYS


def test_whom_a_resource_s_policy_lets_in(made: MadeAccess) -> None:
    grant = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": OBJECTS}
    in_org = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
    access = made(
        resources={
            BUCKET: [
                {**grant, "Principal": "*", "Condition": in_org},
                {**grant, "Principal": {"Service": "logging.s3.amazonaws.com"}},
                {**grant, "Principal": {"AWS": "arn:aws:iam::111122223333:role/unlisted"}},
            ]
        }
    )
    found = {one.principal: one for one in Reach(access).reached("s3:GetObject", OBJECTS)}
    assert set(found) == {
        "arn:aws:iam::111122223333:role/jobs",
        "a role of any other account",
        "the service logging.s3.amazonaws.com, which a resource's policy names",
        "arn:aws:iam::111122223333:role/unlisted, which a resource's policy names",
    }
    stranger = found["a role of any other account"]
    assert stranger.needs == ("aws:PrincipalOrgID is o-a1b2c3d4e5",)
    assert stranger.request is not None and stranger.request.account == "111122223333"


def test_a_listed_endpoint_limits_who_comes_through_it(made: MadeAccess) -> None:
    only = {**READ, "Principal": "*", "Resource": "arn:aws:s3:::other/*"}
    (one,) = _own(made(READ, endpoints={"s3": only}))
    assert one.needs == ("it does not come through the endpoint vpce-s3",)
    (both,) = _own(
        made(
            READ,
            _if("StringNotEquals", "aws:SourceVpce", "vpce-s3", effect="Deny"),
            endpoints={"s3": only},
        )
    )
    assert both.can is Can.NO
    assert "VPC endpoint policy" in " ".join(both.because)


def test_time_that_is_over_is_unknown(made: MadeAccess) -> None:
    found = list(Reach(made(READ), seconds=-1.0).reached("s3:GetObject", OBJECTS))
    assert [one.can for one in found] == [Can.UNKNOWN]


def test_whom_a_condition_of_a_trust_policy_names(made: MadeAccess) -> None:
    role = "arn:aws:iam::111122223333:role/jobs"
    people = "arn:aws:iam::111122223333:role/people"
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "sts:AssumeRole",
        "Condition": {"ArnEquals": {"aws:PrincipalArn": people}},
    }
    found = list(Reach(made(READ, resources={role: trust})).reached("sts:AssumeRole", role))
    assert [one.principal for one in found if one.can is Can.ALWAYS] == [
        f"{people}, which a resource's policy names"
    ]


QUEUES = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
JOBS = "arn:aws:iam::111122223333:role/jobs"


def _of(service: str, rest: str) -> str:
    return f"arn:aws:{service}:eu-west-1:111122223333:{rest}"


@pytest.mark.parametrize(
    ("action", "attached", "asked", "expected"),
    [
        ("dynamodb:Query", "table/t", "table/t/index/i", Can.ALWAYS),
        ("dynamodb:Query", "table/t", "table/u/index/i", Can.NO),
        ("dynamodb:GetRecords", "table/t", "table/t/stream/s", Can.UNKNOWN),
        ("lambda:InvokeFunction", "function:f", "function:f:1", Can.UNKNOWN),
        ("lambda:InvokeFunction", "function:f", "function:fg", Can.NO),
        ("logs:GetLogEvents", "log-group:g", "log-group:g:log-stream:s", Can.UNKNOWN),
        ("es:ESHttpGet", "domain/d", "domain/d/index", Can.UNKNOWN),
        ("sqs:SendMessage", "q", "q", Can.ALWAYS),
    ],
)
def test_a_policy_is_about_what_is_below_its_resource(
    made: MadeAccess, action: str, attached: str, asked: str, expected: Can
) -> None:
    service = action.partition(":")[0]
    granted = {
        "Effect": "Allow",
        "Principal": {"AWS": JOBS},
        "Action": f"{service}:*",
        "Resource": "*",
    }
    nothing = {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}
    access = made(nothing, resources={_of(service, attached): [granted]})
    (one,) = _own(access, action, _of(service, asked))
    assert one.can is expected


@pytest.mark.parametrize("asked", ["cluster/c/1", "topic/c/1/t"])
def test_a_clusters_policy_is_met_by_the_actions_of_its_data(made: MadeAccess, asked: str) -> None:
    granted = {
        "Effect": "Allow",
        "Principal": {"AWS": JOBS},
        "Action": "kafka-cluster:*",
        "Resource": "*",
    }
    access = made(QUEUES, resources={_of("kafka", "cluster/c/1"): [granted]})
    action = "kafka-cluster:Connect" if asked.startswith("cluster") else "kafka-cluster:ReadData"
    (one,) = _own(access, action, _of("kafka", asked))
    assert one.can is (Can.ALWAYS if asked.startswith("cluster") else Can.UNKNOWN)


def test_whoever_calls_may_ask_who_it_is(made: MadeAccess) -> None:
    denied = {"Effect": "Deny", "Action": "sts:*", "Resource": "*"}
    for access in (made(QUEUES), made(QUEUES, denied)):
        (one,) = _own(access, "sts:GetCallerIdentity", "*")
        assert one.can is Can.ALWAYS
        (one,) = _own(access, "sts:GetSessionToken", "*")
        assert one.can is Can.NO


def test_what_needs_no_permission_comes_through_an_endpoint_that_lets_it(made: MadeAccess) -> None:
    """Around the endpoint it is allowed all the same."""
    other = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}
    (one,) = _own(made(QUEUES, endpoints={"sts": [other]}), "sts:GetCallerIdentity", "*")
    assert one.can is Can.CONDITIONS
    assert any("does not come through" in need for need in one.needs), one.needs


def test_some_actions_have_no_account_of_the_resource(made: MadeAccess) -> None:
    nowhere = {**ALL, "Condition": {"Null": {"aws:ResourceAccount": "true"}}}
    (one,) = _own(made(nowhere), "ec2:CopySnapshot", "*")
    assert one.can is Can.CONDITIONS
    (one,) = _own(made(nowhere), "s3:GetObject", "*")
    assert one.can is Can.NO


KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-1111-4111-8111-111111111111"
ACCOUNT = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "*", "Resource": "*"}
OTHER_ROLE = "arn:aws:iam::111122223333:role/other"


@pytest.mark.parametrize(
    ("action", "resource"),
    [("kms:Decrypt", KEY), ("kms:Decrypt", "*"), ("sts:AssumeRole", OTHER_ROLE)],
)
def test_a_policy_that_is_not_listed_may_allow_it_by_itself(
    action: str, resource: str, made: MadeAccess
) -> None:
    (one,) = _own(made(READ), action, resource)
    assert one.can is Can.UNKNOWN and one.actions == (action,)
    assert "may allow it by itself, and the access file does not list it" in one.why
    if resource != "*":
        assert f"the policy of {resource} " in one.why


@pytest.mark.parametrize(
    ("statements", "more", "resource"),
    [
        ([READ], {"resources": {KEY: ACCOUNT}}, KEY),
        ([READ, {**ALL, "Effect": "Deny", "Action": "kms:*"}], {}, KEY),
        ([READ], {"scps": [[{**ALL, "Action": "s3:*"}]]}, KEY),
        ([READ], {}, KEY.replace("111122223333", "444455556666")),
    ],
)
def test_nor_where_something_else_prevents_it(
    statements: list[Any], more: dict[str, Any], resource: str, made: MadeAccess
) -> None:
    (one,) = _own(made(*statements, **more), "kms:Decrypt", resource)
    assert one.can is Can.NO


def test_what_is_in_doubt_is_named(made: MadeAccess) -> None:
    one_value = {**READ, "Condition": {"StringEquals": {"aws:CalledVia": "a.amazonaws.com"}}}
    (one,) = _own(made(one_value))
    assert one.can is Can.UNKNOWN
    assert "whether one value of several is enough to StringEquals aws:calledvia" in one.why
    assert "in statement Read of" in one.why
