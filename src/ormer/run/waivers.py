"""The waivers of a run: applied to its reports, on the day it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Optional

from ormer.assess.access_rules import ACCESS_RULES
from ormer.assess.document_rules import DOCUMENT_RULES
from ormer.assess.waive import Terms, waive
from ormer.controls.load import load_catalogue
from ormer.model.environment import Environment
from ormer.model.finding import Report
from ormer.read.waivers import read_waivers
from ormer.run.check import Checked
from ormer.sources.files import read_bytes

LONGEST = "max_waiver_days"


def today() -> date:
    """The day it is, in UTC."""
    return datetime.now(UTC).date()


def with_waivers(checked: Sequence[Checked]) -> list[Report]:
    """The reports with the waivers of their batch applied, and one on each file of waivers.

    A file that several batches share is applied to all of them at once: what one does not
    use, another may. Raises InputError for a file that cannot be read.
    """
    made: list[Report] = []
    about: list[Report] = []
    for path in dict.fromkeys(one.batch.waivers for one in checked):
        group = [one for one in checked if one.batch.waivers == path]
        reports = [report for one in group for report in one.reports]
        if path is None:
            made += reports
            continue
        known = frozenset(i for one in group for i in _known(one.batch.controls))
        whole = all(one.batch.is_whole for one in group)
        terms = Terms(today(), longest([o.checker.environment for o in group]), known, whole)
        waived, on_file = waive(reports, read_waivers(read_bytes(path), path), terms)
        made += waived
        about.append(on_file)
    return [*made, *about]


def waived_report(
    report: Report, path: str, environment: Environment, controls: Optional[str]
) -> list[Report]:
    """One report with the waivers of a file applied, and one on the file."""
    known = frozenset(_known(controls))
    terms = Terms(today(), longest([environment]), known, whole=False)
    waived, about = waive([report], read_waivers(read_bytes(path), path), terms)
    return [*waived, about]


def _known(controls: Optional[str]) -> set[str]:
    """The ids a waiver may name: of every control, whether it is asked for or not, and rule."""
    rules = (*DOCUMENT_RULES, *ACCESS_RULES)
    return {c.id for c in load_catalogue(controls).controls} | {rule.id for rule in rules}


def longest(environments: Sequence[Environment]) -> Optional[int]:
    """How many days a waiver may live: the shortest of the profiles' limits, None without any."""
    limits = [int(found[0]) for e in environments if (found := e.lookup(LONGEST))]
    return min(limits, default=None)
