"""What is red in a definition: the findings that need action, by control, step and place."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from docs.teeth.places import MISSING, Place, at
from ormer.assess.check import Checker
from ormer.controls.load import load_catalogue
from ormer.model.definition import pointer
from ormer.model.finding import Report, Verdict
from ormer.read.environment import read_environment


class Red(NamedTuple):
    """A finding that needs action: its verdict, control, step and place."""

    verdict: str
    control: str
    subject: str
    place: Place

    def __str__(self) -> str:
        return f"{self.verdict} {self.control} of {self.subject} at {pointer(self.place)}"


@cache
def checker() -> Checker:
    """A checker of the profile that the examples of the controls are written for."""
    profile = resources.files("ormer.controls") / "example_environment.yaml"
    environment = read_environment(profile.read_bytes(), "example_environment.yaml")
    return Checker(environment, load_catalogue())


def report(definition: Any) -> Report:
    """The report on a definition."""
    return checker().check(json.dumps(definition).encode(), "mutant")


def red(definition: Any, accepted: frozenset[str] = frozenset()) -> frozenset[Red]:
    """What needs action in a definition, without the controls that are red in any case."""
    return frozenset(
        Red(finding.verdict.value, finding.control, finding.subject, finding.place)
        for finding in report(definition).findings
        if finding.needs_action and finding.control not in accepted
    )


def passing(definition: Any) -> set[tuple[str, str, Place]]:
    """(control, subject, place) of each value that a control passes because of."""
    return {
        (finding.control, finding.subject, found.place)
        for finding in report(definition).findings
        if finding.verdict is Verdict.PASS and isinstance(finding.actual, tuple)
        for found in finding.actual
        if at(definition, found.place) is not MISSING
    }
