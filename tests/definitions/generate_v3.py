"""Make the documents in v3/ with the SageMaker Python SDK 3: python generate_v3.py OUTDIR

Each function marked `@document` or `@secure_and_bare` builds one pipeline (or a pair) and is named
after the file it makes. Nothing here writes JSON by hand: every byte comes from
`Pipeline.definition()`, or from what an SDK evaluator upserts.
"""

# ruff: noqa: I001 (offline comes first)
from __future__ import annotations

import json
import sys
from typing import Any

import offline
from offline import (
    ACCOUNT,
    DATA,
    DATA_BUCKET,
    ELSEWHERE,
    MODELS,
    OUTPUT_KEY,
    REGION,
    ROLE,
    SECURITY_GROUPS,
    SKLEARN_IMAGE,
    SUBNETS,
    TAGS,
    UNAPPROVED_IMAGE,
    VOLUME_KEY,
    XGBOOST_IMAGE,
    document,
    only_if,
    secure_and_bare,
)

import boto3
import botocore.client
from cryptography.hazmat.primitives.asymmetric import ec
from sagemaker.core.clarify import (
    BiasConfig,
    DataConfig,
    ModelConfig,
    ModelPredictedLabelConfig,
    SHAPConfig,
)
from sagemaker.core.drift_check_baselines import DriftCheckBaselines
from sagemaker.core.inputs import BatchDataCaptureConfig
from sagemaker.core.lambda_helper import Lambda
from sagemaker.core.lineage.action import Action
from sagemaker.core.lineage.artifact import Artifact
from sagemaker.core.lineage.context import Context
from sagemaker.core.model_metrics import FileSource, MetricsSource, ModelMetrics
from sagemaker.core.model_monitor.dataset_format import DatasetFormat
from sagemaker.core.network import NetworkConfig
from sagemaker.core.parameter import ContinuousParameter, IntegerParameter
from sagemaker.core.processing import FrameworkProcessor, ScriptProcessor
from sagemaker.core.resources import Model
from sagemaker.core.shapes import (
    AthenaDatasetDefinition,
    ContainerDefinition,
    DatasetDefinition,
    HyperParameterTuningJobWarmStartConfig,
    MlflowConfig,
    ParentHyperParameterTuningJob,
    ProcessingInput,
    ProcessingOutput,
    ProcessingS3Input,
    ProcessingS3Output,
    RedshiftDatasetDefinition,
    VpcConfig,
)
from sagemaker.core.spark.processing import PySparkProcessor
from sagemaker.core.telemetry import telemetry_logging
from sagemaker.core.transformer import Transformer
from sagemaker.core.workflow.conditions import (
    ConditionEquals,
    ConditionGreaterThan,
    ConditionGreaterThanOrEqualTo,
    ConditionIn,
    ConditionLessThan,
    ConditionLessThanOrEqualTo,
    ConditionNot,
    ConditionOr,
)
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.core.workflow.parameters import (
    ParameterBoolean,
    ParameterFloat,
    ParameterInteger,
    ParameterString,
)
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.callback_step import (
    CallbackOutput,
    CallbackOutputTypeEnum,
    CallbackStep,
)
from sagemaker.mlops.workflow.check_job_config import CheckJobConfig
from sagemaker.mlops.workflow.clarify_check_step import (
    ClarifyCheckConfig,
    ClarifyCheckStep,
    DataBiasCheckConfig,
    ModelBiasCheckConfig,
    ModelExplainabilityCheckConfig,
)
from sagemaker.mlops.workflow.cleanup_step import CleanupStep, S3CleanupSource
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.emr_serverless_step import EMRServerlessJobConfig, EMRServerlessStep
from sagemaker.mlops.workflow.emr_step import EMRStep, EMRStepConfig
from sagemaker.mlops.workflow.endpoint_step import EndpointConfigStep, EndpointStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.for_each_step import (
    CurrentItem,
    ForEachSelector,
    ForEachStep,
    IterationOutput,
)
from sagemaker.mlops.workflow.function_step import step
from sagemaker.mlops.workflow.inference_component_step import InferenceComponentStep
from sagemaker.mlops.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.mlops.workflow.lineage_step import (
    LineageAssociation,
    LineageEntityReference,
    LineageStep,
)
from sagemaker.mlops.workflow.model_step import ModelStep
from sagemaker.mlops.workflow.monitor_batch_transform_step import MonitorBatchTransformStep
from sagemaker.mlops.workflow.notebook_job_step import NotebookJobStep
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.pipeline_experiment_config import (
    PipelineExperimentConfig,
    PipelineExperimentConfigProperties,
)
from sagemaker.mlops.workflow.quality_check_step import (
    DataQualityCheckConfig,
    ModelQualityCheckConfig,
    QualityCheckConfig,
    QualityCheckStep,
)
from sagemaker.mlops.workflow.retry import (
    SageMakerJobExceptionTypeEnum,
    SageMakerJobStepRetryPolicy,
    StepExceptionTypeEnum,
    StepRetryPolicy,
)
from sagemaker.mlops.workflow.step_dependency import StepDependency, TriggerCondition
from sagemaker.mlops.workflow.steps import (
    CacheConfig,
    JobStep,
    ProcessingStep,
    TrainingStep,
    TransformStep,
    TuningStep,
)
from sagemaker.serve.configs import Network
from sagemaker.serve.model_builder import ModelBuilder
from sagemaker.train import ModelTrainer
from sagemaker.train import utils as train_utils
from sagemaker.train.configs import (
    CheckpointConfig,
    Compute,
    FileSystemDataSource,
    InputData,
    InstanceGroup,
    MetricDefinition,
    Networking,
    OutputDataConfig,
    RemoteDebugConfig,
    RetryStrategy,
    SessionChainingConfig,
    SourceCode,
    StoppingCondition,
    Tag,
    TensorBoardOutputConfig,
    TrainingImageConfig,
)
from sagemaker.train.evaluate import BenchMarkEvaluator, get_benchmarks
from sagemaker.train.multi_turn_rl_trainer import MultiTurnRLTrainer
from sagemaker.train.sft_trainer import SFTTrainer
from sagemaker.train.tuner import HyperparameterTuner

telemetry_logging._send_telemetry_request = lambda *args, **kwargs: None
train_utils.datetime = offline.FrozenDatetime  # the clock in job names
ec.generate_private_key = lambda curve: ec.derive_private_key(1, curve)  # the key that signs @step

MODEL_DATA = f"{MODELS}/abalone/model.tar.gz"
TAG_SHAPES = [Tag(key=tag["Key"], value=tag["Value"]) for tag in TAGS]
PACKAGE_GROUP = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group/tuned"


# --- the AWS calls that the SDK makes while it builds and moto does not answer ------------------


def allow_everything(request: dict[str, Any]) -> dict[str, Any]:
    """iam:SimulatePrincipalPolicy: the role may do all that is asked."""
    results = [
        {"EvalActionName": action, "EvalResourceName": "*", "EvalDecision": "allowed"}
        for action in request["ActionNames"]
    ]
    return {"EvaluationResults": results, "IsTruncated": False}


def describe_base_model(request: dict[str, Any]) -> dict[str, Any]:
    """sagemaker:DescribeHubContent: a base model with the two fine-tuning recipes used here."""
    recipes = [
        {
            "Name": f"recipe-{technique}",
            "Type": "FineTuning",
            "CustomizationTechnique": technique,
            "Peft": "LORA",
            "SmtjRecipeTemplateS3Uri": f"{DATA}/recipes/{technique}.yaml",
        }
        for technique in ("SFT", "MTRL")
    ]
    name, hub = request["HubContentName"], request["HubName"]
    arn = f"arn:aws:sagemaker:{REGION}:aws:hub-content/{hub}/Model/{name}/1.0.0"
    return {
        "HubContentName": name,
        "HubContentArn": arn,
        "HubContentVersion": "1.0.0",
        "HubContentType": "Model",
        "DocumentSchemaVersion": "2.0.0",
        "HubName": hub,
        "HubArn": f"arn:aws:sagemaker:{REGION}:aws:hub/{hub}",
        "HubContentDocument": json.dumps({"RecipeCollection": recipes, "GatedBucket": False}),
        "HubContentStatus": "Available",
        "CreationTime": "2026-01-01T00:00:00Z",
    }


