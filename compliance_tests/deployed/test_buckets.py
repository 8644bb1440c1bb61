"""Buckets, their policies and the project's settings, read back, are those of the templates."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS:UserWarning")


class Setting(NamedTuple):
    """A property of a bucket that moto's CloudFormation leaves out, and how the API takes it.

    ``as_api`` makes the API's form of CloudFormation's.
    """

    put: str
    get: str
    member: str
    as_api: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _lifecycle(value: Any) -> Any:
    """The API calls a rule's Id ID, and wants to be told that a rule is for every object."""
    rules = [
        {"ID": rule["Id"], "Filter": {"Prefix": ""}, **{k: v for k, v in rule.items() if k != "Id"}}
        for rule in value["Rules"]
    ]
    return {"Rules": rules}


def _encryption(value: Any) -> Any:
    rules = [
        {
            "ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"],
            "BucketKeyEnabled": rule["BucketKeyEnabled"],
        }
        for rule in value["ServerSideEncryptionConfiguration"]
    ]
    return {"Rules": rules}


LEFT_OUT = {
    "VersioningConfiguration": Setting(
        "put_bucket_versioning", "get_bucket_versioning", "VersioningConfiguration", _same
    ),
    "PublicAccessBlockConfiguration": Setting(
        "put_public_access_block",
        "get_public_access_block",
        "PublicAccessBlockConfiguration",
        _same,
    ),
    "OwnershipControls": Setting(
        "put_bucket_ownership_controls",
        "get_bucket_ownership_controls",
        "OwnershipControls",
        _same,
    ),
    "LifecycleConfiguration": Setting(
        "put_bucket_lifecycle_configuration",
        "get_bucket_lifecycle_configuration",
        "LifecycleConfiguration",
        _lifecycle,
    ),
}
READ = {"BucketName", "BucketEncryption", "Tags"}
"""The properties that moto's CloudFormation makes; of the encryption all but the bucket key."""


def _get(s3: Any, setting: Setting, bucket: str) -> Any:
    """What the bucket has; None where it has nothing of the kind."""
    try:
        answer = getattr(s3, setting.get)(Bucket=bucket)
    except ClientError:
        return None
    whole = {k: v for k, v in answer.items() if k != "ResponseMetadata"}
    if setting.member in whole:
        return whole[setting.member]
    return {k: v for k, v in whole.items() if k in ("Status", "Rules")} or None


def test_these_are_the_buckets(account: Any) -> None:
    declared = {one.properties["BucketName"] for _, one in account.of_type("AWS::S3::Bucket")}
    found = {one["Name"] for one in account.client("s3").list_buckets()["Buckets"]}
    assert found == declared and len(declared) == 2


def test_every_property_of_a_bucket_is_looked_at(account: Any) -> None:
    for _, one in account.of_type("AWS::S3::Bucket"):
        assert set(one.properties) == READ | set(LEFT_OUT)


def test_a_bucket_is_encrypted_with_the_key_of_the_other_stack(account: Any) -> None:
    s3 = account.client("s3")
    for stack, one in account.of_type("AWS::S3::Bucket"):
        bucket = stack.physical(one.id)
        wanted = _encryption(one.properties["BucketEncryption"])
        (rule,) = wanted["Rules"]
        key = account.stacks["policies/keys.yaml"].outputs["OutputKeyArn"]
        assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == key
        (found,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"][
            "Rules"
        ]
        default = "ApplyServerSideEncryptionByDefault"
        assert found[default] == rule[default]
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=wanted)
        found = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
        assert found == wanted


def test_a_bucket_has_its_tags(account: Any) -> None:
    for stack, one in account.of_type("AWS::S3::Bucket"):
        tags = account.client("s3").get_bucket_tagging(Bucket=stack.physical(one.id))["TagSet"]
        assert tags == one.properties["Tags"]


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_moto_leaves_out_is_what_amazon_s3_takes(name: str, account: Any) -> None:
    """When the first assertion fails, moto has learnt it: compare it as it was deployed."""
    s3, setting = account.client("s3"), LEFT_OUT[name]
    for stack, one in account.of_type("AWS::S3::Bucket"):
        bucket = stack.physical(one.id)
        assert _get(s3, setting, bucket) is None
        wanted = setting.as_api(one.properties[name])
        getattr(s3, setting.put)(Bucket=bucket, **{setting.member: wanted})
        assert _get(s3, setting, bucket) == wanted


def test_amazon_s3_takes_the_bucket_policies(account: Any) -> None:
    s3 = account.client("s3")
    policies = account.of_type("AWS::S3::BucketPolicy")
    buckets = {stack.physical(one.id) for stack, one in account.of_type("AWS::S3::Bucket")}
    assert {one.properties["Bucket"] for _, one in policies} == buckets
    for _, one in policies:
        bucket, document = one.properties["Bucket"], one.properties["PolicyDocument"]
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))
        assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]) == document
        endpoint = account.stacks["policies/endpoints.yaml"].outputs["S3EndpointId"]
        assert endpoint in json.dumps(document)


def test_the_settings_of_the_project_are_where_they_are_looked_for(account: Any) -> None:
    declared = {
        one.properties["Name"]: one.properties["Value"]
        for _, one in account.of_type("AWS::SSM::Parameter")
    }
    answer = account.client("ssm").get_parameters(Names=sorted(declared))
    assert {one["Name"]: one["Value"] for one in answer["Parameters"]} == declared
    assert {name.removeprefix("mlops-dev-") for name in declared} == {
        *("data-bucket-name", "model-bucket-name", "kms-s3-key-arn", "kms-ebs-key-arn")
    }


def test_the_organisation_takes_the_perimeter(account: Any) -> None:
    organizations = account.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    (root,) = organizations.list_roots()["Roots"]
    ((_, one),) = account.of_type("AWS::Organizations::Policy")
    organizations.enable_policy_type(RootId=root["Id"], PolicyType=one.properties["Type"])
    made = organizations.create_policy(
        Name=one.properties["Name"],
        Description=one.properties["Description"],
        Type=one.properties["Type"],
        Content=json.dumps(one.properties["Content"]),
    )["Policy"]["PolicySummary"]
    found = organizations.describe_policy(PolicyId=made["Id"])["Policy"]
    assert json.loads(found["Content"]) == one.properties["Content"]
    assert found["PolicySummary"]["Type"] == "RESOURCE_CONTROL_POLICY"
