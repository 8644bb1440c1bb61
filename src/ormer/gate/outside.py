"""What the gate reaches outside itself, in one value that tests replace."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

from ormer.model.environment import Environment
from ormer.model.finding import Report

if TYPE_CHECKING:
    from ormer.assess.predict import Predictor


def check(
    definition: bytes,
    source: str,
    environment: Environment,
    controls: Optional[str],
    predictor: Optional[Predictor] = None,
) -> Report:
    """Check with the package's controls and those of the folder ``controls``.

    With a ``predictor`` it is also predicted which calls of a run would be denied.
    """
    from ormer.assess.check import check as check_definition
    from ormer.controls.load import load_catalogue

    return check_definition(definition, source, environment, load_catalogue(controls), predictor)


def render(report: Report, colour: bool, strict: bool) -> str:
    """The report as text for people."""
    from ormer.report.findings.text import render as as_text

    return as_text(report, colour, strict)


def connect(service: str, region: str, endpoint_url: Optional[str]) -> Any:
    """A boto3 client."""
    from ormer.sources.aws import connect as connect_to

    return connect_to(service, region, endpoint_url)


class Outside(NamedTuple):
    """The check, its text, AWS clients, and time; each imported when it is first used."""

    check: Callable[..., Report] = check
    render: Callable[[Report, bool, bool], str] = render
    connect: Callable[[str, str, Optional[str]], Any] = connect
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
