"""A SageMaker project in a live account -> the environment profile it runs in.

The way: the project carries the tag ``sagemaker:domain-arn`` (SageMaker Studio
writes it when a project is made there; other projects need the domain's id),
the domain carries the network, the execution role and the tags EnvironmentName
and EnvironmentType, and these name four SSM parameters,
``NAME-TYPE-{data-bucket-name,model-bucket-name,kms-s3-key-arn,kms-ebs-key-arn}``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any, NamedTuple, Optional

from ormer.model.environment import Environment
from ormer.model.errors import AwsError, InputError
from ormer.read.environment import read_environment
from ormer.sources.aws import calling, connect
from ormer.sources.profile_yaml import Values, profile_yaml

Clients = Callable[[str], Any]

DOMAIN_TAG = "sagemaker:domain-arn"

_PARAMETERS = {
    "data-bucket-name": "buckets.data",
    "model-bucket-name": "buckets.models",
    "kms-s3-key-arn": "kms.output",
    "kms-ebs-key-arn": "kms.volume",
}

_YOURS = "yours to choose; until it is there, its control is not configured"

_NOT_IN_AWS = {
    "roles.pipeline": "no project or domain names it; until it is there, --role-arn is not judged",
    "instance_types": _YOURS,
    "max_instance_count": _YOURS,
    "max_runtime_seconds": _YOURS,
    "model_package_groups": _YOURS,
}


class Discovery(NamedTuple):
    """The profile found, its YAML text, and the optional fields left out with the reason."""

    environment: Environment
    yaml: str
    left_out: Mapping[str, str]


def discover(
    project_name: str,
    region: Optional[str] = None,
    clients: Optional[Clients] = None,
    domain_id: Optional[str] = None,
) -> Environment:
    """The profile of a project's environment; see ``explore`` for what is raised."""
    return explore(project_name, region, clients, domain_id).environment


def explore(
    project_name: str,
    region: Optional[str] = None,
    clients: Optional[Clients] = None,
    domain_id: Optional[str] = None,
) -> Discovery:
    """Find a project's environment, and say what could not be found.

    ``clients`` gives the client of a service; the default connects with boto3's
    own configuration and ``region``. Raises AwsError if a call fails, InputError
    naming the field and the call if something required is missing or empty.
    """
    client = clients or (lambda service: connect(service, region))
    sagemaker = client("sagemaker")
    domain_id = domain_id or _domain_of(sagemaker, project_name)
    domain = _describe_domain(sagemaker, domain_id)
    arn_parts = domain["DomainArn"].split(":")
    values: dict[str, tuple[str, ...]] = {"account": (arn_parts[4],), "region": (arn_parts[3],)}
    values.update(_network_and_role(domain, domain_id))
    values.update(_environment_tags(sagemaker, domain["DomainArn"]))
    values.update(_parameters(client("ssm"), values))
    left_out: dict[str, str] = {}
    values.update(_s3_endpoints(client, domain, left_out))
    values.update(_registry(arn_parts[3], left_out))
    text = profile_yaml(values, f"Found from the SageMaker project {project_name}.")
    environment = read_environment(text.encode("utf-8"), f"project {project_name}")
    return Discovery(environment, text, {**left_out, **_NOT_IN_AWS})


def _domain_of(sagemaker: Any, project_name: str) -> str:
    with calling("DescribeProject", f"project {project_name}", "sagemaker:DescribeProject"):
        arn = sagemaker.describe_project(ProjectName=project_name)["ProjectArn"]
    domain_arn = _tags(sagemaker, arn).get(DOMAIN_TAG, "")
    domain_id: str = domain_arn.partition(":domain/")[2]
    if not domain_id:
        raise InputError(
            f"project {project_name}: ListTags shows no tag {DOMAIN_TAG}, so it was not made "
            "in SageMaker Studio; give --domain-id"
        )
    return domain_id


def _tags(sagemaker: Any, arn: str) -> dict[str, str]:
    with calling("ListTags", arn, "sagemaker:ListTags"):
        pages = sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn)
        return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}


def _describe_domain(sagemaker: Any, domain_id: str) -> Mapping[str, Any]:
    with calling("DescribeDomain", f"domain {domain_id}", "sagemaker:DescribeDomain"):
        answer: Mapping[str, Any] = sagemaker.describe_domain(DomainId=domain_id)
    return answer


def _network_and_role(domain: Mapping[str, Any], domain_id: str) -> Values:
    settings = domain.get("DefaultUserSettings") or {}
    found = {
        "vpc.subnets": ("SubnetIds", domain.get("SubnetIds")),
        "vpc.security_groups": (
            "DefaultUserSettings.SecurityGroups",
            settings.get("SecurityGroups"),
        ),
        "roles.execution": (
            "DefaultUserSettings.ExecutionRole",
            [role] if (role := settings.get("ExecutionRole")) else [],
        ),
    }
    for member, strings in found.values():
        if not strings:
            raise InputError(f"domain {domain_id}: DescribeDomain shows no {member}")
    return {path: tuple(strings or ()) for path, (_, strings) in found.items()}


def _environment_tags(sagemaker: Any, domain_arn: str) -> Values:
    tags = _tags(sagemaker, domain_arn)
    for name in ("EnvironmentName", "EnvironmentType"):
        if not tags.get(name):
            raise InputError(f"{domain_arn}: ListTags shows no tag {name}")
    return {f"tags.{name}": (tags[name],) for name in ("EnvironmentName", "EnvironmentType")}


def _parameters(ssm: Any, values: Values) -> Values:
    start = f"{values['tags.EnvironmentName'][0]}-{values['tags.EnvironmentType'][0]}-"
    names = [start + name for name in _PARAMETERS]
    with calling("GetParameters", f"SSM parameters {start}*", "ssm:GetParameters"):
        answer = ssm.get_parameters(Names=names, WithDecryption=True)
    found = {entry["Name"]: entry["Value"].strip() for entry in answer["Parameters"]}
    for name in names:
        if not found.get(name):
            raise InputError(f"SSM parameter {name} is missing or empty (GetParameters)")
    return {path: (found[start + name],) for name, path in _PARAMETERS.items()}


def _s3_endpoints(client: Clients, domain: Mapping[str, Any], left_out: dict[str, str]) -> Values:
    vpc, region = domain.get("VpcId", ""), domain["DomainArn"].split(":")[3]
    filters = [
        {"Name": "vpc-id", "Values": [vpc]},
        {"Name": "service-name", "Values": [f"com.amazonaws.{region}.s3"]},
    ]
    try:
        with calling("DescribeVpcEndpoints", vpc, "ec2:DescribeVpcEndpoints"):
            answer = client("ec2").describe_vpc_endpoints(Filters=filters)
    except AwsError as error:
        left_out["vpc.endpoints.s3"] = str(error)
        return {}
    ids = tuple(
        entry["VpcEndpointId"]
        for entry in answer["VpcEndpoints"]
        if entry.get("State", "").lower() == "available"
    )
    if not ids:
        left_out["vpc.endpoints.s3"] = f"DescribeVpcEndpoints shows none available for S3 in {vpc}"
        return {}
    return {"vpc.endpoints.s3": ids}


def _registry(region: str, left_out: dict[str, str]) -> Values:
    text = (resources.files("ormer.facts") / "image_registries.json").read_text("utf-8")
    account = json.loads(text)["registries"].get(region)
    if account is None:
        left_out["image_registries"] = f"no known registry of SageMaker's images in {region}"
        return {}
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return {"image_registries": (f"{account}.dkr.ecr.{region}.{suffix}",)}
