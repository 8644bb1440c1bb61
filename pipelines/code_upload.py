"""Step scripts into the data bucket, encrypted, under a key made of their content.

The SDK would make the key of the file's path on this machine too, so that the same
commit would build another definition on another machine, and would upload while
the definition is being serialised.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ormer.model.errors import AwsError, InputError


def upload_script(s3: Any, script: Path, folder: str, kms_key: str) -> str:
    """Upload ``script`` below the S3 URI ``folder`` with SSE-KMS; returns its S3 URI.

    Raises InputError if it cannot be read, AwsError if it cannot be uploaded.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        content = script.read_bytes()
    except OSError as error:
        raise InputError(f"{script}: {error.strerror or error}") from None
    uri = f"{folder}/{hashlib.sha256(content).hexdigest()}/{script.name}"
    bucket, _, key = uri[len("s3://") :].partition("/")
    try:
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=content,
            ServerSideEncryption="aws:kms",
            SSEKMSKeyId=kms_key,
        )
    except (BotoCoreError, ClientError) as error:
        raise AwsError(f"PutObject {uri}: {error}") from None
    return uri
