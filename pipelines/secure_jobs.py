"""Processing and training jobs that carry every security setting of a profile, as literals.

Every pipeline of this repository makes its jobs here, so that none can forget one.
Import this module late: it imports the SageMaker SDK.
"""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Sequence, Union

from sagemaker.core.helper.pipeline_variable import PipelineVariable
from sagemaker.core.network import NetworkConfig
from sagemaker.core.processing import Processor
from sagemaker.core.shapes import (
    OutputDataConfig,
    ProcessingInput,
    ProcessingOutput,
    ProcessingS3Input,
    ProcessingS3Output,
    StoppingCondition,
    Tag,
)
from sagemaker.core.training.configs import Compute, InputData, Networking
from sagemaker.train import ModelTrainer

from pipelines.sdk import BuildSession
from pipelines.settings import Settings

PROCESSING = "/opt/ml/processing"
VOLUME_GIGABYTES = 30

Location = Union[str, PipelineVariable]


class Job(NamedTuple):
    """What jobs differ in: image, instances, and the name they have outside an execution."""

    image: str
    instance_type: Location
    instance_count: Any
    name: str


def processing_arguments(
    settings: Settings,
    session: BuildSession,
    job: Job,
    script: str,
    inputs: Mapping[str, Location],
    outputs: Mapping[str, Location],
) -> Any:
    """The arguments of a processing step that runs the uploaded ``script`` on its own.

    SageMaker copies ``inputs`` to ``/opt/ml/processing/<name>`` before the container
    starts and ``outputs`` from there to S3 after it, so that the container can be cut
    off from the network (AWS: "Run Training and Inference Containers in Internet-Free Mode").
    """
    with session.without_defaults():
        processor = Processor(
            role=settings.execution_role,
            image_uri=job.image,
            instance_count=job.instance_count,
            instance_type=job.instance_type,
            entrypoint=["python3", f"{PROCESSING}/input/code/{script.rpartition('/')[2]}"],
            volume_size_in_gb=VOLUME_GIGABYTES,
            volume_kms_key=settings.volume_key,
            output_kms_key=settings.output_key,
            max_runtime_in_seconds=settings.max_runtime_seconds,
            base_job_name=job.name,
            sagemaker_session=session,
            tags=[{"Key": key, "Value": value} for key, value in settings.tags.items()],
            network_config=NetworkConfig(
                enable_network_isolation=True,
                security_group_ids=list(settings.security_groups),
                subnets=list(settings.subnets),
                encrypt_inter_container_traffic=True,
            ),
        )
    return processor.run(
        inputs=[_input(name, uri) for name, uri in {**inputs, "input/code": script}.items()],
        outputs=[_output(name, uri) for name, uri in outputs.items()],
        arguments=["--base-dir", PROCESSING],
    )


def _input(path: str, uri: Location) -> ProcessingInput:
    return ProcessingInput(
        input_name=path.rpartition("/")[2],
        s3_input=ProcessingS3Input(
            s3_uri=uri,
            local_path=f"{PROCESSING}/{path}",
            s3_data_type="S3Prefix",
            s3_input_mode="File",
            s3_data_distribution_type="FullyReplicated",
        ),
    )


def _output(name: str, uri: Location) -> ProcessingOutput:
    return ProcessingOutput(
        output_name=name,
        s3_output=ProcessingS3Output(
            s3_uri=uri, local_path=f"{PROCESSING}/{name}", s3_upload_mode="EndOfJob"
        ),
    )


def training_arguments(
    settings: Settings,
    session: BuildSession,
    job: Job,
    hyperparameters: Mapping[str, Any],
    channels: Mapping[str, Location],
    output: Location,
) -> Any:
    """The arguments of a training step with one of SageMaker's own algorithms, fed with CSV."""
    with session.without_defaults():
        trainer = ModelTrainer(
            sagemaker_session=session,
            role=settings.execution_role,
            training_image=job.image,
            base_job_name=job.name,
            hyperparameters=dict(hyperparameters),
            compute=Compute(
                instance_type=job.instance_type,
                instance_count=job.instance_count,
                volume_size_in_gb=VOLUME_GIGABYTES,
                volume_kms_key_id=settings.volume_key,
            ),
            networking=Networking(
                subnets=list(settings.subnets),
                security_group_ids=list(settings.security_groups),
                enable_network_isolation=True,
                enable_inter_container_traffic_encryption=True,
            ),
            stopping_condition=StoppingCondition(
                max_runtime_in_seconds=settings.max_runtime_seconds
            ),
            output_data_config=OutputDataConfig(
                s3_output_path=output, kms_key_id=settings.output_key
            ),
            tags=_tags(settings),
        )
    return trainer.train(
        input_data_config=[
            InputData(channel_name=name, data_source=uri, content_type="text/csv")
            for name, uri in channels.items()
        ]
    )


def _tags(settings: Settings) -> Sequence[Tag]:
    return [Tag(key=key, value=value) for key, value in settings.tags.items()]
