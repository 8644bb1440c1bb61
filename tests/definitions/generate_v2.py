"""Make the documents in v2/ with the SageMaker Python SDK 2: python generate_v2.py OUTDIR

Each function marked `@document` or `@secure_and_bare` builds one pipeline (or a pair) and is named
after the file it makes. Nothing here writes JSON by hand: every byte comes from
`Pipeline.definition()`.
"""

# ruff: noqa: I001 (offline comes first)
from __future__ import annotations

import sys
from typing import Any

import offline
from offline import (
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

from sagemaker.automl.automl import AutoML, AutoMLInput
from sagemaker.clarify import (
    BiasConfig,
    DataConfig,
    ModelConfig,
    ModelPredictedLabelConfig,
    SHAPConfig,
)
from sagemaker.dataset_definition.inputs import (
    AthenaDatasetDefinition,
    DatasetDefinition,
    RedshiftDatasetDefinition,
)
from sagemaker.debugger import (
    DebuggerHookConfig,
    FrameworkProfile,
    ProfilerConfig,
    ProfilerRule,
    Rule,
    TensorBoardOutputConfig,
    rule_configs,
)
from sagemaker.drift_check_baselines import DriftCheckBaselines
from sagemaker.estimator import Estimator
from sagemaker.inputs import (
    BatchDataCaptureConfig,
    CreateModelInput,
    FileSystemInput,
    TrainingInput,
    TransformInput,
)
from sagemaker.instance_group import InstanceGroup
from sagemaker.lambda_helper import Lambda
from sagemaker.lineage.action import Action
from sagemaker.lineage.artifact import Artifact
from sagemaker.lineage.context import Context
from sagemaker.model import Model
from sagemaker.model_card import ModelPackageModelCard
from sagemaker.model_metrics import FileSource, MetricsSource, ModelMetrics
from sagemaker.model_monitor.dataset_format import DatasetFormat
from sagemaker.network import NetworkConfig
from sagemaker.parameter import ContinuousParameter, IntegerParameter
from sagemaker.pipeline import PipelineModel
from sagemaker.processing import (
    FeatureStoreOutput,
    FrameworkProcessor,
    ProcessingInput,
    ProcessingOutput,
    ScriptProcessor,
)
from sagemaker.sklearn.estimator import SKLearn
from sagemaker.sklearn.model import SKLearnModel
from sagemaker.spark.processing import PySparkProcessor
from sagemaker.telemetry import telemetry_logging
from sagemaker.transformer import Transformer
from sagemaker.tuner import HyperparameterTuner, WarmStartConfig, WarmStartTypes
from sagemaker.workflow.automl_step import AutoMLStep
from sagemaker.workflow.callback_step import CallbackOutput, CallbackOutputTypeEnum, CallbackStep
from sagemaker.workflow.check_job_config import CheckJobConfig
from sagemaker.workflow.clarify_check_step import (
    ClarifyCheckConfig,
    ClarifyCheckStep,
    DataBiasCheckConfig,
    ModelBiasCheckConfig,
    ModelExplainabilityCheckConfig,
)
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import (
    ConditionEquals,
    ConditionGreaterThan,
    ConditionGreaterThanOrEqualTo,
    ConditionIn,
    ConditionLessThan,
    ConditionLessThanOrEqualTo,
    ConditionNot,
    ConditionOr,
)
from sagemaker.workflow.emr_step import EMRStep, EMRStepConfig
from sagemaker.workflow.endpoint_step import EndpointConfigStep, EndpointStep
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.function_step import step
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.inference_component_step import InferenceComponentStep
from sagemaker.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.workflow.lineage_step import (
    LineageAssociation,
    LineageEntityReference,
    LineageStep,
)
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.monitor_batch_transform_step import MonitorBatchTransformStep
from sagemaker.workflow.notebook_job_step import NotebookJobStep
from sagemaker.workflow.parameters import (
    ParameterBoolean,
    ParameterFloat,
    ParameterInteger,
    ParameterString,
)
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.workflow.pipeline_experiment_config import (
    PipelineExperimentConfig,
    PipelineExperimentConfigProperties,
)
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.quality_check_step import (
    DataQualityCheckConfig,
    ModelQualityCheckConfig,
    QualityCheckConfig,
    QualityCheckStep,
)
from sagemaker.workflow.retry import (
    SageMakerJobExceptionTypeEnum,
    SageMakerJobStepRetryPolicy,
    StepExceptionTypeEnum,
    StepRetryPolicy,
)
from sagemaker.workflow.step_collections import EstimatorTransformer, RegisterModel
from sagemaker.workflow.steps import (
    CacheConfig,
    CreateModelStep,
    ProcessingStep,
    TrainingStep,
    TransformStep,
    TuningStep,
)

telemetry_logging._send_telemetry_request = lambda *args, **kwargs: None

MODEL_DATA = f"{MODELS}/abalone/model.tar.gz"
VPC = {"Subnets": SUBNETS, "SecurityGroupIds": SECURITY_GROUPS}


# --- parts that several documents share ---------------------------------------------------------


def session_for(secure: bool) -> PipelineSession:
    """Secure: scripts go to the data bucket. Bare: to the SDK's own default bucket."""
    return PipelineSession(default_bucket=DATA_BUCKET if secure else None)


def pipeline(name: str, session: PipelineSession, steps: list[Any], **kwargs: Any) -> Pipeline:
    """A pipeline without parameters, unless some are given."""
    return Pipeline(name=name, steps=steps, sagemaker_session=session, **kwargs)


def network(secure: bool) -> dict[str, Any]:
    """The network settings of a processor."""
    config = NetworkConfig(
        enable_network_isolation=True,
        security_group_ids=SECURITY_GROUPS,
        subnets=SUBNETS,
        encrypt_inter_container_traffic=True,
    )
    return only_if(secure, network_config=config)


def processing_security(secure: bool) -> dict[str, Any]:
    """All security settings of a processor."""
    keys = only_if(secure, volume_kms_key=VOLUME_KEY, output_kms_key=OUTPUT_KEY, tags=TAGS)
    return keys | network(secure)


def training_security(secure: bool) -> dict[str, Any]:
    """All security settings of an estimator."""
    return only_if(
        secure,
        subnets=SUBNETS,
        security_group_ids=SECURITY_GROUPS,
        volume_kms_key=VOLUME_KEY,
        output_kms_key=OUTPUT_KEY,
        output_path=f"{MODELS}/abalone",
        code_location=f"{DATA}/code",
        encrypt_inter_container_traffic=True,
        enable_network_isolation=True,
        tags=TAGS,
    )


def script_processor(secure: bool, session: PipelineSession) -> ScriptProcessor:
    """The processor that most documents use."""
    return ScriptProcessor(
        role=ROLE,
        image_uri=SKLEARN_IMAGE if secure else UNAPPROVED_IMAGE,
        command=["python3"],
        instance_count=1,
        instance_type="ml.m5.xlarge",
        sagemaker_session=session,
        **processing_security(secure),
    )


def estimator(secure: bool, session: PipelineSession, **kwargs: Any) -> Estimator:
    """The estimator that most documents use; `kwargs` win over the security settings."""
    settings = {
        "role": ROLE,
        "image_uri": XGBOOST_IMAGE if secure else UNAPPROVED_IMAGE,
        "instance_count": 1,
        "instance_type": "ml.m5.xlarge",
        "sagemaker_session": session,
    }
    return Estimator(**settings | training_security(secure) | kwargs)


def train_channel() -> dict[str, TrainingInput]:
    """One input channel."""
    return {"train": TrainingInput(f"{DATA}/abalone/train", content_type="text/csv")}


def training_step(secure: bool, session: PipelineSession, name: str = "Train") -> TrainingStep:
    """The training step that most documents use."""
    return TrainingStep(name, step_args=estimator(secure, session).fit(train_channel()))


def model(secure: bool, session: PipelineSession, **kwargs: Any) -> Model:
    """The model that most documents use."""
    settings = {
        "image_uri": XGBOOST_IMAGE if secure else UNAPPROVED_IMAGE,
        "model_data": MODEL_DATA,
        "role": ROLE,
        "sagemaker_session": session,
    }
    security = only_if(
        secure, vpc_config=VPC, enable_network_isolation=True, model_kms_key=OUTPUT_KEY
    )
    return Model(**settings | security | kwargs)


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
    destination = only_if(secure, destination=f"{DATA}/abalone/train")
    args = script_processor(secure, session).run(
        code="preprocess.py",
        inputs=[ProcessingInput(f"{DATA}/abalone/raw", "/opt/ml/processing/input", "raw")],
        outputs=[
            ProcessingOutput(output_name="train", source="/opt/ml/processing/train", **destination),
            ProcessingOutput(output_name="evaluation", source="/opt/ml/processing/evaluation"),
        ],
        arguments=["--split", "0.8"],
        kms_key=OUTPUT_KEY if secure else None,
    )
    report = PropertyFile("EvaluationReport", output_name="evaluation", path="evaluation.json")
    return pipeline(
        "processing", session, [ProcessingStep("Process", step_args=args, property_files=[report])]
    )


@secure_and_bare
def processing_framework(secure: bool) -> Pipeline:
    """A framework processor: a source folder, so a second code input and a runproc.sh."""
    session = session_for(secure)
    processor = FrameworkProcessor(
        estimator_cls=SKLearn,
        framework_version="1.2-1",
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
        outputs=[ProcessingOutput(output_name="out", source="/opt/ml/processing/out")],
        kms_key=OUTPUT_KEY if secure else None,
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
    args = processor.run(
        submit_app="spark.py",
        configuration=[
            {
                "Classification": "spark-defaults",
                "Properties": {"spark.io.encryption.enabled": "true"},
            }
        ],
        spark_event_logs_s3_uri=f"{DATA}/spark-logs",
        kms_key=OUTPUT_KEY if secure else None,
    )
    return pipeline("processing-spark", session, [ProcessingStep("Process", step_args=args)])


@secure_and_bare
def processing_dataset_definitions(secure: bool) -> Pipeline:
    """Athena and Redshift inputs, each with a KMS key of its own, and a feature store output."""
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
                local_path=f"/opt/ml/processing/input/{name}", **{f"{name}_dataset_definition": d}
            ),
        )
        for name, d in (("athena", athena), ("redshift", redshift))
    ]
    features = ProcessingOutput(
        output_name="features",
        app_managed=True,
        feature_store_output=FeatureStoreOutput(feature_group_name="abalone"),
    )
    args = script_processor(secure, session).run(
        code="preprocess.py", inputs=inputs, outputs=[features]
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
    """Every S3 path a training job can write: checkpoints, debugger, profiler, TensorBoard."""
    session = session_for(secure)
    outputs = MODELS if secure else ELSEWHERE
    trainer = estimator(
        secure,
        session,
        instance_count=2,
        entry_point="train.py",
        source_dir="code",
        hyperparameters={"num_round": 50, "objective": "reg:squarederror"},
        environment={"STAGE": "dev"},
        metric_definitions=[{"Name": "validation:rmse", "Regex": "rmse=([0-9.]+)"}],
        checkpoint_s3_uri=f"{outputs}/checkpoints",
        checkpoint_local_path="/opt/ml/checkpoints",
        debugger_hook_config=DebuggerHookConfig(s3_output_path=f"{outputs}/debugger"),
        rules=[
            Rule.sagemaker(rule_configs.loss_not_decreasing()),
            ProfilerRule.sagemaker(rule_configs.ProfilerReport()),
        ],
        profiler_config=ProfilerConfig(
            s3_output_path=f"{outputs}/profiler",
            system_monitor_interval_millis=500,
            framework_profile_params=FrameworkProfile(),
        ),
        tensorboard_output_config=TensorBoardOutputConfig(
            s3_output_path=f"{outputs}/tensorboard",
            container_local_output_path="/opt/ml/output/tensorboard",
        ),
        use_spot_instances=True,
        max_run=3600,
        max_wait=7200,
        max_retry_attempts=2,
        enable_session_tag_chaining=True,
    )
    step_ = TrainingStep(
        "Train",
        step_args=trainer.fit(train_channel()),
        display_name="Train the model",
        description="A training step with everything in it",
        cache_config=CacheConfig(enable_caching=True, expire_after="P30D"),
        retry_policies=retries(),
    )
    return pipeline("training-all-outputs", session, [step_])


@secure_and_bare
def training_file_system(secure: bool) -> Pipeline:
    """Inputs from EFS and FSx, an image pulled through the VPC, a warm pool, remote debugging."""
    session = session_for(secure)
    trainer = estimator(
        secure,
        session,
        instance_type="ml.g5.xlarge",
        keep_alive_period_in_seconds=600,
        enable_remote_debug=not secure,
        training_repository_access_mode="Vpc" if secure else None,
    )
    channels = {
        "efs": FileSystemInput("fs-0123456789abcdef0", "EFS", "/abalone", "ro"),
        "fsx": FileSystemInput("fs-0fedcba9876543210", "FSxLustre", "/fsx/abalone", "rw"),
    }
    step_ = TrainingStep("Train", step_args=trainer.fit(channels))
    return pipeline("training-file-system", session, [step_])


@document
def training_heterogeneous() -> Pipeline:
    """Instance groups instead of one instance type: `ResourceConfig` has no `InstanceType`."""
    session = session_for(True)
    groups = [InstanceGroup("cpu", "ml.c5.xlarge", 2), InstanceGroup("gpu", "ml.g5.xlarge", 1)]
    trainer = estimator(
        True, session, instance_count=None, instance_type=None, instance_groups=groups
    )
    step_ = TrainingStep("Train", step_args=trainer.fit(train_channel()))
    return pipeline("training-heterogeneous", session, [step_])


# --- tuning -------------------------------------------------------------------------------------


def ranges() -> dict[str, Any]:
    """Two tuned hyperparameters."""
    return {"eta": ContinuousParameter(0, 1), "max_depth": IntegerParameter(1, 10)}


@secure_and_bare
def tuning_single(secure: bool) -> Pipeline:
    """One estimator: `TrainingJobDefinition`; the model comes from `get_top_model_s3_uri`."""
    session = session_for(secure)
    tuner = HyperparameterTuner(
        estimator=estimator(secure, session),
        objective_metric_name="validation:rmse",
        objective_type="Minimize",
        metric_definitions=[{"Name": "validation:rmse", "Regex": "rmse=([0-9.]+)"}],
        hyperparameter_ranges=ranges(),
        max_jobs=4,
        max_parallel_jobs=2,
        tags=TAGS if secure else None,
        warm_start_config=WarmStartConfig(WarmStartTypes.TRANSFER_LEARNING, parents={"earlier"}),
    )
    tune = TuningStep("Tune", step_args=tuner.fit(train_channel()))
    best = tune.get_top_model_s3_uri(top_k=0, s3_bucket=offline.MODELS_BUCKET, prefix="abalone")
    create = ModelStep(
        "Best",
        step_args=model(secure, session, model_data=best).create(**only_if(secure, tags=TAGS)),
    )
    return pipeline("tuning-single", session, [tune, create])


@secure_and_bare
def tuning_multi(secure: bool) -> Pipeline:
    """Two estimators: the list `TrainingJobDefinitions`."""
    session = session_for(secure)
    names = ("linear", "trees")
    metrics = [{"Name": "validation:rmse", "Regex": "rmse=([0-9.]+)"}]
    tuner = HyperparameterTuner.create(
        estimator_dict={name: estimator(secure, session) for name in names},
        objective_metric_name_dict=dict.fromkeys(names, "validation:rmse"),
        hyperparameter_ranges_dict={name: ranges() for name in names},
        metric_definitions_dict=dict.fromkeys(names, metrics),
        objective_type="Minimize",
        tags=TAGS if secure else None,
    )
    args = tuner.fit({name: train_channel() for name in names}, include_cls_metadata={})
    return pipeline("tuning-multi", session, [TuningStep("Tune", step_args=args)])


@document
def tuning_half_secure() -> Pipeline:
    """Two training definitions of which only the first has any security setting."""
    session = session_for(True)
    metrics = [{"Name": "validation:rmse", "Regex": "rmse=([0-9.]+)"}]
    estimators = {"safe": estimator(True, session), "unsafe": estimator(False, session)}
    tuner = HyperparameterTuner.create(
        estimator_dict=estimators,
        objective_metric_name_dict=dict.fromkeys(estimators, "validation:rmse"),
        hyperparameter_ranges_dict={name: ranges() for name in estimators},
        metric_definitions_dict=dict.fromkeys(estimators, metrics),
    )
    args = tuner.fit({name: train_channel() for name in estimators}, include_cls_metadata={})
    return pipeline("tuning-half-secure", session, [TuningStep("Tune", step_args=args)])


# --- models, packages and the repack step -------------------------------------------------------


@secure_and_bare
def model_create(secure: bool) -> Pipeline:
    """CreateModel with one container, its artifact from a training step."""
    session = session_for(secure)
    train = training_step(secure, session)
    artifact = train.properties.ModelArtifacts.S3ModelArtifacts
    args = model(secure, session, model_data=artifact).create(
        instance_type="ml.m5.xlarge", **only_if(secure, tags=TAGS)
    )
    return pipeline("model-create", session, [train, ModelStep("Create", step_args=args)])


@secure_and_bare
def model_create_inference_pipeline(secure: bool) -> Pipeline:
    """CreateModel with two containers."""
    session = session_for(secure)
    parts = [
        model(secure, session),
        model(secure, session, model_data=f"{MODELS}/second/model.tar.gz"),
    ]
    security = only_if(secure, vpc_config=VPC, enable_network_isolation=True)
    chain = PipelineModel(models=parts, role=ROLE, sagemaker_session=session, **security)
    args = chain.create(instance_type="ml.m5.xlarge")
    return pipeline("model-chain", session, [ModelStep("Create", step_args=args)])


@secure_and_bare
def model_create_repack(secure: bool) -> Pipeline:
    """CreateModel of an artifact known only at run time plus an entry point: a repack step."""
    session = session_for(secure)
    train = training_step(secure, session)
    artifact = train.properties.ModelArtifacts.S3ModelArtifacts
    served = sklearn_model(secure, session, artifact)
    args = served.create(instance_type="ml.m5.xlarge", **only_if(secure, tags=TAGS))
    return pipeline("model-repack", session, [train, ModelStep("Create", step_args=args)])


def sklearn_model(secure: bool, session: PipelineSession, artifact: Any) -> SKLearnModel:
    """A framework model with an inference script: what makes the SDK inject a repack step."""
    security = only_if(
        secure,
        vpc_config=VPC,
        enable_network_isolation=True,
        model_kms_key=OUTPUT_KEY,
        code_location=f"{MODELS}/repacked",
    )
    return SKLearnModel(
        model_data=artifact,
        role=ROLE,
        entry_point="inference.py",
        source_dir="serve",
        image_uri=SKLEARN_IMAGE if secure else UNAPPROVED_IMAGE,
        framework_version="1.2-1",
        sagemaker_session=session,
        **security,
    )


def register(served: Any, **kwargs: Any) -> Any:
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
    artifact = train.properties.ModelArtifacts.S3ModelArtifacts
    args = register(model(secure, session, model_data=artifact))
    return pipeline("register-model", session, [train, ModelStep("Register", step_args=args)])


@document
def register_model_full() -> Pipeline:
    """Registering with metrics, drift baselines, a model card and customer metadata."""
    session = session_for(True)
    metrics = MetricsSource(content_type="application/json", s3_uri=f"{MODELS}/statistics.json")
    card = ModelPackageModelCard(model_card_content="{}", model_card_status="Draft")
    args = register(
        model(True, session),
        model_metrics=ModelMetrics(model_statistics=metrics, bias=metrics),
        drift_check_baselines=DriftCheckBaselines(
            model_statistics=metrics, bias_config_file=FileSource(f"{MODELS}/bias.json")
        ),
        customer_metadata_properties={"team": "marine"},
        model_card=card,
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
    served = sklearn_model(secure, session, train.properties.ModelArtifacts.S3ModelArtifacts)
    step_ = ModelStep("Register", step_args=register(served))
    return pipeline("register-repack", session, [train, step_])


@document
def register_model_repack_settings() -> Pipeline:
    """The same with `repack_model_step_settings`: the repack job gets what it lacked."""
    session = session_for(True)
    train = training_step(True, session)
    served = sklearn_model(True, session, train.properties.ModelArtifacts.S3ModelArtifacts)
    settings = training_security(True)
    settings.pop("code_location")
    step_ = ModelStep(
        "Register",
        step_args=register(served),
        repack_model_step_settings=settings,
        retry_policies={"repack_model_retry_policies": retries()},
    )
    return pipeline("register-repack-settings", session, [train, step_])


@secure_and_bare
def legacy_collections(secure: bool) -> Pipeline:
    """The deprecated forms: estimator=, processor=, RegisterModel, EstimatorTransformer."""
    session = session_for(secure)
    trainer = estimator(secure, session)
    process = ProcessingStep(
        "Process",
        processor=script_processor(secure, session),
        code="preprocess.py",
        outputs=[ProcessingOutput(output_name="train", source="/opt/ml/processing/train")],
    )
    train = TrainingStep("Train", estimator=trainer, inputs=train_channel(), depends_on=[process])
    artifact = train.properties.ModelArtifacts.S3ModelArtifacts
    registered = RegisterModel(
        "Register",
        estimator=trainer,
        model_data=artifact,
        content_types=["text/csv"],
        response_types=["text/csv"],
        inference_instances=["ml.m5.xlarge"],
        transform_instances=["ml.m5.xlarge"],
        model_package_group_name="abalone",
        entry_point="inference.py",
        **only_if(secure, model_kms_key=OUTPUT_KEY, tags=TAGS),
    )
    transformed = EstimatorTransformer(
        "Batch",
        estimator=trainer,
        model_data=artifact,
        model_inputs=CreateModelInput(instance_type="ml.m5.xlarge"),
        instance_count=1,
        instance_type="ml.m5.xlarge",
        transform_inputs=TransformInput(data=f"{DATA}/abalone/batch"),
        **only_if(
            secure,
            output_path=f"{MODELS}/batch",
            output_kms_key=OUTPUT_KEY,
            volume_kms_key=VOLUME_KEY,
            enable_network_isolation=True,
            tags=TAGS,
        ),
    )
    create = CreateModelStep(
        "Create",
        model=model(secure, session, model_data=artifact),
        inputs=CreateModelInput(instance_type="ml.m5.xlarge"),
    )
    return pipeline("legacy", session, [process, train, registered, transformed, create])


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
        **security,
    )


@secure_and_bare
def transform(secure: bool) -> Pipeline:
    """A transform job on the model of a model step, with data capture."""
    session = session_for(secure)
    create = ModelStep(
        "Create", step_args=model(secure, session).create(**only_if(secure, tags=TAGS))
    )
    name = create.properties.ModelName
    capture = BatchDataCaptureConfig(
        destination_s3_uri=f"{MODELS}/capture", **only_if(secure, kms_key_id=OUTPUT_KEY)
    )
    args = transformer(secure, session, name).transform(
        f"{DATA}/abalone/batch",
        content_type="text/csv",
        split_type="Line",
        batch_data_capture_config=capture,
    )
    step_ = TransformStep("Transform", step_args=args, depends_on=[create])
    return pipeline("transform", session, [create, step_])


@document
def transform_existing_model() -> Pipeline:
    """A transform job on a model made elsewhere: its network cannot be known from the document."""
    session = session_for(True)
    job = transformer(True, session, "an-existing-model")
    job.base_transform_job_name = "batch"  # without it the SDK asks AWS for the model's image
    args = job.transform(f"{DATA}/abalone/batch")
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


@document
def condition_register_repack() -> Pipeline:
    """A model registered in a branch: its repack step is in the branch too."""
    session = session_for(True)
    train = training_step(True, session)
    served = sklearn_model(True, session, train.properties.ModelArtifacts.S3ModelArtifacts)
    check = ConditionStep(
        "Good",
        conditions=[ConditionEquals(train.properties.TrainingJobStatus, "Completed")],
        if_steps=[ModelStep("Register", step_args=register(served))],
        else_steps=[],
    )
    return pipeline("condition-repack", session, [train, check])


# --- other services -----------------------------------------------------------------------------


@document
def lambda_step() -> Pipeline:
    """Two Lambda steps: an existing function, and one the SDK creates while it builds."""
    session = session_for(True)
    existing = Lambda(
        function_arn=f"arn:aws:lambda:{REGION}:{offline.ACCOUNT}:function:notify", session=session
    )
    outputs = [
        LambdaOutput("status", LambdaOutputTypeEnum.String),
        LambdaOutput("count", LambdaOutputTypeEnum.Integer),
    ]
    notify = LambdaStep(
        "Notify",
        lambda_func=existing,
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
    follow = LambdaStep(
        "Follow",
        lambda_func=created,
        inputs={"status": notify.properties.Outputs["status"]},
        outputs=[],
    )
    return pipeline("lambda", session, [notify, follow])


@document
def callback_step() -> Pipeline:
    """A callback step, whose output a condition reads."""
    session = session_for(True)
    callback = CallbackStep(
        "Approve",
        sqs_queue_url=f"https://sqs.{REGION}.amazonaws.com/{offline.ACCOUNT}/approvals",
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
        retry_policies=retries()[:1],
    )
    return pipeline("emr-cluster-config", session, [step_])


# --- quality and bias checks --------------------------------------------------------------------


def check_job(secure: bool, session: PipelineSession) -> CheckJobConfig:
    """The job settings of every check."""
    return CheckJobConfig(
        role=ROLE,
        instance_count=1,
        instance_type="ml.m5.xlarge",
        sagemaker_session=session,
        **processing_security(secure),
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
    create = ModelStep(
        "Create", step_args=model(secure, session).create(**only_if(secure, tags=TAGS))
    )
    args = transformer(secure, session, create.properties.ModelName).transform(
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
    return pipeline("monitor", session, [create, monitor])


# --- AutoML, notebooks, functions ---------------------------------------------------------------


@secure_and_bare
def automl(secure: bool) -> Pipeline:
    """AutoML, and a model of its best candidate."""
    session = session_for(secure)
    security = only_if(
        secure,
        vpc_config=VPC,
        volume_kms_key=VOLUME_KEY,
        output_kms_key=OUTPUT_KEY,
        output_path=f"{MODELS}/automl",
        encrypt_inter_container_traffic=True,
        tags=TAGS,
    )
    job = AutoML(
        role=ROLE,
        target_attribute_name="rings",
        sagemaker_session=session,
        mode="ENSEMBLING",
        problem_type="Regression",
        job_objective={"MetricName": "MSE"},
        total_job_runtime_in_seconds=3600,
        **security,
    )
    inputs = AutoMLInput(
        inputs=f"{DATA}/abalone/train", target_attribute_name="rings", channel_type="training"
    )
    search = AutoMLStep("Search", step_args=job.fit(inputs=[inputs]))
    best = search.get_best_auto_ml_model(ROLE, sagemaker_session=session)
    if secure:
        best.vpc_config = VPC
    create = ModelStep(
        "Best", step_args=best.create(instance_type="ml.m5.xlarge", **only_if(secure, tags=TAGS))
    )
    return pipeline("automl", session, [search, create])


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
    """A model, its endpoint configuration and its endpoint."""
    session = session_for(secure)
    create = ModelStep(
        "Create", step_args=model(secure, session).create(**only_if(secure, tags=TAGS))
    )
    capture: dict[str, Any] = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"{MODELS}/capture",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }
    if secure:
        capture["KmsKeyId"] = OUTPUT_KEY
    asynchronous: dict[str, Any] = {"S3OutputPath": f"{MODELS}/async"}
    if secure:
        asynchronous["KmsKeyId"] = OUTPUT_KEY
    config = session.create_endpoint_config(
        name="abalone-config",
        model_name=create.properties.ModelName,
        initial_instance_count=1,
        instance_type="ml.m5.xlarge",
        data_capture_config_dict=capture,
        async_inference_config_dict={"OutputConfig": asynchronous},
        **only_if(secure, kms_key=VOLUME_KEY, tags=TAGS),
    )
    configure = EndpointConfigStep("Configure", step_args=config)
    deployed = session.create_endpoint(
        endpoint_name="abalone",
        config_name=configure.properties.EndpointConfigName,
        tags=TAGS if secure else None,
    )
    return pipeline(
        "endpoint", session, [create, configure, EndpointStep("Deploy", step_args=deployed)]
    )


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
        **only_if(secure, kms_key=VOLUME_KEY, tags=TAGS),
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
            arn=f"arn:aws:sagemaker:{REGION}:{offline.ACCOUNT}:context/marine"
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
    trainer = estimator(
        True,
        session,
        image_uri=image,
        instance_count=count,
        volume_size=volume,
        volume_kms_key=key,
        subnets=[subnet, SUBNETS[1]],
        security_group_ids=[group],
        encrypt_inter_container_traffic=encrypt,
        enable_network_isolation=isolate,
        output_path=Join(on="/", values=[MODELS, folder, ExecutionVariables.PIPELINE_EXECUTION_ID]),
        hyperparameters={"eta": eta, "rate": rate, "started": ExecutionVariables.START_DATETIME},
    )
    step_ = TrainingStep("Train", step_args=trainer.fit(train_channel()))
    parameters = [
        subnet, group, key, folder, image, count, volume, encrypt, isolate, eta, rate,
    ]  # fmt: skip
    return pipeline("parameters", session, [step_], parameters=parameters)


@document
def references() -> Pipeline:
    """Every form of reference: properties, property files, joins, execution variables."""
    session = session_for(True)
    bucket = ParameterString("Bucket", default_value=DATA_BUCKET)
    processor = script_processor(True, session)
    args = processor.run(
        code="preprocess.py",
        inputs=[
            ProcessingInput(Join(on="", values=["s3://", bucket, "/raw"]), "/opt/ml/processing/in")
        ],
        outputs=[
            ProcessingOutput(output_name="train", source="/opt/ml/processing/train"),
            ProcessingOutput(
                output_name="report",
                source="/opt/ml/processing/report",
                destination=Join(
                    on="/",
                    values=[
                        MODELS,
                        ExecutionVariables.PIPELINE_NAME,
                        ExecutionVariables.PIPELINE_EXECUTION_ID,
                        Join(on="-", values=["report", ExecutionVariables.CURRENT_DATETIME]),
                    ],
                ),
            ),
        ],
        arguments=["--execution", ExecutionVariables.PIPELINE_EXECUTION_ARN],
    )
    report = PropertyFile("Report", output_name="report", path="report.json")
    process = ProcessingStep("Process", step_args=args, property_files=[report])
    train_uri = process.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri
    instances = process.properties.ProcessingResources.ClusterConfig.InstanceCount
    trainer = estimator(
        True,
        session,
        hyperparameters={
            "depth": JsonGet(step_name="Process", property_file=report, json_path="best.depth"),
            "instances": instances.to_string(),
        },
    )
    train = TrainingStep("Train", step_args=trainer.fit({"train": TrainingInput(train_uri)}))
    check = ConditionStep(
        "Check",
        conditions=[
            ConditionLessThanOrEqualTo(
                JsonGet(step_name="Process", property_file="Report", json_path="mse.value"), 6.0
            ),
            ConditionEquals(PipelineExperimentConfigProperties.EXPERIMENT_NAME, "abalone"),
            ConditionEquals(train.properties.TrainingJobStatus, "Completed"),
        ],
        if_steps=[
            ModelStep(
                "Create",
                step_args=model(
                    True, session, model_data=train.properties.ModelArtifacts.S3ModelArtifacts
                ).create(),
            )
        ],
        else_steps=[],
    )
    return pipeline(
        "references",
        session,
        [process, train, check],
        parameters=[bucket],
        pipeline_experiment_config=PipelineExperimentConfig(
            "abalone", Join(on="-", values=["trial", ExecutionVariables.PIPELINE_EXECUTION_ID])
        ),
    )


@document
def step_options() -> Pipeline:
    """DependsOn, caching, retries, names; job name prefixes kept, so jobs carry their names."""
    session = session_for(True)
    processor = script_processor(True, session)
    processor.base_job_name = "clean"
    process = ProcessingStep(
        "Process",
        step_args=processor.run(code="preprocess.py"),
        display_name="Clean the data",
        description="First",
        cache_config=CacheConfig(enable_caching=True, expire_after="P30D"),
        retry_policies=retries(),
    )
    trainer = estimator(True, session, base_job_name="fit")
    train = TrainingStep(
        "Train",
        step_args=trainer.fit(train_channel()),
        depends_on=[process],
        cache_config=CacheConfig(enable_caching=False),
    )
    args = model(True, session, name="served").create()
    create = ModelStep("Create", step_args=args, depends_on=[train, "Process"])
    return pipeline(
        "step-options",
        session,
        [process, train, create],
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
        pipeline_experiment_config=None,
    )


# --- the whole thing ----------------------------------------------------------------------------


@document
def abalone() -> Pipeline:
    """Preprocess, train, evaluate, check the error, register: the usual pipeline, secure."""
    session = session_for(True)
    count = ParameterInteger("ProcessingInstanceCount", default_value=1)
    kind = ParameterString("TrainingInstanceType", default_value="ml.m5.xlarge")
    status = ParameterString(
        "ModelApprovalStatus",
        default_value="PendingManualApproval",
        enum_values=["PendingManualApproval", "Approved", "Rejected"],
    )
    data = ParameterString("InputDataUrl", default_value=f"{DATA}/abalone-dataset.csv")
    cache = CacheConfig(enable_caching=True, expire_after="P30D")
    preprocess = abalone_preprocess(session, count, data, cache)
    train = abalone_train(session, kind, preprocess, cache)
    evaluate, report = abalone_evaluate(session, preprocess, train)
    served = model(True, session, model_data=train.properties.ModelArtifacts.S3ModelArtifacts)
    statistics = Join(on="/", values=[f"{MODELS}/abalone/evaluation", "evaluation.json"])
    metrics = ModelMetrics(
        model_statistics=MetricsSource(s3_uri=statistics, content_type="application/json")
    )
    registered = served.register(
        content_types=["text/csv"],
        response_types=["text/csv"],
        inference_instances=["ml.t2.medium", "ml.m5.xlarge"],
        transform_instances=["ml.m5.xlarge"],
        model_package_group_name="AbaloneModels",
        approval_status=status,
        model_metrics=metrics,
    )
    mse = JsonGet(
        step_name=evaluate.name, property_file=report, json_path="regression_metrics.mse.value"
    )
    check = ConditionStep(
        "CheckMSE",
        conditions=[ConditionLessThanOrEqualTo(mse, 6.0)],
        if_steps=[ModelStep("Register", step_args=registered)],
        else_steps=[],
    )
    return pipeline(
        "abalone",
        session,
        [preprocess, train, evaluate, check],
        parameters=[count, kind, status, data],
    )


def abalone_preprocess(session: Any, count: Any, data: Any, cache: CacheConfig) -> ProcessingStep:
    """Feature engineering, with train, validation and test outputs."""
    processor = script_processor(True, session)
    processor.instance_count = count
    args = processor.run(
        code="preprocess.py",
        inputs=[ProcessingInput(data, "/opt/ml/processing/input", "raw")],
        outputs=[
            ProcessingOutput(
                output_name=part,
                source=f"/opt/ml/processing/{part}",
                destination=f"{DATA}/abalone/{part}",
            )
            for part in ("train", "validation", "test")
        ],
    )
    return ProcessingStep("PreprocessAbaloneData", step_args=args, cache_config=cache)


def abalone_train(session: Any, kind: Any, before: ProcessingStep, cache: Any) -> TrainingStep:
    """XGBoost on the preprocessed data."""
    outputs = before.properties.ProcessingOutputConfig.Outputs
    trainer = estimator(True, session, instance_type=kind, hyperparameters={"num_round": 50})
    channels = {
        part: TrainingInput(outputs[part].S3Output.S3Uri, content_type="text/csv")
        for part in ("train", "validation")
    }
    return TrainingStep("TrainAbaloneModel", step_args=trainer.fit(channels), cache_config=cache)


def abalone_evaluate(
    session: Any, preprocess: ProcessingStep, train: TrainingStep
) -> tuple[ProcessingStep, PropertyFile]:
    """The mean squared error on the test data, as a property file."""
    artifact = train.properties.ModelArtifacts.S3ModelArtifacts
    test = preprocess.properties.ProcessingOutputConfig.Outputs["test"].S3Output.S3Uri
    args = script_processor(True, session).run(
        code="evaluate.py",
        inputs=[
            ProcessingInput(artifact, "/opt/ml/processing/model"),
            ProcessingInput(test, "/opt/ml/processing/test"),
        ],
        outputs=[
            ProcessingOutput(
                output_name="evaluation",
                source="/opt/ml/processing/evaluation",
                destination=f"{MODELS}/abalone/evaluation",
            )
        ],
    )
    report = PropertyFile("EvaluationReport", output_name="evaluation", path="evaluation.json")
    step_ = ProcessingStep("EvaluateAbaloneModel", step_args=args, property_files=[report])
    return step_, report


if __name__ == "__main__":
    offline.run(sys.argv)
