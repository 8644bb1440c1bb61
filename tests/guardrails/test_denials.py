"""Requests in words: what is denied and by which control, and the real work that goes on."""

from __future__ import annotations

from typing import Any

import pytest

from ormer.guardrails.projection import Kind
from ormer.model.world import World

KEY = "arn:aws:kms:eu-west-1:111122223333:key/"
OTHER_KEY = KEY + "theirs"
TAGS = {"aws:RequestTag/EnvironmentName": "mlops", "aws:RequestTag/EnvironmentType": "dev"}
VPC = {"sagemaker:VpcSubnets": ("subnet-0aaa",), "sagemaker:VpcSecurityGroupIds": ("sg-0aaa",)}
FLAGS = {"sagemaker:NetworkIsolation": "true", "sagemaker:InterContainerTrafficEncryption": "true"}
KMS = {"sagemaker:VolumeKmsKeyArn": KEY + "ebs", "sagemaker:OutputKmsKeyArn": KEY + "s3"}
JOB = {
    **(TAGS | VPC | FLAGS | KMS),
    "sagemaker:InstanceTypes": ("ml.m5.large",),
    "sagemaker:MaxRuntimeInSeconds": "3600",
}
TRAINING = "sagemaker:CreateTrainingJob"
PROCESSING = "sagemaker:CreateProcessingJob"
SCHEDULE = "sagemaker:CreateMonitoringSchedule"
CONFIG = "sagemaker:CreateEndpointConfig"


def without(*keys: str) -> dict[str, Any]:
    return {key: None if key.partition(":")[2] in keys else value for key, value in JOB.items()}


def changed(**values: Any) -> dict[str, Any]:
    return JOB | {f"sagemaker:{key}": value for key, value in values.items()}


DENIED = [
    ("no subnets", TRAINING, without("VpcSubnets"), {"NET-01"}),
    ("another subnet", TRAINING, changed(VpcSubnets=("subnet-0zzz",)), {"NET-01"}),
    ("one other subnet among approved ones", TRAINING, changed(VpcSubnets=("subnet-0aaa", "subnet-0zzz")), {"NET-01"}),
    ("no groups", PROCESSING, without("VpcSecurityGroupIds"), {"NET-02"}),
    ("another group", PROCESSING, changed(VpcSecurityGroupIds=("sg-0zzz",)), {"NET-02"}),
    ("no VPC", PROCESSING, without("VpcSubnets", "VpcSecurityGroupIds"), {"NET-01", "NET-02"}),
    ("no isolation", TRAINING, without("NetworkIsolation"), {"NET-03"}),
    ("isolation off", TRAINING, changed(NetworkIsolation="false"), {"NET-03"}),
    ("no encryption between containers", PROCESSING, without("InterContainerTrafficEncryption"), {"NET-04"}),
    ("no volume key", TRAINING, without("VolumeKmsKeyArn"), {"KMS-01"}),
    ("another volume key", TRAINING, changed(VolumeKmsKeyArn=OTHER_KEY), {"KMS-01"}),
    ("no volume key, and no instance type told", TRAINING, without("VolumeKmsKeyArn", "InstanceTypes"), {"KMS-01"}),
    ("another volume key of an NVMe instance", TRAINING, changed(VolumeKmsKeyArn=OTHER_KEY, InstanceTypes=("ml.g5.xlarge",)), {"KMS-01", "CMP-01"}),
    ("an NVMe instance beside one that is none", TRAINING, changed(VolumeKmsKeyArn=None, InstanceTypes=("ml.g5.xlarge", "ml.m5.large")), {"KMS-01", "CMP-01"}),
    ("no output key", TRAINING, without("OutputKmsKeyArn"), {"KMS-02"}),
    ("another output key", PROCESSING, changed(OutputKmsKeyArn=OTHER_KEY), {"KMS-02"}),
    ("a large instance", TRAINING, changed(InstanceTypes=("ml.p5.48xlarge",)), {"CMP-01"}),
    ("no limit", TRAINING, without("MaxRuntimeInSeconds"), {"CMP-03"}),
    ("a long limit", TRAINING, changed(MaxRuntimeInSeconds="86401"), {"CMP-04"}),
    ("remote debugging", TRAINING, changed(EnableRemoteDebug="true"), {"DBG-01"}),
    ("a warm pool", TRAINING, changed(KeepAlivePeriod="1"), {"DBG-02"}),
    ("another file system", TRAINING, changed(FileSystemId="fs-0zzz"), {"EXT-08"}),
    ("no tag", TRAINING, {k: v for k, v in JOB.items() if k != "aws:RequestTag/EnvironmentName"}, {"TAG-01"}),
    ("another tag", TRAINING, {**JOB, "aws:RequestTag/EnvironmentType": "prod"}, {"TAG-01"}),
    ("an approved model", "sagemaker:CreateModelPackage", {"sagemaker:ModelApprovalStatus": "Approved"}, {"REG-01"}),
    ("approving a model", "sagemaker:UpdateModelPackage", {"sagemaker:ModelApprovalStatus": "Approved"}, {"REG-01"}),
    ("an approved stage", "sagemaker:UpdateModelPackage", {"sagemaker:ModelLifeCycle:StageStatus": "APPROVED"}, {"REG-01"}),
    ("a schedule in another subnet", SCHEDULE, {"sagemaker:VpcSubnets": ("subnet-0zzz",)}, {"NET-01"}),
    ("moving a schedule out", "sagemaker:UpdateMonitoringSchedule", {"sagemaker:VpcSubnets": ("subnet-0zzz",)}, {"NET-01"}),
    ("a schedule gets another key", "sagemaker:UpdateMonitoringSchedule", {"sagemaker:VolumeKmsKeyArn": OTHER_KEY}, {"KMS-01"}),
    ("a profile with another group", "sagemaker:CreateUserProfile", {"sagemaker:VpcSecurityGroupIds": ("sg-0zzz",)}, {"NET-02"}),
    ("another labeling volume key", "sagemaker:CreateLabelingJob", {"sagemaker:VolumeKmsKeyArn": OTHER_KEY, "sagemaker:OutputKmsKeyArn": KEY + "s3"}, {"KMS-01"}),
    ("an outputless processing job, stricter than the control", PROCESSING, without("OutputKmsKeyArn"), {"KMS-02"}),
]  # fmt: skip

