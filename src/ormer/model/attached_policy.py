"""Policy documents where infrastructure code declares them, and what each is attached to."""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

from ormer.model.definition import Place


class Attached(str, Enum):
    """What a document limits or grants, as a message names it."""

    IDENTITY = "a policy of principals"
    TRUST = "a role's trust policy"
    RESOURCE = "a resource's policy"
    ENDPOINT = "a VPC endpoint's policy"
    SCP = "a service control policy"
    RCP = "a resource control policy"


class AttachedPolicy(NamedTuple):
    """A document of a declared resource, unread.

    ``document`` is what stands there: an object, JSON text, or a symbol. ``place`` is where, in
    the resource's properties; ``name`` tells an inline policy from the resource's others and is
    empty for its only one; ``to`` are the names of what it is attached to, as they stand there
    (roles, a bucket, a service), and is empty where it is attached to its resource itself.
    """

    attached: Attached
    document: Any
    place: Place
    name: str = ""
    to: tuple[str, ...] = ()
