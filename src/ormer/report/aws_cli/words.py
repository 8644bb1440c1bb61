"""What the calls of ``aws_cli`` are put together from.

A call is a function from what a request says to the words of the line after ``aws``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, Optional

_READ_OTHERWISE = ("-", "file://", "fileb://")
_OF_CONNECTION = {"s3:authtype": "REST-HEADER", "s3:signatureversion": "AWS4-HMAC-SHA256"}


class Told(NamedTuple):
    """What a request says: its resource, and its context with keys in lower case."""

    resource: str
    keys: Mapping[str, tuple[str, ...]]


class ArnParts(NamedTuple):
    """What a call needs of an ARN; ``rest`` is all behind the account."""

    region: str
    account: str
    rest: str


def arn_parts(arn: str) -> Optional[ArnParts]:
    """None for what is not the ARN of one resource."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or not parts[5] or re.search(r"[*?]", arn):
        return None
    return ArnParts(parts[3], parts[4], parts[5])


Words = Optional[Sequence[str]]
Call = Callable[[Told], Words]
Options = Mapping[str, str]
"""Condition key -> the option that fills it; an empty option: nothing in the call does."""


def called(
    told: Told,
    words: Sequence[str],
    known: Options,
    given: Sequence[tuple[str, str]] = (),
    file: str = "",
) -> Words:
    """The words, the options that the condition keys of the service ask for, those of ``given``
    that are not among them, and the file that a call writes.

    None if no option fills a key, or the AWS CLI would read a value as an option or a file.
    """
    options: list[str] = []
    service = next(iter(known), ":").partition(":")[0]
    for key, filled in told.keys.items():
        if not key.startswith(f"{service}:") or _OF_CONNECTION.get(key) in filled:
            continue
        if key not in known:
            return None
        options += [known[key], *filled] if known[key] else []
    said = [*words, *options]
    values = [word for option, word in pairwise(said) if option.startswith("--")]
    if any(value.startswith(_READ_OTHERWISE) for value in values):
        return None
    left = [word for option in given if option[0] not in options for word in option]
    return [*said, *left, *([file] if file else [])]


def by_arn(
    words: Sequence[str], option: str, known: Options, *given: tuple[str, str], file: str = ""
) -> Call:
    """A call that takes the resource's ARN."""

    def call(told: Told) -> Words:
        arn = arn_parts(told.resource)
        if arn is None:
            return None
        where = ["--region", arn.region] if arn.region else []
        return called(told, [*words, *where, option, told.resource], known, given, file)

    return call


def by_id(words: Sequence[str], option: str, known: Options, *given: tuple[str, str]) -> Call:
    """A call that takes what stands last in the resource's ARN."""

    def call(told: Told) -> Words:
        arn = arn_parts(told.resource)
        if arn is None:
            return None
        name = re.split("[/:]", arn.rest)[-1]
        return called(told, [*words, "--region", arn.region, option, name], known, given)

    return call
