"""Where the input of each API that starts a job says what the job reads, writes and runs as.

Source: the pages of the APIs in the Amazon SageMaker API Reference, and for what the role of a
job has to be allowed "How to use SageMaker AI execution roles" in the Developer Guide. Paths
are those of ``requests/paths.py``, from the job definition.
"""

from __future__ import annotations

from typing import NamedTuple


class ReadAt(NamedTuple):
    """A structure that names what is read: ``member`` is the S3 URI in it.

    ``one_object``: the URI is one object's, not a prefix of names.
    """

    holder: str
    member: str = "S3Uri"
    one_object: bool = False


class WriteAt(NamedTuple):
    """A structure that names where something is written; ``key`` is the KMS key's member.

    ``/`` begins a key's path that leads from the job definition and not from the structure.
    ``maybe``: the container decides whether anything is written there.
    """

    holder: str
    member: str
    key: str = ""
    maybe: bool = False


class JobFacts(NamedTuple):
    """An action's job.

    ``lists``: it lists the buckets that it reads. ``makes`` are the SageMaker calls of the job
    itself, with their resource; it passes its own role for them.
    """

    role: str = "RoleArn"
    subnets: str = "VpcConfig.Subnets[]"
    images: tuple[str, ...] = ()
    reads: tuple[ReadAt, ...] = ()
    writes: tuple[WriteAt, ...] = ()
    volumes: tuple[str, ...] = ()
    log_group: str = ""
    lists: bool = True
    makes: tuple[tuple[str, str], ...] = ()


_CHANNELS = ReadAt("InputDataConfig[].DataSource.S3DataSource")
_CHECKPOINTS = ReadAt("CheckpointConfig")
_TRAINING = JobFacts(
    images=("AlgorithmSpecification.TrainingImage",),
    reads=(_CHANNELS, _CHECKPOINTS),
    writes=(
        WriteAt("OutputDataConfig", "S3OutputPath", "KmsKeyId"),
        WriteAt("CheckpointConfig", "S3Uri", maybe=True),
        WriteAt("DebugHookConfig", "S3OutputPath", maybe=True),
        WriteAt("ProfilerConfig", "S3OutputPath"),
        WriteAt("TensorBoardOutputConfig", "S3OutputPath", maybe=True),
    ),
    volumes=("ResourceConfig.VolumeKmsKeyId",),
    log_group="/aws/sagemaker/TrainingJobs",
)
_MODEL_DATA = tuple(
    read
    for container in ("PrimaryContainer", "Containers[]")
    for read in (
        ReadAt(container, "ModelDataUrl", one_object=True),
        ReadAt(f"{container}.ModelDataSource.S3DataSource"),
        ReadAt(f"{container}.AdditionalModelDataSources[].S3DataSource"),
    )
)
_MODEL_IMAGES = ("PrimaryContainer.Image", "Containers[].Image")
_OF_AUTOML = (
    *(
        (f"sagemaker:{verb}{name}", f"{kind}/*")
        for verb in ("Create", "Describe", "Delete")
        for name, kind in (
            ("Model", "model"),
            ("EndpointConfig", "endpoint-config"),
            ("Endpoint", "endpoint"),
        )
    ),
    ("sagemaker:InvokeEndpoint", "endpoint/*"),
    ("sagemaker:ListTags", "*"),
)

JOBS = {
    "sagemaker:CreateTrainingJob": _TRAINING,
    "sagemaker:CreateHyperParameterTuningJob": _TRAINING._replace(
        volumes=(
            "ResourceConfig.VolumeKmsKeyId",
            "HyperParameterTuningResourceConfig.VolumeKmsKeyId",
        )
    ),
    "sagemaker:CreateProcessingJob": JobFacts(
        subnets="NetworkConfig.VpcConfig.Subnets[]",
        images=("AppSpecification.ImageUri",),
        reads=(ReadAt("ProcessingInputs[].S3Input"),),
        writes=(
            WriteAt(
                "ProcessingOutputConfig.Outputs[].S3Output",
                "S3Uri",
                "/ProcessingOutputConfig.KmsKeyId",
            ),
        ),
        volumes=("ProcessingResources.ClusterConfig.VolumeKmsKeyId",),
        log_group="/aws/sagemaker/ProcessingJobs",
    ),
    "sagemaker:CreateTransformJob": JobFacts(
        role="Model.ExecutionRoleArn",
        subnets="Model.VpcConfig.Subnets[]",
        reads=(ReadAt("TransformInput.DataSource.S3DataSource"),),
        writes=(
            WriteAt("TransformOutput", "S3OutputPath", "KmsKeyId"),
            WriteAt("DataCaptureConfig", "DestinationS3Uri", "KmsKeyId"),
        ),
        volumes=("TransformResources.VolumeKmsKeyId",),
        log_group="/aws/sagemaker/TransformJobs",
    ),
    "sagemaker:CreateModel": JobFacts(
        role="ExecutionRoleArn", images=_MODEL_IMAGES, reads=_MODEL_DATA, lists=False
    ),
    "sagemaker:CreateAutoMLJob": JobFacts(
        subnets="AutoMLJobConfig.SecurityConfig.VpcConfig.Subnets[]",
        reads=(_CHANNELS,),
        writes=(WriteAt("OutputDataConfig", "S3OutputPath", "KmsKeyId"),),
        volumes=("AutoMLJobConfig.SecurityConfig.VolumeKmsKeyId",),
        log_group="/aws/sagemaker/",
        makes=_OF_AUTOML,
    ),
    "sagemaker:CreateAutoMLJobV2": JobFacts(
        subnets="SecurityConfig.VpcConfig.Subnets[]",
        reads=(ReadAt("AutoMLJobInputDataConfig[].DataSource.S3DataSource"),),
        writes=(WriteAt("OutputDataConfig", "S3OutputPath", "KmsKeyId"),),
        volumes=("SecurityConfig.VolumeKmsKeyId",),
        log_group="/aws/sagemaker/",
        makes=_OF_AUTOML,
    ),
}
"""By action. What is in no entry is not predicted: ``docs/will-it-run.md`` lists it."""

_CLUSTER = "what the cluster's own roles call"
UNREAD = {
    "sagemaker:CreateJob": "what the job calls by its document",
    "elasticmapreduce:AddJobFlowSteps": _CLUSTER,
    "elasticmapreduce:RunJobFlow": _CLUSTER,
    "emr-serverless:StartJobRun": _CLUSTER,
    "emr-serverless:CreateApplication": _CLUSTER,
}
"""Actions that start work with a role whose calls are not predicted, and what is not read."""
