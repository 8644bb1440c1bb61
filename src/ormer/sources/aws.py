"""boto3 clients of an account, and their failures as one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Optional

from ormer.model.errors import AwsError

MOST_ATTEMPTS = 6
"""Tries of one call, with botocore's growing pauses in between (boto3 guide, "Retries")."""

THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottledException",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Forbidden"})
STALE_CREDENTIALS = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
NOT_FOUND = frozenset(
    {"ResourceNotFound", "ResourceNotFoundException", "NoSuchBucket", "NoSuchKey", "NoSuchEntity"}
)


def connect(service: str, region: Optional[str], endpoint_url: Optional[str] = None) -> Any:
    """A boto3 client with botocore's "standard" retries and bounded timeouts.

    Raises AwsError if boto3 is missing, or no region or usable configuration is found.
    """
    try:
        import boto3
        import botocore.exceptions
        from botocore.config import Config
    except ImportError as error:
        raise AwsError(f"AWS calls need boto3: {error}; pip install boto3") from None

    settings = Config(
        retries={"mode": "standard", "total_max_attempts": MOST_ATTEMPTS},
        connect_timeout=10,
        read_timeout=60,
    )
    try:
        session = boto3.session.Session()  # of its own: the default one outlives its environment
        return session.client(
            service, region_name=region, endpoint_url=endpoint_url, config=settings
        )
    except botocore.exceptions.BotoCoreError as error:
        raise AwsError(_without_answer(f"{service} client", error)) from None
    except ValueError as error:
        raise AwsError(f"{service} client: {_one_line(error)}") from None


@contextmanager
def calling(operation: str, subject: str, needs: str = "") -> Iterator[None]:
    """Turn botocore's exceptions inside the block into one AwsError line.

    ``operation`` is AWS's name of the call, ``subject`` what it is about, and
    ``needs`` the permissions to ask for when access is denied.
    """
    import botocore.exceptions

    call = f"{operation} of {subject}"
    try:
        yield
    except botocore.exceptions.ClientError as error:
        raise AwsError(_answered(call, error.response, needs or operation)) from error
    except botocore.exceptions.BotoCoreError as error:
        raise AwsError(_without_answer(call, error)) from error


def error_code(error: AwsError) -> str:
    """AWS's own code of the failed call, such as ``ResourceNotFound``, or ""."""
    response = getattr(error.__cause__, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


def _answered(call: str, response: Any, needs: str) -> str:
    error = response.get("Error", {})
    code = str(error.get("Code", "unknown error"))
    message = _one_line(error.get("Message", ""))
    attempts = response.get("ResponseMetadata", {}).get("RetryAttempts", 0) + 1
    return f"{call}: {code}: {message or 'no message'}; {_advice(code, needs, attempts)}"


def _advice(code: str, needs: str, attempts: int) -> str:
    if code in THROTTLED:
        tries = "1 try" if attempts == 1 else f"{attempts} tries"
        return f"AWS still limits the rate after {tries}: run the same command again later"
    if code in DENIED:
        return f"the caller needs {needs} there"
    if code in STALE_CREDENTIALS:
        return "renew the AWS credentials"
    if code in NOT_FOUND:
        return "check the name, the account and the region"
    if code in ("ConflictException", "ResourceInUse"):
        return "somebody changes it at the same time: run the same command again"
    if code == "ResourceLimitExceeded":
        return "ask AWS for a higher quota or remove what is no longer used"
    if code.startswith("Validation"):
        return "AWS refused the input as it is"
    return "see the AWS documentation of this error"


def _without_answer(call: str, error: Exception) -> str:
    kind = type(error).__name__
    return f"{call}: {_one_line(error)}; {_LOCAL_ADVICE.get(kind, 'no answer from AWS')}"


_LOCAL_ADVICE = {
    "NoCredentialsError": "log in to AWS, or set AWS_PROFILE",
    "PartialCredentialsError": "set both the access key and the secret key",
    "CredentialRetrievalError": "log in to AWS again",
    "TokenRetrievalError": "log in to AWS again",
    "UnauthorizedSSOTokenError": "log in to AWS again",
    "ProfileNotFound": "check AWS_PROFILE",
    "NoRegionError": "give --region, or set AWS_REGION",
    "EndpointConnectionError": "check the network, the VPC endpoint and the region",
    "ConnectTimeoutError": "check the network, the VPC endpoint and the region",
    "ReadTimeoutError": "check the network, the VPC endpoint and the region",
    "ParamValidationError": "boto3 refused the input; a newer boto3 may know it",
}


def _one_line(message: object) -> str:
    return " ".join(str(message).split()).rstrip(".")