def describe_package_group(request: dict[str, Any]) -> dict[str, Any]:
    """sagemaker:DescribeModelPackageGroup: every group exists."""
    name = request["ModelPackageGroupName"].rsplit("/", 1)[-1]
    return {
        "ModelPackageGroupName": name,
        "ModelPackageGroupArn": f"{PACKAGE_GROUP.rsplit('/', 1)[0]}/{name}",
        "CreationTime": "2026-01-01T00:00:00Z",
        "CreatedBy": {},
        "ModelPackageGroupStatus": "Completed",
    }


def describe_artifact(request: dict[str, Any]) -> dict[str, Any]:
    """sagemaker:ListArtifacts, DescribeArtifact: the one lineage artifact of the base model."""
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:artifact/base"
    return {"ArtifactArn": arn, "ArtifactName": "base", "ArtifactSummaries": [{"ArtifactArn": arn}]}


ANSWERS = {
    "ListArtifacts": describe_artifact,
    "DescribeArtifact": describe_artifact,
    "SimulatePrincipalPolicy": allow_everything,
    "DescribeHubContent": describe_base_model,
    "DescribeModelPackageGroup": describe_package_group,
}
_call = botocore.client.BaseClient._make_api_call


def _answer(client: Any, operation: str, request: dict[str, Any]) -> Any:
    answer = ANSWERS.get(operation)
    return answer(request) if answer else _call(client, operation, request)


botocore.client.BaseClient._make_api_call = _answer


# --- parts that several documents share ---------------------------------------------------------


def session_for(secure: bool) -> PipelineSession:
    """Secure: scripts go to the data bucket. Bare: to the SDK's own default bucket."""
    return PipelineSession(default_bucket=DATA_BUCKET if secure else None)


def pipeline(name: str, session: PipelineSession, steps: list[Any], **kwargs: Any) -> Pipeline:
    """A pipeline without parameters, unless some are given."""
    return Pipeline(name=name, steps=steps, sagemaker_session=session, **kwargs)


def vpc() -> dict[str, list[str]]:
    """A VpcConfig in the wire form."""
    return {"Subnets": SUBNETS, "SecurityGroupIds": SECURITY_GROUPS}


def processing_security(secure: bool) -> dict[str, Any]:
    """All security settings of a processor."""
    config = NetworkConfig(
        enable_network_isolation=True,
        security_group_ids=SECURITY_GROUPS,
        subnets=SUBNETS,
        encrypt_inter_container_traffic=True,
    )
    return only_if(
        secure,
        network_config=config,
        volume_kms_key=VOLUME_KEY,
        output_kms_key=OUTPUT_KEY,
        tags=TAGS,
    )


def script_processor(secure: bool, session: PipelineSession, **kwargs: Any) -> ScriptProcessor:
    """The processor that most documents use; `kwargs` win over the security settings."""
    settings = {
        "role": ROLE,
        "image_uri": SKLEARN_IMAGE if secure else UNAPPROVED_IMAGE,
        "command": ["python3"],
        "instance_count": 1,
        "instance_type": "ml.m5.xlarge",
        "sagemaker_session": session,
    }
    return ScriptProcessor(**settings | processing_security(secure) | kwargs)


def s3_input(name: str, uri: Any) -> ProcessingInput:
    """A processing input under /opt/ml/processing."""
    source = ProcessingS3Input(
        s3_uri=uri,
        local_path=f"/opt/ml/processing/{name}",
        s3_data_type="S3Prefix",
        s3_input_mode="File",
    )
    return ProcessingInput(input_name=name, s3_input=source)


def s3_output(name: str, uri: Any) -> ProcessingOutput:
    """A processing output under /opt/ml/processing."""
    target = ProcessingS3Output(
        s3_uri=uri, local_path=f"/opt/ml/processing/{name}", s3_upload_mode="EndOfJob"
    )
    return ProcessingOutput(output_name=name, s3_output=target)


def trainer(secure: bool, session: PipelineSession, **kwargs: Any) -> ModelTrainer:
    """The trainer that most documents use; `kwargs` win over the security settings."""
    compute = only_if(secure, volume_kms_key_id=VOLUME_KEY)
    settings = {
        "training_image": XGBOOST_IMAGE if secure else UNAPPROVED_IMAGE,
        "role": ROLE,
        "sagemaker_session": session,
        "base_job_name": "train",
        "compute": Compute(
            instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30, **compute
        ),
    }
    security = only_if(
        secure,
        networking=networking(),
        output_data_config=OutputDataConfig(
            s3_output_path=f"{MODELS}/abalone", kms_key_id=OUTPUT_KEY
        ),
        tags=TAG_SHAPES,
    )
    return ModelTrainer(**settings | security | kwargs)


def networking() -> Networking:
    """The network settings of a trainer."""
    return Networking(
        subnets=SUBNETS,
        security_group_ids=SECURITY_GROUPS,
        enable_network_isolation=True,
        enable_inter_container_traffic_encryption=True,
    )


def train_channel(uri: Any = f"{DATA}/abalone/train") -> list[InputData]:
    """One input channel."""
    return [InputData(channel_name="train", data_source=uri, content_type="text/csv")]


def training_step(secure: bool, session: PipelineSession, name: str = "Train") -> TrainingStep:
    """The training step that most documents use."""
    args = trainer(secure, session).train(input_data_config=train_channel())
    return TrainingStep(name, step_args=args)


def model(secure: bool, session: PipelineSession, data: Any = MODEL_DATA) -> ModelBuilder:
    """The model that most documents use."""
    network = Network(
        subnets=SUBNETS, security_group_ids=SECURITY_GROUPS, enable_network_isolation=True
    )
    return ModelBuilder(
        image_uri=XGBOOST_IMAGE if secure else UNAPPROVED_IMAGE,
        s3_model_data_url=data,
        role_arn=ROLE,
        sagemaker_session=session,
        **only_if(secure, network=network),
    )


def create(secure: bool, session: PipelineSession, data: Any = MODEL_DATA) -> ModelStep:
    """The model step that most documents use."""
    args = model(secure, session, data).build(**only_if(secure, tags=TAGS))
    return ModelStep("Create", step_args=args)


def retries() -> list[Any]:
    """Retry policies of both kinds."""
    return [
        StepRetryPolicy(
            exception_types=[StepExceptionTypeEnum.SERVICE_FAULT, StepExceptionTypeEnum.THROTTLING],
            interval_seconds=30,
            backoff_rate=2.0,
            max_attempts=3,
        ),
        SageMakerJobStepRetryPolicy(
            exception_types=[SageMakerJobExceptionTypeEnum.RESOURCE_LIMIT],
            failure_reason_types=[SageMakerJobExceptionTypeEnum.INTERNAL_ERROR],
            expire_after_mins=60,
        ),
    ]


# --- processing ---------------------------------------------------------------------------------


@secure_and_bare
def processing(secure: bool) -> Pipeline:
    """A script processor: an input, two outputs, a property file, arguments, environment."""
    session = session_for(secure)
    target = DATA if secure else ELSEWHERE
    args = script_processor(secure, session, env={"STAGE": "dev"}).run(
        code="preprocess.py",
        inputs=[s3_input("input", f"{DATA}/abalone/raw")],
        outputs=[
            s3_output("train", f"{target}/abalone/train"),
            s3_output("evaluation", f"{target}/abalone/evaluation"),
        ],
        arguments=["--split", "0.8"],
        **only_if(secure, kms_key=OUTPUT_KEY),
    )
    report = PropertyFile("EvaluationReport", output_name="evaluation", path="evaluation.json")
    step_ = ProcessingStep("Process", step_args=args, property_files=[report])
    return pipeline("processing", session, [step_])


@secure_and_bare
def processing_framework(secure: bool) -> Pipeline:
    """A framework processor: a source folder, so a second code input and a runproc.sh."""
    session = session_for(secure)
    processor = FrameworkProcessor(
        image_uri=SKLEARN_IMAGE if secure else UNAPPROVED_IMAGE,
        role=ROLE,
        instance_count=2,
        instance_type="ml.m5.xlarge",
        sagemaker_session=session,
        code_location=f"{DATA}/code" if secure else None,
        **processing_security(secure),
    )
    args = processor.run(
        code="train.py",
        source_dir="code",
        outputs=[s3_output("out", f"{DATA}/out")],
        **only_if(secure, kms_key=OUTPUT_KEY),
    )
    return pipeline("processing-framework", session, [ProcessingStep("Process", step_args=args)])


