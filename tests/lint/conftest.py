"""Policies that are linted, and what is found in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormer.lint.check import lint
from ormer.lint.document import read_document
from ormer.model.lint import Attached, LintFinding

Found = Callable[..., tuple[LintFinding, ...]]


@pytest.fixture(scope="session")
def found() -> Found:
    """``found([statement, ...], "resource", version)``: the findings; no version is left out."""

    def _found(
        statements: list[dict[str, Any]], attached: str = "identity", version: str = "2012-10-17"
    ) -> tuple[LintFinding, ...]:
        body: dict[str, Any] = {"Statement": statements}
        if version:
            body["Version"] = version
        return lint(read_document(body, "policy.json", Attached(attached)))

    return _found
