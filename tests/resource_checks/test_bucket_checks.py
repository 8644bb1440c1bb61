"""ORMER_2 and ORMER_3: bucket policies, decided by requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormer.model.errors import InputError

BUCKET = "arn:aws:s3:::data"
ALL = [BUCKET, f"{BUCKET}/*"]
OTHER_WAY = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}
NO_TLS = {"Bool": {"aws:SecureTransport": "false"}}
Troubles = Callable[..., list[str]]


def deny(condition: Any, **more: Any) -> dict[str, Any]:
    body = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ALL}
    return {**body, "Condition": condition, **more}


def policy(*statements: dict[str, Any], bucket: Any = "data") -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"Bucket": bucket, "PolicyDocument": document}


NAMED_ADMIN = {"ArnNotEquals": {"aws:PrincipalArn": {"Ref": "Admin"}}}
ADMIN = {"Parameters": {"Admin": {"Type": "String"}, "Endpoint": {"Type": "String"}}}
CLOSED = {
    "every action": [deny(OTHER_WAY)],
    "a VPC instead of an endpoint": [deny({"StringNotEquals": {"aws:SourceVpc": "vpc-1"}})],
    "several endpoints": [deny({"StringNotEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}})],
    "an endpoint that a parameter names": [
        deny({"StringNotEquals": {"aws:SourceVpce": {"Ref": "Endpoint"}}})
    ],
    "one role excepted by name": [deny({**OTHER_WAY, **NAMED_ADMIN})],
    "two statements, one for objects and one for the bucket": [
        deny(OTHER_WAY, Resource=BUCKET),
        deny(OTHER_WAY, Resource=f"{BUCKET}/*"),
    ],
    "an Allow beside it": [
        deny(OTHER_WAY),
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": ALL},
    ],
}
OPEN = {
    "nothing": ([deny(NO_TLS)], "s3:GetObject on arn:aws:s3:::data/ormer-nobody-named-this by"),
    "ForAnyValue: no endpoint, no value": (
        [deny({"ForAnyValue:StringNotEquals": {"aws:SourceVpce": "vpce-1"}})],
        "through no VPC endpoint is not denied",
    ),
    "any endpoint": (
        [deny({"Null": {"aws:SourceVpce": "true"}})],
        "through another VPC endpoint is not denied",
    ),
    "the objects only": ([deny(OTHER_WAY, Resource=f"{BUCKET}/*")], "s3:ListBucket on"),
    "some actions only": (
        [deny(OTHER_WAY, Action=["s3:GetObject", "s3:PutObject", "s3:ListBucket"])],
        "s3:GetObjectVersion on",
    ),
    "roles of this account only": (
        [deny(OTHER_WAY, Principal={"AWS": "arn:aws:iam::111111111111:root"})],
        "s3:GetObject on",
    ),
    "a tag opens it": (
        [deny({"StringNotEquals": {"aws:SourceVpce": "vpce-1", "aws:PrincipalTag/open": "yes"}})],
        "by a role of this account with aws:principaltag/open=yes",
    ),
    "a service's flag opens it": (
        [deny({**OTHER_WAY, "Bool": {"aws:ViaAWSService": "false"}})],
        "with aws:viaawsservice=true",
    ),
    "a referer opens it": (
        [deny({**OTHER_WAY, "StringNotLike": {"aws:Referer": "https://example.com/*"}})],
        "with aws:referer=https://example.com/x",
    ),
    "every role is excepted": (
        [deny({**OTHER_WAY, "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}})],
        "by a role of this account",
    ),
    "another bucket": ([deny(OTHER_WAY, Resource="arn:aws:s3:::models/*")], "s3:GetObject on"),
}


@pytest.mark.parametrize("what", CLOSED)
def test_closed(what: str, troubles: Troubles) -> None:
    assert troubles("ORMER_2", "AWS::S3::BucketPolicy", policy(*CLOSED[what]), **ADMIN) == []


@pytest.mark.parametrize("what", OPEN)
def test_open(what: str, troubles: Troubles) -> None:
    statements, message = OPEN[what]
    found = troubles("ORMER_2", "AWS::S3::BucketPolicy", policy(*statements))
    assert found and any(message in each for each in found), found


def test_a_bucket_without_a_name_is_one_bucket(troubles: Troubles) -> None:
    arn = {"Fn::GetAtt": ["Data", "Arn"]}
    every = [arn, {"Fn::Sub": "${Data.Arn}/*"}]
    found = troubles(
        "ORMER_2",
        "AWS::S3::BucketPolicy",
        policy(deny(OTHER_WAY, Resource=every), bucket={"Ref": "Data"}),
        resources={"Data": {"Type": "AWS::S3::Bucket"}},
    )
    assert found == []


def test_what_only_the_deployment_knows_is_an_error(troubles: Troubles) -> None:
    statement = deny(OTHER_WAY, Action={"Ref": "Actions"})
    parameters = {"Parameters": {"Actions": {"Type": "CommaDelimitedList"}}}
    with pytest.raises(InputError, match="known only when the template is deployed"):
        troubles("ORMER_2", "AWS::S3::BucketPolicy", policy(statement), **parameters)


def test_what_is_no_policy_is_an_error(troubles: Troubles) -> None:
    with pytest.raises(InputError, match="PolicyDocument/Statement"):
        troubles("ORMER_2", "AWS::S3::BucketPolicy", policy(deny(OTHER_WAY, Effect="Dny")))


TLS = {
    "Bool": (deny(NO_TLS), True),
    "BoolIfExists": (deny({"BoolIfExists": {"aws:SecureTransport": "false"}}), True),
    "the objects only": (deny(NO_TLS, Resource=f"{BUCKET}/*"), False),
    "the wrong way round": (deny({"Bool": {"aws:SecureTransport": "true"}}), False),
    "an endpoint is no TLS": (deny(OTHER_WAY), False),
    "unless there is a tag": (
        deny({**NO_TLS, "StringNotEquals": {"aws:PrincipalTag/old": "yes"}}),
        False,
    ),
}


@pytest.mark.parametrize("what", TLS)
def test_tls(what: str, troubles: Troubles) -> None:
    statement, good = TLS[what]
    found = troubles("ORMER_3", "AWS::S3::BucketPolicy", policy(statement))
    assert (found == []) is good
    assert all("over plain HTTP is not denied" in each for each in found)


def test_tls_is_asked_for_through_the_endpoint_as_well(troubles: Troubles) -> None:
    masked = deny({**OTHER_WAY, **NO_TLS})  # both conditions: plain HTTP passes at the endpoint
    assert troubles("ORMER_3", "AWS::S3::BucketPolicy", policy(masked, deny(OTHER_WAY))) != []
