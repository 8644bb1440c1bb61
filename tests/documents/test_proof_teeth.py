"""The mutants of the policies before the proofs: a sample of them, and the page."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from docs.policy_teeth.documents import policies
from docs.policy_teeth.operators import OPERATORS, Mutant
from docs.policy_teeth.outcomes import all_mutants
from docs.proof_teeth.outcomes import (
    ASIDE,
    CLOSES,
    ITSELF,
    LEFT,
    NO_CONTROL,
    NOBODY,
    OTHERS,
    REASONS,
    TURNED,
    Outcome,
    tried,
)
from docs.proof_teeth.page import row_of
from docs.proof_teeth.points import concerned, layers_of, of_document
from docs.proof_teeth.reasons import reason_of, reasons, wrong_with
from ormer.model.authorization import Layer

PAGE = Path(__file__).parents[2] / "docs" / "proof-teeth.md"
DATA, PERIMETER = (
    "policies/buckets.yaml#DataBucketPolicy",
    "policies/organization.yaml#DataPerimeter",
)
S3, BOUNDARY = "policies/endpoints.yaml#S3Endpoint", "iam/boundary.yaml#Boundary"
GUARDRAILS = "iam/guardrails/guardrails-1.json"

SAMPLE = {
    f"{DATA} OnlyThroughTheEndpoint: dropped": (TURNED, "ACS-01"),
    f"{S3} LayersOfImages: on every resource": (TURNED, "ACS-04"),
    f"{GUARDRAILS} CMP03a: dropped": (TURNED, "CMP-03"),
    f"{GUARDRAILS} CMP03a: effect turned around": (TURNED, "CMP-03"),
    f"{PERIMETER} OnlyOverTls: dropped": (OTHERS, f"{DATA} OnlyOverTls"),
    f"{DATA} OnlyOverTls: dropped": (ASIDE, f"{PERIMETER} OnlyOverTls"),
    f"{S3} SourceOfTheBuild: on every resource": (ITSELF, "what vpce allows"),
    f"{BOUNDARY} Keys: on every resource": (ASIDE, "what identity allows"),
    f"{S3} LayersOfImages: dropped": (CLOSES, ""),
}


@pytest.fixture(scope="module")
def by_id() -> dict[str, Mutant]:
    return {one.id: one for one in all_mutants()}


@pytest.mark.parametrize("name", SAMPLE)
def test_a_mutant_turns_a_proof_or_others_carry_it(name: str, by_id: dict[str, Mutant]) -> None:
    """Which of several statements a proof takes is the solver's choice: either way the others carry."""
    result, part = SAMPLE[name]
    found = tried(by_id[name])
    assert found.id == name
    assert found.result in ((OTHERS, ASIDE) if result in (OTHERS, ASIDE) else (result,))
    told = found.turned[0].control if found.turned else ", ".join(found.carriers)
    assert part in told
    assert bool(found.turned) is (result == TURNED)


def test_a_mutant_concerns_those_that_have_the_document(by_id: dict[str, Mutant]) -> None:
    mutant = by_id[f"{GUARDRAILS} CMP03a: dropped"]
    before = next(of_document(GUARDRAILS))
    points = list(concerned(before, mutant))
    assert {point.principal.rpartition("-")[2] for point in points} == {
        *("execution", "pipeline", "scientist")
    }
    assert "sagemaker:CreateTrainingJob" in {point.action for point in points}
    one_action = by_id[f"{GUARDRAILS} CMP03a: without an action: sagemaker:CreateTrainingJob"]
    found = {point.action for point in concerned(before, one_action)}
    assert found == {"sagemaker:CreateTrainingJob"}
    everywhere = by_id[f"{DATA} OnlyOverTls: dropped"]
    principals = {point.principal for point in concerned(next(of_document(DATA)), everywhere)}
    assert len(principals) == len(before.stage.access.holders)


@pytest.mark.parametrize(
    ("document", "layer"),
    [
        (DATA, Layer.RESOURCE),
        (PERIMETER, Layer.RCP),
        (S3, Layer.ENDPOINT),
        (BOUNDARY, Layer.BOUNDARY),
    ],
)
def test_where_a_document_stands(document: str, layer: Layer) -> None:
    assert layers_of(document) == {layer}


def _outcome(name: str, by_id: dict[str, Mutant]) -> Outcome:
    one = by_id[name]
    return Outcome(one.document, one.before.name, one.operator, one.what, SAMPLE[name][0])


def test_a_reason_too_few_or_too_many_is_told(by_id: dict[str, Mutant]) -> None:
    known = _outcome(f"{DATA} OnlyOverTls: dropped", by_id)
    assert reason_of(known) is not None
    said = list(wrong_with([known]))
    assert all("are said" in line for line in said) and len(said) >= len(reasons()) - 1
    strange = known._replace(document="no document", result=NOBODY)
    assert "has no reason for it" in next(iter(wrong_with([strange])))
    assert not [
        line for line in wrong_with([strange._replace(result=CLOSES)]) if "no reason" in line
    ]


def test_the_page_counts_every_mutant_there_is() -> None:
    """The numbers of what is not asked and of all are right without the minutes of the rest."""
    text = PAGE.read_text("utf-8")
    rows = {
        cells[0]: [int(cell or 0) for cell in cells[1:]]
        for cells in (
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in text.splitlines()
            if re.fullmatch(r"\|[^|]+\|( *\d* \|){9}|\| .+ \|( *\d* \|){9}", line)
        )
    }
    mutants = Counter(one.document for one in all_mutants())
    closes = Counter(one.document for one in all_mutants() if one.way.value == "closes")
    assert set(rows) == {*policies(), *OPERATORS}
    columns = ["mutants", TURNED, "alone", *REASONS]
    for name in policies():
        told = dict(zip(columns, rows[name], strict=True))
        assert told["mutants"] == mutants[name]
        assert told[CLOSES] == closes[name]
        assert told["mutants"] == told[TURNED] + sum(told[each] for each in REASONS)
    left = sum(
        dict(zip(columns, rows[name], strict=True))[each] for name in policies() for each in LEFT
    )
    assert left == sum(each.mutants for each in reasons())
    assert NO_CONTROL in text


def test_a_row_counts(by_id: dict[str, Mutant]) -> None:
    found = [_outcome(name, by_id) for name in SAMPLE]
    assert row_of("x", found) == "| x | 9 | 4 |  | 1 |  |  | 1 | 1 | 2 |"
