"""Accepted findings on the command line: waivers that apply, and a baseline that is written."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Optional

from ormer.assess.document_rules import DOCUMENT_RULES
from ormer.assess.waive import Terms, waive
from ormer.cli.checked import Checked
from ormer.controls.load import load_catalogue
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.finding import DEFINITION, Report, Verdict
from ormer.read.waivers import read_waivers
from ormer.report import baseline
from ormer.sources.files import read_bytes, write_atomically

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
        if path is None or not reports:
            made += reports
            continue
        known = frozenset(i for one in group for i in _known(one.batch.controls))
        whole = not any(one.batch.unchanged for one in group)
        terms = Terms(today(), _longest([o.checker.environment for o in group]), known, whole)
        waived, on_file = waive(reports, read_waivers(read_bytes(path), path), terms)
        made += waived
        about.append(on_file)
    return [*made, *about]


def waived_report(
    report: Report, path: str, environment: Environment, controls: Optional[str]
) -> list[Report]:
    """One report with the waivers of a file applied, and one on the file."""
    terms = Terms(today(), _longest([environment]), frozenset(_known(controls)))
    waived, about = waive([report], read_waivers(read_bytes(path), path), terms)
    return [*waived, about]


def _known(controls: Optional[str]) -> set[str]:
    """The ids a waiver may name: of every control, whether it is asked for or not, and rule."""
    return {c.id for c in load_catalogue(controls).controls} | {r.id for r in DOCUMENT_RULES}


def check_usage(options: argparse.Namespace) -> None:
    """Raises InputError for options of a baseline without one, and the other way round."""
    given = {"--owner": options.owner, "--until": options.until, "--approver": options.approver}
    if options.write_baseline is None:
        for option, value in given.items():
            if value is not None:
                raise InputError(f"{option} needs --write-baseline")
        return
    for option in ("--owner", "--until"):
        if not given[option]:
            raise InputError(f"--write-baseline needs {option}")
    if os.path.lexists(options.write_baseline):
        raise InputError(f"{options.write_baseline}: exists already; what is in it was accepted")


def write_baseline(
    reports: Sequence[Report], options: argparse.Namespace, checked: Sequence[Checked]
) -> int:
    """Write today's findings as waivers; 1 if there is an error, which nobody can accept."""
    terms = baseline.Terms(
        options.owner,
        options.approver or options.owner,
        today(),
        _until(options, [one.checker.environment for one in checked]),
    )
    definitions = [report for report in reports if report.input.kind == DEFINITION]
    write_atomically(options.write_baseline, baseline.render(definitions, terms).encode())
    accepted = sum(r.count(Verdict.FAIL) + r.count(Verdict.UNKNOWN) - r.waived for r in definitions)
    print(f"wrote {options.write_baseline}: {accepted} findings accepted until {terms.until}")
    errors = sum(report.count(Verdict.ERROR) for report in reports)
    if errors:
        print(f"{errors} controls crashed, which nobody can accept", file=sys.stderr)
    return 1 if errors else 0


def _until(options: argparse.Namespace, environments: list[Environment]) -> date:
    try:
        until = date.fromisoformat(options.until)
    except ValueError:
        raise InputError(f"--until {options.until!r} is not a date such as 2026-12-31") from None
    longest = _longest(environments)
    if until < today():
        raise InputError(f"--until {until} is over")
    if longest is not None and until > today() + timedelta(days=longest):
        raise InputError(f"--until {until}: the profile allows {longest} days ({LONGEST})")
    return until


def _longest(environments: list[Environment]) -> Optional[int]:
    """The shortest of the profiles' limits, in days."""
    limits = [int(found[0]) for e in environments if (found := e.lookup(LONGEST))]
    return min(limits, default=None)
