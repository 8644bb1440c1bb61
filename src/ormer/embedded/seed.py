"""What an embedded AWS account holds before anybody calls it: what the profile names."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple, Optional

from ormer.embedded import adopted_ids
from ormer.embedded.world import Project, World
from ormer.model.environment import Environment

Client = Callable[[str], Any]


class Place(NamedTuple):
    """The profile, the clients of the embedded account, and the state beside moto."""

    environment: Environment
    client: Client
    world: World


def seed(place: Place, project_name: str) -> None:
    """Make the network, keys, buckets, roles, parameters, domain and project of the profile.

    What the profile does not name is not made: without ``roles.execution`` there
    is no domain and no project, without EnvironmentName and EnvironmentType under
    ``tags`` there are no SSM parameters.
    """
    vpc = _network(place)
    _keys(place)
    _buckets(place)
    _roles(place)
    _parameters(place)
    if place.environment.lookup("roles.execution"):
        _project(place, project_name, _domain(place, vpc))


def _network(place: Place) -> str:
    from moto.ec2.models import ec2_backends

    ec2 = place.client("ec2")
    backend = ec2_backends[place.environment.account][place.environment.region]
    vpc: str = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    zones = ec2.describe_availability_zones()["AvailabilityZones"]
    for number, wanted in enumerate(place.environment.lookup("vpc.subnets") or ()):
        made = ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"10.0.{number}.0/24",
            AvailabilityZone=zones[number % len(zones)]["ZoneName"],
        )
        adopted_ids.adopt_subnet(backend, made["Subnet"]["SubnetId"], wanted)
    for wanted in place.environment.lookup("vpc.security_groups") or ():
        group = ec2.create_security_group(
            GroupName=wanted.replace("sg-", "jobs-"), Description="SageMaker jobs", VpcId=vpc
        )
        adopted_ids.adopt_security_group(backend, group["GroupId"], wanted)
    _endpoints(place, ec2, backend, vpc)
    return vpc


def _endpoints(place: Place, ec2: Any, backend: Any, vpc: str) -> None:
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    for service, ids in place.environment.mapping("vpc.endpoints").items():
        gateway = service in ("s3", "dynamodb")
        where: dict[str, Any] = (
            {"RouteTableIds": [table["RouteTableId"] for table in tables["RouteTables"]]}
            if gateway
            else {"SubnetIds": list(place.environment.lookup("vpc.subnets") or ())}
        )
        for wanted in ids:
            made = ec2.create_vpc_endpoint(
                VpcId=vpc,
                ServiceName=f"com.amazonaws.{place.environment.region}.{service}",
                VpcEndpointType="Gateway" if gateway else "Interface",
                **where,
            )
            adopted_ids.adopt_vpc_endpoint(backend, made["VpcEndpoint"]["VpcEndpointId"], wanted)


def _keys(place: Place) -> None:
    from moto.kms.models import kms_backends

    kms = place.client("kms")
    backend = kms_backends[place.environment.account][place.environment.region]
    start = _arn(place, "kms", "key/")
    for arn in dict.fromkeys(place.environment.lookup("kms.*") or ()):
        if arn.startswith(start):
            made = kms.create_key(Description="Named by the environment profile")
            adopted_ids.adopt_key(backend, made["KeyMetadata"]["KeyId"], arn[len(start) :])
            kms.enable_key_rotation(KeyId=arn)
    for alias, (arn, *_) in place.environment.mapping("kms.aliases").items():
        if arn.startswith(start):
            kms.create_alias(AliasName=alias, TargetKeyId=arn)


def _buckets(place: Place) -> None:
    s3, key = place.client("s3"), (place.environment.lookup("kms.output") or ("",))[0]
    region = place.environment.region
    made_in = (
        {}
        if region == "us-east-1"
        else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    )
    named = place.environment.lookup("buckets.*") or ()
    for bucket in dict.fromkeys(name.partition("/")[0] for name in named):
        s3.create_bucket(Bucket=bucket, **made_in)
        rule = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
        s3.put_bucket_encryption(
            Bucket=bucket,
            ServerSideEncryptionConfiguration={
                "Rules": [{"ApplyServerSideEncryptionByDefault": rule, "BucketKeyEnabled": True}]
            },
        )
        s3.put_public_access_block(
            Bucket=bucket,
            PublicAccessBlockConfiguration=dict.fromkeys(
                (
                    "BlockPublicAcls",
                    "IgnorePublicAcls",
                    "BlockPublicPolicy",
                    "RestrictPublicBuckets",
                ),
                True,
            ),
        )
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def _roles(place: Place) -> None:
    iam = place.client("iam")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sagemaker.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    for arn in dict.fromkeys(place.environment.lookup("roles.*") or ()):
        path, _, name = arn.partition(":role/")[2].rpartition("/")
        if f"::{place.environment.account}:" in arn:
            iam.create_role(
                RoleName=name,
                Path=f"/{path}/" if path else "/",
                AssumeRolePolicyDocument=json.dumps(trust),
            )


def _parameters(place: Place) -> None:
    prefix = _prefix(place.environment)
    if prefix is None:
        return
    ssm = place.client("ssm")
    for field, name in (
        ("buckets.data", "data-bucket-name"),
        ("buckets.models", "model-bucket-name"),
        ("kms.output", "kms-s3-key-arn"),
        ("kms.volume", "kms-ebs-key-arn"),
    ):
        for value in (place.environment.lookup(field) or ())[:1]:
            value = value.partition("/")[0] if field.startswith("buckets") else value
            ssm.put_parameter(Name=f"{prefix}-{name}", Value=value, Type="String")


def _prefix(environment: Environment) -> Optional[str]:
    name = environment.lookup("tags.EnvironmentName")
    kind = environment.lookup("tags.EnvironmentType")
    return f"{name[0]}-{kind[0]}" if name and kind else None


def _domain(place: Place, vpc: str) -> str:
    tags = place.environment.mapping("tags")
    answer = place.client("sagemaker").create_domain(
        DomainName=_prefix(place.environment) or "embedded",
        AuthMode="IAM",
        VpcId=vpc,
        SubnetIds=list(place.environment.lookup("vpc.subnets") or ()),
        AppNetworkAccessType="VpcOnly",
        DefaultUserSettings={
            "ExecutionRole": (place.environment.lookup("roles.execution") or ("",))[0],
            "SecurityGroups": list(place.environment.lookup("vpc.security_groups") or ()),
        },
        Tags=[{"Key": key, "Value": values[0]} for key, values in tags.items()],
    )
    arn: str = answer["DomainArn"]
    return arn


def _project(place: Place, name: str, domain_arn: str) -> None:
    place.world.projects[name] = Project(
        name=name,
        id="p-embedded00001",
        arn=_arn(place, "sagemaker", f"project/{name}"),
        created=datetime.now(UTC),
        tags={"sagemaker:domain-arn": domain_arn},
    )


def _arn(place: Place, service: str, resource: str) -> str:
    environment = place.environment
    where = f"{environment.partition}:{service}:{environment.region}:{environment.account}"
    return f"arn:{where}:{resource}"
