"""Every template, deployed on moto's CloudFormation and read back through boto3."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import yaml

REGION = "eu-west-1"
ORDER = (
    "policies/keys.yaml",
    "iam/boundary.yaml",
    "iam/execution-role.yaml",
    "iam/pipeline-role.yaml",
    "iam/build-role.yaml",
    "iam/data-scientist-role.yaml",
    "iam/administrator-role.yaml",
    "policies/endpoints.yaml",
    "policies/buckets.yaml",
    "policies/organization.yaml",
)
"""As docs/iam-and-policies.md says."""

SKIPPED = {"AWS::S3::BucketPolicy", "AWS::Organizations::Policy"}
"""What moto's CloudFormation does not know: it makes nothing of them."""


class Deployed(NamedTuple):
    """boto3's clients, and the resources of each stack by logical id."""

    client: Any
    resources: dict[str, dict[str, dict[str, Any]]]

    def physical(self, template: str, logical_id: str) -> str:
        """The physical id of a resource."""
        return str(self.resources[template][logical_id]["PhysicalResourceId"])


def _without_key_tags(body: Any) -> Any:
    """moto reads the tags of a KMS key by another name than CloudFormation's."""
    for resource in body["Resources"].values():
        if resource["Type"] == "AWS::KMS::Key":
            resource["Properties"].pop("Tags")
    return body


