"""Whether a question is about a resource of the profile whose policy the access file lacks.

A bucket policy, a key policy and a trust policy may each let somebody in by itself (IAM User
Guide, "Policy evaluation logic"). So without it nothing is known, whatever the other policies say.
"""

from __future__ import annotations

from collections.abc import Iterator

from ormer.model.access import Access
from ormer.model.authorization import AuthorizationRequest
from ormer.model.environment import Environment

_ASSUMED = "sts:assumerole"


def lacking(request: AuthorizationRequest, environment: Environment, access: Access) -> str:
    """The ARN of that resource; empty where its policy is there, or none is needed."""
    owner = request.resource.partition("/")[0] if ":s3:" in request.resource else request.resource
    if any(one.resource == owner for one in access.resource_policies):
        return ""
    return owner if owner in _own(request.action.lower(), environment) else ""


def _own(action: str, environment: Environment) -> Iterator[str]:
    """The resources of the profile whose policy counts for the action."""
    if action.startswith("s3:"):
        for bucket in environment.lookup("buckets.*") or ():
            yield f"arn:{environment.partition}:s3:::{bucket.partition('/')[0]}"
    elif action.startswith("kms:"):
        for use in ("volume", "output", "additional"):
            yield from environment.lookup(f"kms.{use}") or ()
    elif action.startswith(_ASSUMED):
        yield from environment.lookup("roles.*") or ()
