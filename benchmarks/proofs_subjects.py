"""What provers are timed on: policy sets, and the questions that are asked of each.

A question is a control (or an access property), a principal and one action: is any request of
that action allowed that the control forbids? The sets are

* ``sample``: the execution role of a published SageMaker environment (the shape of aws-samples'
  secure MLOps one, in our own words): its own policy with three AWS managed policies, the buckets
  that deny all but the endpoint, the endpoint that goes by names;
* ``repository``: the roles, buckets and endpoints of ``pipelines/access.yaml``;
* ``200 statements`` and ``1000 statements``: generated (``proofs_generated``), the same each time.

All are judged by ``pipelines/environment.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.proofs_generated import ROLE, VIOLATED, generated
from benchmarks.proofs_sample import closed_bucket, endpoint_by_names, own_policy
from ormer.controls.load import load_catalogue
from ormer.model.access import Access, Endpoint, Holder, ResourcePolicy
from ormer.model.control import Control
from ormer.model.environment import Environment
from ormer.model.policy import Policy
from ormer.model.principal import principal_from_arn
from ormer.proofs.asked.properties import load_properties
from ormer.read.environment import read_environment
from ormer.read.policies.policy import PolicyKind, PolicyReader
from ormer.run.access import load_access
from ormer.sources.managed_policies import managed_policy

PIPELINES = Path(__file__).parent.parent / "pipelines"
MANAGED = (
    *("AmazonSageMakerFullAccess", "AmazonSageMakerPipelinesIntegrations"),
    "AmazonS3ReadOnlyAccess",
)
_TRAIN, _PROCESS = "sagemaker:CreateTrainingJob", "sagemaker:CreateProcessingJob"
_READ, _WRITE, _DELETE = "s3:GetObject", "s3:PutObject", "s3:DeleteObject"


class Question(NamedTuple):
    """One control on one action of one principal, and what has to come of it."""

    control: Control
    principal: str
    action: str
    is_violated: bool


class Subject(NamedTuple):
    """A policy set and what is asked of it."""

    name: str
    access: Access
    environment: Environment
    questions: tuple[Question, ...]


def subjects() -> Iterator[Subject]:
    """Every subject, the small ones first."""
    environment = profile()
    yield sample(environment)
    yield repository(environment)
    for statements in (200, 1000):
        yield many(statements, environment)


def profile() -> Environment:
    """The profile that all are judged by."""
    path = PIPELINES / "environment.yaml"
    return read_environment(path.read_bytes(), path.name)


def sample(environment: Environment) -> Subject:
    """The execution role of a published environment: what it lets through, and what it stops."""
    role = environment.values["roles.execution"][0]
    data, models = (f"arn:aws:s3:::{environment.values[f'buckets.{b}'][0]}" for b in _BUCKETS)
    own = _policy("execution", own_policy(environment, data, models))
    managed = [_policy(name, managed_policy(name)) for name in MANAGED]
    vpce = environment.values["vpc.endpoints.s3"][0]
    access = Access(
        {role: _holder(role, (own, *managed))},
        tuple(
            ResourcePolicy(arn, _policy("bucket", closed_bucket(arn, vpce), PolicyKind.RESOURCE))
            for arn in (data, models)
        ),
        (Endpoint(vpce, "s3", _policy("endpoint", endpoint_by_names(data, models), _GUARDED)),),
    )
    asked = (
        ("NET-01", _TRAIN, True),
        ("NET-02", _TRAIN, True),
        ("NET-03", _TRAIN, True),
        ("KMS-01", _PROCESS, True),
        ("ROLE-01", "iam:PassRole", True),
        ("ACS-05", "iam:PassRole", True),
        ("ACS-01", _READ, False),
        ("ACS-01", _DELETE, True),
        ("ACS-02", _READ, True),
        ("ACS-03", _WRITE, True),
        ("ACS-04", _WRITE, True),
        ("ACS-06", "s3:PutBucketPolicy", False),
    )
    return Subject("sample", access, environment, _questions(role, asked))


def repository(environment: Environment) -> Subject:
    """This repository's own policies: every answer is that nothing gets through."""
    execution = environment.values["roles.execution"][0]
    pipeline = environment.values["roles.pipeline"][0]
    access = load_access(str(PIPELINES / "access.yaml"))
    of_jobs = (("ACS-01", _READ), ("ACS-02", _READ), ("ACS-03", _WRITE), ("ACS-04", _WRITE))
    of_pipeline = (
        *(("NET-01", _TRAIN), ("NET-02", _TRAIN), ("NET-03", _TRAIN), ("NET-04", _TRAIN)),
        *(("ROLE-01", "iam:PassRole"), ("ACS-01", _READ)),
    )
    questions = (
        *_questions(execution, ((name, action, False) for name, action in of_jobs)),
        *_questions(pipeline, ((name, action, False) for name, action in of_pipeline)),
    )
    return Subject("repository", access, environment, questions)


def many(statements: int, environment: Environment) -> Subject:
    """A role with as many statements, in managed policies of 20 each."""
    documents = generated(statements, environment)
    policies = tuple(_policy(f"teams-{n}", document) for n, document in enumerate(documents))
    vpce = environment.values["vpc.endpoints.s3"][0]
    models = environment.values["buckets.models"][0]
    data = environment.values["buckets.data"][0]
    by_names = endpoint_by_names(f"arn:aws:s3:::{data}", f"arn:aws:s3:::{models}")
    access = Access(
        {ROLE: _holder(ROLE, policies)},
        (),
        (Endpoint(vpce, "s3", _policy("endpoint", by_names, _GUARDED)),),
    )
    asked = [
        (control, action, (control, action) in VIOLATED)
        for control, action in (
            *(("NET-01", _TRAIN), ("NET-02", _TRAIN), ("CMP-01", _TRAIN)),
            *(("ACS-01", _READ), ("ACS-01", _WRITE), ("ACS-04", _WRITE)),
            ("ACS-05", "iam:PassRole"),
        )
    ]
    return Subject(f"{statements} statements", access, environment, _questions(ROLE, asked))


_BUCKETS = ("data", "models")
_GUARDED = PolicyKind.GUARDED_RESOURCE
_CONTROLS: dict[str, Control] = {}


def _questions(role: str, asked: Any) -> tuple[Question, ...]:
    if not _CONTROLS:
        _CONTROLS.update((c.id, c) for c in (*load_catalogue().controls, *load_properties()))
    return tuple(Question(_CONTROLS[name], role, action, bad) for name, action, bad in asked)


def _policy(name: str, document: Any, kind: PolicyKind = PolicyKind.IDENTITY) -> Policy:
    return PolicyReader(name).policy(document, (), kind, name)


def _holder(role: str, policies: tuple[Policy, ...]) -> Holder:
    principal = principal_from_arn(role)
    assert principal is not None
    return Holder(principal, {}, policies)
