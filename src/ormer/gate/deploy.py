"""Put a cleared definition into SageMaker, and start what was put there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Optional

from ormer.gate.clearance import Clearance, digest
from ormer.gate.tags import DEFINITION
from ormer.model.environment import Environment
from ormer.model.errors import AwsError, InputError
from ormer.sources import sagemaker_pipeline as calls

Say = Callable[[str], None]


class Order(NamedTuple):
    """What to upsert: the cleared definition under a name, with a role and tags."""

    clearance: Clearance
    name: str
    role_arn: str
    description: Optional[str]
    tags: Mapping[str, str]
    store: Optional[calls.Store]


class Deployment(NamedTuple):
    """An upserted pipeline, read back and found to be the cleared bytes.

    ``version`` is the PipelineVersionId, None where AWS told none.
    """

    order: Order
    arn: str
    version: Optional[int]


def definition_store(environment: Environment) -> Optional[calls.Store]:
    """Where the profile has room for a large definition, or None."""
    buckets, keys = environment.lookup("buckets.data"), environment.lookup("kms.output")
    if not buckets or not keys:
        return None
    bucket, _, prefix = buckets[0].partition("/")
    prefix = prefix.rstrip("*/")
    return calls.Store(bucket, f"{prefix}/" if prefix else "", environment.account, keys[0])


def deploy(sagemaker: Any, s3: Callable[[], Any], order: Order, say: Say) -> Deployment:
    """Create or update the pipeline with exactly the cleared bytes, tag it, and read it back.

    ``s3`` connects to S3 when the definition is too large to go inline. Can be repeated after
    an interruption. Raises AwsError if a call fails or if what is read back differs;
    InputError if the bytes are not the cleared ones.
    """
    if digest(order.clearance.definition) != order.clearance.sha256:
        raise InputError("the definition changed after the check; nothing is upserted")
    _must_fit(order)
    before = calls.describe(sagemaker, order.name)
    if before is not None:
        _say_what_is_there(sagemaker, before, order, say)
    settings = _settings(s3, order)
    if before is None:
        arn, version = calls.create(sagemaker, order.name, settings, order.tags), None
        say(f"created {arn}")
    else:
        arn, version = before.arn, calls.update(sagemaker, order.name, settings)
        calls.tag(sagemaker, arn, order.tags)
        say(f"updated {arn}" + ("" if version is None else f" to version {version}"))
    deployment = Deployment(order, arn, version)
    _must_be_deployed(sagemaker, deployment)
    say(f"read back: the deployed definition is sha256 {order.clearance.sha256}")
    return deployment


def start(sagemaker: Any, deployment: Deployment, parameters: Mapping[str, str]) -> str:
    """Start the deployed version; returns the execution's ARN.

    Where AWS told no version to start (CreatePipeline does not), the latest one is
    read once more and must still be the cleared bytes.
    """
    if deployment.version is None:
        _must_be_deployed(sagemaker, deployment)
    return calls.start(sagemaker, deployment.order.name, deployment.version, parameters)


def _must_fit(order: Order) -> None:
    size = len(order.clearance.definition)
    if size > calls.INLINE_LIMIT and order.store is None:
        raise InputError(
            f"the definition has {size} bytes and goes to S3 first: "
            "the profile needs buckets.data and kms.output"
        )


def _settings(s3: Callable[[], Any], order: Order) -> dict[str, Any]:
    clearance = order.clearance
    large = len(clearance.definition) > calls.INLINE_LIMIT
    store = order.store if large else None
    settings = calls.content(clearance.definition, clearance.sha256, s3, store)
    settings["RoleArn"] = order.role_arn
    if order.description is not None:
        settings["PipelineDescription"] = order.description
    return settings


def _say_what_is_there(sagemaker: Any, before: calls.Pipeline, order: Order, say: Say) -> None:
    deployed = digest(before.definition)
    tagged = calls.tags_of(sagemaker, before.arn).get(DEFINITION)
    if tagged is None:
        say(f"pipeline {order.name} has not been through the gate before; it is replaced")
    elif tagged != deployed and deployed != order.clearance.sha256:
        say(
            f"pipeline {order.name} was changed outside the gate and is replaced: "
            f"deployed sha256 {deployed}, tagged {tagged}"
        )
    elif deployed == order.clearance.sha256:
        say(f"pipeline {order.name} already has this definition")


def _must_be_deployed(sagemaker: Any, deployment: Deployment) -> None:
    name, wanted = deployment.order.name, deployment.order.clearance
    found = calls.describe(sagemaker, name, deployment.version)
    if found is None:
        raise AwsError(f"pipeline {name} is gone right after the upsert; nothing is started")
    if found.definition != wanted.definition:
        raise AwsError(
            f"pipeline {name} reads back as sha256 {digest(found.definition)}, "
            f"upserted was {wanted.sha256}: somebody changed it at the same time; "
            "nothing is started"
        )
