"""Pipeline step types and the API requests they make.

Sources: the step types of the SageMaker Python SDK (v2 ``workflow.steps``, v3
``mlops.workflow.steps``: ``StepTypeEnum``) and "Pipelines steps" in the Amazon
SageMaker AI Developer Guide, which names the API behind each.
"""

from __future__ import annotations

from typing import NamedTuple


class StepType(NamedTuple):
    """What a step type does.

    ``action`` is the IAM action of its request, with the step's Arguments as input;
    empty for a step that makes no request of its own. ``branches`` are the members of
    Arguments that hold nested steps, ``batches`` those that hold a list of inputs, each
    of a request of its own. ``step_members`` are members it has besides the common ones,
    ``arguments`` those of its Arguments where these are no API input (none: anything).
    ``alternative`` is the action when Arguments has the member named: (member, action).
    """

    action: str = ""
    branches: tuple[str, ...] = ()
    step_members: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    batches: tuple[tuple[str, str], ...] = ()
    alternative: tuple[str, str] = ("", "")

    @property
    def sagemaker_actions(self) -> tuple[str, ...]:
        """The SageMaker actions it may call, without their prefix."""
        prefix = "sagemaker:"
        actions = (self.action, self.alternative[1], *(action for _, action in self.batches))
        return tuple(a[len(prefix) :] for a in actions if a.startswith(prefix))


COMMON_MEMBERS = frozenset(
    ["Name", "Type", "Arguments", "DependsOn", "DisplayName", "Description"]
    + ["CacheConfig", "RetryPolicies", "PropertyFiles"]
)

_CHECK = (
    "CheckType",
    "ModelPackageGroupName",
    "SkipCheck",
    "FailOnViolation",
    "RegisterNewBaseline",
) + ("SuppliedBaselineStatistics", "SuppliedBaselineConstraints", "ModelName")
_LINEAGE = (
    ("Actions", "sagemaker:CreateAction"),
    ("Artifacts", "sagemaker:CreateArtifact"),
    ("Contexts", "sagemaker:CreateContext"),
)

_JOB = (
    ("JobName", "RoleArn", "JobCategory", "JobConfigSchemaVersion", "JobConfigDocument", "Tags")
)  # fmt: skip

STEP_TYPES: dict[str, StepType] = {
    "Processing": StepType("sagemaker:CreateProcessingJob"),
    "Training": StepType("sagemaker:CreateTrainingJob"),
    "Tuning": StepType("sagemaker:CreateHyperParameterTuningJob"),
    "Transform": StepType("sagemaker:CreateTransformJob"),
    "Model": StepType("sagemaker:CreateModel"),
    "RegisterModel": StepType("sagemaker:CreateModelPackage"),
    "AutoML": StepType(
        "sagemaker:CreateAutoMLJob",
        alternative=("AutoMLJobInputDataConfig", "sagemaker:CreateAutoMLJobV2"),
    ),
    "QualityCheck": StepType("sagemaker:CreateProcessingJob", step_members=_CHECK),
    "ClarifyCheck": StepType("sagemaker:CreateProcessingJob", step_members=_CHECK),
    "EndpointConfig": StepType("sagemaker:CreateEndpointConfig"),
    "Endpoint": StepType("sagemaker:CreateEndpoint"),
    "InferenceComponent": StepType("sagemaker:CreateInferenceComponent"),
    "Job": StepType("sagemaker:CreateJob", arguments=_JOB),
    "Lambda": StepType("lambda:InvokeFunction", step_members=("FunctionArn", "OutputParameters")),
    "Callback": StepType("sqs:SendMessage", step_members=("SqsQueueUrl", "OutputParameters")),
    "EMR": StepType(
        "elasticmapreduce:AddJobFlowSteps",
        arguments=("ClusterId", "ClusterConfig", "StepConfig", "ExecutionRoleArn"),
        alternative=("ClusterConfig", "elasticmapreduce:RunJobFlow"),
    ),
    "EMRServerless": StepType(
        "emr-serverless:StartJobRun",
        arguments=("ApplicationId", "ApplicationConfig", "ExecutionRoleArn", "JobConfig"),
        alternative=("ApplicationConfig", "emr-serverless:CreateApplication"),
    ),
    "Cleanup": StepType("s3:DeleteObject", arguments=("Resources",)),
    "Lineage": StepType(
        batches=_LINEAGE, arguments=("Actions", "Artifacts", "Contexts", "Associations")
    ),
    "Condition": StepType(
        branches=("IfSteps", "ElseSteps"), arguments=("Conditions", "IfSteps", "ElseSteps")
    ),
    "ForEach": StepType(
        branches=("ForEachBody",),
        arguments=("IterableItems", "MaxConcurrency", "Selector", "ForEachBody"),
    ),
    "Fail": StepType(arguments=("ErrorMessage",)),
}
