"""Where a prediction cannot be made: it is UNKNOWN, and says what it depends on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.model.environment import Environment
from ormer.model.symbol import symbol
from ormer.read.environment import read_environment

ROOT = Path(__file__).parents[2]
Documents = dict[str, Any]
Wrong = Callable[..., dict[tuple[str, str, str], str]]
DATA, MODELS = (
    "mlops-dev-eu-west-1-111122223333-data",
    "mlops-dev-eu-west-1-111122223333-models",
)
JOB_ROLE = "mlops-dev-sagemaker-execution"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/"
TRAIN = ("ACC-03", "TrainAbaloneModel", "unknown")


def statement(documents: Documents, name: str, sid: str) -> Documents:
    found: Documents = next(s for s in documents[name]["Statement"] if s["Sid"] == sid)
    return found


def deny(documents: Documents, name: str, **members: Any) -> None:
    """One more Deny in a document."""
    documents[name]["Statement"].append({"Sid": "More", "Effect": "Deny", **members})


@pytest.fixture
def profile_with(profile: str) -> Callable[[str, str], Environment]:
    """The profile with a line of it changed."""

    def _profile(old: str, new: str) -> Environment:
        assert old in profile
        return read_environment(profile.replace(old, new).encode(), "environment.yaml")

    return _profile


def test_a_parameter_decides(documents: Documents, abalone: Documents, wrong: Wrong) -> None:
    """The key of the raw data is a parameter: only part of what it may be is allowed."""
    objects = statement(documents, "job", "Objects")
    objects["Resource"] = [f"arn:aws:s3:::{DATA}/abalone/*", f"arn:aws:s3:::{DATA}/Aba*",
                           f"arn:aws:s3:::{MODELS}/*"]  # fmt: skip
    message = wrong(abalone)["ACC-03", "PreprocessAbaloneData", "unknown"]
    assert message.startswith(
        f"it cannot be told: s3:GetObject on arn:aws:s3:::{DATA}/${{pipeline:InputDataKey}}* "
        "(input ProcessingInputs.0.S3Input.S3Uri, through the VPC): "
    )
    assert len(wrong(abalone)) == 1


def test_a_parameter_that_no_value_of_which_is_allowed(
    documents: Documents, abalone: Documents, wrong: Wrong
) -> None:
    statement(documents, "job", "Objects")["Resource"] = [f"arn:aws:s3:::{MODELS}/*"]
    found = wrong(abalone)
    assert "${pipeline:InputDataKey}" in found["ACC-03", "PreprocessAbaloneData", "fail"]


def test_a_name_of_a_policy_is_not_the_parameter_of_that_name(
    documents: Documents, abalone: Documents, wrong: Wrong
) -> None:
    """A template's own InputDataKey is not what whoever starts the pipeline gives."""
    objects = statement(documents, "job", "Objects")
    objects["Resource"] = [f"arn:aws:s3:::{DATA}/{symbol('InputDataKey')}*",
                           f"arn:aws:s3:::{DATA}/Aba*", f"arn:aws:s3:::{MODELS}/*"]  # fmt: skip
    message = wrong(abalone)["ACC-03", "PreprocessAbaloneData", "unknown"]
    assert "depends on InputDataKey, pipeline:InputDataKey" in message


def test_a_name_that_the_run_makes_decides(
    documents: Documents, abalone: Documents, wrong: Wrong
) -> None:
    deny(
        documents,
        "pipeline",
        Action="sagemaker:CreateTrainingJob",
        Resource="arn:aws:sagemaker:*:*:training-job/pipelines-a*",
    )
    message = wrong(abalone)["ACC-01", "TrainAbaloneModel", "unknown"]
    assert "sagemaker:CreateTrainingJob on" in message and "identity pipeline.json" in message


WORLDS = {
    "new": {"Null": {"sagemaker:VolumeKmsKeyArn": "true"}},
    "old": {"Null": {"sagemaker:VolumeKmsKey": "true"}},
}