@secure_and_bare
def processing_spark(secure: bool) -> Pipeline:
    """A PySpark processor: spark-submit entry point, event logs on S3, configuration input."""
    session = session_for(secure)
    processor = PySparkProcessor(
        framework_version="3.3",
        role=ROLE,
        instance_count=2,
        instance_type="ml.m5.xlarge",
        sagemaker_session=session,
        **processing_security(secure),
    )
    properties = {"spark.io.encryption.enabled": "true"}
    args = processor.run(
        submit_app="spark.py",
        configuration=[{"Classification": "spark-defaults", "Properties": properties}],
        spark_event_logs_s3_uri=f"{DATA}/spark-logs",
        **only_if(secure, kms_key=OUTPUT_KEY),
    )
    return pipeline("processing-spark", session, [ProcessingStep("Process", step_args=args)])


@secure_and_bare
def processing_dataset_definitions(secure: bool) -> Pipeline:
    """Athena and Redshift inputs with KMS keys: the SDK drops all of a DatasetDefinition."""
    session = session_for(secure)
    key = only_if(secure, kms_key_id=OUTPUT_KEY)
    athena = AthenaDatasetDefinition(
        catalog="AwsDataCatalog",
        database="abalone",
        query_string="SELECT * FROM abalone",
        output_s3_uri=f"{DATA}/athena/",
        work_group="primary",
        output_format="PARQUET",
        **key,
    )
    redshift = RedshiftDatasetDefinition(
        cluster_id="cluster",
        database="abalone",
        db_user="reader",
        query_string="SELECT * FROM abalone",
        cluster_role_arn=ROLE,
        output_s3_uri=f"{DATA}/redshift/",
        output_format="PARQUET",
        **key,
    )
    inputs = [
        ProcessingInput(
            input_name=name,
            app_managed=True,
            dataset_definition=DatasetDefinition(
                local_path=f"/opt/ml/processing/{name}", **{f"{name}_dataset_definition": d}
            ),
        )
        for name, d in (("athena", athena), ("redshift", redshift))
    ]
    args = script_processor(secure, session).run(
        code="preprocess.py", inputs=inputs, outputs=[s3_output("train", f"{DATA}/abalone/train")]
    )
    return pipeline("processing-datasets", session, [ProcessingStep("Process", step_args=args)])


# --- training -----------------------------------------------------------------------------------


@secure_and_bare
def training(secure: bool) -> Pipeline:
    """The plain training step: SDK defaults for everything that is no security setting."""
    session = session_for(secure)
    return pipeline("training", session, [training_step(secure, session)])


@secure_and_bare
def training_all_outputs(secure: bool) -> Pipeline:
    """Source code, checkpoints, TensorBoard, spot, retries: all that `with_...` can add."""
    session = session_for(secure)
    outputs = MODELS if secure else ELSEWHERE
    key = only_if(secure, volume_kms_key_id=VOLUME_KEY)
    job = trainer(
        secure,
        session,
        source_code=SourceCode(
            source_dir="code", entry_script="train.py", requirements="requirements.txt"
        ),
        compute=Compute(
            instance_type="ml.m5.xlarge",
            instance_count=2,
            volume_size_in_gb=30,
            enable_managed_spot_training=True,
            **key,
        ),
        stopping_condition=StoppingCondition(
            max_runtime_in_seconds=3600, max_wait_time_in_seconds=7200
        ),
        hyperparameters={"num_round": 50, "objective": "reg:squarederror"},
        environment={"STAGE": "dev"},
    )
    job = (
        job.with_checkpoint_config(
            CheckpointConfig(s3_uri=f"{outputs}/checkpoints", local_path="/opt/ml/checkpoints")
        )
        .with_tensorboard_output_config(
            TensorBoardOutputConfig(
                s3_output_path=f"{outputs}/tensorboard", local_path="/opt/ml/output/tensorboard"
            )
        )
        .with_retry_strategy(RetryStrategy(maximum_retry_attempts=2))
        .with_remote_debug_config(RemoteDebugConfig(enable_remote_debug=not secure))
        .with_session_chaining_config(SessionChainingConfig(enable_session_tag_chaining=True))
        .with_metric_definitions([MetricDefinition(name="rmse", regex="rmse=([0-9.]+)")])
    )
    step_ = TrainingStep(
        "Train",
        step_args=job.train(input_data_config=train_channel()),
        display_name="Train the model",
        description="A training step with everything in it",
        cache_config=CacheConfig(enable_caching=True, expire_after="P30D"),
        retry_policies=retries(),
    )
    return pipeline("training-all-outputs", session, [step_])


@secure_and_bare
def training_file_system(secure: bool) -> Pipeline:
    """Inputs from EFS and FSx, an image pulled through the VPC, a warm pool."""
    session = session_for(secure)
    key = only_if(secure, volume_kms_key_id=VOLUME_KEY)
    job = trainer(
        secure,
        session,
        compute=Compute(
            instance_type="ml.g5.xlarge", instance_count=1, keep_alive_period_in_seconds=600, **key
        ),
        **only_if(
            secure, training_image_config=TrainingImageConfig(training_repository_access_mode="Vpc")
        ),
    )
    sources = {
        "efs": ("fs-0123456789abcdef0", "EFS", "/abalone", "ro"),
        "fsx": ("fs-0fedcba9876543210", "FSxLustre", "/fsx/abalone", "rw"),
    }
    channels = [
        InputData(
            channel_name=name,
            data_source=FileSystemDataSource(
                file_system_id=identifier,
                file_system_type=kind,
                directory_path=path,
                file_system_access_mode=mode,
            ),
        )
        for name, (identifier, kind, path, mode) in sources.items()
    ]
    step_ = TrainingStep("Train", step_args=job.train(input_data_config=channels))
    return pipeline("training-file-system", session, [step_])


@document
def training_heterogeneous() -> Pipeline:
    """Instance groups instead of one instance type: `ResourceConfig` has no `InstanceType`."""
    session = session_for(True)
    groups = [
        InstanceGroup(instance_group_name="cpu", instance_type="ml.c5.xlarge", instance_count=2),
        InstanceGroup(instance_group_name="gpu", instance_type="ml.g5.xlarge", instance_count=1),
    ]
    compute = Compute(instance_groups=groups, volume_kms_key_id=VOLUME_KEY, volume_size_in_gb=30)
    job = trainer(True, session, compute=compute)
    step_ = TrainingStep("Train", step_args=job.train(input_data_config=train_channel()))
    return pipeline("training-heterogeneous", session, [step_])


@secure_and_bare
def training_fine_tune(secure: bool) -> Pipeline:
    """Serverless fine-tuning: a Training step with no image, no instances and no volume."""
    session = session_for(secure)
    security = only_if(
        secure,
        networking=VpcConfig(subnets=SUBNETS, security_group_ids=SECURITY_GROUPS),
        kms_key_id=OUTPUT_KEY,
        s3_output_path=f"{MODELS}/tuned",
        tags=TAGS,
    )
    job = SFTTrainer(
        model="some-base-model",
        model_package_group=PACKAGE_GROUP,
        mlflow_resource_arn=f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:mlflow-app/app-1",
        training_dataset=f"{DATA}/conversations.jsonl",
        is_multimodal=False,
        sagemaker_session=session,
        role=ROLE,
        **security,
    )
    return pipeline("fine-tune", session, [TrainingStep("Tune", step_args=job.train())])


class Evaluation:
    """An SDK evaluator, whose definition is what it upserts; it offers no other way to see it."""

    def __init__(self, evaluator: BenchMarkEvaluator) -> None:
        self.evaluator = evaluator

    def definition(self) -> str:
        """Start the evaluation, and read back the pipeline it made."""
        self.evaluator.evaluate()
        client = boto3.client("sagemaker")
        (summary,) = client.list_pipelines()["PipelineSummaries"]
        name = summary["PipelineName"]
        definition: str = client.describe_pipeline(PipelineName=name)["PipelineDefinition"]
        client.delete_pipeline(PipelineName=name)
        return definition


