"""Every interface endpoint is in the tables: what it lets through, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from docs.policy_teeth.requests import cases


@pytest.mark.parametrize("expected", ["Allowed", "ImplicitlyDenied"])
def test_each_endpoint_is_in_the_tables(expected: str, documents: Any) -> None:
    endpoints = {
        name.partition("#")[2].removesuffix("Endpoint")
        for name in documents
        if name.startswith("policies/endpoints.yaml#")
    }
    asked = {
        one.via.partition(" ")[2]
        for name, one in cases().items()
        if name.startswith("interfaces/") and one.expect == expected
    }
    assert endpoints - {"S3"} == asked