@pytest.mark.parametrize("spelling", WORLDS)
@pytest.mark.parametrize("assumed", [None, "new", "old", "both"])
def test_which_spelling_of_a_key_the_service_fills(
    spelling: str,
    assumed: str | None,
    documents: Documents,
    abalone: Documents,
    wrong: Wrong,
    profile_with: Callable[[str, str], Environment],
) -> None:
    """A guardrail on one spelling denies every job where the service fills the other."""
    deny(
        documents,
        "pipeline",
        Action="sagemaker:CreateTrainingJob",
        Resource="*",
        Condition=WORLDS[spelling],
    )
    line = "region: eu-west-1\n"
    more = f"assume: {{kms_key_names: {assumed}}}\n" if assumed else ""
    found = wrong(abalone, environment=profile_with(line, line + more))
    if assumed is None:
        message = found["ACC-01", "TrainAbaloneModel", "unknown"]
        assert "denied by identity pipeline.json statement More (if KMS key names" in message
        assert "allowed (if KMS key names" in message
    elif assumed in (spelling, "both"):
        assert not found
    else:
        assert "denied by" in found["ACC-01", "TrainAbaloneModel", "fail"]


def test_a_key_of_conditions_that_nobody_knows(
    documents: Documents, abalone: Documents, wrong: Wrong
) -> None:
    condition = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1234567890"}}
    deny(documents, "job", Action="s3:ListBucket", Resource="*", Condition=condition)
    message = wrong(abalone)[TRAIN]
    assert "identity job.json statement More" in message and "aws:PrincipalOrgID" in message
    documents["organization"] = "o-1234567890"
    assert wrong(abalone) == {}
    documents["organization"] = "o-another000"
    assert "statement More" in wrong(abalone)["ACC-03", "TrainAbaloneModel", "fail"]


KNOWN = {
    "the role": {
        "ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/mlops-dev-*"}
    },
    "its account": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}},
    "its tags": {"StringNotEquals": {"aws:PrincipalTag/Team": "ml"}},
    "the region": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
    "the bucket's account": {"StringNotEquals": {"s3:ResourceAccount": "111122223333"}},
    "the resource's account": {"StringNotEquals": {"aws:ResourceAccount": "111122223333"}},
    "no service calls as itself": {"Null": {"aws:SourceArn": "false"}},
    "nor through another": {"Bool": {"aws:ViaAWSService": "true"}},
    "TLS": {"BoolIfExists": {"aws:SecureTransport": "false"}},
    "no access control list": {"Null": {"s3:x-amz-acl": "false"}},
    "an address behind an endpoint": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
}


@pytest.mark.parametrize("case", KNOWN)
def test_keys_that_are_known(
    case: str, documents: Documents, abalone: Documents, wrong: Wrong
) -> None:
    documents["tags"] = {"Team": "ml"}
    deny(documents, "job", Action="s3:*", Resource="*", Condition=KNOWN[case])
    assert wrong(abalone) == {}


def test_a_key_without_its_policy(documents: Documents, abalone: Documents, wrong: Wrong) -> None:
    documents["keys"] = [f"{KEY}22222222-2222-4222-8222-222222222222"]
    message = wrong(abalone)[TRAIN]
    assert message == (
        f"it cannot be told: kms:CreateGrant on {KEY}11111111-1111-4111-8111-111111111111 (the "
        f"storage volume): the access file has no policy of {KEY}11111111-1111-4111-8111-"
        "111111111111"
    )


def test_a_bucket_of_the_profile_without_its_policy(
    documents: Documents, abalone: Documents, wrong: Wrong
) -> None:
    """An account's authorization details show no bucket policies."""
    documents["buckets"] = []
    bucket = "arn:aws:s3:::mlops-dev-eu-west-1-111122223333-models"
    assert f"the access file has no policy of {bucket}" in wrong(abalone)[TRAIN]


def test_a_bucket_that_nobody_names(abalone: Documents, wrong: Wrong, documents: Documents) -> None:
    channel = abalone["Steps"][1]["Arguments"]["InputDataConfig"][0]["DataSource"]["S3DataSource"]
    channel["S3Uri"] = "s3://elsewhere/train"
    for sid in ("List", "Objects"):
        statement(documents, "job", sid)["Resource"] = "*"
    statement(documents, "endpoint", "OwnBuckets")["Resource"] = "*"
    message = wrong(abalone)[TRAIN]
    assert "s3:ListBucket on arn:aws:s3:::elsewhere" in message
    assert message.endswith("the access file has no policy of arn:aws:s3:::elsewhere")


