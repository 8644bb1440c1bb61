"""What ``ormer lint`` says of a policy: rules, findings, and the request that shows each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple, Optional

from ormer.model.authorization import Outcome
from ormer.model.definition import Place
from ormer.model.finding import SEVERITY_ORDER, Severity


class Attached(str, Enum):
    """What a policy is attached to."""

    IDENTITY = "identity"
    BOUNDARY = "boundary"
    RESOURCE = "resource"
    ENDPOINT = "endpoint"
    SCP = "scp"
    RCP = "rcp"
    TRUST = "trust"


class LintRule(NamedTuple):
    """A rule; ``source`` names the page of AWS's documentation that it follows from."""

    id: str
    title: str
    severity: Severity
    why: str
    source: str
    fix: str


class Witness(NamedTuple):
    """A request that shows a finding, decided by the evaluator before it is shown.

    ``line`` is a line of ``ormer decide`` that is decided as ``outcome`` says; ``text`` says for
    a person what it is; ``assumed`` is what was taken for the document's unknown parts.
    """

    line: Mapping[str, Any]
    outcome: Outcome
    text: str
    assumed: Mapping[str, str]


class LintFinding(NamedTuple):
    """One finding. ``statement`` is a Sid or a number, empty for the document.

    ``severity`` is the rule's, or one lower where no ``witness`` was found.
    """

    rule: LintRule
    severity: Severity
    statement: str
    place: Place
    message: str
    witness: Optional[Witness]


class Linted(NamedTuple):
    """A document that was linted. ``lines`` are line and column of each finding's place.

    ``target`` is ``file``, or ``file#resource`` in a template or plan: places are then those in
    the resource's properties. ``sha256`` is the file's.
    """

    target: str
    file: str
    sha256: str
    attached: Attached
    statements: int
    findings: tuple[LintFinding, ...]
    lines: tuple[tuple[int, int], ...]


def lower(severity: Severity) -> Severity:
    """The next lower severity; the lowest stays."""
    order = list(SEVERITY_ORDER)
    return order[min(SEVERITY_ORDER[severity] + 1, len(order) - 1)]
