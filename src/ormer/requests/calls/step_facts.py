"""What the pipeline's role calls for each request of a step: on which resource, and what else.

Sources: "IAM access management" of SageMaker Pipelines in the SageMaker AI Developer Guide
(Create and Describe of each job type; names of jobs begin with ``pipelines-`` or with the
step's own prefix), "Amazon SageMaker AI API permissions" for the resources, "Provide permissions
for tagging SageMaker AI resources" for AddTags, and "AWS managed policies for SageMaker
Pipelines" for EMR.
"""

from __future__ import annotations

from typing import NamedTuple


class StepFacts(NamedTuple):
    """An action's resource type, the member of its input that names the resource, what follows.

    ``resources`` are others that the call names: (type, member).
    """

    type: str
    name: str
    describe: str = ""
    resources: tuple[tuple[str, str], ...] = ()


STEPS = {
    "sagemaker:CreateProcessingJob": StepFacts(
        "processing-job", "ProcessingJobName", "sagemaker:DescribeProcessingJob"
    ),
    "sagemaker:CreateTrainingJob": StepFacts(
        "training-job", "TrainingJobName", "sagemaker:DescribeTrainingJob"
    ),
    "sagemaker:CreateHyperParameterTuningJob": StepFacts(
        "hyper-parameter-tuning-job",
        "HyperParameterTuningJobName",
        "sagemaker:DescribeHyperParameterTuningJob",
    ),
    "sagemaker:CreateTransformJob": StepFacts(
        "transform-job", "TransformJobName", "sagemaker:DescribeTransformJob"
    ),
    "sagemaker:CreateModel": StepFacts("model", "ModelName", "sagemaker:DescribeModel"),
    "sagemaker:CreateModelPackage": StepFacts(
        "model-package", "ModelPackageName", "sagemaker:DescribeModelPackage"
    ),
    "sagemaker:CreateAutoMLJob": StepFacts(
        "automl-job", "AutoMLJobName", "sagemaker:DescribeAutoMLJob"
    ),
    "sagemaker:CreateAutoMLJobV2": StepFacts(
        "automl-job", "AutoMLJobName", "sagemaker:DescribeAutoMLJobV2"
    ),
    "sagemaker:CreateEndpointConfig": StepFacts(
        "endpoint-config", "EndpointConfigName", "sagemaker:DescribeEndpointConfig"
    ),
    "sagemaker:CreateEndpoint": StepFacts(
        "endpoint",
        "EndpointName",
        "sagemaker:DescribeEndpoint",
        (("endpoint-config", "EndpointConfigName"),),
    ),
    "sagemaker:CreateInferenceComponent": StepFacts(
        "inference-component",
        "InferenceComponentName",
        "sagemaker:DescribeInferenceComponent",
        (("endpoint", "EndpointName"),),
    ),
    "sagemaker:CreateJob": StepFacts("job", "", "sagemaker:DescribeJob"),
    "sagemaker:CreateAction": StepFacts("action", "ActionName"),
    "sagemaker:CreateArtifact": StepFacts("artifact", ""),
    "sagemaker:CreateContext": StepFacts("context", "ContextName"),
}
"""SageMaker's own actions. Another SageMaker action is UNKNOWN: its resource is not known."""

FOLLOWING = {
    "elasticmapreduce:AddJobFlowSteps": ("elasticmapreduce:DescribeStep",),
    "emr-serverless:StartJobRun": ("emr-serverless:GetJobRun",),
}
"""What the pipeline's role calls next on the same resource, to see how the work ends."""

WITHOUT_RESOURCE = {
    "elasticmapreduce:RunJobFlow": ("elasticmapreduce:DescribeCluster",),
    "emr-serverless:CreateApplication": ("emr-serverless:GetApplication",),
}
"""Actions that make something new outside SageMaker, and what is called on it."""

EMR_RULES = (
    "SageMakerPipelineExecutionEMRStepStatusUpdateRule",
    "SageMakerPipelineExecutionEMRClusterStatusUpdateRule",
)
"""The EventBridge rules by which SageMaker Pipelines hears of an EMR step's end."""
EMR_RULE_ACTIONS = ("events:PutRule", "events:PutTargets", "events:DescribeRule")
