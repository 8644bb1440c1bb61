"""Each rule on bad, good and borderline statements: what is found, where, and what shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from ormer.lint.rules import LINT_RULES
from ormer.model.definition import pointer

BUCKET = ["arn:aws:s3:::data", "arn:aws:s3:::data/*"]
OBJECTS = "arn:aws:s3:::data/*"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"
TRAIN = "sagemaker:CreateTrainingJob"
EVERYONE = {"Principal": "*"}


def allow(action: Any, resource: Any = "*", condition: Any = None, **more: Any) -> dict[str, Any]:
    found = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return found if condition is None else {**found, "Condition": condition}


def deny(action: Any, condition: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {
        "Effect": "Deny",
        "Action": action,
        "Resource": resource,
        "Condition": condition,
        **more,
    }


class Case(NamedTuple):
    """``message`` is a part of the finding's, ``shown`` of its witness's; None: nothing is found."""

    rule: str
    idea: str
    statements: list[dict[str, Any]]
    message: str | None
    shown: str = ""
    attached: str = "identity"
    severity: str = ""
    version: str = "2012-10-17"


CASES = [
    # LNT-01: keys that the action does not carry
    Case(
        "LNT-01",
        "a Deny by absence blocks an action without the key",
        [deny("sagemaker:CreateTransformJob", {"Null": {"sagemaker:VpcSubnets": "true"}})],
        "CreateTransformJob never carry sagemaker:VpcSubnets: every call is denied",
        "is denied (ExplicitlyDenied): sagemaker:CreateTransformJob",
        severity="high",
    ),
    Case(
        "LNT-01",
        "an Allow by a key that is never there grants nothing",
        [allow(["s3:GetObject", "s3:ListBucket"], BUCKET, {"StringLike": {"s3:prefix": "home/*"}})],
        "s3:GetObject never carry s3:prefix: none of these calls is allowed",
        "is not allowed (ImplicitlyDenied): s3:GetObject",
    ),
    Case(
        "LNT-01",
        "a Deny by value does not see the action",
        [deny("s3:GetObject", {"StringEquals": {"s3:x-amz-acl": "public-read"}}, OBJECTS)],
        "the Deny does not see these calls",
        "gets through (Allowed): s3:GetObject",
    ),
    Case(
        "LNT-01",
        "a negated Allow does not narrow",
        [allow("s3:GetObject", OBJECTS, {"StringNotEquals": {"s3:x-amz-acl": "public-read"}})],
        "the condition does not narrow them",
        "gets through (Allowed): s3:GetObject",
    ),
    Case(
        "LNT-01",
        "a misspelt global key",
        [deny("s3:*", {"StringNotEquals": {"aws:SourceVpcEndpoint": "vpce-1"}})],
        "no request has a key aws:SourceVpcEndpoint; did you mean 'aws:SourceVpce'?",
        "is denied",
    ),
    Case(
        "LNT-01",
        "a wildcard takes in actions that the Deny then blocks",
        [
            deny(
                "s3:*",
                {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
                BUCKET,
                **EVERYONE,
            )
        ],
        "every call is denied",
        "is denied (ExplicitlyDenied)",
        "resource",
    ),
    Case(
        "LNT-01",
        "a wildcard with some actions that carry the key, by value",
        [deny("s3:*", {"StringEquals": {"s3:x-amz-acl": "public-read"}}, BUCKET, **EVERYONE)],
        None,
        attached="resource",
    ),
    Case(
        "LNT-01",
        "IfExists in an Allow is for mixed actions",
        [
            allow(
                ["s3:GetObject", "s3:ListBucket"],
                BUCKET,
                {"StringLikeIfExists": {"s3:prefix": "home/*"}},
            )
        ],
        None,
    ),
    Case(
        "LNT-01",
        "a key of the action, and a key of its resource",
        [
            allow("sagemaker:DeleteModel", "*", {"StringEquals": {"aws:ResourceTag/team": "a"}}),
            allow("s3:GetObject", OBJECTS, {"StringEquals": {"s3:ExistingObjectTag/team": "a"}}),
        ],
        None,
    ),
    Case(
        "LNT-01",
        "another service's key that the reference lists",
        [allow("ecr:BatchGetImage", "*", {"StringEquals": {"aws:ResourceTag/team": "a"}})],
        None,
    ),
    Case(
        "LNT-01",
        "an identity provider's key in a trust policy",
        [
            {
                "Effect": "Allow",
                "Principal": {
                    "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A"
                },
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/A:sub": "x"}},
            }
        ],
        None,
        attached="trust",
    ),
    Case(
        "LNT-01",
        "a global key is of every action",
        [deny("sagemaker:*", {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}})],
        None,
    ),
    # LNT-02: deprecated keys
    Case(
        "LNT-02",
        "a Deny by absence of the old key",
        [deny(TRAIN, {"Null": {"sagemaker:VolumeKmsKey": "true"}})],
        "VolumeKmsKey is deprecated; the key is now sagemaker:VolumeKmsKeyArn",
        "is denied (ExplicitlyDenied)",
    ),
    Case(
        "LNT-02",
        "a Deny by value of the old key",
        [deny(TRAIN, {"ArnEquals": {"sagemaker:VolumeKmsKey": KEY}})],
        "the key is now",
        "gets through (Allowed)",
    ),
    Case(
        "LNT-02",
        "an Allow by the old key",
        [allow(TRAIN, "*", {"ArnEquals": {"sagemaker:OutputKmsKey": KEY}})],
        "the key is now sagemaker:OutputKmsKeyArn",
        "is not allowed (ImplicitlyDenied)",
    ),
    Case(
        "LNT-02",
        "a guardrail that names both on purpose",
        [
            deny(
                TRAIN,
                {"Null": {"sagemaker:VolumeKmsKey": "true", "sagemaker:VolumeKmsKeyArn": "true"}},
            )
        ],
        None,
    ),
    Case(
        "LNT-02",
        "the new key",
        [deny(TRAIN, {"Null": {"sagemaker:VolumeKmsKeyArn": "true"}})],
        None,
    ),
    # LNT-03: actions that do not exist
    Case(
        "LNT-03",
        "an API operation that is no action",
        [allow("s3:HeadObject", OBJECTS)],
        "s3:HeadObject is no action; s3:GetObject is the action",
        "is not allowed (ImplicitlyDenied): s3:GetObject",
        severity="high",
    ),
    Case(
        "LNT-03",
        "the action that was meant is there as well",
        [allow(["s3:GetObject", "s3:HeadObject"], OBJECTS)],
        "s3:HeadObject is no action",
        severity="medium",
    ),
    Case(
        "LNT-03",
        "a slip in a Deny opens it",
        [deny("s3:PutBucketPolicys", {"Null": {"aws:SourceVpce": "true"}})],
        "did you mean s3:PutBucketPolicy?",
        "gets through (Allowed): s3:PutBucketPolicy",
    ),
    Case(
        "LNT-03",
        "a wildcard that matches nothing",
        [allow("s3:Fetch*", OBJECTS)],
        "s3:Fetch* matches no action",
        severity="medium",
    ),
    Case(
        "LNT-03",
        "a service that does not exist",
        [allow("sagemakr:CreateModel")],
        "there is no service 'sagemakr'",
        severity="medium",
    ),
    Case(
        "LNT-03",
        "case does not matter, nor does a wildcard of services",
        [allow(["S3:getobject", "*", "s3:Get*", "s*:GetObject"])],
        None,
    ),
    # LNT-04: operators and types
    Case(
        "LNT-04",
        "a network compared as text",
        [allow("s3:GetObject", OBJECTS, {"StringEquals": {"aws:SourceIp": "10.0.0.0/8"}})],
        "StringEquals on aws:SourceIp, which holds an address",
        "is not allowed (ImplicitlyDenied): s3:GetObject on arn:aws:s3:::data/example (account 111122223333) by arn:aws:sts::111122223333:assumed-role/example/session with aws:SourceIp 10.0.0.7",
    ),
    Case(
        "LNT-04",
        "a Deny that takes a wildcard literally",
        [deny("s3:GetObject", {"StringEquals": {"aws:PrincipalTag/team": "guest-*"}}, OBJECTS)],
        "takes the wildcard in 'guest-*' literally",
        "gets through (Allowed)",
    ),
    Case(
        "LNT-04",
        "a negated Deny that takes a wildcard literally",
        [deny("s3:GetObject", {"StringNotEquals": {"aws:PrincipalOrgID": "o-*"}}, OBJECTS)],
        "takes the wildcard in 'o-*' literally",
        "is denied (ExplicitlyDenied)",
    ),
    Case(
        "LNT-04",
        "a bare id is no ARN",
        [allow(TRAIN, "*", {"ArnEquals": {"sagemaker:VolumeKmsKeyArn": "1a2b"}})],
        "a value of sagemaker:VolumeKmsKeyArn is none",
        "is not allowed (ImplicitlyDenied)",
    ),
    Case(
        "LNT-04",
        "a boolean compared as text, with another case",
        [allow(TRAIN, "*", {"StringEquals": {"sagemaker:NetworkIsolation": "True"}})],
        "which holds true or false",
        "is not allowed (ImplicitlyDenied)",
    ),
    Case(
        "LNT-04",
        "a boolean compared as text, which happens to work",
        [allow(TRAIN, "*", {"StringEquals": {"sagemaker:NetworkIsolation": "true"}})],
        "which holds true or false",
        severity="medium",
    ),
    Case(
        "LNT-04",
        "an address operator on text",
        [allow("s3:GetObject", OBJECTS, {"IpAddress": {"aws:SourceVpc": "10.0.0.0/8"}})],
        "IpAddress on aws:SourceVpc, which holds text",
        "is not allowed",
    ),
    Case(
        "LNT-04",
        "operators of the right type",
        [
            allow(
                TRAIN,
                "*",
                {
                    "ArnLike": {"sagemaker:VolumeKmsKeyArn": KEY},
                    "Bool": {"sagemaker:NetworkIsolation": "true"},
                    "NumericLessThan": {"sagemaker:MaxRuntimeInSeconds": "3600"},
                    "IpAddress": {"aws:SourceIp": "10.0.0.0/8"},
                    "DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"},
                    "StringLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/x-*"},
                },
            )
        ],
        None,
    ),
    Case(
        "LNT-04",
        "a variable is no wildcard",
        [
            allow(
                "s3:GetObject",
                OBJECTS,
                {"StringEquals": {"s3:ExistingObjectTag/owner": "${aws:username}"}},
            )
        ],
        None,
    ),
    Case(
        "LNT-04",
        "a service's name with a wildcard, in a key policy",
        [
            allow(
                "kms:Decrypt",
                "*",
                {"StringEquals": {"kms:ViaService": "s3.*.amazonaws.com"}},
                Principal={"AWS": "arn:aws:iam::111122223333:root"},
            )
        ],
        "takes the wildcard in 's3.*.amazonaws.com' literally",
        "is not allowed (ImplicitlyDenied): kms:Decrypt",
        "resource",
    ),
    # LNT-05: set operators
    Case(
        "LNT-05",
        "a single operator on a multivalued key, in a Deny",
        [deny(TRAIN, {"StringNotEquals": {"sagemaker:VpcSubnets": "subnet-1"}})],
        "matches no value of sagemaker:VpcSubnets, which is multivalued",
        "gets through (Allowed)",
    ),
    Case(
        "LNT-05",
        "a single operator on a multivalued key, in an Allow",
        [allow(TRAIN, "*", {"StringEquals": {"sagemaker:VpcSubnets": "subnet-1"}})],
        "which is multivalued",
        "is not allowed (ImplicitlyDenied)",
    ),
    Case(
        "LNT-05",
        "ForAllValues on a single-valued key",
        [
            allow(
                "s3:GetObject", OBJECTS, {"ForAllValues:StringEquals": {"aws:SourceVpce": "vpce-1"}}
            )
        ],
        "which is single-valued",
        "gets through (Allowed)",
        severity="high",
    ),
    Case(
        "LNT-05",
        "ForAnyValue on a single-valued key does no harm",
        [
            allow(
                "s3:GetObject", OBJECTS, {"ForAnyValue:StringEquals": {"aws:SourceVpce": "vpce-1"}}
            )
        ],
        "which is single-valued",
        severity="medium",
    ),
    Case(
        "LNT-05",
        "set operators where they belong",
        [
            allow(
                TRAIN,
                "*",
                {
                    "ForAllValues:StringEquals": {"sagemaker:VpcSubnets": "subnet-1"},
                    "Null": {"sagemaker:VpcSubnets": "false"},
                },
            )
        ],
        None,
    ),
    # LNT-06: requirements joined by AND
    Case(
        "LNT-06",
        "two keys in one Null",
        [
            deny(
                TRAIN,
                {
                    "Null": {
                        "sagemaker:VolumeKmsKeyArn": "true",
                        "sagemaker:OutputKmsKeyArn": "true",
                    }
                },
            )
        ],
        "fires only where sagemaker:VolumeKmsKeyArn and sagemaker:OutputKmsKeyArn are missing",
        "gets through (Allowed)",
        severity="high",
    ),
    Case(
        "LNT-06",
        "two keys in one negated operator",
        [
            deny(
                "s3:PutObject",
                {
                    "StringNotEquals": {
                        "s3:x-amz-server-side-encryption": "aws:kms",
                        "s3:x-amz-storage-class": "STANDARD",
                    }
                },
                OBJECTS,
                **EVERYONE,
            )
        ],
        "one that is right opens it",
        "gets through (Allowed): s3:PutObject",
        "resource",
    ),
    Case(
        "LNT-06",
        "two flags in one Bool",
        [
            deny(
                TRAIN,
                {
                    "Bool": {
                        "sagemaker:NetworkIsolation": "false",
                        "sagemaker:InterContainerTrafficEncryption": "false",
                    }
                },
            )
        ],
        "one that is right opens it",
        "gets through (Allowed)",
    ),
    Case(
        "LNT-06",
        "each is denied by itself elsewhere",
        [
            deny(
                TRAIN,
                {
                    "Null": {
                        "sagemaker:VolumeKmsKeyArn": "true",
                        "sagemaker:OutputKmsKeyArn": "true",
                    }
                },
            ),
            deny(TRAIN, {"Null": {"sagemaker:VolumeKmsKeyArn": "true"}}),
            deny(TRAIN, {"Null": {"sagemaker:OutputKmsKeyArn": "true"}}),
        ],
        "one that is right opens it",
        severity="medium",
    ),
    Case(
        "LNT-06",
        "two names of one key",
        [
            deny(
                TRAIN,
                {"Null": {"sagemaker:VolumeKmsKey": "true", "sagemaker:VolumeKmsKeyArn": "true"}},
            )
        ],
        None,
    ),
    Case(
        "LNT-06",
        "subnets and groups come together with a training job",
        [
            deny(
                TRAIN,
                {"Null": {"sagemaker:VpcSubnets": "true", "sagemaker:VpcSecurityGroupIds": "true"}},
            )
        ],
        None,
    ),
    Case(
        "LNT-06",
        "a notebook takes subnets without groups",
        [
            deny(
                "sagemaker:CreateNotebookInstance",
                {"Null": {"sagemaker:VpcSubnets": "true", "sagemaker:VpcSecurityGroupIds": "true"}},
            )
        ],
        "one that is right opens it",
        "gets through (Allowed): sagemaker:CreateNotebookInstance",
    ),
    Case(
        "LNT-06",
        "ways in that are alternatives on purpose",
        [
            deny(
                "s3:*",
                {"StringNotEquals": {"aws:SourceVpce": "vpce-1", "aws:PrincipalOrgID": "o-1"}},
                BUCKET,
                **EVERYONE,
            )
        ],
        None,
        attached="resource",
    ),
    # LNT-07: exceptions by tag or by service
    Case(
        "LNT-07",
        "a tag opens the bucket",
        [
            deny(
                "s3:*",
                {"StringNotEquals": {"aws:SourceVpce": "vpce-1", "aws:PrincipalTag/admin": "true"}},
                BUCKET,
                **EVERYONE,
            )
        ],
        "a tag gets past it (aws:PrincipalTag/admin)",
        "aws:PrincipalTag/admin true",
        "resource",
    ),
    Case(
        "LNT-07",
        "any service's call opens it",
        [
            deny(
                "s3:*",
                {
                    "StringNotEquals": {"aws:SourceVpce": "vpce-1"},
                    "Bool": {"aws:ViaAWSService": "false"},
                },
                BUCKET,
                **EVERYONE,
            )
        ],
        "on somebody's behalf gets past it (aws:ViaAWSService)",
        "aws:ViaAWSService true",
        "resource",
    ),
    Case(
        "LNT-07",
        "another Deny catches the tagged one",
        [
            deny(
                "s3:*",
                {"StringNotEquals": {"aws:SourceVpce": "vpce-1", "aws:PrincipalTag/admin": "true"}},
                BUCKET,
                **EVERYONE,
            ),
            deny("s3:*", {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, BUCKET, **EVERYONE),
        ],
        "gets past it",
        attached="resource",
        severity="low",
    ),
    Case(
        "LNT-07",
        "roles named by ARN, and a tag in an Allow",
        [
            deny(
                "s3:*", {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/admin"}}
            ),
            allow("s3:GetObject", OBJECTS, {"StringEquals": {"aws:PrincipalTag/team": "a"}}),
        ],
        None,
    ),
    # LNT-08: presence only
    Case(
        "LNT-08",
        "any subnet will do",
        [deny(TRAIN, {"Null": {"sagemaker:VpcSubnets": "true"}})],
        "any sagemaker:VpcSubnets will do",
        "sagemaker:VpcSubnets subnet-0f0f0f0f0f0f0f0f0",
        severity="high",
    ),
    Case(
        "LNT-08",
        "any endpoint will do, written as a pattern",
        [deny("s3:*", {"StringNotLike": {"aws:SourceVpce": "*"}})],
        "any aws:SourceVpce will do",
        "aws:SourceVpce vpce-0f0f0f0f0f0f0f0f0",
    ),
    Case(
        "LNT-08",
        "any KMS key will do, in an Allow",
        [allow(TRAIN, "*", {"Null": {"sagemaker:VolumeKmsKeyArn": "false"}})],
        "any sagemaker:VolumeKmsKeyArn will do",
        "key/0f0f0f0f",
    ),
    Case(
        "LNT-08",
        "another statement has the values",
        [
            deny(TRAIN, {"Null": {"sagemaker:VpcSubnets": "true"}}),
            deny(TRAIN, {"ForAnyValue:StringNotEquals": {"sagemaker:VpcSubnets": "subnet-1"}}),
        ],
        None,
    ),
    Case(
        "LNT-08",
        "a key that is neither network nor KMS",
        [deny("s3:PutObject", {"Null": {"s3:x-amz-acl": "false"}})],
        None,
    ),
    # LNT-09: ForAllValues without a guard
    Case(
        "LNT-09",
        "the key may be missing",
        [allow(TRAIN, "*", {"ForAllValues:StringEquals": {"sagemaker:VpcSubnets": "subnet-1"}})],
        "a request without sagemaker:VpcSubnets is allowed, too",
        "gets through (Allowed)",
    ),
    Case(
        "LNT-09",
        "a Deny elsewhere asks for the key",
        [
            allow(TRAIN, "*", {"ForAllValues:StringEquals": {"sagemaker:VpcSubnets": "subnet-1"}}),
            deny(TRAIN, {"Null": {"sagemaker:VpcSubnets": "true"}}),
        ],
        "is allowed, too",
        severity="low",
    ),
    Case(
        "LNT-09",
        "guarded by Null, and a Deny needs no guard",
        [
            allow(
                TRAIN,
                "*",
                {
                    "ForAllValues:StringEquals": {"sagemaker:VpcSubnets": "subnet-1"},
                    "Null": {"sagemaker:VpcSubnets": "false"},
                },
            ),
            deny("sagemaker:CreateModel", {"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}),
        ],
        None,
    ),
    # LNT-10 and LNT-11: the version
    Case(
        "LNT-10",
        "a variable without Version",
        [allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*")],
        "${aws:username} is plain text in version 2008-10-17",
        "is not allowed (ImplicitlyDenied): s3:GetObject on arn:aws:s3:::home/alice/example",
        version="",
    ),
    Case(
        "LNT-10",
        "a variable in the old version, in a Deny",
        [deny("s3:*", {"StringEquals": {"aws:PrincipalTag/team": "${aws:PrincipalAccount}"}})],
        "plain text",
        "gets through (Allowed)",
        version="2008-10-17",
    ),
    Case(
        "LNT-10",
        "a variable in the current version",
        [allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*")],
        None,
    ),
    Case(
        "LNT-11",
        "no Version",
        [allow("s3:GetObject", OBJECTS)],
        "the policy has no Version",
        severity="low",
        version="",
    ),
    Case(
        "LNT-11",
        "the old version, named",
        [allow("s3:GetObject", OBJECTS)],
        None,
        version="2008-10-17",
    ),
    # LNT-12: wildcard principals
    Case(
        "LNT-12",
        "everyone, without credentials",
        [allow("s3:GetObject", OBJECTS, **EVERYONE)],
        "everyone is allowed",
        "by anyone, without credentials",
        "resource",
        "critical",
    ),
    Case(
        "LNT-12",
        "a condition that a stranger can fulfil",
        [allow("s3:GetObject", OBJECTS, {"StringLike": {"aws:UserAgent": "our-app*"}}, **EVERYONE)],
        "no condition keeps strangers out",
        "aws:UserAgent our-app",
        "resource",
    ),
    Case(
        "LNT-12",
        "every account may take the role",
        [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
        "everyone is allowed",
        "by arn:aws:sts::999999999999:assumed-role/outsider/session",
        "trust",
        "critical",
    ),
    Case(
        "LNT-12",
        "every account may use the key",
        [allow("kms:Decrypt", "*", **EVERYONE)],
        "everyone is allowed",
        "999999999999",
        "resource",
    ),
    Case(
        "LNT-12",
        "a Deny keeps the strangers out",
        [
            allow("s3:GetObject", OBJECTS, **EVERYONE),
            deny("s3:*", {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, BUCKET, **EVERYONE),
        ],
        "Principal is a wildcard",
        attached="resource",
        severity="high",
    ),
    Case(
        "LNT-12",
        "the organisation, an endpoint, an account",
        [
            allow("s3:GetObject", OBJECTS, {"StringEquals": {key: value}}, **EVERYONE)
            for key, value in (
                ("aws:PrincipalOrgID", "o-1"),
                ("aws:SourceVpce", "vpce-1"),
                ("aws:PrincipalAccount", "111122223333"),
                ("aws:SourceAccount", "111122223333"),
            )
        ],
        None,
        attached="resource",
    ),
    Case(
        "LNT-12",
        "a role of another account by name, an outside id",
        [allow("s3:GetObject", OBJECTS, Principal={"AWS": "arn:aws:iam::444455556666:role/x"})],
        None,
        attached="resource",
    ),
    Case(
        "LNT-12",
        "an endpoint's policy names everyone who is behind it",
        [
            allow(
                "s3:GetObject",
                OBJECTS,
                {"StringEquals": {"aws:ResourceAccount": "111122223333"}},
                **EVERYONE,
            )
        ],
        None,
        attached="endpoint",
    ),
    # LNT-13: buckets by wildcard
    Case(
        "LNT-13",
        "a look-alike bucket",
        [allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::*sagemaker*")],
        "*sagemaker* takes in buckets of other accounts",
        "s3:GetObject on arn:aws:s3:::examplesagemakerexample/example (account 999999999999)",
    ),
    Case(
        "LNT-13",
        "every bucket, through an endpoint",
        [allow("s3:PutObject", "*", **EVERYONE)],
        "takes in buckets of other accounts",
        "(account 999999999999)",
        "endpoint",
    ),
    Case(
        "LNT-13",
        "held to the account",
        [
            allow(
                ["s3:GetObject"],
                "arn:aws:s3:::*sagemaker*",
                {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}},
            ),
            allow(
                ["s3:PutObject"],
                "arn:aws:s3:::sagemaker-*",
                {"StringEquals": {"s3:ResourceAccount": "111122223333"}},
            ),
        ],
        None,
    ),
    Case(
        "LNT-13",
        "held to the organisation, through an endpoint",
        [allow("s3:PutObject", "*", {"StringEquals": {"aws:ResourceOrgID": "o-1"}}, **EVERYONE)],
        None,
        attached="endpoint",
    ),
    Case(
        "LNT-13",
        "a bucket by name, with a wildcard for objects",
        [allow("s3:GetObject", OBJECTS)],
        None,
    ),
    Case(
        "LNT-13",
        "a bucket that is yet to be made",
        [allow("s3:CreateBucket", "arn:aws:s3:::sagemaker-*")],
        None,
    ),
    # LNT-14: a missing key escapes
    Case(
        "LNT-14",
        "plain HTTP without the key",
        [deny("s3:*", {"Bool": {"aws:SecureTransport": "false"}}, BUCKET, **EVERYONE)],
        "a request without aws:SecureTransport escapes",
        "gets through (Allowed)",
        "resource",
        "medium",
    ),
    Case(
        "LNT-14",
        "a flag that is not set",
        [deny(TRAIN, {"Bool": {"sagemaker:NetworkIsolation": "false"}})],
        "a missing flag is not false",
        "gets through (Allowed): sagemaker:CreateTrainingJob",
    ),
    Case(
        "LNT-14",
        "no subnet at all",
        [deny(TRAIN, {"ForAnyValue:StringNotEquals": {"sagemaker:VpcSubnets": "subnet-1"}})],
        "a request without any sagemaker:VpcSubnets escapes",
        "gets through (Allowed)",
    ),
    Case(
        "LNT-14",
        "the default is what is denied",
        [
            deny(
                "sagemaker:CreateNotebookInstance",
                {"StringEquals": {"sagemaker:DirectInternetAccess": "Enabled"}},
            )
        ],
        "Enabled is the default",
        "gets through (Allowed)",
    ),
    Case(
        "LNT-14",
        "another Deny catches the missing key",
        [
            deny(TRAIN, {"ForAnyValue:StringNotEquals": {"sagemaker:VpcSubnets": "subnet-1"}}),
            deny(TRAIN, {"Null": {"sagemaker:VpcSubnets": "true"}}),
        ],
        None,
    ),
    Case(
        "LNT-14",
        "the IfExists form",
        [deny("s3:*", {"BoolIfExists": {"aws:SecureTransport": "false"}}, BUCKET, **EVERYONE)],
        None,
        attached="resource",
    ),
    # LNT-15: any role
    Case(
        "LNT-15",
        "any role to any service",
        [allow("iam:PassRole")],
        "any role may be passed",
        "iam:PassRole on arn:aws:iam::111122223333:role/Administrator",
        severity="high",
    ),
    Case(
        "LNT-15",
        "any role of the account, to a service",
        [
            allow(
                "iam:Pass*",
                "arn:aws:iam::111122223333:role/*",
                {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
            )
        ],
        "to the services named",
        "Administrator",
        severity="medium",
    ),
    Case(
        "LNT-15",
        "a role by name",
        [allow("iam:PassRole", "arn:aws:iam::111122223333:role/sagemaker-*")],
        None,
    ),
    Case("LNT-15", "an administrator's statement", [allow("*")], None),
    # LNT-16: siblings
    Case(
        "LNT-16",
        "versions are read, objects deleted",
        [
            deny(
                ["s3:GetObject", "s3:PutObject"],
                {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
                OBJECTS,
                **EVERYONE,
            )
        ],
        "s3:GetObject is denied, s3:GetObjectVersion is not",
        "gets through (Allowed): s3:GetObjectVersion",
        "resource",
    ),
    Case(
        "LNT-16",
        "all of them are listed",
        [
            deny(
                ["s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*"],
                {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
                OBJECTS,
                **EVERYONE,
            )
        ],
        None,
        attached="resource",
    ),
    Case(
        "LNT-16",
        "what is asked for is nothing that the other has",
        [
            deny(
                "s3:PutObject",
                {"StringNotEqualsIfExists": {"s3:x-amz-server-side-encryption": "aws:kms"}},
                OBJECTS,
                **EVERYONE,
            )
        ],
        None,
        attached="resource",
    ),
    # LNT-17: one good value among bad ones
    Case(
        "LNT-17",
        "one approved subnet among others",
        [deny(TRAIN, {"ForAllValues:StringNotEquals": {"sagemaker:VpcSubnets": "subnet-1"}})],
        "one approved value of sagemaker:VpcSubnets among others gets past it",
        "sagemaker:VpcSubnets subnet-1, subnet-0f0f0f0f0f0f0f0f0",
    ),
    Case(
        "LNT-17",
        "any value that is not approved is denied",
        [deny(TRAIN, {"ForAnyValue:StringNotEquals": {"sagemaker:VpcSubnets": "subnet-1"}})],
        None,
    ),
    Case(
        "LNT-17",
        "one service in the chain is enough on purpose",
        [deny("s3:*", {"ForAllValues:StringNotEquals": {"aws:CalledVia": "athena.amazonaws.com"}})],
        None,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.idea}")
def test_a_rule_finds(case: Case, found: Callable[..., Any]) -> None:
    findings = [
        f for f in found(case.statements, case.attached, case.version) if f.rule.id == case.rule
    ]
    if case.message is None:
        assert findings == []
        return
    assert findings, "nothing was found"
    assert any(case.message in finding.message for finding in findings), findings
    finding = next(f for f in findings if case.message in f.message)
    if case.severity:
        assert finding.severity.value == case.severity
    if case.shown:
        assert finding.witness is not None, "no request shows it"
        assert case.shown in finding.witness.text
    elif case.rule != "LNT-11":
        assert finding.witness is None, "a request shows it: the case should name it"


def test_every_rule_has_cases_that_find_and_cases_that_do_not() -> None:
    for rule in LINT_RULES:
        own = [case for case in CASES if case.rule == rule.id]
        assert any(case.message is not None for case in own), rule.id
        assert any(case.message is None for case in own), rule.id


def test_the_ids_are_in_order_and_every_rule_says_where_it_is_from() -> None:
    assert [rule.id for rule in LINT_RULES] == [
        f"LNT-{n:02}" for n in range(1, len(LINT_RULES) + 1)
    ]
    assert all(rule.source and rule.why and rule.fix for rule in LINT_RULES)


def test_a_place_is_that_of_the_condition(found: Callable[..., Any]) -> None:
    statement = deny(TRAIN, {"Null": {"sagemaker:VpcSubnets": "true"}})
    assert [pointer(f.place) for f in found([statement])] == [
        "/Statement/0/Condition/Null/sagemaker:VpcSubnets"
    ]


def test_findings_come_in_the_order_of_the_document(found: Callable[..., Any]) -> None:
    findings = found([allow("iam:PassRole"), allow("s3:HeadObject", OBJECTS)])
    assert [(f.statement, f.rule.id) for f in findings] == [("0", "LNT-15"), ("1", "LNT-03")]
