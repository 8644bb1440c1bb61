"""Every waiver of this repository is complete, in force and bounded."""

from __future__ import annotations

from ormer.suites.test_waivers import pytest_generate_tests, test_waiver

__all__ = ["pytest_generate_tests", "test_waiver"]
