"""A counterexample as a line that ``ormer decide`` answers with Allowed (docs/evaluate.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ormer.model.access import Access
from ormer.model.authorization import AuthorizationRequest, Level, PolicySet
from ormer.model.policy import Policy
from ormer.proofs.closing.document import document_of, known_text
from ormer.proofs.proof import Counterexample
from ormer.proofs.telling.spelling import Spelling


def decide_line(
    access: Access, found: Counterexample, spelling: Spelling, identity: str
) -> dict[str, Any]:
    """The request and every policy that it meets; ``identity`` is the line's id."""
    request = known_request(found.request)
    context = {
        spelling.of(key): list(value) if isinstance(value, tuple) else value
        for key, value in sorted(request.context.items())
    }
    asked = {
        "principal": request.principal.name,
        "action": request.action,
        "resource": request.resource,
        "resourceAccount": request.account,
        "context": context,
    }
    return {"id": identity, "request": asked, **_layers(policies_met(access, found))}


def known_request(request: AuthorizationRequest) -> AuthorizationRequest:
    """The request with a text for each symbol that it shares with the policies."""
    context = {
        key: tuple(map(known_text, value)) if isinstance(value, tuple) else known_text(value)
        for key, value in request.context.items()
    }
    return request._replace(resource=known_text(request.resource), context=context)


def policies_met(access: Access, found: Counterexample) -> PolicySet:
    """The policies that a counterexample meets."""
    name = found.request.principal.name
    endpoint = access.endpoint_of(found.request.action) if found.through else None
    if found.foreign_policy is not None:
        return access.policies_with(name, found.foreign_policy, endpoint)
    return access.policies(name, found.request.resource, endpoint)


def _layers(met: PolicySet) -> dict[str, Any]:
    made: dict[str, Any] = {"identityPolicies": _documents(met.identity)}
    if met.session is not None:
        made["sessionPolicy"] = document_of(met.session)
    if met.boundary is not None:
        made["permissionBoundaries"] = _documents(met.boundary)
    if met.resource is not None:
        made["resourcePolicy"] = document_of(met.resource)
    if met.endpoint is not None:
        made["vpcEndpointPolicies"] = _documents(met.endpoint)
    for member, levels in (("scps", met.scps), ("rcps", met.rcps)):
        if levels:
            made[member] = [_level(each) for each in levels]
    if met.management_account:
        made["managementAccount"] = met.management_account
    return made


def _level(level: Level) -> dict[str, Any]:
    return {"id": level.name, "policies": _documents(level.policies)}


def _documents(policies: Iterable[Policy]) -> list[Mapping[str, Any]]:
    return [document_of(each) for each in policies]
