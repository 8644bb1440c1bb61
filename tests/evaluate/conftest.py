"""Requests and policies as ``ormer decide`` reads them, decided in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormer.evaluate.decide import decide
from ormer.model.authorization import Decision
from ormer.read.decide_line import check_line, read_policies, read_request

Decide = Callable[[dict[str, Any]], Decision]


@pytest.fixture(scope="session")
def decided() -> Decide:
    """``decided({"request": ..., ...})``: the decision of a line."""

    def _decided(line: dict[str, Any]) -> Decision:
        read = check_line(line, "line")
        return decide(read_policies(read, "line"), read_request(read, "line"))

    return _decided
