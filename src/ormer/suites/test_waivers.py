"""Every waiver is complete, in force and bounded; one that waives nothing is skipped."""

from __future__ import annotations

import pytest

from ormer.suites.cases import Case
from ormer.suites.plugin import cases, tell


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A case a waiver and rule."""
    found = cases(metafunc.config).waivers
    metafunc.parametrize("case", found, ids=[case.id for case in found])


def test_waiver(case: Case) -> None:
    """The waiver applies, and something needs it."""
    tell(case)