GOES_ON = [
    ("a compliant training job", TRAINING, JOB),
    ("a compliant processing job", PROCESSING, JOB),
    ("debugging that is off", TRAINING, changed(EnableRemoteDebug="false")),
    ("no warm pool", TRAINING, changed(KeepAlivePeriod="0")),
    ("an approved file system", TRAINING, changed(FileSystemId="fs-0aaa")),
    ("a classic endpoint configuration", CONFIG, TAGS | {"sagemaker:InstanceTypes": ("ml.m5.large",), "sagemaker:VolumeKmsKeyArn": KEY + "ebs", "sagemaker:NetworkIsolation": None}),
    ("a profile that inherits its groups", "sagemaker:CreateUserProfile", {}),
    ("a profile of a server of Studio's own", "sagemaker:CreateUserProfile", {"sagemaker:InstanceTypes": ("system", "ml.m5.large")}),
    ("an app of Studio's own", "sagemaker:CreateApp", {"sagemaker:InstanceTypes": ("system",)}),
    ("a labeling job that trains no model", "sagemaker:CreateLabelingJob", {"sagemaker:OutputKmsKeyArn": KEY + "s3"}),
    ("a schedule that names a job definition", SCHEDULE, {"sagemaker:NetworkIsolation": None, "sagemaker:InterContainerTrafficEncryption": None}),
    ("an update that leaves all of it as it is", "sagemaker:UpdateMonitoringSchedule", {"sagemaker:NetworkIsolation": None, "sagemaker:InterContainerTrafficEncryption": None}),
    ("an update of a domain", "sagemaker:UpdateDomain", {}),
    ("an update of a cluster", "sagemaker:UpdateCluster", {}),
    ("a longer warm pool is not asked for", "sagemaker:UpdateTrainingJob", {"sagemaker:EnableRemoteDebug": None}),
    ("a model that waits for approval", "sagemaker:CreateModelPackage", {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}),
    ("a package of a group, without tags", "sagemaker:CreateModelPackage", {}),
    ("a transform job, which has no VPC key", "sagemaker:CreateTransformJob", TAGS | KMS | {"sagemaker:InstanceTypes": ("ml.m5.large",)}),
    ("a compilation job, which has no keys at all", "sagemaker:CreateCompilationJob", {}),
    ("a pipeline", "sagemaker:CreatePipeline", {}),
    ("reading", "sagemaker:DescribeTrainingJob", {}),
]  # fmt: skip


