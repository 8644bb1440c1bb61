"""Secrets in what a container is given: the detectors behind ``api:SecretFindings``.

The detectors are those of the library detect-secrets (in the fork that is kept,
``bc-detect-secrets``); what is here decides which texts they see. Texts that no detector
can match are passed over before the library is loaded, which takes longer than a check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Optional

from ormer.facts.service import Shape
from ormer.model.definition import Place
from ormer.model.request import Found
from ormer.model.value import Opaque
from ormer.requests.holders import paths_to
from ormer.requests.paths import Input, raw_nodes
from ormer.requests.resolve import is_reference

HOLDERS = frozenset(
    ["HyperParameters", "StaticHyperParameters", "Environment"]
    + ["HyperParameterRanges", "ParameterRanges"]
    + ["ContainerArguments", "ContainerEntrypoint"]
    + ["HookParameters", "RuleParameters", "ProfilingParameters"]
    + ["Tags", "Properties", "MetadataProperties", "CustomerMetadataProperties"]
)
"""Members whose texts reach a container as they are, or whoever may describe the resource."""

PAYLOADS = frozenset(["Lambda", "Callback", "EMR", "EMRServerless", "Job"])
"""Step types whose whole Arguments are handed over."""

_SENSITIVE_NAME = (
    r"(?i)pass|pwd|secret|(^|[^a-z])tokens?([^a-z]|$)|key|cred|auth|priv|conn|dsn|account|cert|sign"
    r"|salt|hook|jwt|login"
)
_HARMLESS = (
    r"(?i)[-+]?[\d.,e+-]*|true|false|none|null"  # numbers and constants
    r"|s3://[\w./=-]+|arn:[\w:/.*-]+|/[\w./-]*|--?[\w-]+"  # places and option names
    r"|[A-Za-z][a-z_]*(?:[:._/ -][a-z_]+)*"  # words
)
_TITLES = ("Key", "Name")
_TITLED = {*_TITLES, "Value", "Values", "ValueHint"}
_PASSWORD = r"(?i)(^|[^a-z])(password|passwd|passphrase|pwd|pass|pin|secret)$"
_OPTION = r"""(?:^|\s)-{0,2}([A-Za-z][\w.-]*)(?:=|\s+)("[^"]*"|'[^']*'|[^\s"'-]\S*)"""
_PUBLIC = r"(?s)\s*-----BEGIN (PUBLIC KEY|CERTIFICATE)-----[^-]*-----END \1-----\s*"
_Text = tuple[str, str, Place]

_SHORTEST = 12
"""Characters. No token format is shorter; a short password is known by its name."""

_LONGEST = 65_536
"""Characters. The API takes far less; what is longer is not searched, and so not cleared."""


def secrets_in(source: Input, shape: Optional[Shape]) -> tuple[Found, ...]:
    """What looks like a secret in the input, each with its place; empty when nothing does.

    ``shape`` is the input's, or None where no service model describes it. The value of a
    find names the kind of secret and never the secret itself. Where a text has to be
    looked at and the library is not installed, the value is Opaque.
    """
    found: list[Found] = []
    for name, text, place in _held(source, shape):
        kind = _suspicion(name, text)
        if kind is not None:
            found.append(Found(kind, place))
    return tuple(found)


def _held(source: Input, shape: Optional[Shape]) -> list[_Text]:
    """The texts that a container is given: below the holders, or everything in a payload."""
    if shape is None or source.step.type in PAYLOADS:
        return _texts(source, source.node, source.place, "")
    texts: list[_Text] = []
    for path in paths_to(shape, HOLDERS):
        if path[0] in source.node:
            for node, place in raw_nodes(source.node, source.place, path):
                texts += _texts(source, node, place, path[-1])
    return texts


