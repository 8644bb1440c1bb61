"""A control: the set of requests that must never be allowed, in IAM's own grammar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

from ormer.model.finding import Severity

REQUEST = "request"
MEMBER = "member"


class Condition(NamedTuple):
    """One key of a Condition block: operator (with set operator and IfExists), key, values."""

    operator: str
    key: str
    values: tuple[str, ...]


class Statement(NamedTuple):
    """A set of requests: those of an action whose conditions all hold.

    ``actions`` are IAM action patterns, or ``@KEY`` for every action that carries KEY;
    ``resources`` patterns with ``not_resource`` telling which element they stand in, or
    None; ``facet`` is ``request`` or ``member``; ``reason`` is an exception's.
    """

    actions: tuple[str, ...]
    conditions: tuple[Condition, ...]
    resources: Optional[tuple[str, ...]] = None
    not_resource: bool = False
    facet: str = REQUEST
    reason: str = ""


class Control(NamedTuple):
    """A control as its file states it. ``raw`` is the whole file for ``explain`` and docs."""

    id: str
    title: str
    severity: Severity
    why: str
    fix: str
    forbid: tuple[Statement, ...]
    exceptions: tuple[Statement, ...]
    raw: Mapping[str, Any]
    source: str
