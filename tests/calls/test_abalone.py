"""The abalone pipeline against an access that is made for it, and against one with a mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormer.model.finding import Verdict

Documents = dict[str, Any]
Wrong = Callable[..., dict[tuple[str, str, str], str]]
STEPS = ("PreprocessAbaloneData", "TrainAbaloneModel", "EvaluateAbaloneModel")
CONDITION = "CheckMSEAbaloneEvaluation"
REGISTER = f"{CONDITION}/IfSteps/RegisterAbaloneModel"
FAIL = f"{CONDITION}/ElseSteps/FailAbaloneMSE"


def statement(documents: Documents, name: str, sid: str) -> Documents:
    found: Documents = next(s for s in documents[name]["Statement"] if s["Sid"] == sid)
    return found


def drop(name: str, sid: str) -> Callable[[Documents], None]:
    return lambda documents: documents[name]["Statement"].remove(statement(documents, name, sid))


def change(name: str, sid: str, **members: Any) -> Callable[[Documents], None]:
    return lambda documents: statement(documents, name, sid).update(members)


def test_everything_is_allowed(predict: Any, abalone: Documents) -> None:
    found = predict(abalone)
    assert {(one.control, one.subject) for one in found if one.verdict is Verdict.PASS} == {
        *((rule, step) for rule in ("ACC-01", "ACC-02", "ACC-03") for step in STEPS),
        *(("ACC-01", subject) for subject in (CONDITION, REGISTER, FAIL)),
    }
    assert all(one.verdict is Verdict.PASS for one in found)


DENIED = {
    "PassRole": (drop("pipeline", "PassJobRole"), "ACC-02", STEPS,
        "iam:PassRole on arn:aws:iam::111122223333:role/mlops-dev-sagemaker-execution (the role of "
        "the job): no statement of the identity policies or the resource's policy allows it"),
    "PassRole to another service": (change("pipeline", "PassJobRole",
        Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}),
        "ACC-02", STEPS, "no statement of the identity policies"),
    "no steps": (drop("pipeline", "Steps"), "ACC-01", (*STEPS, REGISTER), "sagemaker:Create"),
    "tags": (change("pipeline", "Steps", Action=["sagemaker:Create*", "sagemaker:Describe*"]),
        "ACC-01", STEPS, "sagemaker:AddTags on arn:aws:sagemaker:eu-west-1:111122223333:"),
    "property files": (drop("pipeline", "PropertyFiles"), "ACC-01", (CONDITION, FAIL),
        "s3:GetObject on arn:aws:s3:::mlops-dev-eu-west-1-111122223333-models/AbalonePipeline/"
        "${pipeline:Execution.PipelineExecutionId}/EvaluateAbaloneModel/evaluation/evaluation.json "
        "(the property file, outside the VPC)"),
    "the key of property files": (drop("pipeline", "ReadKey"), "ACC-01", (CONDITION, FAIL),
        "kms:Decrypt on arn:aws:kms:eu-west-1:111122223333:key/22222222"),
    "reading": (change("job", "Objects", Action="s3:PutObject"), "ACC-03", STEPS,
        "s3:GetObject on arn:aws:s3:::mlops-dev-eu-west-1-111122223333-"),
    "writing": (change("job", "Objects", Action="s3:GetObject"), "ACC-03", STEPS, "s3:PutObject on"),
    "listing": (drop("job", "List"), "ACC-03", STEPS, "s3:ListBucket on arn:aws:s3:::mlops-dev"),
    "keys": (drop("job", "Keys"), "ACC-03", STEPS, "kms:GenerateDataKey on arn:aws:kms:"),
    "keys through another service": (change("job", "Keys",
        Condition={"StringEquals": {"kms:ViaService": "ec2.eu-west-1.amazonaws.com"}}),
        "ACC-03", STEPS, "kms:Decrypt on arn:aws:kms:"),
    "volumes": (drop("job", "Volumes"), "ACC-03", STEPS,
        "kms:CreateGrant on arn:aws:kms:eu-west-1:111122223333:key/11111111"),
    "an image": (change("job", "Images",
        Resource="arn:aws:ecr:eu-west-1:141502667606:repository/sagemaker-scikit-learn"),
        "ACC-03", STEPS[1:],
        "ecr:BatchGetImage on arn:aws:ecr:eu-west-1:141502667606:repository/sagemaker-xgboost"),
    "logging in": (drop("job", "Login"), "ACC-03", STEPS, "ecr:GetAuthorizationToken (the image)"),
    "logs": (drop("job", "Logs"), "ACC-03", STEPS, "logs:CreateLogGroup on arn:aws:logs:"),
    "metrics": (drop("job", "Metrics"), "ACC-03", STEPS, "cloudwatch:PutMetricData (the metric)"),
    "network": (drop("job", "Network"), "ACC-03", STEPS, "ec2:CreateNetworkInterface on"),
    "subnets": (drop("job", "Subnets"), "ACC-03", STEPS, "ec2:DescribeSubnets (the network"),
    "the endpoint's policy": (change("endpoint", "OwnBuckets", Action="s3:GetObject"),
        "ACC-03", STEPS, "no statement of the VPC endpoint policy allows it"),
    "another endpoint": (change("bucket", "OnlyThroughEndpoint", Condition={
        "StringNotEquals": {"aws:SourceVpce": "vpce-another"}}), "ACC-03", STEPS,
        "(input ProcessingInputs.0.S3Input.S3Uri, through the VPC)"),
    "another key": (change("bucket", "OnlyWithKey", Condition={"StringNotEqualsIfExists": {
        "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-west-1:111122223333:key/x"
        }}), "ACC-03", STEPS, "denied by resource bucket.json statement OnlyWithKey"),
    "the key's own policy": (change("key", "Account", Action="kms:DescribeKey"), "ACC-03", STEPS,
        "no statement of the resource's policy allows it"),
}  # fmt: skip


@pytest.mark.parametrize("case", DENIED)
def test_what_is_not_allowed_is_named(
    case: str, documents: Documents, abalone: Documents, wrong: Wrong
) -> None:
    edit, rule, subjects, text = DENIED[case]
    edit(documents)
    found = wrong(abalone)
    for subject in subjects:
        message = found[rule, subject, "fail"]
        assert message.startswith("AccessDenied is predicted: ")
    assert text in found[rule, subjects[0], "fail"]
    ours = {(rule, subject, "fail") for subject in subjects}
    others = {key for key in found if key not in ours and key[0] == rule}
    assert not others or case in ("keys", "the key's own policy")


def test_a_statement_that_denies_is_named_with_its_layer_and_policy(
    documents: Documents, abalone: Documents, wrong: Wrong, predict: Any
) -> None:
    """The pipeline's role reads the property file from outside the VPC: AWS documents it."""
    condition = {"StringNotEquals": {"aws:SourceVpce": "vpce-0a1b2c3d4e5f60001"}}
    change("bucket", "OnlyThroughEndpoint", Condition=condition)(documents)
    found = wrong(abalone)
    assert set(found) == {("ACC-01", CONDITION, "fail"), ("ACC-01", FAIL, "fail")}
    assert found["ACC-01", CONDITION, "fail"].endswith(
        "(the property file, outside the VPC): denied by resource bucket.json statement "
        "OnlyThroughEndpoint"
    )
    (finding, _) = (one for one in predict(abalone) if one.verdict is Verdict.FAIL)
    assert "resource bucket.json statement OnlyThroughEndpoint would have to go" in finding.fix
    assert finding.place == ("Steps", 3, "Arguments")


