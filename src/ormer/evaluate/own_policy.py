"""Resources whose own policy has the last word, in the same account as well.

Sources: "Key policies in AWS KMS" ("unless the key policy explicitly allows it, you cannot use
IAM policies to allow access to a KMS key") and "IAM roles: Terms and concepts" (a role's trust
policy is required).
"""

from __future__ import annotations

from typing import Optional

from ormer.evaluate.open_text import ANY, Tokens, covers, is_closed, meets, split_open

_TRUST_ACTIONS = frozenset(
    f"sts:{name}"
    for name in (
        *("assumerole", "assumerolewithsaml", "assumerolewithwebidentity"),
        *("tagsession", "setsourceidentity", "setcontext"),
    )
)
_KEY: Tokens = (*"key/", ANY)
_ROLE: Tokens = (ANY, *":role/", ANY)


def needs_own_policy(action: str, resource: str) -> bool:
    """Whether the request is about a KMS key or about becoming a role; ``action`` in lower case."""
    if action.startswith("kms:"):
        return resource.split(":", 5)[-1].startswith("key/")
    return action in _TRUST_ACTIONS and ":role/" in resource


def may_need_own_policy(action: str, resource: Tokens) -> Optional[bool]:
    """``needs_own_policy`` for a resource of which parts are not known; None: it may."""
    if is_closed(resource):
        return needs_own_policy(action, "".join(resource))
    if action in _TRUST_ACTIONS:
        return _matches(_ROLE, resource)
    if not action.startswith("kms:"):
        return False
    *head, name = split_open(resource, 6)
    if len(head) < 5 or any(ANY in segment for segment in head):
        return None
    return _matches(_KEY, name)


def _matches(pattern: Tokens, text: Tokens) -> Optional[bool]:
    if covers(pattern, text):
        return True
    return None if meets(pattern, text) else False
