"""Files into an approved bucket, encrypted; step scripts under a key made of their content.

The SDK would make the key of the file's path on this machine too, so that the same
commit would build another definition on another machine, and would upload while
the definition is being serialised.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ormer.model.errors import InputError
from ormer.sources.aws import calling


def upload_script(s3: Any, script: Path, folder: str, kms_key: str) -> str:
    """Upload ``script`` below the S3 URI ``folder`` with SSE-KMS; returns its S3 URI.

    Raises InputError if it cannot be read, AwsError if it cannot be uploaded.
    """
    content = file_content(script)
    uri = f"{folder}/{hashlib.sha256(content).hexdigest()}/{script.name}"
    upload_encrypted(s3, uri, content, kms_key)
    return uri


def file_content(path: Path) -> bytes:
    """The file's bytes. Raises InputError naming it if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None


def upload_encrypted(s3: Any, uri: str, content: bytes, kms_key: str) -> None:
    """Put ``content`` at the S3 URI with SSE-KMS. Raises AwsError if it cannot be uploaded."""
    bucket, _, key = uri[len("s3://") :].partition("/")
    with calling("PutObject", uri, "s3:PutObject and kms:GenerateDataKey"):
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=content,
            ServerSideEncryption="aws:kms",
            SSEKMSKeyId=kms_key,
        )
