"""What is decided: a request and the policies it meets; and the decision with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple, Optional

from ormer.model.policy import Effect, Policy
from ormer.model.principal import Principal

Context = Mapping[str, str | tuple[str, ...]]
"""Condition keys in lower case; a tuple is the value of a multivalued key."""


class AuthorizationRequest(NamedTuple):
    """One API call as policies see it.

    ``account`` is the resource's; ``context`` has no key without a value. ``uncertain`` are
    keys, in lower case, that the request may have or not: with the value in ``context``, or
    with any value where there is none. Only ``evaluate.open.verdict`` takes such a request.
    """

    principal: Principal
    action: str
    resource: str
    account: str
    context: Context
    uncertain: frozenset[str] = frozenset()


class Level(NamedTuple):
    """A place in the organisation (root, unit, account) and the policies attached there."""

    name: str
    policies: tuple[Policy, ...]


class PolicySet(NamedTuple):
    """Every policy that a request meets. None is a layer that is not there.

    ``restrict_public_buckets`` is the setting of Amazon S3's public access block;
    ``management_account`` the organisation's, which its policies do not touch.
    """

    identity: tuple[Policy, ...] = ()
    session: Optional[Policy] = None
    boundary: Optional[tuple[Policy, ...]] = None
    resource: Optional[Policy] = None
    endpoint: Optional[tuple[Policy, ...]] = None
    scps: tuple[Level, ...] = ()
    rcps: tuple[Level, ...] = ()
    restrict_public_buckets: bool = False
    management_account: str = ""


class Layer(str, Enum):
    """Where a statement stands, as reasons name it."""

    SCP = "scp"
    RCP = "rcp"
    ENDPOINT = "vpce"
    IDENTITY = "identity"
    BOUNDARY = "boundary"
    SESSION = "session"
    RESOURCE = "resource"
    PUBLIC_ACCESS_BLOCK = "publicAccessBlock"


class Outcome(str, Enum):
    """What is decided. ``UNKNOWN`` is never that of a request and policies without symbols."""

    ALLOWED = "Allowed"
    EXPLICITLY_DENIED = "ExplicitlyDenied"
    IMPLICITLY_DENIED = "ImplicitlyDenied"
    UNKNOWN = "Unknown"


class Reason(NamedTuple):
    """A statement that decided."""

    layer: Layer
    policy: str
    statement: str
    effect: Effect


class Missing(NamedTuple):
    """A layer that had to allow the request and did not; ``name`` tells levels apart."""

    layer: Layer
    name: str = ""


class Decision(NamedTuple):
    """The outcome and the statements that decided.

    ``missing`` is what an implicit denial lacks: groups of layers, of each of which one would
    have to allow the request.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    missing: tuple[tuple[Missing, ...], ...] = ()