def test_an_image_of_a_registry_that_the_profile_does_not_approve(
    abalone: Documents, wrong: Wrong, documents: Documents
) -> None:
    algorithm = abalone["Steps"][1]["Arguments"]["AlgorithmSpecification"]
    algorithm["TrainingImage"] = "999988887777.dkr.ecr.eu-west-1.amazonaws.com/team/image:1"
    found = wrong(abalone)
    assert (
        "ecr:BatchGetImage on arn:aws:ecr:eu-west-1:999988887777:repository/team/image "
        "(the image): no statement of the identity policies allows it"
    ) in found["ACC-03", "TrainAbaloneModel", "fail"]
    statement(documents, "job", "Images")["Resource"] = "*"
    assert wrong(abalone)[TRAIN].endswith(
        "the access file has no policy of arn:aws:ecr:eu-west-1:999988887777:repository/team/image"
    )


def test_a_network_that_is_not_known(abalone: Documents, wrong: Wrong) -> None:
    abalone["Steps"][1]["Arguments"]["VpcConfig"] = {"Get": "Steps.Nope.VpcConfig"}
    message = wrong(abalone)[TRAIN]
    assert (
        "allowed (if the job is in the VPC); denied by resource bucket.json statement "
        "OnlyThroughEndpoint (if the job is not in the VPC)"
    ) in message


def test_a_tag_that_a_parameter_decides(
    documents: Documents, abalone: Documents, wrong: Wrong
) -> None:
    abalone["Parameters"].append({"Name": "Team", "Type": "String"})
    tags = abalone["Steps"][1]["Arguments"]["Tags"]
    tags.append({"Key": "Team", "Value": {"Get": "Parameters.Team"}})
    condition = {"StringNotEquals": {"aws:RequestTag/Team": "ml"}}
    deny(documents, "pipeline", Action="sagemaker:AddTags", Resource="*", Condition=condition)
    found = wrong(abalone)
    assert "sagemaker:AddTags on" in found["ACC-01", "TrainAbaloneModel", "unknown"]
    assert "sagemaker:AddTags on" in found["ACC-01", "PreprocessAbaloneData", "fail"]


def test_work_whose_calls_are_not_read(wrong: Wrong) -> None:
    body = json.loads((ROOT / "tests/definitions/v3/job_secure.json").read_bytes())
    message = wrong(body)["ACC-03", "Tune", "unknown"]
    assert message == (
        "it cannot be told: sagemaker:CreateJob (the work): what the job calls by its document is "
        "not read"
    )


@pytest.fixture
def repacking() -> Documents:
    """What SDK v2 makes of a registration that repacks its model, with the names used here."""
    text = (ROOT / "tests/definitions/v2/register_model_repack_secure.json").read_text("utf-8")
    names = {
        "arn:aws:iam::111122223333:role/sm-exec":
            "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-execution",
        "data-bucket": DATA, "models-bucket": MODELS,
        f"{KEY}ebs": f"{KEY}11111111-1111-4111-8111-111111111111",
        f"{KEY}s3": f"{KEY}22222222-2222-4222-8222-222222222222",
    }  # fmt: skip
    for old, new in names.items():
        text = text.replace(f'"{old}"', f'"{new}"').replace(f"s3://{old}", f"s3://{new}")
    made: Documents = json.loads(text)
    return made


def test_a_repack_step_without_the_vpc_fails_at_the_bucket(
    repacking: Documents, wrong: Wrong
) -> None:
    (repack,) = (step for step in repacking["Steps"] if "RepackModel" in step["Name"])
    del repack["Arguments"]["VpcConfig"]
    message = wrong(repacking)["ACC-03", repack["Name"], "fail"]
    assert message.startswith(f"AccessDenied is predicted: s3:ListBucket on arn:aws:s3:::{MODELS}")
    assert "outside the VPC): denied by resource bucket.json statement OnlyThrough" in message


def test_what_a_container_may_write_is_no_certain_denial(
    repacking: Documents, wrong: Wrong
) -> None:
    """SDK v2 names a place for tensors, without a key, in every training step."""
    (repack,) = (step for step in repacking["Steps"] if "RepackModel" in step["Name"])
    message = wrong(repacking)["ACC-03", repack["Name"], "unknown"]
    assert message.endswith(
        "(output DebugHookConfig.S3OutputPath, through the VPC): denied by resource bucket.json "
        "statement OnlyWithKey; the container decides whether it writes there"
    )


