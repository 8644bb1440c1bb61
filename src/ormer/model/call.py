"""An API call that a pipeline makes when it runs, by the pipeline's role or by a job's.

Texts may have symbols (``model/symbol.py``) for what only a run decides, and the resource may be
a pattern: every object below a prefix, every name that SageMaker may give a job.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from ormer.model.authorization import Context
from ormer.model.definition import Place


class Kind(str, Enum):
    """Who makes a call, and what for."""

    STEP = "the step's own call"
    ROLE = "a role that is passed"
    DATA = "a call of the running job"
    BUILD = "a call of whoever upserts the pipeline"


class Way(str, Enum):
    """How a call reaches AWS: it decides ``aws:SourceVpce`` and the endpoint's policy."""

    OUTSIDE = "outside the VPC"
    VPC = "through the VPC"
    SERVICE = "by another service"


class Setting(NamedTuple):
    """What a call carries in one world.

    ``world`` names it, empty where there is only one. ``context`` has condition keys in lower
    case; ``uncertain`` are keys that may be there or not. ``chosen`` is the part of the name that
    whoever starts the pipeline chooses. ``free`` has values, with symbols, of uncertain keys that
    are there for sure and hold what a parameter or the run makes of them.
    """

    context: Context
    way: Way = Way.OUTSIDE
    uncertain: frozenset[str] = frozenset()
    world: str = ""
    chosen: str = ""
    free: Context = {}


class Call(NamedTuple):
    """A call.

    ``roles`` are the ARNs of who may make it: it is enough that one of them is allowed; an
    empty text is the pipeline's own role, as it is for ``resource``. ``account`` is the
    resource's, empty for the own one. ``why`` says what the call is for. ``unknown`` says why
    nothing can be decided (``resource`` has what is known of it all the same, ``*`` if nothing
    is), and ``doubt`` why a denial may not matter; both are empty as a rule.
    """

    kind: Kind
    action: str
    resource: str
    roles: tuple[str, ...]
    settings: tuple[Setting, ...]
    subject: str
    place: Place
    why: str
    account: str = ""
    unknown: str = ""
    doubt: str = ""


NO_CONTEXT: Mapping[str, str] = {}
