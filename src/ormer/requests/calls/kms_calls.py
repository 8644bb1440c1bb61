"""KMS calls: by S3 for who reads and writes objects, and for encrypted storage volumes.

Sources: "Protecting data with server-side encryption using AWS KMS keys (SSE-KMS)" in the
Amazon S3 User Guide (GenerateDataKey to write, Decrypt to read and for a multipart upload);
"How to use SageMaker AI execution roles" (Encrypt for an output key, CreateGrant for a volume
key) and "Amazon SageMaker AI API permissions" (CreateGrant by the caller or by the job's role)
in the SageMaker AI Developer Guide; "AWS KMS condition keys" in the AWS KMS Developer Guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ormer.model.call import Call, Setting, Way
from ormer.model.symbol import symbol
from ormer.requests.calls.maker import SECURE, Maker
from ormer.requests.calls.s3_location import Location, bucket_arn
from ormer.requests.calls.texts import texts, why_not

READING = ("kms:Decrypt",)
WRITING = ("kms:GenerateDataKey", "kms:Decrypt", "kms:Encrypt")
_OBJECT = "the object's name"


def by_s3(
    maker: Maker, actions: tuple[str, ...], key: Any, place: Location, why: str
) -> Iterator[Call]:
    """The calls that S3 makes with the caller's permissions, on the key of an object.

    The encryption context is the ARN of the object, or of its bucket with an S3 Bucket Key; and
    whether KMS is told of the VPC endpoint that S3 was called through is not documented.
    """
    arns = texts(key)
    setting = Setting(_context(maker, place), Way.SERVICE)
    for action in actions:
        if arns is None:
            yield maker.undecided(action, why, f"which KMS key is not known: {why_not(key)}")
        for arn in arns or ():
            yield maker.call(action, arn, why, (setting,), _account(arn))


def _context(maker: Maker, place: Location) -> dict[str, str | tuple[str, ...]]:
    where = maker.environment
    suffix = "amazonaws.com.cn" if where.partition == "aws-cn" else "amazonaws.com"
    bucket = bucket_arn(where.partition, place.bucket)
    return {
        **SECURE,
        "kms:viaservice": f"s3.{where.region}.{suffix}",
        "kms:calleraccount": where.account,
        "kms:encryptioncontextkeys": ("aws:s3:arn",),
        "kms:encryptioncontext:aws:s3:arn": bucket + symbol(_OBJECT),
        "aws:viaawsservice": "true",
    }


def for_volume(maker: Maker, key: Any) -> Iterator[Call]:
    """The grant for the storage volume of a job, by its role or by who starts the job."""
    why = "the storage volume"
    arns = texts(key)
    context = {
        **SECURE,
        "kms:grantisforawsresource": "true",
        "kms:calleraccount": maker.environment.account,
    }
    uncertain = frozenset(["kms:viaservice", "kms:granteeprincipal", "kms:grantoperations"])
    either = maker._replace(roles=tuple(dict.fromkeys([*maker.roles, ""])))
    if arns is None:
        yield either.undecided("kms:CreateGrant", why, f"which KMS key: {why_not(key)}")
    for arn in arns or ():
        settings = (Setting(context, Way.SERVICE, uncertain),)
        yield either.call("kms:CreateGrant", arn, why, settings, _account(arn))


def _account(arn: str) -> str:
    parts = arn.split(":")
    return parts[4] if len(parts) > 5 and parts[4].isdigit() else ""
