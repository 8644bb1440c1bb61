"""Whether a resource's own policy has the last word, where the resource is not known for sure.

Sources: those of ``evaluate.own_policy``, which says it of a resource that is known.
"""

from __future__ import annotations

from typing import Optional

from ormer.evaluate.open.text import ANY, Tokens, covers, is_closed, meets, split_open
from ormer.evaluate.own_policy import TRUST_ACTIONS, needs_own_policy

_KEY: Tokens = (*"key/", ANY)
_ROLE: Tokens = (ANY, *":role/", ANY)


def may_need_own_policy(action: str, resource: Tokens) -> Optional[bool]:
    """``needs_own_policy`` for a resource of which parts are not known; None: it may."""
    if is_closed(resource):
        return needs_own_policy(action, "".join(resource))
    if action in TRUST_ACTIONS:
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
