"""What is known of a condition key: its type, and whether an action carries it.

Source: the Service Authorization Reference, and "AWS global condition context keys" in the IAM
User Guide.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Optional

from ormer.facts.global_keys import TAG_KEYS, global_key
from ormer.facts.iam_actions import Action, service_actions, services

_ARRAY = "ArrayOf"
_OF_CALLER = frozenset(
    f"aws:{name}"
    for name in (
        *("principalarn", "principalaccount", "principaltype", "userid", "username"),
        *("principalisawsservice", "principalservicename", "principalservicenameslist"),
    )
)
_WEB_IDENTITY = ("sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity")


@lru_cache(maxsize=4096)
def key_type(key: str) -> Optional[str]:
    """The key's type, such as String, ARN or ArrayOfString; None for an unknown key."""
    folded = key.lower()
    known = global_key(folded)
    if known is not None:
        return known.type
    for tag_key, type_name in TAG_KEYS.items():
        if folded == tag_key or (tag_key.endswith("/") and folded.startswith(tag_key)):
            return type_name
    service = folded.partition(":")[0]
    facts = service_actions("sts" if _is_provider(folded) else service)
    if facts is None:
        return None
    for pattern, type_name in facts.key_types.items():
        if _is(folded, pattern):
            return type_name
    return "String" if _is_provider(folded) else None


def is_multivalued(key: str) -> bool:
    """Whether a request may hold several values of the key."""
    return (key_type(key) or "").startswith(_ARRAY)


def value_type(key: str) -> str:
    """The type of one value; empty for an unknown key."""
    return _one(key_type(key) or "")


def _one(type_name: str) -> str:
    return type_name.removeprefix(_ARRAY)


def carries(action: Action, key: str) -> bool:
    """Whether a request for the action may have the key. Global keys: always."""
    return _carries(action, key.lower())


@lru_cache(maxsize=65536)
def _carries(action: Action, key: str) -> bool:
    if global_key(key) is not None:
        return True
    if _is_provider(key):
        return action.name in _WEB_IDENTITY
    return any(_is(key, pattern) for pattern in action.keys)


def _is_provider(key: str) -> bool:
    """Whether the key is of an identity provider: ``token.actions.githubusercontent.com:sub``."""
    prefix = key.partition(":")[0]
    return prefix == "saml" or ("." in prefix and prefix not in services())


@lru_cache(maxsize=65536)
def _is(key: str, pattern: str) -> bool:
    """Whether the key is the reference's key, of which parts may vary: ``x/${TagKey}``."""
    if "$" not in pattern and "<" not in pattern:
        return key == pattern
    parts = re.split(r"\$\{[^}]*\}|<[^>]*>", pattern)
    return re.fullmatch(".+".join(map(re.escape, parts)), key) is not None


def is_always_there(key: str) -> bool:
    """Whether every signed request has the key."""
    known = global_key(key)
    return known is not None and known.always


def follows_from_caller(key: str) -> bool:
    """Whether who calls decides the key, so that a request cannot hold any other value."""
    return key.lower() in _OF_CALLER


def is_requirement(key: str) -> bool:
    """Whether the key holds what a request asks for, and not who asks or from where."""
    return global_key(key) is None and "resourcetag/" not in key.lower()


def is_network_or_kms(key: str) -> bool:
    """Whether the key tells a network or a KMS key, where any value is not good enough."""
    return re.search(r"vpc|subnet|securitygroup|kms-?key", key.lower()) is not None
