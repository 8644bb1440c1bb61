"""A baseline on the command line: today's findings, written as waivers."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date, timedelta

from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.finding import DEFINITION, WAIVERS, Report, Verdict
from ormer.read.waivers import read_waivers
from ormer.report.findings import baseline
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
    for option in ("output", "changed_since"):
        if getattr(options, option) is not None:
            raise InputError(f"--write-baseline and --{option.replace('_', '-')}: give one of them")
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
    if not all(report.passed() for report in reports if report.input.kind == WAIVERS):
        raise InputError("the waivers are not all valid: a baseline beside them says too little")
    definitions = [report for report in reports if report.input.kind == DEFINITION]
    text = _readable(baseline.render(definitions, terms), options.write_baseline)
    write_atomically(options.write_baseline, text)
    accepted = sum(r.count(Verdict.FAIL) + r.count(Verdict.UNKNOWN) - r.waived for r in definitions)
    print(f"wrote {options.write_baseline}: {accepted} findings accepted until {terms.until}")
    errors = sum(report.count(Verdict.ERROR) for report in reports)
    if errors:
        print(f"{errors} controls crashed, which nobody can accept", file=sys.stderr)
    return 1 if errors else 0


def _readable(text: str, path: str) -> bytes:
    """The file's bytes, which can be read again as what they were meant to be."""
    try:
        data = text.encode("utf-8")
        malformed = read_waivers(data, path).malformed if "\n- " in text else ()
    except (UnicodeEncodeError, InputError) as error:
        raise InputError(
            f"a baseline of these names and values cannot be written: {error}"
        ) from None
    if malformed:
        raise InputError(f"a baseline that would not apply: {malformed[0].message}")
    return data


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
