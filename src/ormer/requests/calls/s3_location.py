"""S3 URIs as the resources of S3's actions."""

from __future__ import annotations

from typing import NamedTuple, Optional

from ormer.model.symbol import END, START, has_symbol, symbol

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


def open_location(uri: str) -> Optional[Location]:
    """The place of a URI whose bucket is not fixed, with symbols in it; None where it is no URI.

    A URI that begins with a symbol is one only if that text begins with a scheme: the symbol then
    stands for what comes after it.
    """
    for scheme in _SCHEMES:
        if uri.startswith(scheme):
            bucket, _, key = uri[len(scheme) :].partition("/")
            return Location(bucket, key) if bucket else None
    if not uri.startswith(START):
        return None
    first, _, rest = uri.removeprefix(START).partition(END)
    after = symbol(f"{first}{AFTER_SCHEME}")
    name, slash, key = rest.partition("/")
    return Location(f"{after}{name}", key if slash else "")


AFTER_SCHEME = " after s3://"
"""How the name of a symbol ends that stands for a URI without its scheme."""


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
