"""What the documents together decide: a table of requests, and a table that has teeth."""

from __future__ import annotations

from typing import Any

import pytest

from docs.policy_teeth.documents import documents, policies
from docs.policy_teeth.layers import Prepared
from docs.policy_teeth.operators import mutants
from docs.policy_teeth.outcomes import is_in_the_tables
from docs.policy_teeth.reasons import excuse_of

GUARDRAILS = ("iam/guardrails/", "policies/scp/")
DOCUMENTS = [name for name in documents() if not name.startswith(GUARDRAILS)]


def test_case(case: Prepared) -> None:
    decision = case.decided({})
    reasons = [f"{reason.layer.value} {reason.statement}" for reason in decision.reasons]
    assert decision.outcome.value == case.case.expect, (reasons, decision.missing)
    assert set(case.case.by) <= {reason.statement for reason in decision.reasons}


def test_no_document_is_left_out(documents: Any) -> None:
    assert set(DOCUMENTS) == set(documents)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_whatever_is_made_wrong_some_case_notices(name: str) -> None:
    survivors = [
        mutant.id
        for mutant in mutants(name, policies()[name])
        if not is_in_the_tables(mutant) and excuse_of(mutant) is None
    ]
    assert survivors == [], "\n".join(survivors)
