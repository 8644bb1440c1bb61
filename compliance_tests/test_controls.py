"""Every control on every step of this repository's pipelines: the suites that come with Ormer."""

from __future__ import annotations

from ormer.suites.test_definition import (
    pytest_generate_tests,
    test_definition,
    test_every_control_ran,
)

__all__ = ["pytest_generate_tests", "test_definition", "test_every_control_ran"]
