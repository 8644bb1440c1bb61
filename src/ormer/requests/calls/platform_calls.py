"""What every job does beside its work: logs, metrics, and network interfaces in its VPC.

Source: "How to use SageMaker AI execution roles" in the SageMaker AI Developer Guide, which
gives these permissions to the job's role; "Log groups and streams that SageMaker AI sends to
Amazon CloudWatch Logs" for the groups. Resources are those of the Service Authorization
Reference for Amazon CloudWatch Logs, Amazon CloudWatch and Amazon EC2.
"""

from __future__ import annotations

from collections.abc import Iterator

from ormer.model.call import Call, Setting
from ormer.requests.calls.job import Job
from ormer.requests.calls.maker import SECURE, Maker, by_platform
from ormer.requests.calls.texts import texts

_ON_INTERFACES = (
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
)
_ON_ALL = (
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
)


def platform_calls(maker: Maker, job: Job) -> Iterator[Call]:
    """Logs and metrics of what writes a log, and the network interfaces of a job in a VPC."""
    if job.log_group:
        yield from _logs(maker, job)
    if job.in_vpc is not False:
        yield from _interfaces(maker, job)
    for action, resource in job.makes:
        yield maker.call(action, maker.arn("sagemaker", resource), "what the job makes")
    for role in maker.roles if job.makes else ():
        settings = (Setting({**SECURE, "iam:passedtoservice": "sagemaker.amazonaws.com"}),)
        yield maker.call("iam:PassRole", role, "what the job makes", settings)


def _logs(maker: Maker, job: Job) -> Iterator[Call]:
    settings = by_platform(job.in_vpc, "the log")
    name = job.log_group + ("*" if job.log_group.endswith("/") else "")
    group = maker.arn("logs", f"log-group:{name}")
    for action in ("logs:CreateLogGroup", "logs:DescribeLogStreams"):
        yield maker.call(action, f"{group}:*", "the log", settings)
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        yield maker.call(action, f"{group}:log-stream:*", "the log", settings)
    settings = tuple(
        # the namespace: "Monitor Amazon SageMaker AI with Amazon CloudWatch"
        one._replace(uncertain=one.uncertain | {"cloudwatch:namespace"})
        for one in by_platform(job.in_vpc, "the metric")
    )
    yield maker.call("cloudwatch:PutMetricData", "*", "the metric", settings)


def _interfaces(maker: Maker, job: Job) -> Iterator[Call]:
    why = "the network interface"
    doubt = "" if job.in_vpc else "whether the job is in a VPC is not known"
    every = maker.arn("ec2", "network-interface/*")
    made = (Setting(SECURE),)
    yield maker.call("ec2:CreateNetworkInterface", every, why, made, "", doubt)
    subnets = [("subnet", found) for found in job.subnets]
    for kind, found in subnets + [("security-group", found) for found in job.groups]:
        for name in texts(found.value) or ("*",):
            arn = maker.arn("ec2", f"{kind}/{name}")
            yield maker.call("ec2:CreateNetworkInterface", arn, why, made, "", doubt)
    for action in _ON_INTERFACES:
        yield maker.call(action, every, why, made, "", doubt)
    for action in _ON_ALL:
        yield maker.call(action, "*", why, made, "", doubt)
