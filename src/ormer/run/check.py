"""Batches checked: a checker of the batch's profile, and a report for each definition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Optional

from ormer.assess.check import Checker
from ormer.assess.rules import RULES
from ormer.controls.load import check_ids, load_catalogue, only
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.finding import Report
from ormer.read.environment import read_environment
from ormer.read.templates.file_kind import kind_of
from ormer.run.batches import NO_ACCESS, Batch, Target
from ormer.run.targets import name_of, split
from ormer.sources.files import read_bytes


class Checked(NamedTuple):
    """A batch after the check."""

    batch: Batch
    checker: Checker
    reports: tuple[Report, ...]


def check_batch(batch: Batch, ids: Optional[Sequence[str]] = None) -> Checked:
    """Check a batch; ``ids`` are the only controls and rules wanted, None for all.

    Raises InputError for what cannot be read, and for a control that does not exist.
    """
    checker = make_checker(batch.environment, batch.controls, ids, batch.access, batch.prove)
    reports = tuple(
        report._replace(profile=batch.profile)
        for target in batch.targets
        for report in _of_target(target, batch, checker)
    )
    if any(report.input.origin is not None for report in reports):
        from ormer.run.parts import with_own_names

        reports = with_own_names(reports, batch)
    return Checked(batch, checker, reports)


def _of_target(target: Target, batch: Batch, checker: Checker) -> Iterator[Report]:
    """A report on a definition, or on each that a template or plan holds."""
    file, part = split(target.path)
    data = read_bytes(file)
    kind = kind_of(data)
    if kind:
        from ormer.run.parts import check_parts  # late: most targets are definitions

        yield from check_parts(data, kind, part, target, batch, checker)
    elif part:
        raise InputError(f"{name_of(file)}: neither a template nor a plan: #{part} is not in it")
    else:
        yield checker.check(data, name_of(file), target.pipeline)


def make_checker(
    environment: str,
    controls: Optional[str],
    ids: Optional[Sequence[str]] = None,
    access: Optional[str] = None,
    prove: bool = False,
) -> Checker:
    """A checker of a profile's file, a folder of controls and an access file.

    ``prove``: what is predicted by the access file is proved, too.
    """
    catalogue = load_catalogue(controls)
    profile = load_environment(environment)
    rules = [rule.id for rule in RULES]
    check_ids(catalogue, profile.mapping("disabled_controls"))
    if ids:
        check_ids(catalogue, ids, rules)
        catalogue = only(catalogue, [name for name in ids if name not in rules])
    if access is None:
        if prove:
            raise InputError(NO_ACCESS)
        return Checker(profile, catalogue)
    from ormer.run.prediction import make_predictor

    return Checker(profile, catalogue, make_predictor(access, profile, prove=prove))


def load_environment(path: str) -> Environment:
    """Read a profile's file."""
    return read_environment(read_bytes(path), name_of(path))
