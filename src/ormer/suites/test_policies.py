"""What the policies of an access file deny and allow: a case a request, and a case a guardrail."""

from __future__ import annotations

import pytest

from ormer.suites.guardrail_cases import GuardrailCase
from ormer.suites.plugin import cases, tell
from ormer.suites.policy_cases import PolicyCase


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A case a request, and one a control, action and principal, under readable ids."""
    found = cases(metafunc.config)
    if "policy" in metafunc.fixturenames:
        metafunc.parametrize("policy", found.policies, ids=[case.id for case in found.policies])
    if "guardrail" in metafunc.fixturenames:
        ids = [case.id for case in found.guardrails]
        metafunc.parametrize("guardrail", found.guardrails, ids=ids)


def test_policies(policy: PolicyCase, request: pytest.FixtureRequest) -> None:
    """The request is decided as it has to be."""
    request.node.user_properties += policy.properties()
    tell(policy)


def test_guardrails(guardrail: GuardrailCase, request: pytest.FixtureRequest) -> None:
    """What the control forbids is denied to whoever might ask for it, in every world."""
    request.node.user_properties += guardrail.properties()
    tell(guardrail)
