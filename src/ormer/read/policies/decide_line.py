"""A line of ``ormer decide``: the request, and the policies it meets.

What may stand in a line is in docs/evaluate.md. An error names the member that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Optional, TypeVar

from ormer.model.authorization import AuthorizationRequest, Level, PolicySet
from ormer.model.definition import Place
from ormer.model.errors import InputError
from ormer.model.policy import Policy
from ormer.model.principal import (
    ANONYMOUS,
    Principal,
    federated_principal,
    is_account,
    principal_from_arn,
    service_principal,
)
from ormer.read.policies.policy import PolicyKind, PolicyReader, kind_of, scalar_text
from ormer.read.text.suggestion import suggestion

Read = TypeVar("Read")
_LINE = {
    *("id", "request", "identityPolicies", "sessionPolicy", "permissionBoundaries"),
    *("resourcePolicy", "vpcEndpointPolicies", "scps", "rcps"),
    *("publicAccessBlock", "managementAccount"),
}
_REQUEST = {"principal", "action", "resource", "resourceAccount", "context"}
_SERVICE_SUFFIXES = (".amazonaws.com", ".amazonaws.com.cn", ".amazon.com")
_PUBLIC_ACCESS_BLOCK = (
    *("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"),
)


def check_line(line: Any, name: str) -> dict[str, Any]:
    """The line's object. Raises InputError if it is none or has members that none should."""
    if not isinstance(line, dict):
        raise InputError(f"{name}: is {kind_of(line)}, not an object with a request")
    _check_members(line, _LINE, PolicyReader(name), ())
    return line


def read_request(line: Mapping[str, Any], name: str) -> AuthorizationRequest:
    """The ``request`` of a line."""
    reader = PolicyReader(name)
    place: Place = ("request",)
    body = line.get("request")
    if not isinstance(body, dict):
        raise reader.refuse(place, f"is {kind_of(body)}, not an object")
    _check_members(body, _REQUEST, reader, place)
    principal = _principal(body.get("principal"), reader, (*place, "principal"))
    action = _text(body, "action", reader, place)
    if not all(action.partition(":")) or "*" in action:
        raise reader.refuse((*place, "action"), f"{action!r} is not one action, service:Action")
    resource = _text(body, "resource", reader, place)
    account = body.get("resourceAccount")
    if account is None:
        account = _account_of(resource) or principal.account
    elif not isinstance(account, str) or not is_account(account):
        raise reader.refuse((*place, "resourceAccount"), "is not an account of 12 digits")
    context = _context(body.get("context"), reader, (*place, "context"))
    return AuthorizationRequest(principal, action, resource, account, context)


def read_policies(line: Mapping[str, Any], name: str) -> PolicySet:
    """Every policy of a line. A member that is null or an empty list is a layer not there."""
    reader = PolicyReader(name)

    def documents(member: str, kind: PolicyKind) -> tuple[Policy, ...]:
        def read(document: Any, place: Place) -> Policy:
            return reader.policy(document, place, kind, f"{member}/{place[-1]}")

        return _each(line.get(member), (member,), reader, read)

    def one(member: str, kind: PolicyKind) -> Optional[Policy]:
        document = line.get(member)
        return None if document is None else reader.policy(document, (member,), kind, member)

    return PolicySet(
        identity=documents("identityPolicies", PolicyKind.IDENTITY),
        session=one("sessionPolicy", PolicyKind.IDENTITY),
        boundary=documents("permissionBoundaries", PolicyKind.IDENTITY) or None,
        resource=one("resourcePolicy", PolicyKind.RESOURCE),
        endpoint=documents("vpcEndpointPolicies", PolicyKind.GUARDED_RESOURCE) or None,
        scps=_levels(line, "scps", PolicyKind.IDENTITY, reader),
        rcps=_levels(line, "rcps", PolicyKind.GUARDED_RESOURCE, reader),
        restrict_public_buckets=_restricts(line, reader),
        management_account=_management_account(line, reader),
    )


def _levels(
    line: Mapping[str, Any], member: str, kind: PolicyKind, reader: PolicyReader
) -> tuple[Level, ...]:
    def level(body: Any, place: Place) -> Level:
        if not isinstance(body, dict) or "policies" not in body:
            raise reader.refuse(place, 'is not {"id": ..., "policies": [...]}')
        _check_members(body, {"id", "policies"}, reader, place)
        name = body.get("id", f"{member}/{place[-1]}")
        if not isinstance(name, str):
            raise reader.refuse((*place, "id"), "is not text")

        def read(document: Any, at: Place) -> Policy:
            return reader.policy(document, at, kind, f"{name}/{at[-1]}")

        return Level(name, _each(body["policies"], (*place, "policies"), reader, read))

    return _each(line.get(member), (member,), reader, level)


