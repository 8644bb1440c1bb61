"""What every job does beside its work: logs, metrics, and network interfaces in its VPC.

Source: "How to use SageMaker AI execution roles" in the SageMaker AI Developer Guide, which
gives these permissions to the job's role; "Log groups and streams that SageMaker AI sends to
Amazon CloudWatch Logs" for the groups and "Monitor Amazon SageMaker AI with Amazon CloudWatch"
for the namespaces, which have their names. Resources are those of the Service Authorization
Reference for Amazon CloudWatch Logs, Amazon CloudWatch and Amazon EC2.
"""

from __future__ import annotations

from collections.abc import Iterator

from ormer.model.call import Call, Setting
from ormer.model.request import Found
from ormer.model.symbol import readable, symbol
from ormer.requests.calls.job import Job
from ormer.requests.calls.maker import SECURE, Maker, by_platform
from ormer.requests.calls.texts import texts

_CREATE = "ec2:CreateNetworkInterface"
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
    space = job.log_group + (symbol("the kind of job") if job.log_group.endswith("/") else "")
    settings = tuple(
        one._replace(context={**one.context, "cloudwatch:namespace": space})
        for one in by_platform(job.in_vpc, "the metric")
    )
    yield maker.call("cloudwatch:PutMetricData", "*", "the metric", settings)


def _interfaces(maker: Maker, job: Job) -> Iterator[Call]:
    why = "the network interface"
    doubt = "" if job.in_vpc else "whether the job is in a VPC is not known"
    context = {**SECURE, "ec2:region": maker.environment.region}
    every = maker.arn("ec2", "network-interface/*")
    subnets = _named(job.subnets)
    in_each = tuple(
        Setting(
            {**context, "ec2:subnet": maker.arn("ec2", f"subnet/{name}")},
            world=f"it is in {readable(name)}" if len(subnets) > 1 else "",
        )
        for name in subnets
    ) or (Setting(context),)
    for action in _ON_INTERFACES:
        yield maker.call(action, every, why, in_each, doubt=doubt)
    yield maker.call(_CREATE, every, why, (Setting(context),), doubt=doubt)
    for kind, key, names in (
        ("subnet", "ec2:subnetid", subnets),
        ("security-group", "ec2:securitygroupid", _named(job.groups)),
    ):
        for name in names:
            settings = (Setting({**context, key: name}),)
            arn = maker.arn("ec2", f"{kind}/{name}")
            yield maker.call(_CREATE, arn, why, settings, doubt=doubt)
    for action in _ON_ALL:
        yield maker.call(action, "*", why, (Setting(context),), doubt=doubt)


def _named(found: tuple[Found, ...]) -> tuple[str, ...]:
    """The ids of subnets or groups; any id where nothing is known of one."""
    ids = (texts(one.value) or (symbol("an id"),) for one in found)
    return tuple(dict.fromkeys(name for each in ids for name in each))
