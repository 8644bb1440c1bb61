"""An AWS policy document, read: its statements in IAM's own grammar.

Source: "Grammar of the IAM JSON policy language" in the IAM User Guide.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, Optional

CURRENT_VERSION = "2012-10-17"
"""The only version in which ``${...}`` is a variable ("IAM JSON policy elements: Version")."""
VERSIONS = ("2008-10-17", CURRENT_VERSION)


class Effect(str, Enum):
    """What a statement does to the requests it matches."""

    ALLOW = "Allow"
    DENY = "Deny"


class Principals(NamedTuple):
    """A Principal or NotPrincipal element. ``everyone`` is ``"*"`` or ``{"AWS": "*"}``."""

    everyone: bool = False
    aws: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    federated: tuple[str, ...] = ()
    canonical_user: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everybody whom it lists by a name."""
        return (*self.aws, *self.service, *self.federated, *self.canonical_user)


class Condition(NamedTuple):
    """One key of a Condition block: the operator as it is written, key and values."""

    operator: str
    key: str
    values: tuple[str, ...]


class Statement(NamedTuple):
    """A statement. ``name`` is its Sid, or its place in the document where it has none.

    ``principals`` is None where the document's kind has no such element, ``resources``
    None where a trust policy leaves it out.
    """

    name: str
    effect: Effect
    actions: tuple[str, ...]
    not_action: bool
    resources: Optional[tuple[str, ...]]
    not_resource: bool
    principals: Optional[Principals]
    not_principal: bool
    conditions: tuple[Condition, ...]


class Policy(NamedTuple):
    """A document; ``name`` is what reasons call it, ``version`` 2008-10-17 if it has none."""

    name: str
    version: str
    statements: tuple[Statement, ...]
