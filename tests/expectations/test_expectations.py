"""Expectations: every one is met by some policies and missed by others; what is none is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.evaluate.open.verdict import AccessEvaluator
from ormer.expectations.answers import answer
from ormer.expectations.expectation import Expectation, load_expectations
from ormer.expectations.questions import NotConfigured, questions, with_any_role
from ormer.model.access import Access, Endpoint, Holder, ResourcePolicy
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.finding import Verdict
from ormer.model.principal import principal_from_arn
from ormer.model.symbol import symbol
from ormer.read.environment import read_environment
from ormer.read.policies.policy import PolicyKind, PolicyReader

EXPECTATIONS = load_expectations()
ACCOUNT, OTHER = "111122223333", "999988887777"
EXECUTION = f"arn:aws:iam::{ACCOUNT}:role/sm-exec"
PIPELINE = f"arn:aws:iam::{ACCOUNT}:role/sm-pipeline"
KEYS = [f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{name}" for name in ("ebs", "s3")]
OUTPUT = KEYS[1]
BUCKETS = ["data-bucket", "models-bucket"]


def policy(kind: PolicyKind, *statements: dict[str, Any]) -> Any:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return PolicyReader("test").policy(document, (), kind, "test")


def allow(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(sid: str, action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny", "Sid": sid}


def bucket(name: str) -> ResourcePolicy:
    arn = f"arn:aws:s3:::{name}"
    every = {"Principal": "*"}
    key = "s3:x-amz-server-side-encryption"
    return ResourcePolicy(
        arn,
        policy(
            PolicyKind.RESOURCE,
            deny(
                "Endpoint",
                "s3:*",
                [arn, f"{arn}/*"],
                **every,
                Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-0s3"}},
            ),
            deny(
                "Account",
                "s3:*",
                [arn, f"{arn}/*"],
                **every,
                Condition={"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}},
            ),
            deny(
                "Tls",
                "s3:*",
                [arn, f"{arn}/*"],
                **every,
                Condition={"BoolIfExists": {"aws:SecureTransport": "false"}},
            ),
            deny(
                "Sse",
                "s3:PutObject",
                f"{arn}/*",
                **every,
                Condition={"StringNotEqualsIfExists": {key: "aws:kms"}},
            ),
            deny(
                "Key",
                ["s3:PutObject", "s3:UpdateObjectEncryption"],
                f"{arn}/*",
                **every,
                Condition={"StringNotEqualsIfExists": {f"{key}-aws-kms-key-id": OUTPUT}},
            ),
        ),
    )


def trust(role: str) -> ResourcePolicy:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
    }
    condition = {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}
    return ResourcePolicy(role, policy(PolicyKind.RESOURCE, {**statement, **condition}))


def key(arn: str) -> ResourcePolicy:
    root = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    return ResourcePolicy(arn, policy(PolicyKind.RESOURCE, allow("kms:*", "*", **root)))


def holder(arn: str, *statements: dict[str, Any]) -> Holder:
    return Holder(principal_from_arn(arn), {}, (policy(PolicyKind.IDENTITY, *statements),))


def good() -> Access:
    own = {
        "Condition": {
            "StringEquals": {"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT}
        }
    }
    through = {"Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}}
    passing = {"Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}}
    arns = [f"arn:aws:s3:::{name}" for name in BUCKETS]
    gateway = {"Principal": "*", **own}
    return Access(
        {
            EXECUTION: holder(
                EXECUTION,
                allow(["s3:GetObject", "s3:PutObject"], [f"{arn}/*" for arn in arns]),
                allow("s3:ListBucket", arns),
                allow(["kms:Decrypt", "kms:GenerateDataKey"], OUTPUT, **through),
            ),
            PIPELINE: holder(PIPELINE, allow("iam:PassRole", EXECUTION, **passing)),
        },
        (*map(bucket, BUCKETS), *map(key, KEYS), trust(EXECUTION), trust(PIPELINE)),
        tuple(
            Endpoint(
                f"vpce-0{service}",
                service,
                policy(PolicyKind.GUARDED_RESOURCE, allow("*", "*", **gateway)),
            )
            for service in ("s3", "sagemaker", "kms", "sts", "logs")
        ),
    )


def bad() -> Access:
    """Everything is allowed to everyone."""
    everyone = {"Principal": "*"}
    resources = [f"arn:aws:s3:::{name}" for name in BUCKETS] + KEYS + [EXECUTION, PIPELINE]
    return Access(
        {arn: holder(arn, allow("*", "*")) for arn in (EXECUTION, PIPELINE)},
        tuple(
            ResourcePolicy(
                arn, policy(PolicyKind.RESOURCE, allow("*", [arn, f"{arn}/*"], **everyone))
            )
            for arn in resources
        ),
        tuple(
            Endpoint(
                f"vpce-0{service}",
                service,
                policy(PolicyKind.GUARDED_RESOURCE, allow("*", "*", **everyone)),
            )
            for service in ("s3", "sagemaker", "kms", "sts", "logs")
        ),
    )


def closed() -> Access:
    """Nothing is allowed to anybody."""
    everyone = deny("No", "sts:*", "*", Principal="*")
    return Access(
        {arn: holder(arn, deny("No", "*", "*")) for arn in (EXECUTION, PIPELINE)},
        tuple(
            ResourcePolicy(arn, policy(PolicyKind.RESOURCE, everyone))
            for arn in (EXECUTION, PIPELINE)
        ),
    )


@pytest.fixture(scope="module")
def environment() -> Environment:
    path = Path(__file__).parents[2] / "src/ormer/controls/example_environment.yaml"
    return read_environment(path.read_bytes(), path.name)


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
def test_well_made_policies_meet_it(expectation, verdicts):
    assert set(verdicts(expectation, good())) == {Verdict.PASS}


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=[one.id for one in EXPECTATIONS])
def test_policies_that_allow_or_deny_everything_miss_it(expectation, verdicts):
    missed = closed() if expectation.is_allowed else bad()
    assert Verdict.FAIL in verdicts(expectation, missed)


def test_a_policy_with_an_unresolved_part_is_unknown(environment):
    found = good()
    open_key = policy(
        PolicyKind.IDENTITY,
        allow("iam:PassRole", symbol("Role")),
        allow("kms:Decrypt", symbol("Key")),
    )
    holders = {**found.holders, PIPELINE: Holder(principal_from_arn(PIPELINE), {}, (open_key,))}
    whole = with_any_role(found._replace(holders=holders), environment)
    passing = next(one for one in EXPECTATIONS if one.id == "ROL-03")
    (question,) = questions(passing, environment, whole)
    said = answer(passing, question, AccessEvaluator(whole))
    assert said.verdict is Verdict.UNKNOWN
    assert "depends on Role" in " ".join(said.lines)


def test_a_role_that_the_access_file_lacks_is_no_pass(environment):
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
        ("TRU-01", EXECUTION, Verdict.PASS),
        ("ROL-04", EXECUTION, None),  # a trust policy has no say in who may change the role
    ],
)
def test_without_the_policy_of_a_resource_of_the_profile_nothing_is_known(
    name, lost, decided, environment
):
    found = good()
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


def test_a_denial_is_certain_without_the_policy_of_the_resource(environment):
    whole = with_any_role(closed(), environment)
    expectation = next(one for one in EXPECTATIONS if one.id == "KEY-02")
    (found, *_) = questions(expectation, environment, whole)
    assert found.lacks == "arn:aws:kms:eu-west-1:111122223333:key/ebs"
    assert answer(expectation, found, AccessEvaluator(whole)).verdict is Verdict.PASS


def test_that_no_endpoint_is_in_the_way_is_said(environment):
    whole = with_any_role(good()._replace(endpoints=()), environment)
    expectation = next(one for one in EXPECTATIONS if one.id == "VPE-03")
    for question in questions(expectation, environment, whole):
        said = answer(expectation, question, AccessEvaluator(whole))
        service = question.request.action.partition(":")[0]
        assert said.verdict is Verdict.FAIL
        assert (
            said.lines[-1]
            == f"the access file has no VPC endpoint of {service}: none was in the way"
        )


def test_questions_differ_by_what_is_given_and_none_is_asked_twice(environment):
    one_key = environment._replace(
        values={**environment.values, "kms.output": environment.values["kms.volume"]}
    )
    whole = with_any_role(good(), one_key)
    asked = [one for each in EXPECTATIONS for one in questions(each, one_key, whole)]
    by_expectation = [
        (each.id, one.text) for each in EXPECTATIONS for one in questions(each, one_key, whole)
    ]
    assert len(set(by_expectation)) == len(asked)
    assert (
        "any role from outside the VPC: s3:GetObject arn:aws:s3:::data-bucket/ormer-test with "
        "aws:SourceVpce=vpce-0ffffffffffffffff"
    ) in [one.text for one in asked]


def test_tags_of_a_principal_are_in_its_requests(environment):
    found = good()
    exempt = deny("Tag", "s3:*", "*", Condition={"StringEquals": {"aws:PrincipalTag/team": "x"}})
    tagged = Holder(
        principal_from_arn(EXECUTION), {"Team": "x"}, (policy(PolicyKind.IDENTITY, exempt),)
    )
    whole = with_any_role(found._replace(holders={**found.holders, EXECUTION: tagged}), environment)
    expectation = next(one for one in EXPECTATIONS if one.id == "BKT-07")
    (question,) = questions(expectation, environment, whole)
    said = answer(expectation, question, AccessEvaluator(whole))
    assert any("statement Tag" in line for line in said.lines)


def test_what_the_profile_lacks_is_said(environment):
    values = {k: v for k, v in environment.values.items() if k != "roles.pipeline"}
    without = environment._replace(values=values)
    expectation = next(one for one in EXPECTATIONS if one.id == "ROL-03")
    with pytest.raises(NotConfigured, match=r"roles\.pipeline"):
        list(questions(expectation, without, good()))


GOOD = """
- id: OWN-01
  title: t
  severity: high
  why: w
  source: s
  expect: denied
  ask: {who: any role, do: "s3:GetObject", to: "arn:aws:s3:::x/y"}
