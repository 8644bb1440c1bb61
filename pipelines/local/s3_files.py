"""Files between S3 and a folder, as SageMaker copies them for a job in File mode."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any, Iterator, Optional

from ormer.model.errors import InputError
from pipelines.local.step_result import StepFailed

MOST_OBJECTS = 10_000


def split_uri(uri: str) -> tuple[str, str]:
    """``s3://bucket/key`` as bucket and key; raises InputError for anything else."""
    bucket, _, key = uri[len("s3://") :].partition("/")
    if not uri.startswith("s3://") or not bucket:
        raise InputError(f"{uri!r} is not an S3 URI")
    return bucket, key


def download(s3: Any, uri: str, folder: Path) -> None:
    """Copy the object at ``uri``, or everything below it, into ``folder``.

    Raises StepFailed if there is nothing, and InputError if the prefix also matches
    objects of another folder, which SageMaker would copy as well.
    """
    bucket, prefix = split_uri(uri)
    folder.mkdir(parents=True, exist_ok=True)
    found = False
    for key in _keys(s3, bucket, prefix):
        path = _inside(folder, _relative(key, prefix, uri))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        found = True
    if not found:
        raise StepFailed(f"ClientError: no S3 objects found under {uri}")


def _keys(s3: Any, bucket: str, prefix: str) -> Iterator[str]:
    from botocore.exceptions import ClientError

    seen = 0
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for item in page.get("Contents", []):
                seen += 1
                if seen > MOST_OBJECTS:
                    raise InputError(f"s3://{bucket}/{prefix}: more than {MOST_OBJECTS} objects")
                if not item["Key"].endswith("/"):
                    yield item["Key"]
    except ClientError as error:
        raise StepFailed(f"ClientError: s3://{bucket}/{prefix}: {error}") from None


def _relative(key: str, prefix: str, uri: str) -> str:
    if key == prefix:
        return PurePosixPath(key).name
    folder = prefix if prefix.endswith("/") or not prefix else prefix + "/"
    if not key.startswith(folder):
        raise InputError(f"{uri} also matches {key!r}: end the prefix with a slash")
    return key[len(folder) :]


def _inside(folder: Path, relative: str) -> Path:
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise InputError(f"the object key {relative!r} leads out of its folder")
    return path


def upload_folder(s3: Any, folder: Path, uri: str, kms_key: Optional[str]) -> None:
    """Copy every file of ``folder`` below ``uri``, with SSE-KMS if there is a key."""
    for path in sorted(item for item in folder.rglob("*") if item.is_file()):
        relative = path.relative_to(folder).as_posix()
        upload(s3, path.read_bytes(), f"{uri.rstrip('/')}/{relative}", kms_key)


def upload(s3: Any, content: bytes, uri: str, kms_key: Optional[str]) -> None:
    """Write one object, with SSE-KMS if there is a key; raises StepFailed if S3 refuses."""
    from botocore.exceptions import ClientError

    bucket, key = split_uri(uri)
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}
    try:
        s3.put_object(Bucket=bucket, Key=key, Body=content, **encryption)
    except ClientError as error:
        raise StepFailed(f"ClientError: {uri}: {error}") from None


def read_json(s3: Any, uri: str) -> Any:
    """The JSON document at ``uri``; raises StepFailed if there is none."""
    from botocore.exceptions import ClientError

    bucket, key = split_uri(uri)
    try:
        return json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except (ClientError, ValueError) as error:
        raise StepFailed(f"ClientError: property file {uri}: {error}") from None
