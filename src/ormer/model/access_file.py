"""What an access file says, before the policies that it names are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

from ormer.model.principal import Principal


class Reference(NamedTuple):
    """A policy as an access file names it: ``text``, or a ``document`` that stands in the file.

    ``place`` and ``line`` are where in the access file. ``text`` is empty for a document.
    """

    place: str
    line: int
    text: str
    document: Any = None


class NamedPrincipal(NamedTuple):
    """A principal and the policies that are attached to it. ``tags`` are the principal's."""

    principal: Principal
    tags: Mapping[str, str]
    identity: tuple[Reference, ...]
    boundary: Optional[Reference]
    session: Optional[Reference]


class NamedResource(NamedTuple):
    """The ARN of a resource and its policy."""

    resource: str
    policy: Reference


class NamedEndpoint(NamedTuple):
    """A VPC endpoint: its id, the service as actions name it, and its policy."""

    id: str
    service: str
    policy: Reference


class NamedLevel(NamedTuple):
    """A root, unit or account of the organisation and the policies that are attached to it."""

    name: str
    policies: tuple[Reference, ...]


class AccessFile(NamedTuple):
    """An access file, its fields in the order of the file. ``parameters`` are for templates."""

    name: str
    principals: tuple[NamedPrincipal, ...]
    resources: tuple[NamedResource, ...]
    endpoints: tuple[NamedEndpoint, ...]
    scps: tuple[NamedLevel, ...]
    rcps: tuple[NamedLevel, ...]
    management_account: str
    parameters: Mapping[str, str | list[str]]
    organization: str = ""
