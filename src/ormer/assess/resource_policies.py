"""Policies of resources that an access file does not show: who has one all the same.

Sources: "Key policies in AWS KMS" in the AWS KMS Developer Guide (every key has one), "Cross-
account policy evaluation logic" in the IAM User Guide, "Docker registry paths and example code"
in the SageMaker AI Developer Guide.
"""

from __future__ import annotations

from ormer.model.call import Call
from ormer.model.environment import Environment
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Principals, Statement

_ANY = ("*",)
EVERYONE = Policy(
    "a policy that allows everyone",
    CURRENT_VERSION,
    (
        Statement(
            "Any", Effect.ALLOW, _ANY, False, _ANY, False, Principals(everyone=True), False, ()
        ),
    ),
)
"""The most that a policy can allow; and what AWS gives to a VPC endpoint that has no other."""


class ResourcePolicies:
    """What one profile tells of resources without a policy in the access file."""

    def __init__(self, environment: Environment) -> None:
        self._account = environment.account
        self._registries = tuple(
            name.partition("/")[0] for name in environment.lookup("image_registries") or ()
        )

    def is_hidden(self, call: Call) -> bool:
        """Whether what is called has a policy, or may have one, that nobody shows.

        A KMS key has one; so has what another account lets this one use. A bucket may have one,
        whoever owns it.
        """
        if call.resource == "*":
            return False
        is_foreign = call.account not in ("", self._account)
        return is_foreign or call.action.startswith(("kms:", "s3:"))

    def is_vouched_for(self, call: Call) -> bool:
        """Whether it is an image of a registry that the profile approves: it can be pulled."""
        parts = call.resource.split(":")
        if not call.action.startswith("ecr:") or len(parts) < 6:
            return False
        return any(name.startswith(f"{parts[4]}.dkr.ecr.") for name in self._registries)


def owner(resource: str) -> str:
    """The bucket that an object is in, or the resource itself: what a policy is attached to."""
    return resource.partition("/")[0] if ":s3:" in resource else resource
