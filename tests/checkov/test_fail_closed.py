"""A check never raises: checkov would leave it out of the report without a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormer.model.errors import InputError
from ormer.run.declared_checks import DeclaredChecks

Verdict = Callable[[Any, Any], str]


class Broken(DeclaredChecks):
    """Checks that raise."""

    def __init__(self, error: Exception) -> None:
        super().__init__(None, ())
        self.error = error

    def troubles(self, id: str, file: str, resource: str) -> Any:
        """Raises."""
        raise self.error


class Clean(DeclaredChecks):
    """Checks that find nothing."""

    def troubles(self, id: str, file: str, resource: str) -> Any:
        """Nothing."""
        return ()


def test_nothing_wrong_passes(verdict: Verdict) -> None:
    assert verdict(Clean(None, ()), {"__file__": "a.yaml"}) == "PASSED"


@pytest.mark.parametrize("error", [InputError("a.yaml: no"), KeyError("x"), RecursionError("deep")])
def test_what_raises_fails(
    error: Exception, verdict: Verdict, caplog: pytest.LogCaptureFixture
) -> None:
    assert verdict(Broken(error), {"__file__": "a.yaml"}) == "FAILED"
    assert str(error) in caplog.text


@pytest.mark.parametrize("properties", [{}, None, [], {"__file__": 1}])
def test_a_resource_of_which_the_file_is_not_told_fails(
    properties: Any, verdict: Verdict, caplog: pytest.LogCaptureFixture
) -> None:
    assert verdict(Clean(None, ()), properties) == "FAILED"
    assert "checkov does not say in which file the resource is" in caplog.text
