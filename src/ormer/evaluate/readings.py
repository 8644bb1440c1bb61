"""Texts read as numbers, dates, addresses and bytes; None for what is none.

Source: "IAM JSON policy elements: Condition operators" in the IAM User Guide.
"""

from __future__ import annotations

import binascii
import ipaddress
import re
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, Optional

_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?"
_YEAR_DIGITS = 4
_LONGEST_NUMBER = 400
_DATE = (
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)"
    r"(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?)?)?"
)


@lru_cache(maxsize=4096)
def number(text: str) -> Optional[Decimal]:
    """An integer or a decimal number, exactly."""
    if len(text) > _LONGEST_NUMBER or not re.fullmatch(_NUMBER, text, re.ASCII):
        return None
    return Decimal(text)


@lru_cache(maxsize=4096)
def moment(text: str) -> Optional[Decimal]:
    """Seconds since 1970 of a W3C date (ISO 8601), or of the seconds themselves.

    Four digits alone are a year. A time without a zone is taken as UTC.
    """
    found = re.fullmatch(_DATE, text, re.ASCII)
    if found is None:
        return None if len(text) == _YEAR_DIGITS else number(text)
    year, month, day, hour, minute, second = (
        int(found[group] or default) for group, default in enumerate((1, 1, 1, 0, 0, 0), start=1)
    )
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        since = at - datetime(1970, 1, 1, tzinfo=UTC) - _offset(found[8])
    except ValueError:
        return None
    whole = since.days * 86400 + since.seconds
    return whole + Decimal(f"0.{found[7] or 0}")


def _offset(zone: Optional[str]) -> timedelta:
    if zone in (None, "Z"):
        return timedelta()
    assert zone is not None
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 23 or minutes > 59:
        raise ValueError(zone)
    ahead = timedelta(hours=hours, minutes=minutes)
    return ahead if zone[0] == "+" else -ahead


class Network(NamedTuple):
    """The addresses of a CIDR block; one address is the block of itself."""

    version: int
    first: int
    last: int


@lru_cache(maxsize=4096)
def network(text: str) -> Optional[Network]:
    """A CIDR block or an address, IPv4 or IPv6; bits after the prefix do not matter.

    "The value must be in the standard CIDR format": a prefix is a number, not a mask.
    """
    if "." in text.partition("/")[2]:
        return None
    try:
        block = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return Network(block.version, int(block.network_address), int(block.broadcast_address))


@lru_cache(maxsize=4096)
def address(text: str) -> Optional[Network]:
    """One address: a block of several is none."""
    return None if "/" in text else network(text)


@lru_cache(maxsize=1024)
def data(text: str) -> Optional[bytes]:
    """The bytes of a base64 text."""
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