@secure_and_bare
def evaluator_benchmark(secure: bool) -> Evaluation:
    """What BenchMarkEvaluator upserts: no `PipelineExperimentConfig`, an `MlflowConfig`."""
    security = only_if(
        secure,
        networking=VpcConfig(subnets=SUBNETS, security_group_ids=SECURITY_GROUPS),
        kms_key_id=OUTPUT_KEY,
    )
    evaluator = BenchMarkEvaluator(
        benchmark=get_benchmarks().MMLU,
        subtasks="ALL",
        model="some-base-model",
        model_package_group=PACKAGE_GROUP,
        mlflow_resource_arn=f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:mlflow-app/app-1",
        s3_output_path=f"{MODELS if secure else ELSEWHERE}/evaluation",
        sagemaker_session=session_for(secure),
        region=REGION,
        role=ROLE,
        **security,
    )
    return Evaluation(evaluator)


@secure_and_bare
def job(secure: bool) -> Pipeline:
    """A Job step: everything is inside `JobConfigDocument`, a JSON string."""
    session = session_for(secure)
    security = only_if(
        secure,
        networking=VpcConfig(subnets=SUBNETS, security_group_ids=SECURITY_GROUPS),
        kms_key_arn=OUTPUT_KEY,
        s3_output_path=f"{MODELS}/agent",
        tags=TAG_SHAPES,
    )
    agent = ParameterString(
        "Dataset", default_value=f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:hub-content/data"
    )
    rl = MultiTurnRLTrainer(
        model="some-base-model",
        agent_env=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:agent",
        training_dataset=agent,
        output_model_package_group="tuned",
        mlflow_app_arn=f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:mlflow-app/app-1",
        sagemaker_session=session,
        role=ROLE,
        **security,
    )
    step_ = JobStep("Tune", step_args=rl.train(), retry_policies=retries())
    return pipeline("job", session, [step_], parameters=[agent])


# --- tuning -------------------------------------------------------------------------------------


def ranges() -> dict[str, Any]:
    """Two tuned hyperparameters."""
    return {"eta": ContinuousParameter(0, 1), "max_depth": IntegerParameter(1, 10)}


@secure_and_bare
def tuning_single(secure: bool) -> Pipeline:
    """One trainer: `TrainingJobDefinition`; the model comes from `get_top_model_s3_uri`."""
    session = session_for(secure)
    tuner = HyperparameterTuner(
        model_trainer=trainer(secure, session),
        objective_metric_name="validation:rmse",
        objective_type="Minimize",
        metric_definitions=[{"Name": "validation:rmse", "Regex": "rmse=([0-9.]+)"}],
        hyperparameter_ranges=ranges(),
        max_jobs=4,
        max_parallel_jobs=2,
        tags=TAGS if secure else None,
        warm_start_config=HyperParameterTuningJobWarmStartConfig(
            warm_start_type="TransferLearning",
            parent_hyper_parameter_tuning_jobs=[
                ParentHyperParameterTuningJob(hyper_parameter_tuning_job_name="earlier")
            ],
        ),
    )
    tune = TuningStep("Tune", step_args=tuner.tune(inputs=train_channel()))
    best = tune.get_top_model_s3_uri(top_k=0, s3_bucket=offline.MODELS_BUCKET, prefix="abalone")
    return pipeline("tuning-single", session, [tune, create(secure, session, best)])


# --- models, packages and the repack step -------------------------------------------------------


@secure_and_bare
def model_create(secure: bool) -> Pipeline:
    """CreateModel with one container, its artifact from a training step."""
    session = session_for(secure)
    train = training_step(secure, session)
    artifact = train.properties.ModelArtifacts.S3ModelArtifacts
    return pipeline("model-create", session, [train, create(secure, session, artifact)])


@secure_and_bare
def model_create_inference_pipeline(secure: bool) -> Pipeline:
    """CreateModel with two containers."""
    session = session_for(secure)
    parts = [
        Model(
            model_name=name,
            execution_role_arn=ROLE,
            primary_container=ContainerDefinition(
                image=XGBOOST_IMAGE if secure else UNAPPROVED_IMAGE,
                model_data_url=f"{MODELS}/{name}/model.tar.gz",
            ),
        )
        for name in ("first", "second")
    ]
    network = Network(
        subnets=SUBNETS, security_group_ids=SECURITY_GROUPS, enable_network_isolation=True
    )
    chain = ModelBuilder(
        model=parts,
        role_arn=ROLE,
        sagemaker_session=session,
        **only_if(secure, network=network),
    )
    args = chain.build(**only_if(secure, tags=TAGS))
    return pipeline("model-chain", session, [ModelStep("Create", step_args=args)])


def sourced_model(secure: bool, session: PipelineSession, artifact: Any) -> ModelBuilder:
    """A model with an inference script: what makes the SDK inject a repack step."""
    builder = model(secure, session, artifact)
    builder = ModelBuilder(
        image_uri=SKLEARN_IMAGE if secure else UNAPPROVED_IMAGE,
        s3_model_data_url=artifact,
        role_arn=ROLE,
        sagemaker_session=session,
        source_code=SourceCode(source_dir="serve", entry_script="inference.py"),
        **only_if(secure, network=builder.network),
    )
    if secure:
        builder.model_kms_key = OUTPUT_KEY  # no argument takes it
    return builder


@secure_and_bare
def model_create_repack(secure: bool) -> Pipeline:
    """CreateModel of an artifact known only at run time plus an entry point: a repack step."""
    session = session_for(secure)
    train = training_step(secure, session)
    served = sourced_model(secure, session, train.properties.ModelArtifacts.S3ModelArtifacts)
    step_ = ModelStep("Create", step_args=served.build(**only_if(secure, tags=TAGS)))
    return pipeline("model-repack", session, [train, step_])


def register(served: ModelBuilder, **kwargs: Any) -> Any:
    """The arguments of a register call."""
    return served.register(
        content_types=["text/csv"],
        response_types=["text/csv"],
        inference_instances=["ml.m5.xlarge"],
        transform_instances=["ml.m5.xlarge"],
        model_package_group_name="abalone",
        approval_status="PendingManualApproval",
        **kwargs,
    )


@secure_and_bare
def register_model(secure: bool) -> Pipeline:
    """CreateModelPackage without repacking; it has no place for a VPC or isolation."""
    session = session_for(secure)
    train = training_step(secure, session)
    args = register(model(secure, session, train.properties.ModelArtifacts.S3ModelArtifacts))
    return pipeline("register-model", session, [train, ModelStep("Register", step_args=args)])


@document
def register_model_full() -> Pipeline:
    """Registering with metrics, drift baselines and customer metadata."""
    session = session_for(True)
    metrics = MetricsSource(content_type="application/json", s3_uri=f"{MODELS}/statistics.json")
    args = register(
        model(True, session),
        model_metrics=ModelMetrics(model_statistics=metrics, bias=metrics),
        drift_check_baselines=DriftCheckBaselines(
            model_statistics=metrics, bias_config_file=FileSource(f"{MODELS}/bias.json")
        ),
        customer_metadata_properties={"team": "marine"},
        domain="MACHINE_LEARNING",
        task="REGRESSION",
        sample_payload_url=f"{DATA}/payload.tar.gz",
        skip_model_validation="All",
        description="Dropped by the SDK",
    )
    return pipeline("register-full", session, [ModelStep("Register", step_args=args)])


@secure_and_bare
def register_model_repack(secure: bool) -> Pipeline:
    """Registering with a repack step that takes its settings from the model alone."""
    session = session_for(secure)
    train = training_step(secure, session)
    served = sourced_model(secure, session, train.properties.ModelArtifacts.S3ModelArtifacts)
    step_ = ModelStep("Register", step_args=register(served))
    return pipeline("register-repack", session, [train, step_])


@document
def register_model_repack_settings() -> Pipeline:
    """The same with `repack_model_step_settings`: network, output and tags are all they carry."""
    session = session_for(True)
    train = training_step(True, session)
    served = sourced_model(True, session, train.properties.ModelArtifacts.S3ModelArtifacts)
    settings = {
        "subnets": SUBNETS,
        "security_group_ids": SECURITY_GROUPS,
        "output_data_config": OutputDataConfig(
            s3_output_path=f"{MODELS}/repacked", kms_key_id=OUTPUT_KEY
        ),
        "tags": TAG_SHAPES,
    }
    step_ = ModelStep(
        "Register",
        step_args=register(served),
        repack_model_step_settings=settings,
        retry_policies=retries()[:1],
    )
    return pipeline("register-repack-settings", session, [train, step_])


