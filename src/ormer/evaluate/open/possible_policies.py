"""The policies that a request meets by an access file, if it is not known about which resource."""

from __future__ import annotations

from typing import Optional

from ormer.evaluate.open.elements import open_resource
from ormer.evaluate.open.text import ANY, Tokens, covers, is_closed, meets, open_literal
from ormer.model.access import Access, Endpoint
from ormer.model.authorization import AuthorizationRequest, PolicySet
from ormer.model.symbol import has_symbol


def possible_policies(
    access: Access, request: AuthorizationRequest, endpoint: Optional[Endpoint]
) -> tuple[PolicySet, ...]:
    """As ``access.policies``: a set for each resource's policy that the request may meet, and
    one without any where it may meet none. Raises KeyError for an unknown principal."""
    principal, text = request.principal.name, open_resource(request)
    open_names = any(has_symbol(one.resource) for one in access.resource_policies)
    if is_closed(text) and not open_names:
        return (access.policies(principal, request.resource, endpoint),)
    near = []
    for one in access.resource_policies:
        forms = _forms(one.resource)
        if any(covers(form, text) for form in forms):
            return (access.policies_with(principal, one.policy, endpoint),)
        if any(meets(form, text) for form in forms):
            near.append(one.policy)
    return tuple(access.policies_with(principal, policy, endpoint) for policy in (*near, None))


def _forms(resource: str) -> tuple[Tokens, ...]:
    """The resources that the policy is about: the one it is attached to, a bucket's objects."""
    whole = open_literal(resource)
    if ":s3:" not in resource and not has_symbol(resource):
        return (whole,)
    return whole, (*whole, "/", ANY)
