"""What the provers' benchmark says of its subjects is true: found by trying a small space.

A question that is violated has a request in the space that is allowed and forbidden; one that is
not has none there. That there is none at all is the prover's to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from benchmarks.forbidden import forbidden, is_forbidden
from benchmarks.proofs import asked
from benchmarks.proofs_generated import generated
from benchmarks.proofs_subjects import Question, Subject, profile, subjects
from ormer.evaluate.decide import Evaluator
from ormer.model.authorization import AuthorizationRequest, Outcome
from ormer.model.policy import Effect

OTHER_KEY = "arn:aws:kms:eu-west-1:999999999999:key/33333333-3333-4333-8333-333333333333"


@pytest.fixture(scope="module")
def all_subjects() -> dict[str, Subject]:
    return {subject.name: subject for subject in subjects()}


def keys_of(subject: Subject, action: str) -> dict[str, list[Any]]:
    values = subject.environment.values
    if action.startswith("sagemaker:"):
        return {
            "sagemaker:vpcsubnets": [None, (values["vpc.subnets"][0],), ("subnet-0bad",)],
            "sagemaker:vpcsecuritygroupids": [
                None,
                (values["vpc.security_groups"][0],),
                ("sg-0bad",),
            ],
            "sagemaker:instancetypes": [
                *((t,) for t in values["instance_types"]),
                ("ml.p5.48xlarge",),
            ],
            "sagemaker:networkisolation": [None, "true"],
            "sagemaker:intercontainertrafficencryption": [None, "true"],
            "sagemaker:volumekmskeyarn": [values["kms.volume"][0], OTHER_KEY],
            "sagemaker:outputkmskeyarn": [values["kms.output"][0]],
        }
    if action == "iam:PassRole":
        return {"iam:passedtoservice": [None, "sagemaker.amazonaws.com", "lambda.amazonaws.com"]}
    return {
        "aws:sourcevpce": [None, values["vpc.endpoints.s3"][0], "vpce-0bad"],
        "aws:securetransport": ["true", "false"],
        "s3:tlsversion": ["1.2"],
        "s3:x-amz-server-side-encryption": [None, "AES256"],
        "aws:requestedregion": [subject.environment.region],
    }


def resources_of(subject: Subject, question: Question) -> Iterator[tuple[str, str]]:
    """What the Allows of the action are about, with the tag that goes with it."""
    seen = set()
    for policy in subject.access.holders[question.principal].identity:
        for statement in policy.statements:
            allows = statement.effect is Effect.ALLOW and not statement.not_action
            if not allows or question.action.lower() not in map(str.lower, statement.actions):
                continue
            tags = [c.values[0] for c in statement.conditions if c.key == "aws:RequestTag/Team"]
            for pattern in statement.resources or ():
                if pattern not in seen and not statement.not_resource:
                    seen.add(pattern)
                    yield pattern.replace("*", "x"), (tags or [""])[0]
    kind = question.action.removeprefix("sagemaker:Create").removesuffix("Job").lower()
    if kind != question.action:
        name = f"{kind}-job/pipelines-x"
        yield f"arn:aws:sagemaker:eu-west-1:{subject.environment.account}:{name}", ""
    yield f"arn:aws:iam::{subject.environment.account}:role/admin", ""
    yield from ((f"arn:aws:s3:::{b[0]}/a", "") for b in buckets(subject))
    yield from ((f"arn:aws:s3:::{b[0]}", "") for b in buckets(subject))


def buckets(subject: Subject) -> list[tuple[str, ...]]:
    return [subject.environment.values[f"buckets.{name}"] for name in ("data", "models")]


def is_of(action: str, resource: str) -> bool:
    return resource.split(":")[2] == action.partition(":")[0]


def breaks(subject: Subject, question: Question) -> bool:
    what = forbidden(question.control, subject.environment)
    holder = subject.access.holders[question.principal]
    account = subject.environment.account
    own = {"aws:principalarn": question.principal, "aws:principalaccount": account}
    own["aws:resourceaccount"] = account
    keys = keys_of(subject, question.action)
    endpoint = subject.access.endpoint_of(question.action)
    evaluators: dict[Any, Evaluator] = {}
    for resource, tag in resources_of(subject, question):
        if not is_of(question.action, resource):
            continue
        inside_and_not = [
            subject.access.policies(question.principal, resource, each) for each in (endpoint, None)
        ]
        for each in inside_and_not:
            if (id(each.resource), each.endpoint) not in evaluators:
                evaluators[id(each.resource), each.endpoint] = Evaluator(each)
        for values in product(*keys.values()):
            context = {k: v for k, v in zip(keys, values, strict=True) if v is not None} | own
            context |= {"aws:requesttag/team": tag} if tag else {}
            request = AuthorizationRequest(
                holder.principal, question.action, resource, account, context
            )
            inside = endpoint is not None and context.get("aws:sourcevpce") == endpoint.id
            met = inside_and_not[0 if inside else 1]
            decision = evaluators[id(met.resource), met.endpoint].decide(request)
            if decision.outcome is Outcome.ALLOWED and is_forbidden(what, request):
                return True
    return False


@pytest.mark.parametrize("name", ["sample", "repository", "200 statements"])
def test_every_question_has_the_answer_that_the_benchmark_expects(
    name: str, all_subjects: dict[str, Subject]
) -> None:
    subject = all_subjects[name]
    found = {(q.control.id, q.action): breaks(subject, q) for q in subject.questions}
    assert found == {(q.control.id, q.action): q.is_violated for q in subject.questions}


def test_the_generated_policies_are_the_same_each_time_and_large() -> None:
    environment = profile()
    for count, least in ((200, 70_000), (1000, 350_000)):
        documents = generated(count, environment)
        assert documents == generated(count, environment)
        assert sum(len(each["Statement"]) for each in documents) == count
        assert len(str(documents)) > least
    assert generated(200, environment) != generated(1000, environment)[:10]


@pytest.mark.parametrize("name", ["sample", "repository", "200 statements", "1000 statements"])
def test_the_prover_has_them_all_right(all_subjects: dict[str, Subject], name: str) -> None:
    wrong = [timed for timed in asked(all_subjects[name]) if not timed.is_right]
    assert wrong == []
