"""The API request: what a pipeline step will ask of AWS, as an IAM policy would see it."""

from __future__ import annotations

from typing import NamedTuple, Optional, Protocol

from ormer.model.definition import Place
from ormer.model.value import Value


class Found(NamedTuple):
    """A value and where it stands in the document."""

    value: Value
    place: Place


class Operand(NamedTuple):
    """What a request holds for one key.

    ``missing`` are the places where a value belongs and none is. ``demanded`` is False
    where the structure that would hold it is optional and absent, so nobody owes a value;
    ``why_not`` then names that structure.
    """

    found: tuple[Found, ...]
    missing: tuple[Place, ...] = ()
    demanded: bool = True
    why_not: str = ""


class Member(NamedTuple):
    """A facet of a request: one security-relevant member of its input.

    ``path`` is botocore's, without indices (``api:Member``), ``shape`` botocore's shape
    name (``api:Shape``), ``value`` None where the member is missing though it belongs there,
    ``key`` the IAM condition key it fills, or empty.
    """

    path: str
    shape: str
    value: Optional[Value]
    place: Place
    key: str


class Facet(Protocol):
    """One job definition of a request: answers which values a key has in it."""

    def operand(self, key: str) -> Operand:
        """The values of a condition key or an ``api:`` path."""

    def lacks(self, members: tuple[str, ...], of_step: tuple[str, ...]) -> bool:
        """Whether it is known that the input and the step have none of these members."""


class Request(NamedTuple):
    """An API request a step makes.

    ``resource`` is the ARN it acts on where that is known before the call, else None;
    ``subject`` the step's path by name; ``place`` the step's Arguments (or the member that
    causes the request); ``facets`` its job definitions, one unless it holds several.
    """

    action: str
    resource: Optional[Found]
    subject: str
    step_type: str
    place: Place
    facets: tuple[Facet, ...]
    members: tuple[Member, ...] = ()
