"""A baseline on the command line: today's findings, written as waivers."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date, timedelta

from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.finding import DEFINITION, Report, Verdict
from ormer.report import baseline
from ormer.run import waivers
from ormer.run.check import Checked
from ormer.sources.files import write_atomically


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
        waivers.today(),
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
    longest = waivers.longest(environments)
    if until < waivers.today():
        raise InputError(f"--until {until} is over")
    if longest is not None and until > waivers.today() + timedelta(days=longest):
        raise InputError(f"--until {until}: the profile allows {longest} days ({waivers.LONGEST})")
    return until
