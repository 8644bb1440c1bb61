"""What came of a batch: a checker of its profile, and a report for each definition."""

from __future__ import annotations

from typing import NamedTuple

from ormer.assess.check import Checker
from ormer.cli.settings import Batch
from ormer.model.finding import Report


class Checked(NamedTuple):
    """A batch after the check."""

    batch: Batch
    checker: Checker
    reports: tuple[Report, ...]
