"""What a request of one action can be: facts, told from outside.

Keys are in lower case everywhere here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Optional

from ormer.model.principal import Principal
from ormer.model.world import World


class KeyFacts(NamedTuple):
    """A condition key. ``multivalued`` is None where it is not known whether it is.

    ``values`` are all that it can be, where that is known; ``hints`` what it likely is; ``kind``
    what each value can be read as (``typed_values``), empty for texts.
    """

    multivalued: Optional[bool] = None
    values: Optional[tuple[str, ...]] = None
    hints: tuple[str, ...] = ()
    kind: str = ""


class Route(NamedTuple):
    """The ways of a request to AWS: ``endpoint`` is the listed one of the service, or empty;
    ``listed`` are the ids of all."""

    endpoint: str = ""
    listed: tuple[str, ...] = ()


class RequestSpace(NamedTuple):
    """The requests of one action by one principal.

    ``arns`` are the formats of its resources' ARNs, none where it is about ``*`` alone, and None
    where nobody knows; ``may_be_without``: it may be about ``*`` all the same. ``key`` gives the
    facts of a key, None for one that such a request never has. ``fixed`` are the keys with one
    value each, ``always`` those that are always there. ``required``, ``together`` and
    ``implied`` (pairs) say which keys the API lets be missing. ``renamed`` maps a key's name
    before to its name now, ``flags`` are keys whose absence may be shown as ``false``.
    ``has_definitions``: a request may hold several job definitions. ``several`` are keys with one
    value that several members of one definition fill. ``owned`` are ARNs that are
    the principal's account's for sure, ``of_others`` those that are another's for sure,
    ``may_be_foreign`` whether the resource may be another account's, and ``is_of_organization``
    whether it is one of the organisation's all the same. ``is_under_scps``: the levels of SCPs
    are those of the principal's account for sure.
    """

    action: str
    principal: Principal
    arns: Optional[tuple[str, ...]]
    key: Callable[[str], Optional[KeyFacts]]
    fixed: Mapping[str, str] = {}
    always: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    together: tuple[frozenset[str], ...] = ()
    implied: tuple[tuple[str, str], ...] = ()
    renamed: Mapping[str, str] = {}
    flags: frozenset[str] = frozenset()
    has_definitions: bool = False
    several: frozenset[str] = frozenset()
    owned: tuple[str, ...] = ()
    of_others: tuple[str, ...] = ()
    may_be_foreign: bool = False
    is_of_organization: bool = False
    is_under_scps: bool = True
    route: Route = Route()
    hints: tuple[str, ...] = ()
    may_be_without: bool = False
    world: World = World()

    @property
    def partition(self) -> str:
        """The partition of the principal's ARN, ``aws`` for one that has none."""
        parts = self.principal.name.split(":")
        return parts[1] if len(parts) > 1 else "aws"

    def may_be_list(self, key: str) -> bool:
        """Whether a key, by its name of today, may have several values."""
        facts = None if key in self.fixed else self.key(key)
        return facts is not None and facts.multivalued is not False
