"""S3 URIs as the resources of S3's actions."""

from __future__ import annotations

from typing import NamedTuple, Optional

from ormer.model.symbol import has_symbol

_SCHEMES = ("s3://", "s3a://", "s3n://")


class Location(NamedTuple):
    """A bucket and the beginning of names in it, or one object's name."""

    bucket: str
    key: str


def location(uri: str) -> Optional[Location]:
    """The place that an S3 URI names, or None where it is none or the bucket is not fixed."""
    for scheme in _SCHEMES:
        if uri.startswith(scheme):
            bucket, _, key = uri[len(scheme) :].partition("/")
            return None if not bucket or has_symbol(bucket) else Location(bucket, key)
    return None


def bucket_arn(partition: str, bucket: str) -> str:
    """The ARN of a bucket."""
    return f"arn:{partition}:s3:::{bucket}"


def below(partition: str, place: Location, each: str = "*") -> str:
    """The ARN of every object whose name begins as the location says."""
    return f"{bucket_arn(partition, place.bucket)}/{place.key}{each}"


def inside(partition: str, place: Location) -> str:
    """The ARN of every object in the folder that the location names."""
    slash = "" if not place.key or place.key.endswith("/") else "/"
    return below(partition, place, slash + "*")
