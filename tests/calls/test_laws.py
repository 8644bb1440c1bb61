"""Laws of predictions: less that allows and more that denies never lets more pass."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ormer.model.finding import Finding, Verdict

HERE = Path(__file__).parent
DOCUMENTS = json.loads((HERE / "access.json").read_text("utf-8"))
ALLOWING = [
    (name, at)
    for name in ("pipeline", "job", "endpoint", "key")
    for at in range(len(DOCUMENTS[name]["Statement"]))
]
DENIALS = st.fixed_dictionaries(
    {
        "Effect": st.just("Deny"),
        "Action": st.sampled_from(["s3:*", "s3:PutObject", "kms:*", "sagemaker:Create*", "iam:*"]),
        "Resource": st.sampled_from(
            ["*", "arn:aws:s3:::*-data/*", "arn:aws:sagemaker:*:*:*/pipelines-x*", "*/role/*"]
        ),
    },
    optional={
        "Condition": st.sampled_from(
            [
                {"Null": {"aws:SourceVpce": "true"}},
                {"Null": {"sagemaker:VpcSubnets": "true"}},
                {"Null": {"sagemaker:VolumeKmsKey": "true"}},
                {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
                {"StringNotEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
            ]
        )
    },
)


def passes(found: list[Finding]) -> set[tuple[str, str]]:
    return {(one.control, one.subject) for one in found if one.verdict is Verdict.PASS}


def decided(found: list[Finding]) -> set[tuple[str, str]]:
    return {(one.control, one.subject) for one in found if one.verdict is Verdict.FAIL}


@pytest.mark.parametrize("name, at", ALLOWING)
def test_every_statement_that_allows_is_needed(
    name: str, at: int, documents: Any, abalone: Any, predict: Any
) -> None:
    """The access holds nothing that no prediction asks for: each call is looked at."""
    del documents[name]["Statement"][at]
    documents[name]["Statement"].append(
        {"Effect": "Allow", "Action": "iam:ListRoles", "Resource": "*",
         **({} if name in ("pipeline", "job") else {"Principal": "*"})}
    )  # fmt: skip
    assert decided(predict(abalone))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    dropped=st.sets(st.sampled_from(ALLOWING), max_size=3),
    denials=st.lists(st.tuples(st.sampled_from(["pipeline", "job"]), DENIALS), max_size=3),
)
def test_nothing_more_passes(
    dropped: set[tuple[str, int]],
    denials: list[tuple[str, Any]],
    documents: Any,
    abalone: Any,
    predict: Any,
) -> None:
    documents.clear()
    documents.update(copy.deepcopy(DOCUMENTS))
    for name, at in sorted(dropped, reverse=True):
        if len(documents[name]["Statement"]) > 1:
            del documents[name]["Statement"][at]
    before = predict(abalone)
    for name, denial in denials:
        documents[name]["Statement"].append(denial)
    after = predict(abalone)
    assert passes(after) <= passes(before)
    assert decided(before) <= decided(after)
