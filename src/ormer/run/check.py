"""Batches checked: a checker of the batch's profile, and a report for each definition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Optional

from ormer.assess.check import Checker
from ormer.assess.rules import RULES
from ormer.controls.load import check_ids, load_catalogue, only
from ormer.model.environment import Environment
from ormer.model.finding import Report
from ormer.read.environment import read_environment
from ormer.run.batches import Batch
from ormer.run.targets import name_of
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
    checker = make_checker(batch.environment, batch.controls, ids, batch.access)
    reports = tuple(
        checker.check(read_bytes(path), name_of(path), pipeline)._replace(profile=batch.profile)
        for path, pipeline in batch.targets
    )
    return Checked(batch, checker, reports)


def make_checker(
    environment: str,
    controls: Optional[str],
    ids: Optional[Sequence[str]] = None,
    access: Optional[str] = None,
) -> Checker:
    """A checker of a profile's file, a folder of controls and an access file."""
    catalogue = load_catalogue(controls)
    profile = load_environment(environment)
    rules = [rule.id for rule in RULES]
    check_ids(catalogue, profile.mapping("disabled_controls"))
    if ids:
        check_ids(catalogue, ids, rules)
        catalogue = only(catalogue, [name for name in ids if name not in rules])
    if access is None:
        return Checker(profile, catalogue)
    from ormer.run.prediction import make_predictor

    return Checker(profile, catalogue, make_predictor(access, profile))


def load_environment(path: str) -> Environment:
    """Read a profile's file."""
    return read_environment(read_bytes(path), name_of(path))
