"""What the policies of an access file deny and allow: a case a request."""

from __future__ import annotations

import pytest

from ormer.suites.plugin import cases, tell
from ormer.suites.policy_cases import PolicyCase


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A case a request, under readable ids."""
    found = cases(metafunc.config).policies
    metafunc.parametrize("request_case", found, ids=[case.id for case in found])


def test_policies(request_case: PolicyCase, request: pytest.FixtureRequest) -> None:
    """The request is decided as it has to be."""
    request.node.user_properties += request_case.properties()
    tell(request_case)
