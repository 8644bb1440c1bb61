"""What a text looks like: which kind of secret, or none.

The detectors are those of the library detect-secrets (in the fork that is kept,
``bc-detect-secrets``), which see one line at a time under the name that goes with it. What is
here adds the passwords that they take for something else, and drops their false alarms.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Optional

from ormer.model.value import Opaque
from ormer.requests.secret_looks import ASSIGNED, CONSTANT, Look, is_number, looks_at
from ormer.requests.secret_names import holds_digits, is_password, is_sensitive, says_where

_PLACE = r"s3://\S+|arn:aws[a-z-]*:[\w-]+:[\w-]*:\d*:\S+|/(?:opt/ml|run|etc|mnt)/\S+"
_WHERE = (  # a path, a name, an address
    r"/?[A-Za-z][\w.-]*(?:/[\w.-]+)+|[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*"
    r"|https?://[\w.:-]+(?:/[A-Za-z]?[a-z0-9_.-]{0,15})*"
)
_REFERENCE = r"\$\{[A-Za-z_][^{}]*\}|\$[A-Z_][A-Z0-9_]*\b|\$\([^()]*(?:\)|$)|\{\{[^{}]*\}\}"
_DIGEST = r"(?i)[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}"
_LONGEST = 65_536
"""Characters. The API takes far less; what is longer is not searched, and so not cleared."""

SHORT = 1024
"""Characters of a text that is remembered with what was found in it."""

_REMEMBERED = 16_384
_STEMS = r"(?i)pass|pwd|key|token|secret|contrase|eyj"
_SLOW = r"(?i)`|recaptcha|artif|jfrog|buildkit"

_TOO_LONG = Opaque(f"a text of more than {_LONGEST} characters is not searched for secrets")
_NOT_INSTALLED = Opaque("the library that looks for secrets is not installed")


def effort_of(name: str, text: str) -> int:
    """What a search of the text takes, in about microseconds; 0 where there is nothing to see."""
    short = len(name) + len(text) <= SHORT
    return effort_of_short(name, text) if short else _effort(name, text)


def kind_of(name: str, text: str) -> Any:
    """The kind of secret, Opaque if it cannot be told, or None."""
    short = len(name) + len(text) <= SHORT
    return _remembered_kind(name, text) if short else _kind(name, text)


def _effort(name: str, text: str) -> int:
    if len(text) > _LONGEST:
        return 1
    return sum(_effort_of_line(look) for look in looks_at(name, text))


def _effort_of_line(look: Look) -> int:
    """An upper bound: the library's patterns take a line in linear time but for these words."""
    length = len(look.name) + len(look.line)
    effort = 40 + 6 * length
    stems = len(re.findall(_STEMS, look.name)) + len(re.findall(_STEMS, look.line))
    if stems > 2:
        effort += stems * 2 * max(len(run) for run in re.findall(r"[^\s'\"]+", look.line + " ."))
    slow = len(re.findall(_SLOW, look.line)) + len(re.findall(_SLOW, look.name))
    return effort + slow * (600 + (1 + stems) * length)


def _kind(name: str, text: str) -> Any:
    if len(text) > _LONGEST:
        return _TOO_LONG
    unknown = None
    for look in looks_at(name, text):
        found = _kind_of_line(look)
        if isinstance(found, str):
            return f"what looks like a secret ({found})"
        unknown = unknown or found
    return unknown


effort_of_short = lru_cache(_REMEMBERED)(_effort)
"""The same, remembered: of texts that are no longer than ``SHORT`` with their name."""

_remembered_kind = lru_cache(_REMEMBERED)(_kind)


def _kind_of_line(look: Look) -> Any:
    """The kind of secret in a line as the library says, then as its name does."""
    name, line = look
    if re.fullmatch(_PLACE, line) and is_password(name):
        return None
    plain = re.sub(_REFERENCE, "", line)
    if plain != line and sum(map(str.isalnum, plain)) < 4:
        return None
    if is_sensitive(name) and re.fullmatch(CONSTANT, line):
        return None
    detectors = _detectors()
    quoted = f'{name} = "{line}"'
    for detector in detectors or ():
        for found in detector.analyze_line(filename="", line=quoted, line_number=1):
            if not _is_false(found, look):
                return found.type
    if is_number(plain) and len(plain) > 3 and holds_digits(name):
        return "Password of digits"
    if is_password(name) and sum(map(str.isalnum, plain)) >= 4:
        return "Password"
    return None if detectors is not None else _NOT_INSTALLED


def _is_false(found: Any, look: Look) -> bool:
    """Whether it is a digest, a version, a tokenizer, or the place that a secret is kept at."""
    name, line = look
    value = str(found.secret_value)
    if "Entropy" in found.type:
        is_digest = not is_sensitive(name) and bool(re.fullmatch(_DIGEST, value))
        return is_digest or f"versionId={value}" in line
    if found.type != "Secret Keyword":
        return False
    if is_sensitive(name) or says_where(name):
        return says_where(name) and bool(re.fullmatch(_WHERE, line))
    names = [named for named, to in re.findall(ASSIGNED, line) if to.strip("\"'") == value]
    return bool(names) and not any(map(is_sensitive, names))


@lru_cache(maxsize=1)
def _detectors() -> Optional[tuple[Any, ...]]:
    try:
        from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
    except ImportError:
        return None
    return tuple(detector() for detector in get_mapping_from_secret_type_to_class().values())
