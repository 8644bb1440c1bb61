"""Texts that stand for numbers, moments and addresses, and the few of them that matter.

Of the values that a limit tells apart, one each is enough: those at the limits, between two of
them and beyond. Source: "IAM JSON policy elements: Condition operators" in the IAM User Guide.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Optional, Union

Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
Limit = Union[Decimal, Network, bytes]
Read = Callable[[str], Optional[Decimal]]

NUMBER, DATE, ADDRESS, BINARY = "number", "date", "ip", "binary"
_LIKELY = ("198.51.100.7", "2001:db8::7")
"""Addresses for documentation (RFC 5737, RFC 3849)."""

_SPARE = ipaddress.IPv4Address("203.0.113.1")
UNREADABLE = "ormer"
_DIGITS = re.compile(r"[-+]?\d+(\.\d+)?", re.ASCII)
_LONGEST = 400
_MOMENT = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)(T(?P<hour>\d\d):(?P<minute>\d\d)"
    r"(:(?P<second>\d\d)(\.(?P<part>\d{1,9}))?)?(?P<zone>Z|[-+]\d\d:?\d\d)?)?)?)?",
    re.ASCII,
)


def as_number(text: str) -> Optional[Decimal]:
    """The number of a text; None if it is none."""
    return Decimal(text) if len(text) <= _LONGEST and _DIGITS.fullmatch(text) else None


def as_moment(text: str) -> Optional[Decimal]:
    """Seconds since 1970 of an ISO 8601 date (UTC if it names no zone), or of seconds."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return as_number(text) if len(text) != 4 else None
    numbers = {name: int(found[name] or default) for name, default in _SMALLEST.items()}
    try:
        at = datetime(**numbers, tzinfo=_zone(found["zone"]))
        seconds = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    except (ValueError, OverflowError):
        return None
    return seconds + Decimal(f"0.{found['part'] or 0}")


_SMALLEST = {"year": 1, "month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0}


def _zone(text: Optional[str]) -> timezone:
    if text is None or text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes > 59:
        raise ValueError(text)
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(ahead if text[0] == "+" else -ahead)


def as_network(text: str) -> Optional[Network]:
    """The addresses of a CIDR block or of one address; None if it is neither. A mask of digits
    and dots is no CIDR format."""
    prefix = text.partition("/")[2]
    if "." in prefix or ":" in prefix:
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def contains(block: Network, text: str) -> bool:
    """Whether the text is an address in the block."""
    if "/" in text:
        return False
    found = as_network(text)
    return found is not None and found.version == block.version and found[0] in block


def is_read(kind: str, text: str) -> bool:
    """Whether a text can be read as a number, a date or an address."""
    if kind == ADDRESS:
        return "/" not in text and as_network(text) is not None
    return (as_number if kind == NUMBER else as_moment)(text) is not None


def telling(kind: str, limits: Iterable[Limit]) -> list[str]:
    """Texts of a kind of which each choice of limits that can be passed is passed by one."""
    known = list(limits)
    if kind == ADDRESS:
        return list(dict.fromkeys(_addresses([each for each in known if _is_network(each)])))
    ordered = sorted({each for each in known if isinstance(each, Decimal)})
    as_text = number_text if kind == NUMBER else moment_text
    return [as_text(each) for each in _points(ordered)]


def others(kind: str, count: int) -> list[str]:
    """As many texts of a kind, each of them another value."""
    if kind == NUMBER:
        return [str(1_000_001 + number) for number in range(count)]
    if kind == DATE:
        return [moment_text(Decimal(1_900_000_000 + number)) for number in range(count)]
    return [str(_SPARE + number) for number in range(count)]


def _points(ordered: list[Decimal]) -> Iterator[Decimal]:
    """Each limit, a number between each two, and one beyond each end."""
    if not ordered:
        yield Decimal(1)
        return
    yield ordered[0] - 1
    for at, after in zip(ordered, [*ordered[1:], ordered[-1] + 2], strict=True):
        yield at
        yield at + 1 if at + 1 < after else (at + after) / 2


def number_text(value: Decimal) -> str:
    """A number as a request holds it."""
    return format(value.normalize() if value else Decimal(0), "f")


def moment_text(value: Decimal) -> str:
    """A moment as a request holds it: a date where the calendar has it, else its seconds."""
    try:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(value))
    except OverflowError:
        return _seconds_text(value)
    if value < 0 or value != int(value):
        return _seconds_text(value)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def _seconds_text(value: Decimal) -> str:
    """Seconds with a sign, in more than the four characters of a year."""
    text = number_text(abs(value))
    return ("-" if value < 0 else "+") + text.rjust(4, "0")


def _is_network(limit: Limit) -> bool:
    return not isinstance(limit, (Decimal, bytes))


def _addresses(blocks: list[Any]) -> Iterator[str]:
    """Where a block begins or has ended, where all addresses begin, and two that are likely."""
    yield from _LIKELY
    for block in blocks:
        for number in (int(block[0]), int(block[-1]) + 1):
            if number < 2**block.max_prefixlen:
                yield str(type(block[0])(number))
    yield from ("0.0.0.0", "::")
