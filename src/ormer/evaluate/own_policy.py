"""Resources whose own policy has the last word, in the same account as well.

Sources: "Key policies in AWS KMS" ("unless the key policy explicitly allows it, you cannot use
IAM policies to allow access to a KMS key") and "IAM roles: Terms and concepts" (a role's trust
policy is required).
"""

from __future__ import annotations

TRUST_ACTIONS = frozenset(
    f"sts:{name}"
    for name in (
        *("assumerole", "assumerolewithsaml", "assumerolewithwebidentity"),
        *("tagsession", "setsourceidentity", "setcontext"),
    )
)
"""What a role's trust policy is asked about, in lower case."""


def needs_own_policy(action: str, resource: str) -> bool:
    """Whether the request is about a KMS key or about becoming a role; ``action`` in lower case."""
    if action.startswith("kms:"):
        return resource.split(":", 5)[-1].startswith("key/")
    return action in TRUST_ACTIONS and ":role/" in resource
