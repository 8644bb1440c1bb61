"""Each rule on bad, good and borderline statements: what is found, and what shows it.

``cases/LNT-nn.json``: one idea a case. ``finds`` is a part of the finding's message, or null where
the rule has nothing to say; ``shows`` a part of what its request is told as, left out where none
is found; ``severity`` is looked at where it is given.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.lint.rules import LINT_RULES
from ormer.model.definition import pointer
from ormer.model.finding import SEVERITY_ORDER

Case = dict[str, Any]
CASES = [
    (path.stem, case)
    for path in sorted((Path(__file__).parent / "cases").glob("*.json"))
    for case in json.loads(path.read_text("utf-8"))
]
TRAIN = {"Effect": "Deny", "Action": "sagemaker:CreateTrainingJob", "Resource": "*"}


@pytest.mark.parametrize(
    "rule, case", CASES, ids=[f"{rule} {case['idea']}" for rule, case in CASES]
)
def test_a_rule_finds(rule: str, case: Case, found: Callable[..., Any]) -> None:
    kind, version = case.get("kind", "identity"), case.get("version", "2012-10-17")
    own = [f for f in found(case["statements"], kind, version) if f.rule.id == rule]
    if case["finds"] is None:
        assert own == []
        return
    findings = [finding for finding in own if case["finds"] in finding.message]
    assert findings, f"not found among {[finding.message for finding in own]}"
    finding = findings[0]
    assert finding.severity.value == case.get("severity", finding.severity.value)
    if "shows" in case:
        assert finding.witness is not None, "no request shows it"
        assert case["shows"] in finding.witness.text
    else:
        assert finding.witness is None, "a request shows it: the case should name it"


@pytest.mark.parametrize("rule", LINT_RULES, ids=lambda rule: rule.id)
def test_every_rule_has_cases_that_find_and_cases_that_do_not(rule: Any) -> None:
    own = [case["finds"] for name, case in CASES if name == rule.id]
    assert None in own
    assert [finds for finds in own if finds is not None]


def test_a_case_has_no_member_that_nothing_reads() -> None:
    known = {"idea", "kind", "version", "statements", "finds", "severity", "shows"}
    assert {member for _, case in CASES for member in case} == known


def test_the_ids_are_in_order_and_every_rule_says_where_it_is_from() -> None:
    count = len(LINT_RULES)
    assert [rule.id for rule in LINT_RULES] == [f"LNT-{n:02}" for n in range(1, count + 1)]
    assert all(rule.source and rule.why and rule.fix for rule in LINT_RULES)


def test_a_finding_without_a_witness_is_one_severity_lower(found: Callable[..., Any]) -> None:
    statement = {**TRAIN, "Action": "sagemakr:CreateModel", "Condition": {}}
    (finding,) = found([statement])
    rank = SEVERITY_ORDER[finding.severity] - SEVERITY_ORDER[finding.rule.severity]
    assert (finding.witness, rank) == (None, 1)


def test_a_place_is_that_of_the_condition(found: Callable[..., Any]) -> None:
    statement = {**TRAIN, "Condition": {"Null": {"sagemaker:VpcSubnets": "true"}}}
    places = [pointer(finding.place) for finding in found([statement])]
    assert places == ["/Statement/0/Condition/Null/sagemaker:VpcSubnets"]


def test_findings_come_in_the_order_of_the_document(found: Callable[..., Any]) -> None:
    passing = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
    heading = {"Effect": "Allow", "Action": "s3:HeadObject", "Resource": "arn:aws:s3:::d/*"}
    findings = found([passing, heading])
    assert [(f.statement, f.rule.id) for f in findings] == [("0", "LNT-15"), ("1", "LNT-03")]
