"""What a change of policies lets through: what is found, what is not, and of whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("pysat")

from ormer.model.access import Access
from ormer.proofs.difference.compare import Answer, Change, Comparison
from ormer.run.access import load_access

MadeAccess = Callable[..., Access]
BUCKET = "arn:aws:s3:::data"
KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-1111-4111-8111-111111111111"
READ = {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{BUCKET}/*"}
READ_ALL = {**READ, "Resource": "*"}
TLS = {
    "Sid": "Tls",
    "Effect": "Deny",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
ALL = {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}


def _new(before: Access, after: Access) -> list[Change]:
    return list(Comparison(before, after).changes())


def _with(statement: dict[str, Any], **condition: Any) -> dict[str, Any]:
    return {**statement, "Condition": condition}


NOTHING_NEW: dict[str, tuple[list[Any], list[Any]]] = {
    "the same": ([READ, TLS], [READ, TLS]),
    "another order": ([READ, TLS], [TLS, READ]),
    "other names": ([READ], [{**READ, "Sid": "Other"}]),
    "an Allow less": ([READ, READ_ALL], [READ]),
    "a Deny more": ([READ], [READ, TLS]),
    "an Allow of what is allowed": ([READ_ALL], [READ_ALL, READ]),
    "a pattern for two": (
        [{**READ, "Action": "s3:GetObject*"}],
        [{**READ, "Action": ["s3:GetObject", "s3:GetObjectTagging"]}],
    ),
    "a Deny of what another denies": ([READ, TLS, {**TLS, "Resource": f"{BUCKET}/a"}], [READ, TLS]),
    "a Deny of what nothing allows": ([READ, {**TLS, "Action": "sqs:*"}], [READ]),
    "a narrower condition": (
        [_with(READ, StringLike={"aws:SourceVpce": "vpce-*"})],
        [_with(READ, StringEquals={"aws:SourceVpce": ["vpce-1", "vpce-2"]})],
    ),
    "the same variable": (
        [_with(READ, StringEquals={"aws:RequestedRegion": "${aws:PrincipalTag/r}"}), TLS],
        [
            _with(READ, StringEquals={"aws:RequestedRegion": "${aws:PrincipalTag/r}"}),
            {**TLS, "Action": "s3:Get*"},
        ],
    ),
    "the same variable in a resource": (
        [{**READ, "Resource": BUCKET + "/${aws:PrincipalTag/team}/*"}, TLS],
        [{**READ, "Resource": BUCKET + "/${aws:PrincipalTag/team}/*"}, {**TLS, "Action": "s3:G*"}],
    ),
}


@pytest.mark.parametrize("case", NOTHING_NEW)
def test_nothing_new_is_found_where_nothing_is(case: str, made: MadeAccess) -> None:
    before, after = NOTHING_NEW[case]
    assert _new(made(*before), made(*after)) == []


SOMETHING_NEW: dict[str, tuple[list[Any], list[Any], str, str]] = {
    "an Allow more": (
        [READ],
        [READ, {**READ, "Action": "s3:PutObject"}],
        "s3:PutObject",
        "no Allow",
    ),
    "a wider resource": ([READ], [READ_ALL], "s3:GetObject", "no Allow in the identity policies"),
    "no Deny any more": ([READ, TLS], [READ], "s3:GetObject", "statement Tls"),
    "a narrower Deny": (
        [READ, TLS],
        [READ, {**TLS, "Resource": f"{BUCKET}/a/*"}],
        "s3:GetObject",
        "statement Tls",
    ),
    "a Deny that a missing key escapes": (
        [READ, _with(TLS, StringNotEquals={"aws:SourceVpce": "vpce-1"})],
        [READ, _with(TLS, StringNotEqualsIfExists={"aws:SourceVpce": "vpce-1"})],
        "",
        "",
    ),
    "IfExists on an Allow": (
        [_with(READ, StringEquals={"aws:SourceVpce": "vpce-1"})],
        [_with(READ, StringEqualsIfExists={"aws:SourceVpce": "vpce-1"})],
        "s3:GetObject",
        "no Allow",
    ),
    "another value": (
        [_with(READ, IpAddress={"aws:SourceIp": "10.0.0.0/8"})],
        [_with(READ, IpAddress={"aws:SourceIp": "10.0.0.0/7"})],
        "s3:GetObject",
        "no Allow",
    ),
    "an action that no service lists": (
        [READ],
        [READ, {**READ, "Action": "newservice:DoIt", "Resource": "*"}],
        "newservice:DoIt",
        "no Allow",
    ),
    "a NotAction": (
        [READ],
        [READ, {"Effect": "Allow", "NotAction": ["a*:*", "iam:*"], "Resource": "*"}],
        "s3:PutObject",
        "no Allow",
    ),
}


@pytest.mark.parametrize("case", SOMETHING_NEW)
def test_something_new_is_found_with_a_request(case: str, made: MadeAccess) -> None:
    before, after, action, why = SOMETHING_NEW[case]
    found = _new(made(*before), made(*after))
    if not action:  # a Deny with a negated operator denies where the key is missing, too
        assert found == []
        return
    assert {change.answer for change in found} == {Answer.NEW}
    hit = [change for change in found if action in change.actions]
    assert len(hit) == 1
    assert why in " ".join(hit[0].denied_by)
    assert hit[0].request is not None and hit[0].request.action in hit[0].actions


def test_of_a_service_actions_with_the_same_statements_are_one_change(made: MadeAccess) -> None:
    (change,) = _new(made(READ), made(READ, {**READ, "Action": ["s3:PutObject", "s3:GetObject"]}))
    assert change.actions == ("s3:PutObject",)


def test_limits_and_tags_count(made: MadeAccess) -> None:
    assert _new(made(READ, boundary=ALL), made(READ)) == []
    assert _new(made(READ, boundary=[{**ALL, "Action": "sqs:*"}]), made(READ))
    assert _new(made(READ, scps=[[{**ALL, "Action": "sqs:*"}]]), made(READ))
    by_tag = {**READ, "Resource": BUCKET + "/${aws:PrincipalTag/team}/*"}
    trust = {
        "arn:aws:iam::111122223333:role/jobs": {
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    }
    one = made(by_tag, tags={"team": "one"}, resources=trust)
    two = made(by_tag, tags={"team": "two"}, resources=trust)
    (change,) = _new(one, two)
    assert change.request is not None and "/two/" in change.request.resource
    assert _new(one, one) == []


def test_a_bucket_policy_that_lets_others_in_is_found(made: MadeAccess) -> None:
    other = "arn:aws:iam::444455556666:root"
    grant = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{BUCKET}/*"}
    closed = made(READ, resources={BUCKET: TLS | {"Principal": "*"}})
    to_one = made(
        READ,
        resources={
            BUCKET: [
                TLS | {"Principal": "*"},
                grant | {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
            ]
        },
    )
    to_all = made(READ, resources={BUCKET: [TLS | {"Principal": "*"}, grant | {"Principal": "*"}]})
    assert [c.principal for c in _new(closed, to_one)] == [
        "arn:aws:iam::123456789012:root, which a resource's policy names"
    ]
    assert {c.principal for c in _new(to_one, to_all)} == {
        "anybody, without credentials",
        "a role of any other account",
    }
    assert _new(to_all, closed) == []
    assert other


def test_the_organisation_keeps_others_out(made: MadeAccess) -> None:
    def shared(organization: str) -> Access:
        return made(
            READ,
            organization="o-a1b2c3d4e5",
            resources={
                BUCKET: {
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "s3:GetObject",
                    "Resource": f"{BUCKET}/*",
                    "Condition": {"StringEquals": {"aws:PrincipalOrgID": organization}},
                }
            },
        )

    closed = made(READ, organization="o-a1b2c3d4e5")
    assert _new(closed, shared("o-a1b2c3d4e5")) == []
    found = _new(closed, shared("o-zzzzzzzzzz"))
    assert [c.principal for c in found] == ["a role of any other account"]


def test_a_key_whose_policy_is_not_shown(made: MadeAccess) -> None:
    use = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEY}
    (change,) = _new(made(READ), made(READ, use))
    assert "not shown" in change.given
    denied = {KEY: {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}}
    assert _new(made(READ, resources=denied), made(READ, use, resources=denied)) == []


def test_added_and_removed_principals(made: MadeAccess) -> None:
    one, other = made(READ), made(READ, arn="arn:aws:iam::111122223333:role/other")
    comparison = Comparison(one, other)
    assert comparison.added == ("arn:aws:iam::111122223333:role/other",)
    assert comparison.reversed().added == ("arn:aws:iam::111122223333:role/jobs",)
    (change,) = comparison.changes()
    assert change.denied_by == ("the principal is not there",)


def test_what_is_not_decided_in_time_is_unknown(made: MadeAccess) -> None:
    (change,) = Comparison(made(READ), made(READ_ALL), seconds=-1.0).changes()
    assert (change.answer, change.why) == (Answer.UNKNOWN, "the time is over")


def test_an_example_has_only_what_it_needs(made: MadeAccess) -> None:
    before = made(READ, _with(TLS, StringEquals={"aws:UserAgent": "x"}), TLS)
    (change,) = _new(before, made(READ, TLS))
    assert change.request is not None
    assert change.request.context["aws:useragent"] == "x"
    assert "aws:securetransport" not in change.request.context


def test_the_repository_compared_with_itself() -> None:
    access = load_access("pipelines/access.yaml")
    comparison = Comparison(access, access)
    assert list(comparison.changes()) == []
    assert comparison.asked == 0


@pytest.mark.parametrize("pattern", ["a-new-service:*", "s3:Zzz*", "s3:Zz?"])
def test_actions_that_no_reference_lists_yet_are_new(made: MadeAccess, pattern: str) -> None:
    """One stands for what a pattern means that means nothing known."""
    (change,) = _new(made(READ), made(READ, {**READ_ALL, "Sid": "", "Action": pattern}))
    assert change.answer is Answer.NEW
    assert not _new(
        made(READ, {**READ_ALL, "Action": "*"}), made(READ, {**READ, "Action": pattern})
    )


def test_what_nobody_documents_of_lists_is_not_nothing_new(made: MadeAccess) -> None:
    create = {**READ_ALL, "Action": "sagemaker:CreateTrainingJob"}
    one = _with(create, StringEquals={"sagemaker:VpcSubnets": ["a"]})
    two = _with(create, StringEquals={"sagemaker:VpcSubnets": ["a", "b"]})
    assert {change.answer for change in _new(made(one), made(two))} == {Answer.UNKNOWN}
    assert not _new(made(two), made(one))


MANAGED = {"Effect": "Allow", "Action": "iam:GetPolicy", "Resource": "arn:aws:iam::aws:policy/*"}
CREATE = {"Effect": "Allow", "Action": "sagemaker:CreateModel", "Resource": "*"}
VIA = _with(
    READ, Bool={"aws:ViaAWSService": "true"}, Null={"aws:SourceVpce": "false"}
)  # a service may have an endpoint of its own
IN_DOMAIN = _with(CREATE, StringEquals={"sagemaker:DomainId": "d-abc"})
USER = _with(READ, StringEquals={"datazone:userId": "ann"})
REACHED: dict[str, tuple[dict[str, Any], str]] = {
    "a policy that AWS manages": (MANAGED, "iam:GetPolicy"),
    "a policy that AWS manages, by its account": (
        _with(MANAGED, StringNotEquals={"aws:ResourceAccount": "111122223333"}),
        "iam:GetPolicy",
    ),
    "a call by a service through an endpoint": (VIA, "s3:GetObject"),
    "a key that no action lists": ({**IN_DOMAIN, "Action": "sagemaker:StopTrainingJob"}, ""),
    "a key of the session from another service": (USER, "s3:GetObject"),
    "an action that does not tell the resource's account": (
        {
            "Effect": "Allow",
            "Action": "ec2:CopySnapshot",
            "Resource": "*",
            "Condition": {"Null": {"aws:ResourceAccount": "true"}},
        },
        "ec2:CopySnapshot",
    ),
}


@pytest.mark.parametrize("case", REACHED)
def test_no_request_that_aws_accepts_is_ruled_out(case: str, made: MadeAccess) -> None:
    statement, action = REACHED[case]
    (found,) = _new(made(CREATE), made(CREATE, statement))
    assert found.answer is Answer.NEW
    assert found.actions == (action or statement["Action"],)


def test_a_tag_with_an_empty_value_is_there(made: MadeAccess) -> None:
    user = {"arn": "arn:aws:iam::111122223333:user/ann", "tags": {"team": ""}}
    there = _with(READ, Null={"aws:PrincipalTag/team": "false"})
    (found,) = _new(made(CREATE, **user), made(CREATE, there, **user))
    assert found.answer is Answer.NEW
    path = {**READ, "Resource": f"{BUCKET}/${{aws:PrincipalTag/team}}*"}
    (found,) = _new(made(CREATE, **user), made(CREATE, path, **user))
    assert found.answer is Answer.UNKNOWN, "whether a variable takes an empty value is not said"


@pytest.mark.parametrize(
    "statements",
    [
        [_with(READ, ArnLike={"aws:PrincipalArn": "*"})],
        [_with(READ, DateLessThan={"aws:CurrentTime": "20401231T000000Z"})],
        [_with(READ, ArnEquals={"aws:PrincipalArn": "${aws:PrincipalArn}"})],
        [
            READ,
            {
                "Effect": "Deny",
                "Action": "s3:*",
                "NotResource": f"{BUCKET}/home/${{aws:username}}/*",
            },
        ],
        [READ, {**TLS, "Condition": {"ArnNotLike": {"aws:PrincipalArn": "*"}}}],
        [
            READ,
            {
                **TLS,
                "Condition": {"ForAnyValue:StringNotEqualsIfExists": {"aws:CalledVia": ["x"]}},
            },
            {**TLS, "Condition": {"Null": {"aws:CalledVia": "false"}}},
        ],
    ],
)
def test_what_only_an_undocumented_reading_denies_is_unknown(
    statements: list[Any], made: MadeAccess
) -> None:
    found = _new(made(CREATE), made(CREATE, *statements))
    assert [each.answer for each in found] == [Answer.UNKNOWN]
    both = made(CREATE, *statements)
    assert _new(both, both) == [], "it is read alike in both"


def test_what_is_not_documented_does_not_hide_what_is_new(made: MadeAccess) -> None:
    """What the evaluator can replay is found first."""
    doubtful = {**TLS, "Condition": {"ArnNotLike": {"aws:PrincipalArn": "*"}}}
    (found,) = _new(made(CREATE, READ, doubtful), made(CREATE, READ))
    assert found.answer is Answer.NEW


@pytest.mark.parametrize("is_shown", [True, False])
def test_tags_that_only_the_new_sessions_may_bring_are_new(
    made: MadeAccess, is_shown: bool
) -> None:
    def trust(*actions: str) -> dict[str, Any]:
        allowed = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": list(actions)}
        return {"arn:aws:iam::111122223333:role/jobs": allowed}

    condition = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
    tagged = {**READ, "Condition": condition}
    closed = made(tagged, tags={"team": "red"}, resources=trust("sts:AssumeRole"))
    shown = trust("sts:AssumeRole", "sts:TagSession") if is_shown else None
    open_ = made(tagged, tags={"team": "red"}, resources=shown)
    (change,) = _new(closed, open_)
    assert change.actions == ("s3:GetObject",)
    assert change.request is not None
    assert change.request.context["aws:principaltag/team"] == "blue"
    assert _new(open_, closed) == []
    assert _new(open_, open_) == []


TAGGED = {"Null": {"aws:RequestTag/Team": "false"}}
NAMED = {"ForAnyValue:StringEquals": {"aws:TagKeys": ["Team"]}}
ANY_NAME = {"Null": {"aws:TagKeys": "false"}}


@pytest.mark.parametrize(
    "action, old, new, is_new",
    [
        pytest.param("sagemaker:CreateModel", TAGGED, NAMED, False, id="a-name-means-the-tag"),
        pytest.param("sagemaker:CreateModel", ANY_NAME, TAGGED, False, id="a-tag-means-a-name"),
        pytest.param("sagemaker:CreateModel", TAGGED, ANY_NAME, True, id="another-name-does-not"),
        pytest.param("sagemaker:CreateModel", NAMED, TAGGED, True, id="in-another-case"),
        pytest.param("sagemaker:DeleteTags", TAGGED, NAMED, True, id="names-of-tags-to-take-away"),
    ],
)
def test_the_names_of_tags_are_those_of_the_tags(
    made: MadeAccess, action: str, old: Any, new: Any, is_new: bool
) -> None:
    create = {**READ, "Action": action, "Resource": "*"}
    found = _new(made(_with(create, **old)), made(_with(create, **new)))
    assert [each.answer for each in found] == ([Answer.NEW] if is_new else [])


def _both(keys: tuple[str, str], one: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {**READ, "Condition": {**one, "Null": dict.fromkeys(keys, "false")}}


@pytest.mark.parametrize(
    ("operator", "value", "keys"),
    [
        ("Bool", "yes", ("aws:SecureTransport", "aws:MultiFactorAuthPresent")),
        ("IpAddress", "10.0.0.0/8/3", ("x:one", "x:other")),
        ("ArnLike", "arn:aws:iam::1*", ("x:one", "x:other")),
    ],
)
def test_what_is_in_doubt_of_two_keys_is_not_one_doubt(
    operator: str, value: str, keys: tuple[str, str], made: MadeAccess
) -> None:
    """AWS may read a value that it does not document, and then compares other values with it."""
    old, new = ({operator: {key: value}} for key in keys)
    (one,) = _new(made(_both(keys, old)), made(_both(keys, new)))
    assert one.answer is Answer.UNKNOWN
    assert f"whether {operator} holds of {keys[1].lower()} where" in one.why
    assert value in one.why and "in statement Read of" in one.why
    narrow = {**_both(keys, old), "Resource": f"{BUCKET}/a/*"}
    assert _new(made(_both(keys, old)), made(narrow)) == []


def test_reading_a_policy_of_aws_is_new_and_nobody_changes_one(made: MadeAccess) -> None:
    actions = ["iam:CreatePolicyVersion", "iam:GetPolicyVersion", "iam:SetDefaultPolicyVersion"]
    own = {**READ, "Action": actions, "Resource": "arn:aws:iam::111122223333:*"}
    (change,) = _new(made(own), made({**own, "Resource": "*"}))
    assert change.answer is Answer.NEW and change.actions == ("iam:GetPolicyVersion",)
    assert change.request is not None and ":iam::aws:policy/" in change.request.resource


def test_an_endpoint_that_lets_more_through_of_what_needs_no_permission_is_new(
    made: MadeAccess,
) -> None:
    one = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}
    closed = made(READ, endpoints={"sts": [one]})
    open_ = made(READ, endpoints={"sts": [{**one, "Action": "sts:GetCallerIdentity"}]})
    found = _new(closed, open_)
    assert [each.actions for each in found] == [("sts:GetCallerIdentity",)]
    assert _new(open_, open_) == []


NOT_HERE = {
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}},
}


@pytest.mark.parametrize(
    "arn, is_new",
    [
        ("arn:aws:sagemaker:us-east-1:111122223333:*", False),
        ("arn:aws:sagemaker:eu-central-1:111122223333:*", True),
        ("arn:aws:sagemaker:eu-*:111122223333:*", True),
        ("*", True),
    ],
)
def test_a_call_goes_to_the_region_of_the_resource(
    made: MadeAccess, arn: str, is_new: bool
) -> None:
    models = {**READ, "Action": "sagemaker:CreateModel", "Resource": arn}
    found = _new(made(READ, NOT_HERE), made(READ, models, NOT_HERE))
    assert [each.answer for each in found] == ([Answer.NEW] if is_new else [])
    if is_new:
        request = found[0].request
        assert request is not None and ":eu-central-1:" in request.resource
