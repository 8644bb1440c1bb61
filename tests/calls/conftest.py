"""A readable access: the abalone pipeline may do what it does, and little else."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.assess.check import Checker
from ormer.assess.predict import Predictor
from ormer.controls.load import Catalogue, load_catalogue
from ormer.model.access import Access, Endpoint, Holder, ResourcePolicy
from ormer.model.environment import Environment
from ormer.model.finding import Finding, Report, Verdict
from ormer.model.policy import Policy
from ormer.model.principal import principal_from_arn
from ormer.read.environment import read_environment
from ormer.read.policies.policy import PolicyKind, read_policy

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PIPELINE = "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-pipeline"
JOB = "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-execution"
BUCKETS = ("mlops-dev-eu-west-1-111122223333-data", "mlops-dev-eu-west-1-111122223333-models")
KEYS = tuple(
    f"arn:aws:kms:eu-west-1:111122223333:key/{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-"
    f"{digit * 12}"
    for digit in "12"
)

Documents = dict[str, Any]
Edit = Callable[[Documents], object]
Predict = Callable[..., list[Finding]]


def policy(name: str, document: Any, kind: PolicyKind) -> Policy:
    return read_policy(json.dumps(document).encode(), name, kind)


def access_of(documents: Documents) -> Access:
    def holder(arn: str, name: str) -> Holder:
        read = policy(f"{name}.json", documents[name], PolicyKind.IDENTITY)
        tags = documents.get("tags", {})
        return Holder(principal_from_arn(arn), tags, (read,))

    def bucket(name: str) -> ResourcePolicy:
        text = json.dumps(documents["bucket"]).replace("BUCKET", name)
        read = read_policy(text.encode(), "bucket.json", PolicyKind.GUARDED_RESOURCE)
        return ResourcePolicy(f"arn:aws:s3:::{name}", read)

    def key(arn: str) -> ResourcePolicy:
        return ResourcePolicy(
            arn, policy("key.json", documents["key"], PolicyKind.GUARDED_RESOURCE)
        )

    endpoint = policy("endpoint.json", documents["endpoint"], PolicyKind.GUARDED_RESOURCE)
    holders = [holder(PIPELINE, "pipeline"), holder(JOB, "job")]
    return Access(
        holders={one.principal.name: one for one in holders},
        resource_policies=(
            *map(bucket, documents.get("buckets", BUCKETS)),
            *map(key, documents.get("keys", KEYS)),
            *(
                ResourcePolicy(arn, policy("queue.json", document, PolicyKind.GUARDED_RESOURCE))
                for arn, document in documents.get("queues", {}).items()
            ),
        ),
        endpoints=tuple(
            Endpoint(name, "s3", endpoint)
            for name in documents.get("endpoints", ["vpce-0a1b2c3d4e5f60001"])
        ),
        organization=documents.get("organization", ""),
    )


@pytest.fixture
def documents() -> Documents:
    """The policies, for a test to change."""
    made: Documents = json.loads((HERE / "access.json").read_text("utf-8"))
    return made


@pytest.fixture
def abalone() -> Documents:
    """The definition of the abalone pipeline, for a test to change."""
    text = (ROOT / "benchmarks" / "abalone.json").read_text("utf-8")
    made: Documents = json.loads(text)
    return made


@pytest.fixture(scope="session")
def profile() -> str:
    return (ROOT / "pipelines" / "environment.yaml").read_text("utf-8")


@pytest.fixture(scope="session")
def environment(profile: str) -> Environment:
    return read_environment(profile.encode(), "environment.yaml")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def checked(
    documents: Documents, environment: Environment, catalogue: Catalogue
) -> Callable[..., Report]:
    """``checked(definition)``: the report on it, with predictions by the documents.

    ``role`` is the pipeline's role, ``environment`` another profile, ``by`` what predicts.
    """
    given = environment

    def _checked(
        definition: Documents,
        role: str = PIPELINE,
        environment: Environment = given,
        by: type[Predictor] = Predictor,
    ) -> Report:
        access = access_of(copy.deepcopy(documents))
        predictor = by(access, environment, role, "no role", path="access.yaml")
        checker = Checker(environment, catalogue, predictor)
        return checker.check(json.dumps(definition).encode(), "pipeline.json", "abalone")

    return _checked


@pytest.fixture
def predict(checked: Callable[..., Report]) -> Predict:
    """``predict(definition)``: the findings of the access rules."""

    def _predict(definition: Documents, **more: Any) -> list[Finding]:
        found = checked(definition, **more).findings
        return [one for one in found if one.control.startswith("ACC-")]

    return _predict


@pytest.fixture
def wrong(predict: Predict) -> Callable[..., dict[tuple[str, str, str], str]]:
    """What is not allowed, or not known: (rule, subject, verdict) -> message."""

    def _wrong(definition: Documents, **more: Any) -> dict[tuple[str, str, str], str]:
        return {
            (one.control, one.subject, one.verdict.value): one.message
            for one in predict(definition, **more)
            if one.verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE)
        }

    return _wrong
