"""The layers around a document in a line of ``ormer decide``: what else a request meets.

A policy decides together with others. Where a Deny is looked at, the others allow everything, so
that only the Deny can end the request; where an Allow is, none of them grants what it does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ormer.model.lint import Attached
from ormer.model.policy import CURRENT_VERSION

_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
ALLOW_ALL = {"Version": CURRENT_VERSION, "Statement": [_ALL]}
"""What an administrator's policy is, or ``FullAWSAccess`` of an organisation."""
OPEN = {"Version": CURRENT_VERSION, "Statement": [{**_ALL, "Principal": "*"}]}
"""The policy of a resource that is open to everyone."""
_OWN_POLICY = ("kms:", "sts:assumerole", "sts:tagsession", "sts:setsourceidentity")


class Around(NamedTuple):
    """What decides the layers: ``generous`` others allow; ``across`` accounts; who asks for what.

    ``account`` is the caller's, empty for one that has no policies of its own.
    """

    generous: bool
    across: bool
    account: str
    own_policy: bool


def needs_own_policy(action: str) -> bool:
    """Whether the resource's policy has a say in its own account, too."""
    return action.lower().startswith(_OWN_POLICY)


def layers(
    attached: Attached,
    body: Mapping[str, Any],
    around: Around,
    beside: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The policies of a line, in which ``body`` stands where it is attached, ``beside`` others."""
    if attached in (Attached.RESOURCE, Attached.TRUST):
        own = around.generous or around.across or around.own_policy
        identity = [ALLOW_ALL] if around.account and own else []
        return {"identityPolicies": identity, "resourcePolicy": body}
    others = _resource(around)
    if attached is Attached.IDENTITY:
        more = [ALLOW_ALL] if around.generous else []
        return {"identityPolicies": [body, *beside, *more], **others}
    around_it = {"identityPolicies": [ALLOW_ALL], **others}
    together = [body, *beside]
    if attached is Attached.RCP:
        return {**around_it, "rcps": [{"id": "root", "policies": together}]}
    allows = any(each.get("Effect") == "Allow" for one in together for each in _statements(one))
    if attached in (Attached.SCP, Attached.BOUNDARY):
        policies = together if allows else [*together, ALLOW_ALL]
        if attached is Attached.BOUNDARY:
            return {**around_it, "permissionBoundaries": policies}
        return {**around_it, "scps": [{"id": "root", "policies": policies}]}
    return {**around_it, "vpcEndpointPolicies": [body] if allows else [body, OPEN]}


def _resource(around: Around) -> dict[str, Any]:
    """The resource's policy: open in another account, one that trusts its own where it must."""
    if around.across or not around.account:
        return {"resourcePolicy": OPEN}
    if around.own_policy:
        root = {**_ALL, "Principal": {"AWS": around.account}}
        return {"resourcePolicy": {"Version": CURRENT_VERSION, "Statement": [root]}}
    return {}


def _statements(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = body["Statement"]
    return [found] if isinstance(found, dict) else found
