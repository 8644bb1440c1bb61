"""The mutants of the policies: what the operators make, what is told of them, and the page."""

from __future__ import annotations

import re
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from docs.policy_teeth.checks import EXPECTATIONS, Deciders, groups
from docs.policy_teeth.documents import BOUNDARY_PACK, policies, read
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
from docs.policy_teeth.outcomes import Outcome, all_mutants, is_in_the_tables, notices, tried
from docs.policy_teeth.page import row_of, statement_name, statement_names
from docs.policy_teeth.reasons import excuse_of, excuses, wrong_with
from ormer.evaluate.match_action import matches_action
from ormer.facts.carriers import load_carriers
from ormer.model.policy import Effect, Statement

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


GUARDRAILS = [one for one in all_mutants() if one.document.endswith(".json")]
UNNOTICED = [one for one in GUARDRAILS if excuse_of(one) is not None]


@pytest.mark.parametrize(
    "mutant", [one for one in UNNOTICED if one.operator == EVERY_ACTION], ids=lambda one: one.id
)
def test_on_every_action_means_the_same_where_the_table_says_so(mutant: Mutant) -> None:
    """Every other action with the key has a Deny of its own for it, or is allowed to nobody."""
    key = mutant.before.conditions[0].key
    beside = [one for one in _of_its_kind(mutant) if one != mutant.before]
    others = [action for action in _carriers(key) if not matches_action(mutant.before, action)]
    for action in others:
        about = [one for one in beside if matches_action(one, action)]
        denied = [one for one in about if key in {each.key for each in one.conditions}]
        is_allowed = mutant.document != BOUNDARY_PACK or Effect.ALLOW in {e.effect for e in about}
        assert denied or not is_allowed, f"{mutant.id}: {action}"


def _of_its_kind(mutant: Mutant) -> list[Statement]:
    names = [name for name in policies() if name.endswith(".json")]
    folder = mutant.document.rpartition("/")[0]
    is_boundary = mutant.document == BOUNDARY_PACK
    of_kind = [n for n in names if n.startswith(folder) and (n == BOUNDARY_PACK) is is_boundary]
    return [one for name in of_kind for one in policies()[name].statements]


def _carriers(key: str) -> list[str]:
    carriers = load_carriers()
    new = {old: new for new, old in carriers.renamed.items()}
    return [action.lower() for action in carriers.keys[new.get(key, key)].actions]


def test_an_instance_type_that_needs_no_key_is_approved_in_no_guardrail() -> None:
    found = {one.before.name: one.before for one in GUARDRAILS if one.document != BOUNDARY_PACK}
    without_key = found["KMS01b"].conditions[0].values
    asked = [found[name] for name in ("KMS01b", "KMS01c")]
    for name in ("CMP01a", "CMP01b"):
        (condition,) = found[name].conditions
        assert condition.key == "sagemaker:InstanceTypes"
        assert [v for v in condition.values for p in without_key if fnmatchcase(v, p)] == []
    compute = {action for name in ("CMP01a", "CMP01b") for action in found[name].actions}
    assert all(set(one.actions) <= compute for one in asked)


def test_a_reason_for_what_is_noticed_by_now_is_told() -> None:
    first = excuses()[0]
    said = list(wrong_with([]))
    assert len(said) == len(excuses())
    assert said[0].endswith(f"{first.mutants} are said, 0 survive")


def test_no_reason_speaks_of_more_than_the_tables_leave() -> None:
    """Whether the other columns notice one of these by now, tox -e policy-teeth tells."""
    left = Counter(
        found for one in all_mutants() if (found := excuse_of(one)) and not is_in_the_tables(one)
    )
    assert [one for one in excuses() if left[one] < one.mutants] == []


def test_a_survivor_without_a_reason_is_told() -> None:
    (mutant, *_) = _mutants()
    (said,) = [one for one in wrong_with([mutant]) if one.startswith("nothing notices")]
    assert said.startswith(f"nothing notices {BUCKET} One: dropped")