def _each(
    found: Any, place: Place, reader: PolicyReader, read: Callable[[Any, Place], Read]
) -> tuple[Read, ...]:
    if found is None:
        return ()
    if not isinstance(found, list):
        raise reader.refuse(place, f"is {kind_of(found)}, not a list")
    return tuple(read(each, (*place, index)) for index, each in enumerate(found))


def _restricts(line: Mapping[str, Any], reader: PolicyReader) -> bool:
    found = line.get("publicAccessBlock")
    place: Place = ("publicAccessBlock",)
    if found is None:
        return False
    if not isinstance(found, dict):
        raise reader.refuse(place, f"is {kind_of(found)}, not an object")
    _check_members(found, set(_PUBLIC_ACCESS_BLOCK), reader, place)
    for setting, value in found.items():
        if not isinstance(value, bool):
            raise reader.refuse((*place, setting), "is neither true nor false")
    return found.get("RestrictPublicBuckets") is True


def _management_account(line: Mapping[str, Any], reader: PolicyReader) -> str:
    found = line.get("managementAccount")
    if found is None:
        return ""
    if not isinstance(found, str) or not is_account(found):
        raise reader.refuse(("managementAccount",), "is not an account of 12 digits")
    return found


def _principal(found: Any, reader: PolicyReader, place: Place) -> Principal:
    if isinstance(found, dict):
        return _typed_principal(found, reader, place)
    if not isinstance(found, str):
        raise reader.refuse(place, f"is {kind_of(found)}, neither an ARN nor an object")
    if found.endswith(_SERVICE_SUFFIXES) and ":" not in found:
        return service_principal(found)
    return _arn_principal(found, "", reader, place)


def _arn_principal(arn: str, canonical: str, reader: PolicyReader, place: Place) -> Principal:
    try:
        return principal_from_arn(arn, canonical)
    except ValueError as error:
        raise reader.refuse(place, str(error)) from None


def _typed_principal(found: dict[str, Any], reader: PolicyReader, place: Place) -> Principal:
    members = {"Anonymous": (), "AWS": ("arn",), "Service": ("service",), "Federated": ("id",)}
    kind = found.get("type")
    if not isinstance(kind, str) or kind not in members:
        raise reader.refuse((*place, "type"), f"is not one of {', '.join(members)}")
    needed = members[kind]
    known = {"type", *needed, *(("canonicalUser",) if kind == "AWS" else ())}
    _check_members(found, known, reader, place)
    texts = {m: _text(found, m, reader, place) for m in (*needed, *(known - {"type"} & set(found)))}
    if kind == "Anonymous":
        return ANONYMOUS
    if kind == "Service":
        return service_principal(texts["service"])
    if kind == "Federated":
        return federated_principal(texts["id"])
    return _arn_principal(texts["arn"], texts.get("canonicalUser", ""), reader, place)


def _context(found: Any, reader: PolicyReader, place: Place) -> dict[str, str | tuple[str, ...]]:
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise reader.refuse(place, f"is {kind_of(found)}, not an object")
    context: dict[str, str | tuple[str, ...]] = {}
    for key, value in found.items():
        folded = key.lower()
        if folded in context:
            raise reader.refuse(place, f"{key!r} is there twice: keys have no case")
        if value is None or value == []:
            continue
        context[folded] = _context_value(value, reader, (*place, key))
    return context


def _context_value(value: Any, reader: PolicyReader, place: Place) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return value
    texts = [scalar_text(each) for each in (value if isinstance(value, list) else [value])]
    if None in texts:
        raise reader.refuse(place, "is neither text, a number, a boolean nor a list of them")
    found = tuple(text for text in texts if text is not None)
    return found if isinstance(value, list) else found[0]


def _account_of(resource: str) -> str:
    parts = resource.split(":", 5)
    return parts[4] if len(parts) == 6 and is_account(parts[4]) else ""


def _text(body: Mapping[str, Any], member: str, reader: PolicyReader, place: Place) -> str:
    found = body.get(member)
    if not isinstance(found, str) or not found:
        raise reader.refuse((*place, member), f"is {kind_of(found)}, not a text")
    return found


def _check_members(
    found: Mapping[str, Any], known: set[str], reader: PolicyReader, place: Place
) -> None:
    for member in found:
        if member not in known:
            hint = suggestion(member, known)
            raise reader.refuse(place, f"{member!r} is unknown here{hint}")