# --- transform ----------------------------------------------------------------------------------


def transformer(secure: bool, session: PipelineSession, model_name: Any) -> Transformer:
    """The transformer that the transform documents use."""
    security = only_if(
        secure,
        output_path=f"{MODELS}/batch",
        output_kms_key=OUTPUT_KEY,
        volume_kms_key=VOLUME_KEY,
        tags=TAGS,
    )
    return Transformer(
        model_name=model_name,
        instance_count=1,
        instance_type="ml.m5.xlarge",
        sagemaker_session=session,
        base_transform_job_name="batch",
        **security,
    )


@secure_and_bare
def transform(secure: bool) -> Pipeline:
    """A transform job on the model of a model step, with data capture."""
    session = session_for(secure)
    served = create(secure, session)
    capture = BatchDataCaptureConfig(
        destination_s3_uri=f"{MODELS}/capture", **only_if(secure, kms_key_id=OUTPUT_KEY)
    )
    args = transformer(secure, session, served.properties.ModelName).transform(
        f"{DATA}/abalone/batch",
        content_type="text/csv",
        split_type="Line",
        batch_data_capture_config=capture,
    )
    step_ = TransformStep("Transform", step_args=args, depends_on=[served])
    return pipeline("transform", session, [served, step_])


@document
def transform_existing_model() -> Pipeline:
    """A transform job on a model made elsewhere: its network cannot be known from the document."""
    session = session_for(True)
    args = transformer(True, session, "an-existing-model").transform(f"{DATA}/abalone/batch")
    return pipeline("transform-existing", session, [TransformStep("Transform", step_args=args)])


# --- control flow -------------------------------------------------------------------------------


@document
def condition_nested() -> Pipeline:
    """Conditions of every kind, nested, with steps in both branches and a Fail step."""
    session = session_for(True)
    size = ParameterInteger("Size", default_value=10)
    stage = ParameterString("Stage", default_value="dev", enum_values=["dev", "prod"])
    threshold = ParameterFloat("Threshold", default_value=6.0)
    fail = FailStep("TooBad", error_message=Join(on=" ", values=["Size was", size, "in", stage]))
    inner = ConditionStep(
        "CheckStage",
        conditions=[
            ConditionOr(
                conditions=[
                    ConditionIn(stage, ["prod", "staging"]),
                    ConditionNot(ConditionEquals(stage, "dev")),
                ]
            ),
            ConditionLessThan(threshold, 7.5),
            ConditionGreaterThan(size, 1),
            ConditionGreaterThanOrEqualTo(size, 2),
        ],
        if_steps=[training_step(True, session, "TrainSecure")],
        else_steps=[training_step(False, session, "TrainBare"), fail],
    )
    outer = ConditionStep(
        "CheckSize",
        display_name="Check the size",
        description="The outer condition",
        conditions=[ConditionLessThanOrEqualTo(size, 100)],
        if_steps=[inner],
        else_steps=[FailStep("TooBig", error_message="too big")],
    )
    return pipeline("condition", session, [outer], parameters=[size, stage, threshold])


@secure_and_bare
def for_each(secure: bool) -> Pipeline:
    """A ForEach over a parameter, with two body steps, a selector and a reader of the result."""
    session = session_for(secure)
    items = ParameterString("Items", default_value='[{"name": "a", "key": "k"}, {"name": "b"}]')
    item = CurrentItem()
    clean = ProcessingStep(
        "CleanItem",
        step_args=script_processor(secure, session).run(
            code="preprocess.py",
            inputs=[s3_input("input", Join(on="/", values=[DATA, item.name]))],
            outputs=[s3_output("train", Join(on="/", values=[DATA, "clean", item.name]))],
            arguments=["--name", item.name, "--depth", item["depth"]],
        ),
    )
    cleaned = clean.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri
    fitted = trainer(secure, session).train(input_data_config=train_channel(cleaned))
    fit = TrainingStep("FitItem", step_args=fitted)
    loop = ForEachStep(
        "Loop",
        iterable_items=items,
        max_concurrency=3,
        for_each_body=[clean, fit],
        selector=ForEachSelector(
            "MinBy", IterationOutput(fit).FinalMetricDataList["validation:rmse"].Value
        ),
        display_name="One model an item",
    )
    chosen = loop.properties.Selected.ModelArtifacts.S3ModelArtifacts
    refitted = trainer(secure, session).train(input_data_config=train_channel(chosen))
    best = TrainingStep("Refit", step_args=refitted)
    check = ConditionStep(
        "AllFine",
        conditions=[
            ConditionEquals(loop.properties.FailedStepCount, 0),
            ConditionEquals(
                loop.properties.IterationOutputs[0].FitItem.TrainingJobStatus, "Completed"
            ),
        ],
        if_steps=[best],
        else_steps=[FailStep("Failed", error_message="An item failed")],
    )
    return pipeline("for-each", session, [loop, check], parameters=[items])


@document
def for_each_current_item_in_security() -> Pipeline:
    """The items choose the subnet, the key and the bucket: run-time values in security settings."""
    session = session_for(True)
    item = CurrentItem()
    job_ = trainer(
        True,
        session,
        networking=Networking(subnets=[item.subnet], security_group_ids=SECURITY_GROUPS),
        compute=Compute(
            instance_type="ml.m5.xlarge", instance_count=1, volume_kms_key_id=item["key"]
        ),
        output_data_config=OutputDataConfig(
            s3_output_path=Join(on="", values=["s3://", item.bucket, "/out"]), kms_key_id=OUTPUT_KEY
        ),
    )
    body = TrainingStep("FitItem", step_args=job_.train(input_data_config=train_channel()))
    loop = ForEachStep(
        "Loop", iterable_items=["a", 1, True, 0.5], max_concurrency=1, for_each_body=[body]
    )
    outer = ConditionStep(
        "Gate",
        conditions=[ConditionEquals(ExecutionVariables.PIPELINE_NAME, "for-each-items")],
        if_steps=[loop],
        else_steps=[],
    )
    return pipeline("for-each-items", session, [outer])


@document
def condition_register_repack() -> Pipeline:
    """A model registered in a branch: its repack step is outside the Condition, so always runs."""
    session = session_for(True)
    train = training_step(True, session)
    served = sourced_model(True, session, train.properties.ModelArtifacts.S3ModelArtifacts)
    check = ConditionStep(
        "Good",
        conditions=[ConditionEquals(train.properties.TrainingJobStatus, "Completed")],
        if_steps=[ModelStep("Register", step_args=register(served))],
        else_steps=[],
    )
    return pipeline("condition-repack", session, [train, check])


@document
def for_each_register_repack() -> Pipeline:
    """A model registered in a ForEach body: its repack step is outside the body."""
    session = session_for(True)
    data = ParameterString("ModelData", default_value=MODEL_DATA)
    served = sourced_model(True, session, data)
    body = ModelStep("Register", step_args=register(served))
    loop = ForEachStep("Loop", iterable_items=["a", "b"], max_concurrency=1, for_each_body=[body])
    return pipeline("for-each-repack", session, [loop], parameters=[data])


@document
def step_dependency() -> Pipeline:
    """Triggers: a `DependsOn` entry is an object instead of a name; and a Cleanup step."""
    session = session_for(False)
    train = training_step(False, session)
    processed = script_processor(False, session).run(
        code="preprocess.py", outputs=[s3_output("train", f"{DATA}/abalone/train")]
    )
    process = ProcessingStep("Process", step_args=processed, depends_on=[train])
    notify = LambdaStep(
        "NotifyOnFailure",
        lambda_func=existing_function(session),
        inputs={},
        depends_on=[StepDependency(train, TriggerCondition.FAILED), "Process"],
    )
    uri = process.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri
    cleanup = CleanupStep(
        "Cleanup",
        s3_sources=[
            S3CleanupSource(train),
            S3CleanupSource(process, s3_uris=[f"{DATA}/abalone/train/part-0.csv", uri]),
        ],
        depends_on=[StepDependency(train, TriggerCondition.ANY)],
    )
    return pipeline("dependencies", session, [train, process, notify, cleanup])


