"""KMS keys, VPC endpoints and their security group, read back, are those of the templates."""

from __future__ import annotations

import ast
from typing import Any

import pytest

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS:UserWarning")

SERVICES = (
    *("s3", "sagemaker.api", "sagemaker.runtime", "sts", "kms", "logs", "monitoring", "ecr.api"),
    *("ecr.dkr", "ssm", "codebuild", "codepipeline", "codecommit", "git-codecommit"),
    *("codeartifact.api", "codeartifact.repositories", "secretsmanager", "events", "ec2"),
)
"""What the build and people in Studio call."""


def _document(found: Any) -> Any:
    """moto gives a document back as a value, or as Python would write it."""
    return ast.literal_eval(found) if isinstance(found, str) else found


def test_a_key_is_what_is_declared(account: Any) -> None:
    kms = account.client("kms")
    keys = account.of_type("AWS::KMS::Key")
    assert [one.id for _, one in keys] == ["OutputKey", "VolumeKey"]
    for stack, one in keys:
        key = stack.physical(one.id)
        found = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
        assert _document(found) == one.properties["KeyPolicy"], one.id
        assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True
        assert one.properties["EnableKeyRotation"] in (True, "true")
        assert stack.outputs[f"{one.id}Arn"].endswith(f":key/{key}")


def test_the_tags_of_a_key_are_what_kms_takes(account: Any) -> None:
    kms = account.client("kms")
    for stack, one in account.of_type("AWS::KMS::Key"):
        key = stack.physical(one.id)
        tags = [
            {"TagKey": each["Key"], "TagValue": each["Value"]} for each in one.properties["Tags"]
        ]
        kms.tag_resource(KeyId=key, Tags=tags)
        assert kms.list_resource_tags(KeyId=key)["Tags"] == tags


def test_an_alias_names_its_key(account: Any) -> None:
    aliases = account.client("kms").list_aliases()["Aliases"]
    targets = {one["AliasName"]: one.get("TargetKeyId") for one in aliases}
    for _, one in account.of_type("AWS::KMS::Alias"):
        assert targets[one.properties["AliasName"]] == one.properties["TargetKeyId"]


def test_there_is_no_endpoint_but_the_declared_ones(account: Any) -> None:
    found = account.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    declared = {stack.physical(one.id) for stack, one in account.of_type("AWS::EC2::VPCEndpoint")}
    assert {one["VpcEndpointId"] for one in found} == declared
    prefix = "com.amazonaws.eu-west-1."
    assert sorted(one["ServiceName"].removeprefix(prefix) for one in found) == sorted(SERVICES)


def test_an_endpoint_is_what_is_declared(account: Any) -> None:
    ec2 = account.client("ec2")
    for stack, one in account.of_type("AWS::EC2::VPCEndpoint"):
        (found,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[stack.physical(one.id)])[
            "VpcEndpoints"
        ]
        wanted = one.properties
        assert _document(found["PolicyDocument"]) == wanted["PolicyDocument"], one.id
        for member in ("VpcId", "VpcEndpointType", "ServiceName"):
            assert found[member] == wanted[member], one.id
        for member in ("SubnetIds", "RouteTableIds"):
            assert found.get(member, []) == wanted.get(member, []), one.id
        groups = [group["GroupId"] for group in found["Groups"]]
        assert groups == wanted.get("SecurityGroupIds", []), one.id
        assert found.get("PrivateDnsEnabled", False) == wanted.get("PrivateDnsEnabled", False)


def test_the_security_group_takes_https_from_the_subnets_and_calls_nobody(account: Any) -> None:
    ec2 = account.client("ec2")
    ((stack, one),) = account.of_type("AWS::EC2::SecurityGroup")
    id = stack.physical(one.id)
    (found,) = ec2.describe_security_groups(GroupIds=[id])["SecurityGroups"]
    assert found["VpcId"] == one.properties["VpcId"]
    assert [_rule(each) for each in found["IpPermissions"]] == [
        _declared(each) for each in one.properties["SecurityGroupIngress"]
    ]
    # moto's CloudFormation leaves the egress rules out, so the API takes them from here
    assert [_rule(each) for each in found["IpPermissionsEgress"]] == [
        ("-1", None, None, "0.0.0.0/0")
    ]
    ec2.revoke_security_group_egress(GroupId=id, IpPermissions=found["IpPermissionsEgress"])
    for each in one.properties["SecurityGroupEgress"]:
        permission = {"IpProtocol": each["IpProtocol"], "IpRanges": [{"CidrIp": each["CidrIp"]}]}
        ec2.authorize_security_group_egress(GroupId=id, IpPermissions=[permission])
    (found,) = ec2.describe_security_groups(GroupIds=[id])["SecurityGroups"]
    assert [_rule(each) for each in found["IpPermissionsEgress"]] == [
        _declared(each) for each in one.properties["SecurityGroupEgress"]
    ]


def _rule(found: Any) -> tuple[Any, ...]:
    (cidr,) = (each["CidrIp"] for each in found["IpRanges"])
    return found["IpProtocol"], found.get("FromPort"), found.get("ToPort"), cidr


def _declared(rule: Any) -> tuple[Any, ...]:
    ports = [int(rule[name]) if name in rule else None for name in ("FromPort", "ToPort")]
    return rule["IpProtocol"], *ports, rule["CidrIp"]
