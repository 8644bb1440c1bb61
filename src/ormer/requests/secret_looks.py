"""What of a text has to be looked at for secrets: its lines, and the values it gives to names.

Texts that no detector can match are passed over before the library of detectors is loaded,
which takes longer than a check.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple, Optional

from ormer.requests.secret_names import holds_digits, is_password, is_sensitive

_HARMLESS = (
    r"(?i:[-+]?[\d.,e+-]*|true|false|none|null)"  # numbers and constants
    r"|s3://[\w./=-]+|arn:[\w:/.*-]+|/[\w./-]*|--?[\w-]+"  # places and option names
    r"|[A-Za-z][a-z_]*(?:[:._/ -][a-z_]+)*"  # words
    r"|[A-Za-z][a-z]+(?:[A-Z][a-z]+)+|[A-Z]{1,11}\d{0,3}(?:_[A-Z]{1,11}\d{0,3})+"  # and names
)
CONSTANT = r"(?i)true|false|yes|no|none|null"
_PUBLIC = r"(?s)\s*-----BEGIN (PUBLIC KEY|CERTIFICATE)-----[^-]*-----END \1-----\s*"

_VALUE = r"""(?=\\*("[^"]{1,200}"|'[^']{1,200}'|[^\s"',;&=\\][^\s"',;&=\\]{0,79}))"""
ASSIGNED = (  # name=value, "name": value, name: value
    r"""(?<![\w.-])-{0,2}([A-Za-z][\w.-]{0,99})"""
    r"""(?:\\*["']?\s*=\s*|\\*["']\s*:\s*|:\s+)""" + _VALUE
)
_TOLD = r"(?<![\w.:=/-])(--?|/)?([A-Za-z][\w.-]{0,99})\s+(?!-)" + _VALUE  # --name value
_BRACKETS = {"}": "{", "]": "[", ")": "("}
_USER = r"(?i)u|user|proxy-user"
_USER_AND_PASSWORD = r"[^\s:/]+:([^/].*)"

_SHORTEST = 12
"""Characters. No token format is shorter; a short password is known by its name."""

_LONGEST_NAME = 200


class Look(NamedTuple):
    """A line, or a value that is assigned in a text, and its name."""

    name: str
    line: str


def looks_at(name: str, text: str) -> list[Look]:
    """What of a text has to be looked at: each line once, and what is assigned in it."""
    name = name[-_LONGEST_NAME:]
    if _is_harmless(name, text) and (len(text) >= _SHORTEST or not re.search(r"[=\s]", text)):
        return []
    text = _visible(text)
    if re.fullmatch(_PUBLIC, text):
        return []
    lines = dict.fromkeys(line.strip() for line in text.splitlines())
    looks = [Look(name, line) for line in lines if not _is_harmless(name, line)]
    return list(dict.fromkeys([*looks, *_assigned(name, text)]))


def _visible(text: str) -> str:
    """Without what nobody sees of it: characters of format, and space around it."""
    if not text.isascii():
        text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return text.strip()


def _is_harmless(name: str, text: str) -> bool:
    """Whether nothing can be found, whatever the detectors say."""
    if re.fullmatch(_HARMLESS, text) is None:
        return len(text) < _SHORTEST and not is_sensitive(name) and not _credentials(name, text)
    if not text or re.fullmatch(CONSTANT, text):
        return True
    if is_password(name) or (is_number(text) and holds_digits(name)):
        return False
    if not is_sensitive(name):
        return True
    is_place = text.startswith(("s3://", "arn:", "/opt/ml/", "--"))
    return is_place or not any(c.isalpha() for c in text)


def is_number(text: str) -> bool:
    """Whether a text is a whole number, with a sign or without."""
    return text.lstrip("+-").isdigit()


def _credentials(name: str, text: str) -> Optional[str]:
    """The password in ``user:password``, as curl takes it."""
    if not re.fullmatch(_USER, name):
        return None
    match = re.fullmatch(_USER_AND_PASSWORD, text)
    return match[1] if match and not re.fullmatch(_HARMLESS, match[1]) else None


def _assigned(name: str, text: str) -> Iterator[Look]:
    """The values that a text gives to names: options, settings, JSON or YAML in it."""
    password = _credentials(name, text)
    if password:
        yield Look("password", password)
    if "=" in text or ":" in text:
        for named, value in re.findall(ASSIGNED, text):
            yield from _named(named, value, sure="=")
    if " " in text:
        for dash, named, value in re.findall(_TOLD, text):
            yield from _named(named, value, sure=dash)


def _named(name: str, value: str, sure: str) -> Iterator[Look]:
    """The value if it has to be looked at; ``sure``: that it is one, and no word of a sentence."""
    value = value.strip("\"'") if value[0] in "\"'" else _without_closing(value)
    password = _credentials(name, value) if sure else None
    if password:
        yield Look("password", password)
    elif not (is_sensitive(name) or holds_digits(name)) or _is_harmless(name, value):
        return
    elif sure or not re.fullmatch(_HARMLESS, value):
        yield Look(name, value)


def _without_closing(value: str) -> str:
    """Without the brackets that close what was opened before the value."""
    while value[-1:] in _BRACKETS and value.count(value[-1]) > value.count(_BRACKETS[value[-1]]):
        value = value[:-1]
    return value
