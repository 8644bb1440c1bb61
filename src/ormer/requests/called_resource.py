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

_QUEUE_URL = r"https://sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(\d{12})/([\w.-]*)"
_LEGACY_QUEUE_URL = r"https://([a-z0-9-]+)\.queue\.amazonaws\.com/(\d{12})/([\w.-]*)"


def called_resource(source: Input, action: str, environment: Environment) -> Optional[Found]:
    """The ARN of what the step calls, or None where the call names no existing resource."""
    finder = _FINDERS.get(action)
    return finder(source, environment) if finder else None


def _function(source: Input, environment: Environment) -> Found:
    return _step_member(source, "FunctionArn")


def _queue(source: Input, environment: Environment) -> Found:
    found = _step_member(source, "SqsQueueUrl")
    return found._replace(value=_queue_arn(found.value, environment.partition))


def _queue_arn(url: Value, partition: str) -> Value:
    """The ARN of a queue's URL; of each URL of an enum; of a URL whose end is not fixed."""
    if isinstance(url, str):
        return _arn_of_url(url, partition) or Opaque(f"{url} is not an SQS queue URL")
    if not isinstance(url, Expression):
        return url
    first, *rest = url.parts
    if isinstance(first, str):
        arn = _arn_of_url(first, partition)
        return join([arn, *rest]) if arn else Opaque(f"{url.text()} is not an SQS queue URL")
    if rest or first.choices is None:
        return url
    arns = [_arn_of_url(choice, partition) for choice in first.choices]
    if not all(arns):
        return Opaque(f"{first.name} may be a text that is not an SQS queue URL")
    return Expression((first._replace(choices=tuple(str(arn) for arn in arns)),))


def _arn_of_url(url: str, partition: str) -> str:
    match = re.fullmatch(_QUEUE_URL, url) or re.fullmatch(_LEGACY_QUEUE_URL, url)
    if match is None:
        return ""
    region, account, name = match.groups()
    return f"arn:{partition}:sqs:{region}:{account}:{name}"


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
