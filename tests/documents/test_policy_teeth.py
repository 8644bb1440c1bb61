"""The mutants of the policies: what the operators make, what is told of them, and the page."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from docs.policy_teeth.checks import EXPECTATIONS, Deciders, groups
from docs.policy_teeth.documents import policies, read
from docs.policy_teeth.operators import (
    DROPPED,
    EVERY_ACTION,
    EVERY_RESOURCE,
    EVERYONE,
    FLIPPED,
    NO_ACTION,
    NO_CONDITION,
    NO_RESOURCE,
    NO_VALUE,
    Mutant,
    Way,
    mutants,
)
from docs.policy_teeth.outcomes import Outcome, all_mutants, notices, tried
from docs.policy_teeth.page import row_of, statement_name, statement_names
from docs.policy_teeth.reasons import excuse_of, excuses, wrong_with

PAGE = Path(__file__).parents[2] / "docs" / "policy-teeth.md"
BUCKET = "policies/buckets.yaml#X"
STATEMENT = {
    "Sid": "One",
    "Effect": "Deny",
    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
    "Action": ["s3:GetObject", "s3:PutObject"],
    "NotResource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"],
    "Condition": {"StringEquals": {"aws:PrincipalAccount": ["1", "2"]}, "Null": {"x:y": "true"}},
}


def _mutants(**changed: object) -> list[Mutant]:
    body = {key: value for key, value in {**STATEMENT, **changed}.items() if value is not None}
    document = {"Version": "2012-10-17", "Statement": [body]}
    return list(mutants(BUCKET, read(document, BUCKET)))


def test_each_part_is_made_wrong_once() -> None:
    assert [(one.operator, one.what, one.way) for one in _mutants()] == [
        (DROPPED, "", Way.OPENS),
        (FLIPPED, "", Way.OPENS),
        (NO_CONDITION, "StringEquals aws:PrincipalAccount", Way.CLOSES),
        (NO_VALUE, "StringEquals aws:PrincipalAccount 1", Way.EITHER),
        (NO_VALUE, "StringEquals aws:PrincipalAccount 2", Way.EITHER),
        (NO_CONDITION, "Null x:y", Way.CLOSES),
        (NO_ACTION, "s3:GetObject", Way.OPENS),
        (NO_ACTION, "s3:PutObject", Way.OPENS),
        (NO_RESOURCE, "arn:aws:s3:::a/*", Way.CLOSES),
        (NO_RESOURCE, "arn:aws:s3:::b/*", Way.CLOSES),
        (EVERY_ACTION, "", Way.CLOSES),
        (EVERY_RESOURCE, "", Way.CLOSES),
        (EVERYONE, "", Way.CLOSES),
    ]


def test_an_allow_is_the_other_way_round() -> None:
    found = {one.operator: one.way for one in _mutants(Effect="Allow", Condition=None)}
    assert found[DROPPED] is found[FLIPPED] is found[NO_ACTION] is Way.CLOSES
    assert found[EVERY_ACTION] is found[EVERY_RESOURCE] is found[EVERYONE] is Way.OPENS
    assert found[NO_RESOURCE] is Way.OPENS, "fewer exceptions of a NotResource"


def test_a_single_value_is_left_and_what_is_everything_is_not_widened() -> None:
    found = _mutants(
        Principal="*", Action="*", NotResource=None, Resource="*", Condition=None, Effect="Allow"
    )
    assert [one.operator for one in found] == [DROPPED, FLIPPED]


@pytest.mark.parametrize("mutant", all_mutants()[::97], ids=lambda one: one.id.replace("::", ":"))
def test_a_mutant_differs_in_one_statement(mutant: Mutant) -> None:
    before = policies()[mutant.document].statements
    after = mutant.policy.statements
    if mutant.after is None:
        assert len(after) == len(before) - 1
    else:
        changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
        assert changed == [(mutant.before, mutant.after)]


ASKED = (
    "policies/keys.yaml#OutputKey RolesReadAndWriteThroughS3: dropped",
    "policies/keys.yaml#OutputKey RolesReadThroughS3: on every action",
    "policies/endpoints.yaml#S3Endpoint LayersOfImages: on every resource",
    "policies/organization.yaml#DataPerimeter OnlyOverTls: dropped",
)


def test_what_is_not_asked_would_have_turned_nothing() -> None:
    (group,) = [one for one in groups() if one.column == EXPECTATIONS]
    found = {one.id: one for one in all_mutants()}
    noticed = {name: notices(group, found[name]) for name in ASKED}
    for name, is_noticed in noticed.items():
        mutant = found[name]
        deciders = Deciders.of(group.stage.with_policy(mutant.document, mutant.policy))
        assert is_noticed is any(not one.passes(deciders) for one in group.checks), name
    assert set(noticed.values()) == {True, False}


def _rows() -> dict[str, str]:
    lines = PAGE.read_text("utf-8").splitlines()
    return {line.split(" | ")[0].removeprefix("| "): line for line in lines if line[:2] == "| "}


def test_the_page_has_every_statement_of_today_with_all_its_mutants() -> None:
    rows = _rows()
    now = Counter(statement_name(Outcome(one, frozenset())) for one in all_mutants())
    assert set(now) == set(statement_names())
    for name, count in now.items():
        assert name in rows, f"{name}: tox -e policy-teeth"
        assert rows[name].split(" | ")[1] == str(count), f"{name}: tox -e policy-teeth"
    there = {name for name in rows if re.match(r"(iam|policies)/\S+ \w+$", name)}
    assert there == set(now), "tox -e policy-teeth"


SAMPLE = (
    "iam/guardrails/guardrails-1.json KMS01a",
    "iam/guardrails/guardrails-3.json ROLE02a",
    "iam/guardrails/boundary.json DBG01a",
    "policies/scp/guardrails-3.json TAG01b",
    "iam/execution-role.yaml#ExecutionPolicy WriteResults",
    "policies/buckets.yaml#ModelsBucketPolicy OnlyThisAccount",
    "policies/endpoints.yaml#LogsEndpoint LogsOfThisAccount",
)


@pytest.mark.parametrize("name", SAMPLE)
def test_what_the_page_says_of_a_statement_is_what_is_found(name: str) -> None:
    document, _, sid = name.partition(" ")
    found = [
        tried(one) for one in all_mutants() if (one.document, one.before.name) == (document, sid)
    ]
    assert _rows()[name] == row_of(name, found), "tox -e policy-teeth"
    assert [one.mutant.id for one in found if not one.caught and not excuse_of(one.mutant)] == []


def test_the_page_and_the_table_of_reasons_are_of_one_number() -> None:
    match = re.search(r"(\d+) noticed, (\d+) survive", PAGE.read_text("utf-8"))
    assert match is not None
    assert int(match[1]) + int(match[2]) == len(all_mutants())
    assert int(match[2]) == sum(one.mutants for one in excuses())
    assert all(one.why in PAGE.read_text("utf-8") for one in excuses())


def test_a_reason_for_what_is_noticed_by_now_is_told() -> None:
    first = excuses()[0]
    said = list(wrong_with([]))
    assert len(said) == len(excuses())
    assert said[0].endswith(f"{first.mutants} are said, 0 survive")


def test_a_survivor_without_a_reason_is_told() -> None:
    (mutant, *_) = _mutants()
    (said,) = [one for one in wrong_with([mutant]) if one.startswith("nothing notices")]
    assert said.startswith(f"nothing notices {BUCKET} One: dropped")
