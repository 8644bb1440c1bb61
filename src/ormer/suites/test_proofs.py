"""What the policies of an access file are proved to prevent: a case a control and principal."""

from __future__ import annotations

import pytest

from ormer.suites.plugin import cases, tell
from ormer.suites.proof_cases import ProofCase


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A case a control and principal, under readable ids."""
    if "proved" in metafunc.fixturenames:
        found = cases(metafunc.config).proofs
        metafunc.parametrize("proved", found, ids=[case.id for case in found])


def test_proofs(proved: ProofCase, request: pytest.FixtureRequest) -> None:
    """No request that the principal may make breaks the control, in any world."""
    request.node.user_properties += proved.properties()
    tell(proved)
