"""Expectations: every one is met by some policies and missed by others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ormer.evaluate.open.verdict import AccessEvaluator
from ormer.expectations.answers import answer
from ormer.expectations.askers import with_any_role
from ormer.expectations.expectation import Expectation, load_expectations
from ormer.expectations.placeholders import NotConfigured
from ormer.expectations.questions import questions
from ormer.model.access import Access, Holder, ResourcePolicy
from ormer.model.environment import Environment
from ormer.model.finding import Verdict
from ormer.model.principal import principal_from_arn
from ormer.model.symbol import symbol
from ormer.read.policies.policy import PolicyKind

EXPECTATIONS = load_expectations()
Verdicts = Callable[[Expectation, Access], list[Verdict]]


@pytest.fixture(scope="module")
def verdicts(environment: Environment) -> Verdicts:
    def _verdicts(expectation: Expectation, access: Access) -> list[Verdict]:
        whole = with_any_role(access, environment)
        asked = list(questions(expectation, environment, whole))
        assert asked
        return [answer(expectation, question, AccessEvaluator(whole)).verdict for question in asked]

    return _verdicts


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=[one.id for one in EXPECTATIONS])
def test_well_made_policies_meet_it(expectation, verdicts, made):
    assert set(verdicts(expectation, made.good)) == {Verdict.PASS}


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=[one.id for one in EXPECTATIONS])
def test_policies_that_allow_or_deny_everything_miss_it(expectation, verdicts, made):
    missed = made.closed if expectation.is_allowed else made.bad
    assert Verdict.FAIL in verdicts(expectation, missed)


def test_a_policy_with_an_unresolved_part_is_unknown(environment, made):
    found = made.good
    open_key = made.policy(
        PolicyKind.IDENTITY,
        made.allow("iam:PassRole", symbol("Role")),
        made.allow("kms:Decrypt", symbol("Key")),
    )
    holders = {
        **found.holders,
        made.pipeline: Holder(principal_from_arn(made.pipeline), {}, (open_key,)),
    }
    whole = with_any_role(found._replace(holders=holders), environment)
    passing = next(one for one in EXPECTATIONS if one.id == "ROL-03")
    (question,) = questions(passing, environment, whole)
    said = answer(passing, question, AccessEvaluator(whole))
    assert said.verdict is Verdict.UNKNOWN
    assert "depends on Role" in " ".join(said.lines)


def test_a_role_that_the_access_file_lacks_is_no_pass(environment, made):
    whole = with_any_role(Access({}), environment)
    expectation = next(one for one in EXPECTATIONS if one.id == "ROL-01")
    for question in questions(expectation, environment, whole):
        said = answer(expectation, question, AccessEvaluator(whole))
        assert said.verdict is Verdict.FAIL
        assert said.lines == (f"the access file has no {question.request.principal.name}",)


@pytest.mark.parametrize(
    ("name", "lost", "decided"),
    [
        ("BKT-03", "arn:aws:s3:::models-bucket", Verdict.PASS),
        ("KEY-01", "arn:aws:kms:eu-west-1:111122223333:key/ebs", Verdict.PASS),
        ("TRU-01", "arn:aws:iam::111122223333:role/sm-exec", Verdict.PASS),
        (
            "ROL-04",
            "arn:aws:iam::111122223333:role/sm-exec",
            None,
        ),  # a trust policy has no say in who may change the role
    ],
)
def test_without_the_policy_of_a_resource_of_the_profile_nothing_is_known(
    name, lost, decided, environment, made
):
    found = made.good
    left = tuple(one for one in found.resource_policies if one.resource != lost)
    assert len(left) < len(found.resource_policies)
    whole = with_any_role(found._replace(resource_policies=left), environment)
    expectation = next(one for one in EXPECTATIONS if one.id == name)
    said = {
        question.text: answer(expectation, question, AccessEvaluator(whole))
        for question in questions(expectation, environment, whole)
    }
    unknown = [one for one in said.values() if one.verdict is Verdict.UNKNOWN]
    assert {one.lines for one in unknown} == (
        {(f"the access file has no policy of {lost}",)} if decided else set()
    )
    assert {one.verdict for one in said.values()} - {Verdict.UNKNOWN} == {Verdict.PASS}


def test_a_denial_is_certain_without_the_policy_of_the_resource(environment, made):
    whole = with_any_role(made.closed, environment)
    expectation = next(one for one in EXPECTATIONS if one.id == "KEY-02")
    (found, *_) = questions(expectation, environment, whole)
    assert found.lacks == "arn:aws:kms:eu-west-1:111122223333:key/ebs"
    assert answer(expectation, found, AccessEvaluator(whole)).verdict is Verdict.PASS


def test_that_no_endpoint_is_in_the_way_is_said(environment, made):
    whole = with_any_role(made.good._replace(endpoints=()), environment)
    expectation = next(one for one in EXPECTATIONS if one.id == "VPE-03")
    for question in questions(expectation, environment, whole):
        said = answer(expectation, question, AccessEvaluator(whole))
        service = question.request.action.partition(":")[0]
        assert said.verdict is Verdict.FAIL
        assert (
            said.lines[-1]
            == f"the access file has no VPC endpoint of {service}: none was in the way"
        )


def test_questions_differ_by_what_is_given_and_none_is_asked_twice(environment, made):
    one_key = environment._replace(
        values={**environment.values, "kms.output": environment.values["kms.volume"]}
    )
    whole = with_any_role(made.good, one_key)
    asked = [one for each in EXPECTATIONS for one in questions(each, one_key, whole)]
    by_expectation = [
        (each.id, one.text) for each in EXPECTATIONS for one in questions(each, one_key, whole)
    ]
    assert len(set(by_expectation)) == len(asked)
    assert (
        "any role from outside the VPC: s3:GetObject arn:aws:s3:::data-bucket/ormer-test with "
        "aws:SourceVpce=vpce-0ffffffffffffffff"
    ) in [one.text for one in asked]


def test_tags_of_a_principal_are_in_its_requests(environment, made):
    found = made.good
    exempt = made.deny(
        "Tag", "s3:*", "*", Condition={"StringEquals": {"aws:PrincipalTag/team": "x"}}
    )
    tagged = Holder(
        principal_from_arn(made.execution),
        {"Team": "x"},
        (made.policy(PolicyKind.IDENTITY, exempt),),
    )
    whole = with_any_role(
        found._replace(holders={**found.holders, made.execution: tagged}), environment
    )
    expectation = next(one for one in EXPECTATIONS if one.id == "BKT-07")
    (question,) = questions(expectation, environment, whole)
    said = answer(expectation, question, AccessEvaluator(whole))
    assert any("statement Tag" in line for line in said.lines)


def test_what_the_profile_lacks_is_said(environment, made):
    values = {k: v for k, v in environment.values.items() if k != "roles.pipeline"}
    without = environment._replace(values=values)
    expectation = next(one for one in EXPECTATIONS if one.id == "ROL-03")
    with pytest.raises(NotConfigured, match=r"roles\.pipeline"):
        list(questions(expectation, without, made.good))


def test_a_denial_that_hangs_on_an_address_is_not_certain(environment, made):
    """Who has that address gets in past the endpoint."""
    found = made.good
    arn = "arn:aws:s3:::data-bucket"
    away = {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    open_to = made.deny("Address", "s3:*", [arn, f"{arn}/*"], Principal="*", Condition=away)
    bucket_policy = ResourcePolicy(arn, made.policy(PolicyKind.RESOURCE, open_to))
    kept = tuple(one for one in found.resource_policies if one.resource != arn)
    whole = with_any_role(found._replace(resource_policies=(bucket_policy, *kept)), environment)
    expectation = next(one for one in EXPECTATIONS if one.id == "BKT-01")
    said = {
        answer(expectation, one, AccessEvaluator(whole)).verdict
        for one in questions(expectation, environment, whole)
        if one.request.resource.startswith(arn) and "aws:SourceVpce" not in one.text
    }
    assert said == {Verdict.UNKNOWN}
