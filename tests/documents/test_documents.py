"""What the documents together decide: a table of requests, and a table that has teeth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

MAIN = (
    "iam/administrator-role.yaml#AdministratorPolicy",
    "iam/administrator-role.yaml#AdministratorRole.trust",
    "iam/boundary.yaml#Boundary",
    "iam/build-role.yaml#BuildPolicy",
    "iam/build-role.yaml#BuildRole.trust",
    "iam/data-scientist-role.yaml#DataScientistPolicy",
    "iam/data-scientist-role.yaml#DataScientistRole.trust",
    "iam/execution-role.yaml#ExecutionPolicy",
    "iam/execution-role.yaml#ExecutionRole.trust",
    "iam/pipeline-role.yaml#PipelinePolicy",
    "iam/pipeline-role.yaml#PipelineRole.trust",
    "policies/buckets.yaml#DataBucketPolicy",
    "policies/buckets.yaml#ModelsBucketPolicy",
    "policies/endpoints.yaml#S3Endpoint",
    "policies/keys.yaml#OutputKey",
    "policies/keys.yaml#VolumeKey",
    "policies/organization.yaml#DataPerimeter",
)


def test_case(case: Any, documents: Any, decided: Any) -> None:
    decision = decided(documents, case)
    reasons = [f"{reason.layer.value} {reason.statement}" for reason in decision.reasons]
    assert decision.outcome.value == case.expect, (reasons, decision.missing)
    named = {reason.statement for reason in decision.reasons}
    assert set(case.by) <= named


def test_no_document_is_left_out(documents: Any) -> None:
    others = {name for name in documents if name not in MAIN}
    assert others and all(name.startswith("policies/endpoints.yaml#") for name in others)


@pytest.mark.parametrize("name", MAIN)
def test_whatever_is_weakened_some_case_notices(
    name: str,
    cases: Any,
    decided: Any,
    meets: Callable[[Any], set[str]],
    mutants: Callable[[str], Iterator[Any]],
) -> None:
    concerned = [case for case in cases if name in meets(case)]
    survivors = [
        mutant.what
        for mutant in mutants(name)
        if all(
            _as_expected(decided(mutant.documents, case), case)
            for case in concerned
            if mutant.touches(case.does)
        )
    ]
    assert survivors == [], "\n".join(survivors)


def _as_expected(decision: Any, case: Any) -> bool:
    named = {reason.statement for reason in decision.reasons}
    return decision.outcome.value == case.expect and set(case.by) <= named
