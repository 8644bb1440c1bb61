"""What the name of a text says: that a secret is there, where one is, or neither."""

from __future__ import annotations

import re
from functools import lru_cache

_SENSITIVE = (
    r"(?i)pass|pwd|secret|(^|[^a-z])tokens?([^a-z]|$)|key|cred|auth(?!ors?([^a-z]|$))|priv|conn|dsn"
    r"|account|cert|(?<!de)(?<!as)sign|salt|hook|jwt|login"
)
_NO_SECRET = r"(?i)(^|[^a-z])(name|id|arn|path|uri|file)$"
_WHERE = r"(?i)(^|[^a-z])(name|arn|path|uri|url|file|manager|store|vault|endpoint)$"
_PASSWORD = r"(?i)(^|[^a-z])(password|passwd|passphrase|pwd|(api|access|secret)_?key)_?\d*$"
_DIGITS = r"(?i)(^|[^a-z])(pass|pin|secret)$"
_REMEMBERED = 4096


@lru_cache(_REMEMBERED)
def is_sensitive(name: str) -> bool:
    """Whether a name says that a secret is there, and not where one is or how many."""
    words = _words(name)
    return not re.search(_NO_SECRET, words) and bool(re.search(_SENSITIVE, words))


@lru_cache(_REMEMBERED)
def says_where(name: str) -> bool:
    """Whether a name says where a secret is kept: its value is then the name of a place."""
    return bool(re.search(_WHERE, _words(name)))


@lru_cache(_REMEMBERED)
def is_password(name: str) -> bool:
    """Whether the name leaves no doubt: whatever text is there, it is the secret itself."""
    return bool(re.search(_PASSWORD, _words(name)))


@lru_cache(_REMEMBERED)
def holds_digits(name: str) -> bool:
    """Whether a number under the name is a secret, as it is under ``pin``."""
    return is_password(name) or bool(re.search(_DIGITS, _words(name)))


def both_names(name: str, other: str) -> str:
    """The name of a text that has two: where it is used, and as a parameter or an item.

    The one of the parameter counts only if it says something of secrets.
    """
    if is_sensitive(other) or re.search(_NO_SECRET, _words(other)):
        return f"{name}_{other}"
    return name


def _words(name: str) -> str:
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