@document
def cleanup_of_vpc_step() -> Pipeline:
    """A Cleanup step whose source is in a VPC, which the service refuses and the SDK lets pass."""
    session = session_for(True)
    train = training_step(True, session)
    cleanup = CleanupStep("Cleanup", s3_sources=[S3CleanupSource(train)])
    return pipeline("cleanup", session, [train, cleanup])


# --- other services -----------------------------------------------------------------------------


def existing_function(session: PipelineSession) -> Lambda:
    """A function that is there already."""
    return Lambda(
        function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:notify", session=session
    )


@document
def lambda_step() -> Pipeline:
    """Two Lambda steps: an existing function, and one the SDK creates while it builds."""
    session = session_for(True)
    outputs = [
        LambdaOutput("status", LambdaOutputTypeEnum.String),
        LambdaOutput("count", LambdaOutputTypeEnum.Integer),
    ]
    notify = LambdaStep(
        "Notify",
        lambda_func=existing_function(session),
        inputs={"execution": ExecutionVariables.PIPELINE_EXECUTION_ID, "bucket": DATA_BUCKET},
        outputs=outputs,
        cache_config=CacheConfig(enable_caching=True, expire_after="PT1H"),
    )
    created = Lambda(
        function_name="made-by-the-sdk",
        execution_role_arn=ROLE,
        script="function.py",
        handler="function.handler",
        vpc_config={"SubnetIds": SUBNETS, "SecurityGroupIds": SECURITY_GROUPS},
        session=session,
    )
    status = notify.properties.Outputs["status"]
    follow = LambdaStep("Follow", lambda_func=created, inputs={"status": status}, outputs=[])
    return pipeline("lambda", session, [notify, follow])


@document
def callback_step() -> Pipeline:
    """A callback step, whose output a condition reads."""
    session = session_for(True)
    callback = CallbackStep(
        "Approve",
        sqs_queue_url=f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/approvals",
        inputs={"pipeline": ExecutionVariables.PIPELINE_NAME, "threshold": 6},
        outputs=[
            CallbackOutput("approved", CallbackOutputTypeEnum.Boolean),
            CallbackOutput("score", CallbackOutputTypeEnum.Float),
        ],
    )
    check = ConditionStep(
        "Approved",
        conditions=[ConditionEquals(callback.properties.Outputs["approved"], True)],
        if_steps=[training_step(True, session)],
        else_steps=[FailStep("Rejected")],
    )
    return pipeline("callback", session, [callback, check])


def emr_step_config() -> EMRStepConfig:
    """The job that both EMR documents run."""
    return EMRStepConfig(
        jar="command-runner.jar",
        args=["spark-submit", f"{DATA}/code/spark.py"],
        main_class="org.example.Main",
        properties=[{"Key": "stage", "Value": "dev"}],
        output_args={"output": f"{DATA}/emr-out"},
    )


@secure_and_bare
def emr_cluster_id(secure: bool) -> Pipeline:
    """EMR on an existing cluster; the runtime role is the one security setting."""
    session = session_for(secure)
    step_ = EMRStep(
        name="Emr",
        display_name="Emr",
        description="On an existing cluster",
        cluster_id="j-1ABCDEFGHIJKL",
        step_config=emr_step_config(),
        execution_role_arn=ROLE if secure else None,
    )
    return pipeline("emr-cluster-id", session, [step_])


@secure_and_bare
def emr_cluster_config(secure: bool) -> Pipeline:
    """EMR on a cluster that the step creates."""
    session = session_for(secure)
    group = {
        "Name": "main",
        "InstanceRole": "MASTER",
        "InstanceType": "m5.xlarge",
        "InstanceCount": 1,
    }
    instances: dict[str, Any] = {"InstanceGroups": [group]}
    config: dict[str, Any] = {
        "Applications": [{"Name": "Spark"}],
        "ReleaseLabel": "emr-6.15.0",
        "JobFlowRole": "EMR_EC2_DefaultRole",
        "ServiceRole": "EMR_DefaultRole",
        "Instances": instances,
    }
    if secure:
        instances |= {
            "Ec2SubnetIds": SUBNETS,
            "EmrManagedMasterSecurityGroup": SECURITY_GROUPS[0],
            "EmrManagedSlaveSecurityGroup": SECURITY_GROUPS[0],
            "ServiceAccessSecurityGroup": SECURITY_GROUPS[0],
        }
        config |= {
            "LogUri": f"{DATA}/emr-logs/",
            "LogEncryptionKmsKeyId": OUTPUT_KEY,
            "SecurityConfiguration": "encrypted",
            "Tags": TAGS,
        }
    step_ = EMRStep(
        name="Emr",
        display_name="Emr",
        description="On a new cluster",
        cluster_id=None,
        cluster_config=config,
        step_config=emr_step_config(),
        cache_config=CacheConfig(enable_caching=True),
    )
    return pipeline("emr-cluster-config", session, [step_])


def emr_serverless_job(secure: bool) -> EMRServerlessJobConfig:
    """The job that both EMR Serverless documents run."""
    logs: dict[str, Any] = {"logUri": f"{DATA}/emr-logs/"}
    if secure:
        logs["encryptionKeyArn"] = OUTPUT_KEY
    return EMRServerlessJobConfig(
        job_driver={"sparkSubmit": {"entryPoint": f"{DATA}/code/spark.py"}},
        execution_role_arn=ROLE,
        configuration_overrides={"monitoringConfiguration": {"s3MonitoringConfiguration": logs}},
        execution_timeout_minutes=60,
        name="spark",
        **only_if(secure, tags={"EnvironmentName": "mlops", "EnvironmentType": "dev"}),
    )


@document
def emr_serverless_application_id() -> Pipeline:
    """EMR Serverless on an existing application."""
    session = session_for(True)
    step_ = EMRServerlessStep(
        name="Spark",
        display_name="Spark",
        description="On an existing application",
        job_config=emr_serverless_job(True),
        application_id="00abcdefghijklmn",
    )
    return pipeline("emr-serverless-id", session, [step_])


@secure_and_bare
def emr_serverless_application_config(secure: bool) -> Pipeline:
    """EMR Serverless on an application that the step creates: members in lower camel case."""
    session = session_for(secure)
    network = {"subnetIds": SUBNETS, "securityGroupIds": SECURITY_GROUPS}
    step_ = EMRServerlessStep(
        name="Spark",
        display_name="Spark",
        description="On a new application",
        job_config=emr_serverless_job(secure),
        application_config={
            "name": "spark",
            "releaseLabel": "emr-6.15.0",
            "type": "SPARK",
            **only_if(
                secure,
                networkConfiguration=network,
                diskEncryptionConfiguration={"encryptionKeyArn": VOLUME_KEY},
            ),
        },
        retry_policies=retries()[:1],
    )
    return pipeline("emr-serverless-config", session, [step_])


# --- quality and bias checks --------------------------------------------------------------------


def check_job(secure: bool, session: PipelineSession) -> CheckJobConfig:
    """The job settings of every check; a NetworkConfig object would raise, the wire form works."""
    network = {
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
        "VpcConfig": vpc(),
    }
    security = only_if(
        secure,
        network_config=network,
        volume_kms_key=VOLUME_KEY,
        output_kms_key=OUTPUT_KEY,
        tags=TAGS,
    )
    return CheckJobConfig(
        role=ROLE,
        instance_count=1,
        instance_type="ml.m5.xlarge",
        sagemaker_session=session,
        **security,
    )


def quality_check(secure: bool, name: str, config: QualityCheckConfig, session: Any) -> Pipeline:
    """A pipeline of one quality check."""
    step_ = QualityCheckStep(
        "Check",
        quality_check_config=config,
        check_job_config=check_job(secure, session),
        skip_check=not secure,
        fail_on_violation=secure,
        register_new_baseline=not secure,
        model_package_group_name="abalone",
        supplied_baseline_constraints=f"{MODELS}/constraints.json" if secure else None,
    )
    return pipeline(name, session, [step_])


