"""Access file text -> AccessFile, strictly. What may stand in it is in docs/access.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Optional

from ormer.facts.iam_actions import services
from ormer.model.access_file import (
    AccessFile,
    NamedEndpoint,
    NamedLevel,
    NamedPrincipal,
    NamedResource,
    Reference,
)
from ormer.model.principal import is_account, principal_from_arn
from ormer.read.text.fields import Field, kind
from ormer.read.text.suggestion import near
from ormer.read.text.yaml_text import Mapping, Sequence, plain_1_1, read_yaml

_TOP = {"principals", "resource_policies", "vpc_endpoints", "organization", "parameters"}
_PRINCIPAL = {"arn", "tags", "identity_policies", "permissions_boundary", "session_policy"}
_ORGANIZATION = {"id", "scps", "rcps", "management_account"}
_ARN = r"(?!.*\$\{)arn:[a-z0-9-]+:[a-z0-9-]+:[^\s*?]+"
_OBJECT = r"arn:[a-z0-9-]+:s3:::[^/]*/.*"
_MONITORING = "monitoring"
"""What Amazon CloudWatch's endpoint is called; its actions begin with ``cloudwatch``."""


def read_access_file(text: bytes, name: str) -> AccessFile:
    """Read an access file: YAML, or JSON, which is YAML.

    Raises InputError naming ``name``, the line and the field for a field that is unknown (with
    the nearest known one), missing, doubled or malformed. The policies are not read here.
    """
    top = Field(name, "", read_yaml(text, name)).members(_TOP, ("principals",))
    organization = _members(top, "organization", _ORGANIZATION)
    found = AccessFile(
        name,
        tuple(map(_principal, _items(top, "principals"))),
        tuple(map(_resource, _items(top, "resource_policies"))),
        tuple(map(_endpoint, _items(top, "vpc_endpoints"))),
        tuple(map(_level, _items(organization, "scps"))),
        tuple(map(_level, _items(organization, "rcps"))),
        _account(organization.get("management_account")),
        {field: _values(value) for field, value in _members(top, "parameters", None).items()},
        _organization(organization.get("id")),
    )
    _refuse_doubles(_items(top, "principals"), "arn")
    _refuse_doubles(_items(top, "resource_policies"), "resource")
    _refuse_doubles(_items(top, "vpc_endpoints"), "service")
    return found


def _items(members: dict[str, Field], name: str) -> Iterator[Field]:
    return members[name].items() if name in members else iter(())


def _members(members: dict[str, Field], name: str, known: Optional[set[str]]) -> dict[str, Field]:
    return members[name].members(known) if name in members else {}


def _principal(field: Field) -> NamedPrincipal:
    members = field.members(_PRINCIPAL, ("arn",))
    arn = members["arn"]
    try:
        principal = principal_from_arn(arn.text())
    except ValueError as error:
        raise arn.refuse(str(error)) from None
    tags = {name: _tag(value) for name, value in _members(members, "tags", None).items()}
    return NamedPrincipal(
        principal,
        tags,
        tuple(map(_reference, _items(members, "identity_policies"))),
        _optional(members.get("permissions_boundary")),
        _optional(members.get("session_policy")),
    )


def _tag(field: Field) -> str:
    """The value of a tag, which may be an empty text."""
    empty = not isinstance(field.node, (Mapping, Sequence)) and not field.node.text
    return "" if empty else field.text()


def _resource(field: Field) -> NamedResource:
    members = field.members({"resource", "policy"}, ("resource", "policy"))
    resource = members["resource"]
    if not re.fullmatch(_ARN, resource.text()):
        why = f"{resource.text()!r} is not the ARN of one resource"
        raise resource.refuse(why)
    if re.fullmatch(_OBJECT, resource.text()):
        why = f"{resource.text()!r} is not a bucket: a bucket's policy is met by its objects, too"
        raise resource.refuse(why)
    return NamedResource(resource.text(), _reference(members["policy"]))


def _endpoint(field: Field) -> NamedEndpoint:
    members = field.members({"id", "service", "policy"}, ("id", "service", "policy"))
    service = members["service"]
    known = services()
    if service.text() not in (*known, _MONITORING):
        why = f"{service.text()!r} is not a service as actions name it (s3, sagemaker, logs)"
        raise service.refuse(f"{why}{near(service.text(), set(known))}")
    return NamedEndpoint(members["id"].text(), service.text(), _reference(members["policy"]))


def _level(field: Field) -> NamedLevel:
    """A list of policies, or ``{id, policies}``."""
    if isinstance(field.node, Sequence):
        return NamedLevel(field.place, tuple(map(_reference, field.items())))
    if not isinstance(field.node, Mapping):
        raise field.refuse(f"is {kind(field.node)}, not a level: [policy, ...] or {{id, policies}}")
    members = field.members({"id", "policies"}, ("id", "policies"))
    policies = tuple(map(_reference, members["policies"].items()))
    return NamedLevel(members["id"].text(), policies)


def _optional(field: Optional[Field]) -> Optional[Reference]:
    return None if field is None else _reference(field)


def _reference(field: Field) -> Reference:
    if isinstance(field.node, Mapping):
        return Reference(field.place, field.node.line, "", plain_1_1(field.node))
    return Reference(field.place, field.node.line, field.text())


def _account(field: Optional[Field]) -> str:
    if field is None:
        return ""
    if not is_account(field.text()):
        raise field.refuse(f"{field.text()!r} is not an account of 12 digits")
    return field.text()


def _organization(field: Optional[Field]) -> str:
    if field is None:
        return ""
    if not re.fullmatch(r"o-[a-z0-9]{10,32}", field.text()):
        raise field.refuse(
            f"{field.text()!r} is not the id of an organisation, such as o-a1b2c3d4e5"
        )
    return field.text()


def _values(field: Field) -> str | list[str]:
    if isinstance(field.node, Sequence):
        return [item.text() for item in field.items()]
    return field.text()


def _refuse_doubles(fields: Iterator[Field], member: str) -> None:
    seen: set[str] = set()
    for field in fields:
        found = field.members()[member]
        if found.text() in seen:
            raise found.refuse(f"a second {found.text()!r}")
        seen.add(found.text())
