"""The ways to name a KMS key, compared as what a condition key holds: the key's ARN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
ID = "1111abcd-1111-4111-8111-111111111111"
MULTI_REGION = "mrk-0123456789abcdef0123456789abcdef"
PREFIX = "arn:aws:kms:eu-west-1:111122223333:"
EXAMPLE = '["arn:aws:kms:eu-west-1:111122223333:key/ebs"]'


def job(key: Any) -> dict[str, Any]:
    resources = {"ResourceConfig": {"VolumeKmsKeyId": key}}
    return {"Name": "Train", "Type": "Training", "Arguments": resources}


@pytest.fixture
def with_id(profile: str) -> str:
    """The example profile with real-looking ids for volume keys."""
    assert EXAMPLE in profile
    return profile.replace(EXAMPLE, f'["{PREFIX}key/{ID}", "{PREFIX}key/{MULTI_REGION}"]')


@pytest.mark.parametrize(
    "key, verdict",
    [
        (f"{PREFIX}key/{ID}", "pass"),
        (ID, "pass"),
        (f"key/{ID}", "pass"),
        (MULTI_REGION, "pass"),
        (f"key/{MULTI_REGION}", "pass"),
        ("22222222-2222-4222-8222-222222222222", "fail"),
        (f"arn:aws:kms:us-east-1:111122223333:key/{ID}", "fail"),
        (f"arn:aws:kms:eu-west-1:999999999999:key/{ID}", "fail"),
        (f"{PREFIX}key/{ID.upper()}", "fail"),
        (f" {PREFIX}key/{ID}", "fail"),
        ("nonsense", "fail"),
        ("alias/unlisted", "unknown"),
        (f"{PREFIX}alias/unlisted", "unknown"),
        ("alias/aws/ebs", "unknown"),
        ({"Get": "Parameters.P"}, "fail"),
        ({"Get": "Execution.PipelineName"}, "unknown"),
        (["a"], "unknown"),
        ({}, "unknown"),
        (5, "unknown"),
    ],
)
def test_a_key_by_each_of_its_names(key: Any, verdict: str, says: Says, with_id: str) -> None:
    parameters = [{"Name": "P", "Type": "String", "DefaultValue": f"{PREFIX}key/{ID}"}]
    (said,) = says("KMS-01", job(key), environment=with_id, Parameters=parameters)
    assert said.verdict == verdict, said


def test_a_pass_shows_the_arn_that_iam_sees(says: Says, with_id: str) -> None:
    (said,) = says("KMS-01", job(ID), environment=with_id)
    assert said.actual == f"{PREFIX}key/{ID}"


def test_an_unlisted_alias_says_what_to_do(says: Says) -> None:
    (said,) = says("KMS-01", job("alias/team"))
    assert "alias/team is an alias; list it under kms.aliases" in said.message


@pytest.mark.parametrize(
    "key, verdict",
    [
        ("alias/team", "pass"),
        (f"{PREFIX}alias/team", "pass"),
        ("alias/other", "unknown"),
        ("arn:aws:kms:us-east-1:111122223333:alias/team", "unknown"),
        ("arn:aws:kms:eu-west-1:999999999999:alias/team", "unknown"),
        ("alias/team2", "unknown"),
    ],
)
@pytest.mark.parametrize("listed", ["alias/team", f"{PREFIX}alias/team"])
def test_an_alias_in_the_list(
    listed: str, key: str, verdict: str, says: Says, profile: str
) -> None:
    text = profile.replace("kms:\n", f'kms:\n  aliases: ["{listed}"]\n')
    (said,) = says("KMS-01", job(key), environment=text)
    assert said.verdict == verdict, said


@pytest.mark.parametrize(
    "behind, key, verdict",
    [
        ("key/ebs", "alias/team", "pass"),
        ("key/ebs", f"{PREFIX}alias/team", "pass"),
        ("key/theirs", "alias/team", "fail"),
        ("key/ebs", "alias/other", "unknown"),
    ],
)
def test_an_alias_in_the_mapping_is_the_key_behind_it(
    behind: str, key: str, verdict: str, says: Says, profile: str
) -> None:
    text = profile.replace("kms:\n", f'kms:\n  aliases: {{team: "{PREFIX}{behind}"}}\n')
    (said,) = says("KMS-01", job(key), environment=text)
    assert said.verdict == verdict, said


@pytest.mark.parametrize("name", [ID, f"key/{ID}", MULTI_REGION])
def test_an_enum_of_names_is_worth_what_its_names_are_worth(
    name: str, says: Says, with_id: str
) -> None:
    """The literal passes, so the enum that can be nothing else has to pass, too."""
    parameters = [{"Name": "P", "Type": "String", "EnumValues": [name]}]
    assert [s.verdict for s in says("KMS-01", job(name), environment=with_id)] == ["pass"]
    step = job({"Get": "Parameters.P"})
    (said,) = says("KMS-01", step, environment=with_id, Parameters=parameters)
    assert said.verdict == "pass", said


def test_an_enum_of_an_unlisted_alias_is_unknown_as_the_alias_is(says: Says) -> None:
    parameters = [{"Name": "P", "Type": "String", "EnumValues": ["alias/team"]}]
    (said,) = says("KMS-01", job({"Get": "Parameters.P"}), Parameters=parameters)
    assert said.verdict == "unknown", said


@pytest.mark.parametrize(
    "region, partition", [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_the_arn_is_of_the_profiles_partition(
    region: str, partition: str, says: Says, profile: str
) -> None:
    key = f"arn:{partition}:kms:{region}:111122223333:key/{ID}"
    text = profile.replace("region: eu-west-1", f"region: {region}").replace(EXAMPLE, f'["{key}"]')
    assert [s.verdict for s in says("KMS-01", job(ID), environment=text)] == ["pass"]


def test_a_key_for_volumes_is_no_key_for_outputs(says: Says) -> None:
    arguments = {"OutputDataConfig": {"KmsKeyId": f"{PREFIX}key/ebs"}}
    step = {"Name": "Train", "Type": "Training", "Arguments": arguments}
    assert [s.verdict for s in says("KMS-02", step)] == ["fail"]


@pytest.mark.parametrize(
    "key, verdict", [("key/ebs", "pass"), ("key/s3", "pass"), ("key/x", "fail")]
)
def test_members_without_a_condition_key_take_any_approved_key(
    key: str, verdict: str, says: Says
) -> None:
    capture = {"DestinationS3Uri": "s3://data-bucket/c", "KmsKeyId": PREFIX + key}
    step = {"Name": "E", "Type": "EndpointConfig", "Arguments": {"DataCaptureConfig": capture}}
    (said,) = [s for s in says("KMS-03", step) if "Capture" in s.location or s.verdict == "pass"][
        :1
    ]
    assert said.verdict == verdict
    assert said.location == "/Steps/0/Arguments/DataCaptureConfig/KmsKeyId"
    assert said.actual == PREFIX + key


@pytest.mark.parametrize(
    "arguments",
    [
        {
            "ApplicationConfig": {
                "diskEncryptionConfiguration": {"encryptionKeyArn": PREFIX + "key/x"}
            }
        },
        {
            "ApplicationId": "a",
            "JobConfig": {
                "configurationOverrides": {
                    "monitoringConfiguration": {
                        "s3MonitoringConfiguration": {"encryptionKeyArn": PREFIX + "key/x"}
                    }
                }
            },
        },
        {
            "ApplicationId": "a",
            "JobConfig": {
                "configurationOverrides": {
                    "monitoringConfiguration": {
                        "managedPersistenceMonitoringConfiguration": {
                            "encryptionKeyArn": PREFIX + "key/x"
                        }
                    }
                }
            },
        },
    ],
    ids=["disks", "logs", "managed logs"],
)
def test_keys_of_emr_serverless_are_judged(arguments: dict[str, Any], says: Says) -> None:
    """EMR Serverless calls its KMS keys encryptionKeyArn (EMR Serverless API Reference)."""
    step = {"Name": "Spark", "Type": "EMRServerless", "Arguments": arguments}
    said = [s for s in says("KMS-03", step) if s.verdict == "fail"]
    assert [s.location.rpartition("/")[2] for s in said] == ["encryptionKeyArn"]


def test_keys_of_emr_are_judged(says: Says) -> None:
    cluster = {"Instances": {}, "LogEncryptionKmsKeyId": PREFIX + "key/x"}
    step = {"Name": "Emr", "Type": "EMR", "Arguments": {"ClusterConfig": cluster}}
    said = [s for s in says("KMS-03", step) if s.verdict == "fail"]
    assert [s.location for s in said] == ["/Steps/0/Arguments/ClusterConfig/LogEncryptionKmsKeyId"]
