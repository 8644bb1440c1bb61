"""Every waiver is complete, in force and bounded; one that waives nothing is skipped."""

from __future__ import annotations

import pytest

from ormer.suites.cases import Case
from ormer.suites.plugin import cases


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A case a waiver and rule."""
    found = cases(metafunc.config).waivers
    metafunc.parametrize("case", found, ids=[case.id for case in found])


def test_waiver(case: Case) -> None:
    """The waiver applies, and something needs it."""
    wrong = case.wrong()
    if wrong:
        pytest.fail(wrong, pytrace=False)
    reason = case.silent()
    if reason:
        pytest.skip(reason)
