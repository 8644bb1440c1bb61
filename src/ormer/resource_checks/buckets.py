"""Bucket policies: what they deny, whoever calls and whatever the caller's own policies allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ormer.evaluate.decide import Evaluator
from ormer.model.attached_policy import Attached
from ormer.model.authorization import Outcome, PolicySet
from ormer.model.policy import Policy
from ormer.model.resource import Declared, Resource
from ormer.model.symbol import readable
from ormer.resource_checks.callers import (
    NOBODY,
    Caller,
    everything,
    insider,
    nobody,
    outsider,
    request,
)
from ormer.resource_checks.contexts import contexts
from ormer.resource_checks.finding import Finding, Stack
from ormer.resource_checks.settled import settled

_ON_OBJECTS = (
    *("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject"),
    *("s3:DeleteObjectVersion", "s3:AbortMultipartUpload", "s3:RestoreObject"),
)
_ON_BUCKETS = ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads")
_ENDPOINT_KEYS = ("aws:sourcevpce", "aws:sourcevpc", "aws:vpceaccount", "aws:vpceorgid")
_Way = Mapping[str, str]


def endpoint_only(declared: Declared, resource: Resource, stack: Stack) -> Iterator[Finding]:
    """What comes through no VPC endpoint, or through another one, is denied, tags or not.

    Source: "Controlling access from VPC endpoints with bucket policies", Amazon S3 User Guide.
    """
    ways = {
        "through no VPC endpoint": {},
        "through another VPC endpoint": {
            "aws:sourcevpce": "vpce-0ffffffffffffffff",
            "aws:sourcevpc": "vpc-0ffffffffffffffff",
        },
    }
    callers = (insider(stack), outsider(stack), nobody())
    for each in settled(declared, resource, Attached.RESOURCE):
        for title, way in ways.items():
            found = _gets_through(each.policy, resource, stack, callers, way)
            if found:
                yield Finding(each.place, f"{found} {title} is not denied")


def tls_only(declared: Declared, resource: Resource, stack: Stack) -> Iterator[Finding]:
    """What comes without TLS is denied, through the endpoint as well.

    Source: "Enforcing HTTPS" in "Security best practices for Amazon S3".
    """
    for each in settled(declared, resource, Attached.RESOURCE):
        way = {**_own_endpoint(each.policy), "aws:securetransport": "false"}
        found = _gets_through(each.policy, resource, stack, (insider(stack),), way)
        if found:
            yield Finding(each.place, f"{found} over plain HTTP is not denied")


def _own_endpoint(policy: Policy) -> dict[str, str]:
    """The endpoint that the policy itself names, so that only TLS is in question."""
    return {
        condition.key.lower(): condition.values[0]
        for statement in policy.statements
        for condition in statement.conditions
        if condition.key.lower() in _ENDPOINT_KEYS and condition.values
    }


def _gets_through(
    policy: Policy, resource: Resource, stack: Stack, callers: tuple[Caller, ...], way: _Way
) -> str:
    """The first request that no Deny of the policy matches, for a person; empty where none is."""
    evaluator = Evaluator(PolicySet(identity=(everything(False),), resource=policy))
    bucket = _bucket(resource, stack)
    calls = [(action, f"{bucket}/{NOBODY}") for action in _ON_OBJECTS]
    calls += [(action, bucket) for action in _ON_BUCKETS]
    for action, target in calls:
        for caller in callers:
            for context in contexts(policy, way):
                asked = request(caller, action, target, stack.account, context)
                if evaluator.decide(asked).outcome is not Outcome.EXPLICITLY_DENIED:
                    chosen = _chosen(context, way)
                    return f"{action} on {readable(target)} by {caller.title}{chosen}"
    return ""


def _chosen(context: Mapping[str, str], way: _Way) -> str:
    more = [f"{key}={readable(value)}" for key, value in context.items() if key not in way]
    return f" with {', '.join(more)}" if more else ""


def _bucket(resource: Resource, stack: Stack) -> str:
    name = resource.properties.get("Bucket", NOBODY)
    return f"arn:{stack.partition}:s3:::{name}"