"""


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("expect: denied", "expect: deny", "own.yaml: entry 1 (OWN-01): expect is 'deny', not allowed or denied"),
        ("severity: high", "severity: urgent", "severity is not one of critical, high, medium, low"),
        ("why: w", "whi: w", "entry 1: unknown field 'whi'; did you mean 'why'?"),
        ("  why: w\n", "", "own.yaml: entry 1: no why"),
        ("id: OWN-01", "id: own", "an id looks like BKT-01"),
        ("id: OWN-01", "id: BKT-01", "a second expectation BKT-01"),
        ("any role", "{a: b}", "who: is not a text or a list of texts"),
        ("do:", "via: sideways, do:", "via is 'sideways', not one of outside, vpc"),
        ("do:", "given: [x], do:", "given is a mapping of condition keys"),
        ("do:", "does:", "ask: unknown field 'does'; did you mean 'do'?"),
        (GOOD, "a: b", "a file of expectations is a list of them"),
        (GOOD, "- x", "entry 1: is no mapping of fields"),
        (GOOD, "[", "own.yaml"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused(tmp_path, old, new, error):
    (tmp_path / "own.yaml").write_text(GOOD.replace(old, new))
    with pytest.raises(InputError, match=re.escape(error)) as caught:
        load_expectations(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("any role", "somebody", "own.yaml: 'somebody' is nobody who can ask"),
        (
            "any role",
            "'arn:aws:iam::1:role/x'",
            "own.yaml: 'arn:aws:iam::1:role/x' has no account of 12 digits",
        ),
        ("x/y", "${nothing}/y", "own.yaml: ${nothing} is no placeholder"),
        (
            "x/y",
            "${env.buckts.data}/y",
            "own.yaml: ${env.buckts.data}: a profile has no such field",
        ),
    ],
)
def test_a_question_that_is_none_is_refused(tmp_path, old, new, error, environment):
    (tmp_path / "own.yaml").write_text(GOOD.replace(old, new))
    own = load_expectations(tmp_path)[-1]
    with pytest.raises(InputError, match=re.escape(error)):
        list(questions(own, environment, good()))


def test_an_own_expectation_is_asked(tmp_path, environment):
    (tmp_path / "own.yaml").write_text(GOOD)
    own = load_expectations(tmp_path)[-1]
    whole = with_any_role(good(), environment)
    asked = list(questions(own, environment, whole))
    assert [one.text for one in asked] == [
        "any role from outside the VPC: s3:GetObject arn:aws:s3:::x/y",
        "any role through the VPC: s3:GetObject arn:aws:s3:::x/y",
    ]
    assert [answer(own, one, AccessEvaluator(whole)).verdict for one in asked] == [
        Verdict.FAIL,
        Verdict.FAIL,
    ]


def test_a_principal_of_the_access_file_is_asked_by_its_arn(tmp_path, environment):
    (tmp_path / "own.yaml").write_text(
        GOOD.replace("any role", "'arn:aws:iam::${account}:role/nobody', via: outside")
    )
    own = load_expectations(tmp_path)[-1]
    whole = with_any_role(good(), environment)
    (asked,) = questions(own, environment, whole)
    said = answer(own, asked, AccessEvaluator(whole))
    assert said.lines == ("the access file has no arn:aws:iam::111122223333:role/nobody",)
    known = whole.holders[EXECUTION]._replace(principal=asked.request.principal)
    whole = whole._replace(holders={**whole.holders, asked.request.principal.name: known})
    assert answer(own, asked, AccessEvaluator(whole)).verdict is Verdict.PASS


def test_a_folder_without_expectations_is_an_error(tmp_path):
    with pytest.raises(InputError, match=r"no folder with files of expectations"):
        load_expectations(tmp_path)


def test_a_denial_that_hangs_on_an_address_is_not_certain(environment):
    """Who has that address gets in past the endpoint."""
    found = good()
    arn = "arn:aws:s3:::data-bucket"
    away = {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    open_to = deny("Address", "s3:*", [arn, f"{arn}/*"], Principal="*", Condition=away)
    bucket_policy = ResourcePolicy(arn, policy(PolicyKind.RESOURCE, open_to))
    kept = tuple(one for one in found.resource_policies if one.resource != arn)
    whole = with_any_role(found._replace(resource_policies=(bucket_policy, *kept)), environment)
    expectation = next(one for one in EXPECTATIONS if one.id == "BKT-01")
    said = {
        answer(expectation, one, AccessEvaluator(whole)).verdict
        for one in questions(expectation, environment, whole)
        if one.request.resource.startswith(arn) and "aws:SourceVpce" not in one.text
    }
    assert said == {Verdict.UNKNOWN}