def test_several_endpoints_of_which_one_will_do(
    documents: Documents, abalone: Documents, wrong: Wrong, profile_with: Any
) -> None:
    documents["endpoints"] = ["vpce-0a1b2c3d4e5f60001", "vpce-another"]
    assert wrong(abalone) == {}  # the profile names the first
    profile = profile_with("  endpoints: {s3: vpce-0a1b2c3d4e5f60001}\n", "")
    message = wrong(abalone, environment=profile)[TRAIN]
    assert message.endswith("it depends on which VPC endpoint the job has")


def test_an_endpoint_that_only_the_profile_names(
    documents: Documents, abalone: Documents, wrong: Wrong, profile_with: Any
) -> None:
    documents["endpoints"] = []
    assert wrong(abalone) == {}
    other = profile_with("{s3: vpce-0a1b2c3d4e5f60001}", "{s3: vpce-another}")
    assert "OnlyThroughEndpoint" in wrong(abalone, environment=other)[TRAIN[:2] + ("fail",)]


def test_a_queue_that_a_parameter_names_may_have_a_policy(
    documents: Documents, wrong: Wrong
) -> None:
    """Its policy allows what the identity policies do not."""
    url = {"Std:Join": {"On": "/", "Values": [
        "https://sqs.eu-west-1.amazonaws.com/111122223333", {"Get": "Parameters.Queue"}]}}  # fmt: skip
    body = {
        "Version": "2020-12-01",
        "Parameters": [{"Name": "Queue", "Type": "String"}],
        "Steps": [{"Name": "Ask", "Type": "Callback", "SqsQueueUrl": url, "Arguments": {}}],
    }
    assert "sqs:SendMessage on" in wrong(body)["ACC-01", "Ask", "fail"]
    everyone = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    queue = "arn:aws:sqs:eu-west-1:111122223333:approvals"
    documents["queues"] = {queue: {"Version": "2012-10-17", "Statement": everyone}}
    assert wrong(body)["ACC-01", "Ask", "unknown"].endswith(
        "the access file has no policy of arn:aws:sqs:eu-west-1:111122223333:${pipeline:Queue}"
    )


@pytest.mark.parametrize(
    "session, verdict",
    [
        (f"assumed-role/{JOB_ROLE}/SageMaker", "unknown"),
        (f"assumed-role/{JOB_ROLE}/{symbol('Session')}", "unknown"),
        ("assumed-role/another/SageMaker", None),
    ],
)
def test_a_session_of_the_role_that_a_policy_names(
    documents: Documents, abalone: Documents, wrong: Wrong, session: str, verdict: str | None
) -> None:
    """The job's session may be the one that is denied: how SageMaker names it is not known."""
    who = f"arn:aws:sts::111122223333:{session}"
    deny(documents, "bucket", Principal={"AWS": who}, Action="s3:PutObject", Resource="*")
    found = {key[2] for key in wrong(abalone) if key[0] == "ACC-03"}
    assert found == ({verdict} if verdict else set())


@pytest.mark.parametrize("key", ["aws:RequestTag/team", "aws:TagKeys"])
def test_the_tags_of_a_cluster_are_not_known(documents: Documents, wrong: Wrong, key: str) -> None:
    cluster = {"Instances": {"Ec2SubnetId": "subnet-1"}, "Tags": [{"Key": "team", "Value": "ml"}]}
    step = {
        "Name": "Spark",
        "Type": "EMR",
        "Arguments": {
            "ClusterConfig": cluster,
            "StepConfig": {"HadoopJarStep": {"Jar": "s3://a/b"}},
        },
    }
    documents["pipeline"]["Statement"].append({"Effect": "Allow", "Action": ["elasticmapreduce:*", "events:*"], "Resource": "*"})  # fmt: skip
    deny(documents, "pipeline", Action="elasticmapreduce:RunJobFlow", Resource="*", Condition={"Null": {key: "true"}})  # fmt: skip
    found = wrong({"Version": "2020-12-01", "Steps": [step]})
    assert ("ACC-01", "Spark", "unknown") in found
    assert key in found["ACC-01", "Spark", "unknown"]
