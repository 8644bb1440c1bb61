"""The resource outside SageMaker that a step calls: a function, a queue, a cluster."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Optional

from ormer.model.environment import Environment
from ormer.model.request import Found
from ormer.model.value import Expression, Opaque, Value, join
from ormer.requests.paths import Input
from ormer.requests.resolve import parts_of

_QUEUE_URL = r"https://sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(\d{12})/([\w.-]+)"
_LEGACY_QUEUE_URL = r"https://([a-z0-9-]+)\.queue\.amazonaws\.com/(\d{12})/([\w.-]+)"


def called_resource(source: Input, action: str, environment: Environment) -> Optional[Found]:
    """The ARN of what the step calls, or None where the call names no existing resource."""
    finder = _FINDERS.get(action)
    return finder(source, environment) if finder else None


def _function(source: Input, environment: Environment) -> Found:
    return _step_member(source, "FunctionArn")


def _queue(source: Input, environment: Environment) -> Found:
    found = _step_member(source, "SqsQueueUrl")
    if not isinstance(found.value, str):
        return found
    match = re.fullmatch(_QUEUE_URL, found.value) or re.fullmatch(_LEGACY_QUEUE_URL, found.value)
    if match is None:
        return found._replace(value=Opaque(f"{found.value} is not an SQS queue URL"))
    region, account, name = match.groups()
    return found._replace(value=f"arn:{environment.partition}:sqs:{region}:{account}:{name}")


def _cluster(source: Input, environment: Environment) -> Found:
    return _argument(source, "ClusterId", _arn(environment, "elasticmapreduce", "cluster/"))


def _application(source: Input, environment: Environment) -> Found:
    return _argument(source, "ApplicationId", _arn(environment, "emr-serverless", "/applications/"))


def _arn(environment: Environment, service: str, kind: str) -> str:
    return (
        f"arn:{environment.partition}:{service}:{environment.region}:{environment.account}:{kind}"
    )


def _step_member(source: Input, name: str) -> Found:
    step = source.step
    value: Any = source.resolver.resolve(step.body.get(name), step)
    return Found(_scalar(value, name), (*step.place, name))


def _argument(source: Input, name: str, prefix: str) -> Found:
    value: Any = source.resolver.resolve(source.node.get(name), source.step)
    place = (*source.place, name)
    if isinstance(value, (str, Expression)) and value:
        return Found(join([prefix, *(parts_of(value) or [])]), place)
    return Found(_scalar(value, name), place)


def _scalar(value: Any, name: str) -> Value:
    if isinstance(value, (Expression, Opaque)) or (isinstance(value, str) and value):
        return value
    return Opaque(f"no {name}")


_FINDERS: dict[str, Callable[[Input, Environment], Found]] = {
    "lambda:InvokeFunction": _function,
    "sqs:SendMessage": _queue,
    "elasticmapreduce:AddJobFlowSteps": _cluster,
    "emr-serverless:StartJobRun": _application,
}