@secure_and_bare
def quality_check_data(secure: bool) -> Pipeline:
    """Data quality, with a preprocessing script."""
    config = DataQualityCheckConfig(
        baseline_dataset=f"{DATA}/abalone/train",
        dataset_format=DatasetFormat.csv(header=True),
        output_s3_uri=f"{MODELS}/quality" if secure else None,
        record_preprocessor_script="preprocess.py",
    )
    return quality_check(secure, "quality-data", config, session_for(secure))


@secure_and_bare
def quality_check_model(secure: bool) -> Pipeline:
    """Model quality of a regression."""
    config = ModelQualityCheckConfig(
        baseline_dataset=f"{DATA}/abalone/predictions",
        dataset_format=DatasetFormat.csv(header=False),
        output_s3_uri=f"{MODELS}/quality" if secure else None,
        problem_type="Regression",
        inference_attribute="_c1",
        ground_truth_attribute="_c0",
    )
    return quality_check(secure, "quality-model", config, session_for(secure))


def clarify_data(secure: bool) -> DataConfig:
    """The data settings of every Clarify check."""
    return DataConfig(
        s3_data_input_path=f"{DATA}/abalone/train",
        s3_output_path=f"{MODELS}/clarify" if secure else f"{ELSEWHERE}/clarify",
        label=0,
        dataset_type="text/csv",
        s3_analysis_config_output_path=f"{DATA}/clarify-config" if secure else None,
    )


def clarify_check(secure: bool, name: str, config: ClarifyCheckConfig) -> Pipeline:
    """A pipeline of one Clarify check."""
    session = session_for(secure)
    config.kms_key = OUTPUT_KEY if secure else None
    step_ = ClarifyCheckStep(
        "Check",
        clarify_check_config=config,
        check_job_config=check_job(secure, session),
        skip_check=not secure,
        fail_on_violation=secure,
        model_package_group_name="abalone",
    )
    return pipeline(name, session, [step_])


def bias() -> BiasConfig:
    """One sensitive column."""
    return BiasConfig(
        label_values_or_threshold=[15.0], facet_name=[1], facet_values_or_threshold=[[0.5]]
    )


def shadow_endpoint() -> ModelConfig:
    """The model that Clarify deploys for its own use: an endpoint no step names."""
    return ModelConfig(
        model_name="abalone",
        instance_count=1,
        instance_type="ml.m5.xlarge",
        accept_type="text/csv",
        content_type="text/csv",
    )


@secure_and_bare
def clarify_check_data_bias(secure: bool) -> Pipeline:
    """Bias in the training data."""
    config = DataBiasCheckConfig(data_config=clarify_data(secure), data_bias_config=bias())
    return clarify_check(secure, "clarify-data-bias", config)


@secure_and_bare
def clarify_check_model_bias(secure: bool) -> Pipeline:
    """Bias in predictions."""
    config = ModelBiasCheckConfig(
        data_config=clarify_data(secure),
        data_bias_config=bias(),
        model_config=shadow_endpoint(),
        model_predicted_label_config=ModelPredictedLabelConfig(probability_threshold=0.5),
    )
    return clarify_check(secure, "clarify-model-bias", config)


@secure_and_bare
def clarify_check_explainability(secure: bool) -> Pipeline:
    """SHAP values."""
    config = ModelExplainabilityCheckConfig(
        data_config=clarify_data(secure),
        model_config=shadow_endpoint(),
        explainability_config=SHAPConfig(baseline=[[0.5] * 8], num_samples=10),
    )
    return clarify_check(secure, "clarify-explainability", config)


@secure_and_bare
def monitor_batch_transform(secure: bool) -> Pipeline:
    """MonitorBatchTransformStep: a Transform and a QualityCheck step, one after the other."""
    session = session_for(secure)
    served = create(secure, session)
    args = transformer(secure, session, served.properties.ModelName).transform(
        f"{DATA}/abalone/batch", content_type="text/csv"
    )
    monitor = MonitorBatchTransformStep(
        name="Monitor",
        transform_step_args=args,
        monitor_configuration=DataQualityCheckConfig(
            baseline_dataset=f"{DATA}/abalone/batch",
            dataset_format=DatasetFormat.csv(header=False),
            output_s3_uri=f"{MODELS}/monitor" if secure else None,
        ),
        check_job_configuration=check_job(secure, session),
        monitor_before_transform=True,
        supplied_baseline_statistics=f"{MODELS}/statistics.json",
        supplied_baseline_constraints=f"{MODELS}/constraints.json",
    )
    return pipeline("monitor", session, [served, *monitor.steps])


# --- notebooks and functions --------------------------------------------------------------------


@secure_and_bare
def notebook_job(secure: bool) -> Pipeline:
    """A notebook job: a Training step in the document."""
    session = session_for(secure)
    security = only_if(
        secure,
        subnets=SUBNETS,
        security_group_ids=SECURITY_GROUPS,
        volume_kms_key=VOLUME_KEY,
        s3_kms_key=OUTPUT_KEY,
        s3_root_uri=f"{MODELS}/notebooks",
        encrypt_inter_container_traffic=True,
        tags=TAGS,
    )
    step_ = NotebookJobStep(
        name="Notebook",
        notebook_job_name="explore",
        input_notebook="notebook.ipynb",
        image_uri=SKLEARN_IMAGE if secure else UNAPPROVED_IMAGE,
        kernel_name="python3",
        role=ROLE,
        parameters={"rounds": "50"},
        environment_variables={"STAGE": "dev"},
        **security,
    )
    return pipeline("notebook-job", session, [step_])


@secure_and_bare
def function_step(secure: bool) -> Pipeline:
    """Two functions marked `@step`: Training steps, the second fed by the first's result."""
    session = session_for(secure)
    security = only_if(
        secure,
        subnets=SUBNETS,
        security_group_ids=SECURITY_GROUPS,
        volume_kms_key=VOLUME_KEY,
        encrypt_inter_container_traffic=True,
        tags=TAGS,
    )
    settings = {
        "image_uri": SKLEARN_IMAGE if secure else UNAPPROVED_IMAGE,
        "instance_type": "ml.m5.xlarge",
        "role": ROLE,
        "dependencies": "requirements.txt",
        **security,
    }
    rounds = ParameterInteger("Rounds", default_value=50)

    @step(name="Fit", display_name="Fit", **settings)
    def fit(rounds: int) -> dict:
        """Fit."""
        return {"mse": rounds / 10, "path": "model"}

    @step(name="Report", display_name="Report", environment_variables={"STAGE": "dev"}, **settings)
    def report(result: dict) -> None:
        """Report."""

    fitted = fit(rounds)
    check = ConditionStep(
        "Good",
        conditions=[ConditionLessThanOrEqualTo(fitted["mse"], 6.0)],
        if_steps=[report(fitted)],
        else_steps=[],
    )
    return pipeline("function-step", session, [fitted, check], parameters=[rounds])


# --- endpoints and lineage ----------------------------------------------------------------------


@secure_and_bare
def endpoint(secure: bool) -> Pipeline:
    """A model, its endpoint configuration (with core dumps, capture and async output), endpoint."""
    session = session_for(secure)
    served = create(secure, session)
    key = {"KmsKeyId": OUTPUT_KEY} if secure else {}
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": served.properties.ModelName,
        "InstanceType": "ml.m5.xlarge",
        "InitialInstanceCount": 1,
        "CoreDumpConfig": {"DestinationS3Uri": f"{MODELS}/core-dumps", **key},
    }
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"{MODELS}/capture",
        "CaptureOptions": [{"CaptureMode": "Input"}],
        **key,
    }
    config = session.create_endpoint_config(
        name="abalone-config",
        production_variants=[variant],
        data_capture_config_dict=capture,
        async_inference_config_dict={"OutputConfig": {"S3OutputPath": f"{MODELS}/async", **key}},
        **only_if(
            secure, kms_key=VOLUME_KEY, tags=TAGS, vpc_config=vpc(), enable_network_isolation=True
        ),
    )
    configure = EndpointConfigStep("Configure", step_args=config)
    deployed = session.create_endpoint(
        endpoint_name="abalone",
        config_name=configure.properties.EndpointConfigName,
        tags=TAGS if secure else None,
    )
    deploy = EndpointStep("Deploy", step_args=deployed)
    return pipeline("endpoint", session, [served, configure, deploy])