def test_a_step_outside_the_vpc_fails_at_the_bucket(abalone: Documents, wrong: Wrong) -> None:
    del abalone["Steps"][1]["Arguments"]["VpcConfig"]
    found = wrong(abalone)
    assert set(found) == {("ACC-03", "TrainAbaloneModel", "fail")}
    message = found["ACC-03", "TrainAbaloneModel", "fail"]
    assert message.startswith(
        "AccessDenied is predicted: s3:ListBucket on arn:aws:s3:::mlops-dev-eu-west-1-111122223333-"
        "models (input InputDataConfig.0.DataSource.S3DataSource.S3Uri, outside the VPC), "
    )
    assert message.endswith("denied by resource bucket.json statement OnlyThroughEndpoint")
    assert "s3:PutObject on arn:aws:s3:::mlops-dev-eu-west-1-111122223333-models/" in message


def test_a_wrong_output_key_fails_at_the_bucket_and_at_the_key(
    abalone: Documents, wrong: Wrong
) -> None:
    volume = abalone["Steps"][1]["Arguments"]["ResourceConfig"]["VolumeKmsKeyId"]
    abalone["Steps"][1]["Arguments"]["OutputDataConfig"]["KmsKeyId"] = volume
    message = wrong(abalone)["ACC-03", "TrainAbaloneModel", "fail"]
    assert "denied by resource bucket.json statement OnlyWithKey" in message
    assert "kms:GenerateDataKey on arn:aws:kms:eu-west-1:111122223333:key/11111111" in message


def test_without_an_output_key_both_headers_are_looked_at(
    abalone: Documents, wrong: Wrong, documents: Documents
) -> None:
    del abalone["Steps"][1]["Arguments"]["OutputDataConfig"]["KmsKeyId"]
    condition = {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}
    change("bucket", "OnlyWithKey", Condition=condition)(documents)
    message = wrong(abalone)["ACC-03", "TrainAbaloneModel", "unknown"]
    assert (
        "denied by resource bucket.json statement OnlyWithKey (if SageMaker sends no encryption "
        "header); allowed (if SageMaker sends aws:kms without a key)"
    ) in message


def test_another_role_in_a_step_may_not_be_passed(abalone: Documents, wrong: Wrong) -> None:
    role = "arn:aws:iam::111122223333:role/another"
    abalone["Steps"][0]["Arguments"]["RoleArn"] = role
    found = wrong(abalone)
    assert f"iam:PassRole on {role}" in found["ACC-02", "PreprocessAbaloneData", "fail"]
    message = found["ACC-03", "PreprocessAbaloneData", "unknown"]
    assert message.endswith(f"the access file has no role {role}")


def test_without_a_role_the_job_runs_as_the_pipelines_own(abalone: Documents, wrong: Wrong) -> None:
    del abalone["Steps"][0]["Arguments"]["RoleArn"]
    message = wrong(abalone)["ACC-03", "PreprocessAbaloneData", "fail"]
    assert "s3:ListBucket on" in message and "kms:CreateGrant on" in message
    assert "more calls: no statement of the identity policies or the resource's policy" in message


def test_a_pipeline_role_that_is_not_known_decides_nothing(
    abalone: Documents, wrong: Wrong
) -> None:
    found = wrong(abalone, role="")
    message = found["ACC-01", "TrainAbaloneModel", "unknown"]
    assert message.startswith("it cannot be told: ") and message.endswith(": no role")
    assert ("ACC-03", "TrainAbaloneModel", "unknown") not in found
    found = wrong(abalone, role="arn:aws:iam::111122223333:role/nobody")
    message = found["ACC-02", "TrainAbaloneModel", "unknown"]
    assert message.endswith("the access file has no role arn:aws:iam::111122223333:role/nobody")