@pytest.mark.parametrize(
    "action, keys, controls", [c[1:] for c in DENIED], ids=[c[0] for c in DENIED]
)
def test_denied_in_every_world(
    denier: Any,
    in_world: Any,
    open_worlds: tuple[World, ...],
    action: str,
    keys: dict[str, Any],
    controls: set[str],
) -> None:
    for world in open_worlds:
        assert denier().denies(action, in_world(keys, world)) == controls, world.name


@pytest.mark.parametrize("kind", [Kind.IAM, Kind.SCP])
@pytest.mark.parametrize("action, keys", [c[1:] for c in GOES_ON], ids=[c[0] for c in GOES_ON])
def test_real_work_goes_on_in_every_world(
    denier: Any,
    in_world: Any,
    open_worlds: tuple[World, ...],
    kind: Kind,
    action: str,
    keys: dict[str, Any],
) -> None:
    for world in open_worlds:
        assert denier(kind).denies(action, in_world(keys, world)) == set(), world.name


@pytest.mark.parametrize("types", [("ml.g5.xlarge",), ("ml.g5.xlarge", "ml.p4d.24xlarge")])
def test_nvme_instances_need_no_volume_key(
    denier: Any, in_world: Any, open_worlds: tuple[World, ...], types: tuple[str, ...]
) -> None:
    """Whether their types are approved is another control's to say."""
    for world in open_worlds:
        context = in_world(changed(VolumeKmsKeyArn=None, InstanceTypes=types), world)
        assert denier().denies(TRAINING, context) == {"CMP-01"}


@pytest.mark.parametrize(
    "action, resource, controls",
    [
        ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:approved", set()),
        ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:another", {"EXT-01"}),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:approved", set()),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:999999999999:theirs", {"EXT-02"}),
        ("elasticmapreduce:AddJobFlowSteps", "arn:aws:elasticmapreduce:eu-west-1:111122223333:cluster/j-APPROVED", set()),
        ("elasticmapreduce:AddJobFlowSteps", "arn:aws:elasticmapreduce:eu-west-1:111122223333:cluster/j-OTHER", {"EXT-03"}),
        ("elasticmapreduce:RunJobFlow", "*", {"EXT-04"}),
        ("iam:PassRole", "arn:aws:iam::111122223333:role/sm-exec", set()),
        ("iam:PassRole", "arn:aws:iam::111122223333:role/admin", {"ROLE-01"}),
        ("iam:PassRole", "arn:aws:iam::111122223333:role/sm-pipeline", {"ROLE-01", "ROLE-02"}),
    ],
)  # fmt: skip
def test_by_resource(denier: Any, action: str, resource: str, controls: set[str]) -> None:
    assert denier().denies(action, {}, resource) == controls


@pytest.mark.parametrize(
    "action", ["lambda:InvokeFunction", "iam:PassRole", "sagemaker:UpdateModelPackage"]
)
def test_an_scp_leaves_people_and_other_workloads_alone(denier: Any, action: str) -> None:
    context = {"sagemaker:ModelApprovalStatus": "Approved"}
    assert denier(Kind.SCP).denies(action, context, "arn:aws:iam::111122223333:role/x") == set()


@pytest.mark.parametrize(
    "action",
    [
        "sagemaker:CreateNotebookInstance",
        "iam:CreateRole",
        "s3:PutBucketPolicy",
        "sagemaker:CreatePipeline",
    ],
)
def test_a_boundary_allows_no_more_than_pipelines_do(denier: Any, action: str) -> None:
    with pytest.raises(LookupError, match="does not allow"):
        denier(Kind.BOUNDARY).denies(action, {})


@pytest.mark.parametrize(
    "action",
    [
        "s3:GetObject",
        "kms:Decrypt",
        "logs:PutLogEvents",
        "ecr:BatchGetImage",
        "ec2:CreateNetworkInterfacePermission",
        "sagemaker:AddTags",
        "sagemaker:StopTrainingJob",
    ],
)
def test_a_boundary_allows_what_jobs_need(denier: Any, action: str) -> None:
    assert denier(Kind.BOUNDARY).denies(action, {}) == set()


def test_in_the_world_where_no_name_is_filled_every_job_is_denied(
    denier: Any, in_world: Any
) -> None:
    """The known limit: nobody can tell a missing key from one that the service never shows."""
    assert denier().denies(TRAINING, in_world(JOB, World("neither"))) == {"KMS-01", "KMS-02"}