@secure_and_bare
def inference_component(secure: bool) -> Pipeline:
    """An endpoint without a model of its own, and an inference component on it."""
    session = session_for(secure)
    variant = {
        "VariantName": "AllTraffic",
        "InstanceType": "ml.m5.xlarge",
        "InitialInstanceCount": 1,
    }
    config = session.create_endpoint_config(
        name="shared-config",
        production_variants=[variant],
        role=ROLE,
        **only_if(
            secure, kms_key=VOLUME_KEY, tags=TAGS, vpc_config=vpc(), enable_network_isolation=True
        ),
    )
    configure = EndpointConfigStep("Configure", step_args=config)
    deployed = session.create_endpoint(
        "shared", configure.properties.EndpointConfigName, tags=TAGS if secure else None
    )
    deploy = EndpointStep("Deploy", step_args=deployed)
    component = session.create_inference_component(
        inference_component_name="abalone",
        endpoint_name=deploy.properties.EndpointName,
        variant_name="AllTraffic",
        specification={
            "Container": {
                "Image": XGBOOST_IMAGE if secure else UNAPPROVED_IMAGE,
                "ArtifactUrl": MODEL_DATA,
            },
            "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024},
        },
        runtime_config={"CopyCount": 1},
        tags=TAGS if secure else None,
    )
    add = InferenceComponentStep("Add", step_args=component)
    return pipeline("inference-component", session, [configure, deploy, add])


@document
def lineage() -> Pipeline:
    """Lineage: an action, an artifact, a context and their associations."""
    session = session_for(True)
    train = training_step(True, session)
    action = Action.create(
        action_name="train", source_uri=DATA, action_type="Training", sagemaker_session=session
    )
    artifact = Artifact.create(
        artifact_name="model",
        source_uri=train.properties.ModelArtifacts.S3ModelArtifacts,
        artifact_type="Model",
        sagemaker_session=session,
    )
    context = Context.create(
        context_name="abalone", source_uri=DATA, context_type="Project", sagemaker_session=session
    )
    made = LineageEntityReference(name="train", type="Action")
    produced = LineageAssociation(
        source=made,
        destination=LineageEntityReference(name="model", type="Artifact"),
        association_type="Produced",
    )
    belongs = LineageAssociation(
        source=made,
        destination=LineageEntityReference(
            arn=f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:context/marine"
        ),
    )
    step_ = LineageStep(
        "Record",
        actions=[action],
        artifacts=[artifact],
        contexts=[context],
        associations=[produced, belongs],
    )
    return pipeline("lineage", session, [train, step_])


# --- parameters, references, step options -------------------------------------------------------


@document
def parameters_in_security() -> Pipeline:
    """Parameters of all four types, in security settings too, with and without a default."""
    session = session_for(True)
    subnet = ParameterString("Subnet", default_value=SUBNETS[0], enum_values=SUBNETS)
    group = ParameterString("Group", default_value=SECURITY_GROUPS[0])
    key = ParameterString("VolumeKey")
    folder = ParameterString("Folder", default_value="abalone")
    image = ParameterString("Image", default_value=XGBOOST_IMAGE)
    count = ParameterInteger("Count", default_value=1)
    volume = ParameterInteger("VolumeSize")
    encrypt = ParameterBoolean(name="Encrypt", default_value=True)
    isolate = ParameterBoolean(name="Isolate", default_value=False)
    eta = ParameterFloat("Eta", default_value=0.2)
    rate = ParameterFloat("Rate")
    target = Join(on="/", values=[MODELS, folder, ExecutionVariables.PIPELINE_EXECUTION_ID])
    job_ = trainer(
        True,
        session,
        training_image=image,
        compute=Compute(
            instance_type="ml.m5.xlarge",
            instance_count=count,
            volume_kms_key_id=key,
        ),
        networking=Networking(subnets=[subnet, SUBNETS[1]], security_group_ids=[group]),
        output_data_config=OutputDataConfig(s3_output_path=target, kms_key_id=OUTPUT_KEY),
        hyperparameters={"eta": eta, "rate": rate, "started": ExecutionVariables.START_DATETIME},
    )
    train = TrainingStep("Train", step_args=job_.train(input_data_config=train_channel()))
    network = NetworkConfig(
        enable_network_isolation=isolate,
        security_group_ids=[group],
        subnets=[subnet],
        encrypt_inter_container_traffic=encrypt,
    )
    processor = script_processor(
        True, session, network_config=network, volume_kms_key=key, volume_size_in_gb=volume
    )
    args = processor.run(code="preprocess.py", outputs=[s3_output("train", target)])
    process = ProcessingStep("Process", step_args=args)
    parameters = [
        subnet, group, key, folder, image, count, volume, encrypt, isolate, eta, rate,
    ]  # fmt: skip
    return pipeline("parameters", session, [train, process], parameters=parameters)


@document
def references() -> Pipeline:
    """Every form of reference: properties, property files, joins, execution variables."""
    session = session_for(True)
    bucket = ParameterString("Bucket", default_value=DATA_BUCKET)
    target = Join(
        on="/",
        values=[
            MODELS,
            ExecutionVariables.PIPELINE_NAME,
            ExecutionVariables.PIPELINE_EXECUTION_ID,
            Join(on="-", values=["report", ExecutionVariables.CURRENT_DATETIME]),
        ],
    )
    args = script_processor(True, session).run(
        code="preprocess.py",
        inputs=[s3_input("raw", Join(on="", values=["s3://", bucket, "/raw"]))],
        outputs=[s3_output("train", f"{DATA}/abalone/train"), s3_output("report", target)],
        arguments=["--execution", ExecutionVariables.PIPELINE_EXECUTION_ARN],
    )
    report = PropertyFile("Report", output_name="report", path="report.json")
    process = ProcessingStep("Process", step_args=args, property_files=[report])
    train_uri = process.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri
    instances = process.properties.ProcessingResources.ClusterConfig.InstanceCount
    job_ = trainer(
        True,
        session,
        hyperparameters={
            "depth": JsonGet(step_name="Process", property_file=report, json_path="best.depth"),
            "instances": instances.to_string(),
        },
    )
    train = TrainingStep("Train", step_args=job_.train(input_data_config=train_channel(train_uri)))
    artifact = train.properties.ModelArtifacts.S3ModelArtifacts
    mse = JsonGet(step_name="Process", property_file="Report", json_path="mse.value")
    check = ConditionStep(
        "Check",
        conditions=[
            ConditionLessThanOrEqualTo(mse, 6.0),
            ConditionEquals(PipelineExperimentConfigProperties.EXPERIMENT_NAME, "abalone"),
            ConditionEquals(train.properties.TrainingJobStatus, "Completed"),
        ],
        if_steps=[create(True, session, artifact)],
        else_steps=[],
    )
    trial = Join(on="-", values=["trial", ExecutionVariables.PIPELINE_EXECUTION_ID])
    return pipeline(
        "references",
        session,
        [process, train, check],
        parameters=[bucket],
        pipeline_experiment_config=PipelineExperimentConfig("abalone", trial),
    )


@document
def step_options() -> Pipeline:
    """DependsOn, caching, retries, names; job name prefixes kept, so jobs carry their names."""
    session = session_for(True)
    processor = script_processor(True, session, base_job_name="clean")
    process = ProcessingStep(
        "Process",
        step_args=processor.run(code="preprocess.py"),
        display_name="Clean the data",
        description="First",
        cache_config=CacheConfig(enable_caching=True, expire_after="P30D"),
        retry_policies=retries(),
    )
    train = TrainingStep(
        "Train",
        step_args=trainer(True, session, base_job_name="fit").train(
            input_data_config=train_channel()
        ),
        depends_on=[process],
        cache_config=CacheConfig(enable_caching=False),
    )
    args = model(True, session).build(model_name="served")
    served = ModelStep("Create", step_args=args, depends_on=[train, "Process"])
    return pipeline(
        "step-options",
        session,
        [process, train, served],
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
        pipeline_experiment_config=None,
        mlflow_config=MlflowConfig(
            mlflow_resource_arn=f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:mlflow-app/app-1",
            mlflow_experiment_name="abalone",
        ),
    )


if __name__ == "__main__":
    offline.run(sys.argv)
