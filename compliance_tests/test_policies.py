"""What this repository's policies deny and allow: the suite that comes with Ormer."""

from __future__ import annotations

from ormer.suites.test_policies import pytest_generate_tests, test_guardrails, test_policies

__all__ = ["pytest_generate_tests", "test_guardrails", "test_policies"]