@pytest.fixture(scope="module")
def deployed(
    templates: Any, parameters: Any, monkeypatch_module: pytest.MonkeyPatch
) -> Iterator[Deployed]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch_module.setenv(name, "testing")
    monkeypatch_module.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch_module.setenv("MOTO_ACCOUNT_ID", "111122223333")
    import boto3
    from moto import mock_aws

    with mock_aws(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Tried to parse AWS::")
        warnings.filterwarnings("ignore", category=DeprecationWarning)

        def client(service: str) -> Any:
            return boto3.client(service, region_name=REGION)

        yield Deployed(client, _deploy(client, templates, parameters))


def _deploy(client: Any, templates: Any, parameters: Any) -> dict[str, dict[str, dict[str, Any]]]:
    ec2, stacks = client("ec2"), client("cloudformation")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/22")["Vpc"]["VpcId"]
    network = {
        "VpcId": vpc,
        "SubnetIds": ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"],
        "RouteTableIds": ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"],
    }
    found = {}
    for path in ORDER:
        template = templates[path]
        given = {**parameters[path.partition("/")[0]], **(network if "endpoints" in path else {})}
        name = path.replace("/", "-").removesuffix(".yaml")
        stacks.create_stack(
            StackName=name,
            TemplateBody=json.dumps(_without_key_tags(yaml.safe_load(json.dumps(template)))),
            Parameters=[
                {"ParameterKey": key, "ParameterValue": given[key]}
                for key in template["Parameters"]
            ],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        summaries = stacks.list_stack_resources(StackName=name)["StackResourceSummaries"]
        found[path] = {one["LogicalResourceId"]: one for one in summaries}
    return found


@pytest.mark.parametrize("path", ORDER)
def test_what_is_declared_is_there(path: str, deployed: Deployed, templates: Any) -> None:
    declared = {
        name: body["Type"]
        for name, body in templates[path]["Resources"].items()
        if body["Type"] not in SKIPPED
    }
    found = {
        name: one["ResourceType"]
        for name, one in deployed.resources[path].items()
        if name and one["ResourceType"] not in SKIPPED
    }
    assert found == declared


def test_every_template_is_deployed(templates: Any) -> None:
    assert sorted(templates) == sorted(ORDER)


@pytest.mark.parametrize(
    "role", ["execution", "pipeline", "build", "data-scientist", "administrator"]
)
def test_a_role_has_its_trust_its_boundary_and_its_policy(
    role: str, deployed: Deployed, documents: Any
) -> None:
    iam, name = deployed.client("iam"), f"mlops-dev-sagemaker-{role}"
    logical = "".join(part.capitalize() for part in role.split("-"))
    found = iam.get_role(RoleName=name)["Role"]
    boundary = "arn:aws:iam::111122223333:policy/mlops-dev-sagemaker-boundary"
    assert (
        found["AssumeRolePolicyDocument"] == documents[f"iam/{role}-role.yaml#{logical}Role.trust"]
    )
    assert found["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert [one["PolicyName"] for one in attached] == [name]
    assert (
        _managed(iam, attached[0]["PolicyArn"])
        == documents[f"iam/{role}-role.yaml#{logical}Policy"]
    )
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == []
    assert _managed(iam, boundary) == documents["iam/boundary.yaml#Boundary"]


def _managed(iam: Any, arn: str) -> Any:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


@pytest.mark.parametrize("key", ["OutputKey", "VolumeKey"])
def test_a_key_has_its_policy_and_rotates(key: str, deployed: Deployed, documents: Any) -> None:
    kms, key_id = deployed.client("kms"), deployed.physical("policies/keys.yaml", key)
    policy = _read(kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"])
    assert policy == documents[f"policies/keys.yaml#{key}"]
    assert kms.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"] is True


def _read(policy: Any) -> Any:
    """moto gives back what CloudFormation passed on as values, or as Python writes them."""
    return yaml.safe_load(policy) if isinstance(policy, str) else policy


def test_each_endpoint_has_its_policy(deployed: Deployed, documents: Any) -> None:
    endpoints = deployed.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    policies = {one["VpcEndpointId"]: _read(one["PolicyDocument"]) for one in endpoints}
    template = "policies/endpoints.yaml"
    declared = [name for name in documents if name.startswith(f"{template}#")]
    assert len(policies) == len(declared)
    for name in declared:
        assert policies[deployed.physical(template, name.partition("#")[2])] == documents[name]


SERVICES = [
    *("s3", "sagemaker.api", "sagemaker.runtime", "sts", "kms", "logs", "monitoring", "ecr.api"),
    *("ecr.dkr", "ssm", "codebuild", "codepipeline", "codecommit", "git-codecommit"),
    *("codeartifact.api", "codeartifact.repositories", "secretsmanager", "events", "ec2"),
]


def test_there_is_an_endpoint_for_each_service(deployed: Deployed) -> None:
    endpoints = deployed.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    assert sorted(one["ServiceName"] for one in endpoints) == sorted(
        f"com.amazonaws.{REGION}.{service}" for service in SERVICES
    )


@pytest.mark.parametrize("bucket", ["data", "models"])
def test_a_bucket_is_encrypted_with_the_approved_key(
    bucket: str, deployed: Deployed, parameters: Any
) -> None:
    s3, name = deployed.client("s3"), f"mlops-dev-{REGION}-111122223333-{bucket}"
    rule = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": parameters["policies"]["OutputKeyArn"],
    }


@pytest.mark.parametrize("bucket", ["data", "models"])
def test_a_bucket_is_versioned_closed_and_its_owners(
    bucket: str, deployed: Deployed, templates: Any
) -> None:
    # moto's CloudFormation leaves these settings out, so Amazon S3's API takes them from here.
    s3, name = deployed.client("s3"), f"mlops-dev-{REGION}-111122223333-{bucket}"
    resources = templates["policies/buckets.yaml"]["Resources"]
    settings = resources[f"{bucket.capitalize()}Bucket"]["Properties"]
    s3.put_bucket_versioning(
        Bucket=name, VersioningConfiguration=settings["VersioningConfiguration"]
    )
    s3.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration=settings["PublicAccessBlockConfiguration"],
    )
    s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=settings["OwnershipControls"])
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True} and len(block) == 4
    rules = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]


@pytest.mark.parametrize("bucket", ["data", "models"])
def test_amazon_s3_takes_the_bucket_policy(bucket: str, deployed: Deployed, documents: Any) -> None:
    s3, name = deployed.client("s3"), f"mlops-dev-{REGION}-111122223333-{bucket}"
    document = documents[f"policies/buckets.yaml#{bucket.capitalize()}BucketPolicy"]
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(document))
    assert json.loads(s3.get_bucket_policy(Bucket=name)["Policy"]) == document


def test_the_settings_of_a_project_are_where_they_are_looked_for(deployed: Deployed) -> None:
    names = ("data-bucket-name", "model-bucket-name", "kms-s3-key-arn", "kms-ebs-key-arn")
    found = deployed.client("ssm").get_parameters(Names=[f"mlops-dev-{name}" for name in names])
    assert len(found["Parameters"]) == len(names)