def _texts(source: Input, node: Any, place: Place, name: str) -> list[_Text]:
    """(name, text, place) of every text in the node."""
    if isinstance(node, str):
        return [(name, node, place)] if node else []
    texts: list[_Text] = []
    if isinstance(node, dict):
        if is_reference(node):
            return list(_fragments(source, node, place, name))
        title = _title(node)
        for member, value in node.items():
            named = member if not title else "" if member in _TITLES else title
            if type(value) is str and value:
                texts.append((named, value, (*place, member)))
            else:
                texts += _texts(source, value, (*place, member), named)
    elif isinstance(node, list):
        option = name
        for index, element in enumerate(node):
            texts += _texts(source, element, (*place, index), option)
            is_option = isinstance(element, str) and element.startswith("-") and "=" not in element
            option = element.lstrip("-") if is_option else name
    return texts


def _title(node: dict[str, Any]) -> str:
    """What a tag or a range is called: the name of the texts beside it."""
    for name in _TITLES if len(node) > 1 and node.keys() <= _TITLED else ():
        title = node.get(name)
        if isinstance(title, str):
            return title
    return ""


def _fragments(source: Input, node: Any, place: Place, name: str) -> Iterator[_Text]:
    """The fixed texts of a reference: a parameter's default and enum, a join's pieces."""
    whole = source.resolver.resolve(node, source.step)
    if isinstance(whole, str):
        yield name, whole, place
        return
    ((form, argument),) = node.items()
    if form == "Get" and isinstance(argument, str) and argument.startswith("Parameters."):
        parameter = source.resolver.definition.parameters.get(argument.partition(".")[2])
        if parameter is None:
            return
        for value in (parameter.default, *(parameter.choices or ())):
            if isinstance(value, str) and value:
                yield f"{name}_{parameter.name}", value, place
    elif form == "Std:Join" and isinstance(argument, dict):
        values = argument.get("Values")
        for value in values if isinstance(values, list) else ():
            if isinstance(value, str) and value:
                yield name, value, place
            elif is_reference(value):
                yield from _fragments(source, value, place, name)


@lru_cache(maxsize=65536)
def _suspicion(name: str, text: str) -> Any:
    """The kind of secret, Opaque if it cannot be told, or None."""
    if len(text) > _LONGEST:
        return Opaque(f"a text of more than {_LONGEST} characters is not searched for secrets")
    if re.match(r"-[^\s=]+=", text):
        name, _, text = text.partition("=")
    if text.isdigit() and len(text) > 3 and re.search(_PASSWORD, _words(name)):
        return "what looks like a secret (Password of digits)"
    if re.fullmatch(_PUBLIC, text):
        return None
    found = _detected(name, text)
    if found is None and (" " in text or "=" in text):
        options = ((n, value.strip("\"'")) for n, value in re.findall(_OPTION, text))
        found = next((f for n, v in options if _is_sensitive(n) and (f := _detected(n, v))), None)
    return found


def _detected(name: str, text: str) -> Any:
    """The same for a text as a whole, under its name."""
    sensitive = _is_sensitive(name)
    if re.fullmatch(_HARMLESS, text) and (not sensitive or _is_place(text)):
        return None
    if len(text) < _SHORTEST and not sensitive:
        return None
    detectors = _detectors()
    if detectors is None:
        return Opaque("the library that looks for secrets is not installed")
    for line in text.splitlines() or [text]:
        for detector in detectors:
            found = detector.analyze_line(filename="", line=f'{name} = "{line}"', line_number=1)
            if found:
                return f"what looks like a secret ({next(iter(found)).type})"
    return None


def _words(name: str) -> str:
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)


def _is_sensitive(name: str) -> bool:
    """Whether a name says that a secret is there, and not where one is or how many."""
    words = _words(name)
    if re.search(r"(?i)(^|[^a-z])(name|id|arn|path|uri|file)$", words):
        return False
    return bool(re.search(_SENSITIVE_NAME, words))


def _is_place(text: str) -> bool:
    return text.startswith(("s3://", "arn:", "/opt/ml/", "--")) or not any(
        c.isalpha() for c in text
    )


@lru_cache(maxsize=1)
def _detectors() -> Optional[tuple[Any, ...]]:
    try:
        from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
    except ImportError:
        return None
    return tuple(detector() for detector in get_mapping_from_secret_type_to_class().values())
