"""The embedded account holds what the profile names, under the profile's own ids."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from ormer.embedded.aws import EmbeddedAws
from ormer.model.environment import Environment


def test_network_has_the_ids_of_the_profile(aws: EmbeddedAws, environment: Environment) -> None:
    ec2 = aws.client("ec2")
    subnets = list(environment.lookup("vpc.subnets") or ())
    groups = list(environment.lookup("vpc.security_groups") or ())
    endpoints = list(environment.lookup("vpc.endpoints.s3") or ())
    found = ec2.describe_subnets(SubnetIds=subnets)["Subnets"]
    assert sorted(subnet["SubnetId"] for subnet in found) == sorted(subnets)
    assert len({subnet["AvailabilityZone"] for subnet in found}) == len(subnets)
    vpc = found[0]["VpcId"]
    group = ec2.describe_security_groups(GroupIds=groups)["SecurityGroups"][0]
    assert (group["GroupId"], group["VpcId"]) == (groups[0], vpc)
    endpoint = ec2.describe_vpc_endpoints(VpcEndpointIds=endpoints)["VpcEndpoints"][0]
    assert endpoint["VpcEndpointType"] == "Gateway"
    assert (endpoint["VpcId"], endpoint["ServiceName"]) == (vpc, "com.amazonaws.eu-west-1.s3")
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    routes = [route for table in tables["RouteTables"] for route in table["Routes"]]
    assert endpoints[0] in [route["GatewayId"] for route in routes]
    acls = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    associated = [entry["SubnetId"] for entry in acls["NetworkAcls"][0]["Associations"]]
    assert sorted(associated) == sorted(subnets)


def test_keys_have_the_ids_of_the_profile_and_rotate(
    aws: EmbeddedAws, environment: Environment
) -> None:
    kms = aws.client("kms")
    for arn in environment.lookup("kms.*") or ():
        assert kms.describe_key(KeyId=arn)["KeyMetadata"]["Arn"] == arn
        assert kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"]
        assert kms.encrypt(KeyId=arn, Plaintext=b"x")["KeyId"] == arn


def test_buckets_are_encrypted_private_and_versioned(
    aws: EmbeddedAws, environment: Environment
) -> None:
    s3 = aws.client("s3")
    for bucket in environment.lookup("buckets.*") or ():
        encryption = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
        assert encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"] == {
            "SSEAlgorithm": "aws:kms",
            "KMSMasterKeyID": environment.one("kms.output"),
        }
        block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
        assert list(block.values()) == [True] * 4
        assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
        assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] == environment.region


def test_roles_trust_sagemaker(aws: EmbeddedAws, environment: Environment) -> None:
    for arn in environment.lookup("roles.*") or ():
        role = aws.client("iam").get_role(RoleName=arn.rpartition("/")[2])["Role"]
        assert role["Arn"] == arn
        principal = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
        assert principal == {"Service": "sagemaker.amazonaws.com"}


def test_parameters_tell_buckets_and_keys(aws: EmbeddedAws, environment: Environment) -> None:
    ssm = aws.client("ssm")
    for name, path in (
        ("data-bucket-name", "buckets.data"),
        ("model-bucket-name", "buckets.models"),
        ("kms-s3-key-arn", "kms.output"),
        ("kms-ebs-key-arn", "kms.volume"),
    ):
        value = ssm.get_parameter(Name=f"mlops-dev-{name}")["Parameter"]["Value"]
        assert value == environment.one(path)


def test_project_leads_to_a_domain_in_the_vpc(aws: EmbeddedAws, environment: Environment) -> None:
    sagemaker = aws.client("sagemaker")
    project = sagemaker.describe_project(ProjectName="abalone")
    assert project["ProjectStatus"] == "CreateCompleted"
    tags = sagemaker.list_tags(ResourceArn=project["ProjectArn"])["Tags"]
    assert tags[0]["Key"] == "sagemaker:domain-arn"
    domain = sagemaker.describe_domain(DomainId=tags[0]["Value"].rpartition("/")[2])
    assert domain["AppNetworkAccessType"] == "VpcOnly"
    assert tuple(domain["SubnetIds"]) == environment.lookup("vpc.subnets")
    settings = domain["DefaultUserSettings"]
    assert settings["ExecutionRole"] == environment.one("roles.execution")
    assert tuple(settings["SecurityGroups"]) == environment.lookup("vpc.security_groups")
    domain_tags = sagemaker.list_tags(ResourceArn=domain["DomainArn"])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in domain_tags} == {
        "EnvironmentName": "mlops",
        "EnvironmentType": "dev",
    }


def test_unknown_project_is_an_aws_error(aws: EmbeddedAws) -> None:
    with pytest.raises(ClientError, match="Project with name nothing does not exist"):
        aws.client("sagemaker").describe_project(ProjectName="nothing")


def test_simulation_allows_the_seeded_roles_only(
    aws: EmbeddedAws, environment: Environment
) -> None:
    pages = aws.client("iam").get_paginator("simulate_principal_policy")

    def decisions(role: str) -> list[tuple[str, str, str]]:
        answers = pages.paginate(
            PolicySourceArn=role,
            ActionNames=["s3:PutObject", "kms:Decrypt"],
            ResourceArns=["arn:aws:s3:::a<b&c/*"],
        )
        return [
            (result["EvalActionName"], result["EvalResourceName"], result["EvalDecision"])
            for answer in answers
            for result in answer["EvaluationResults"]
        ]

    assert decisions(environment.one("roles.execution")) == [
        ("s3:PutObject", "arn:aws:s3:::a<b&c/*", "allowed"),
        ("kms:Decrypt", "arn:aws:s3:::a<b&c/*", "allowed"),
    ]
    other = decisions("arn:aws:iam::111122223333:role/somebody-else")
    assert {decision for _, _, decision in other} == {"implicitDeny"}


def test_everything_happens_in_the_account_of_the_profile(
    aws: EmbeddedAws, environment: Environment
) -> None:
    assert aws.client("sts").get_caller_identity()["Account"] == environment.account
