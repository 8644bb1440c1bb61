"""The steps of the abalone pipeline.

Import this module late: it imports the SageMaker SDK.
"""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from sagemaker.core.shapes import MetricsSource, ModelMetrics, ModelQuality
from sagemaker.core.workflow.conditions import ConditionLessThanOrEqualTo
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.model_step import ModelStep
from sagemaker.mlops.workflow.steps import ProcessingStep, Step, TrainingStep
from sagemaker.serve.model_builder import ModelBuilder

from pipelines.abalone.parameters import Parameters
from pipelines.images import approved_image
from pipelines.sdk import BuildSession
from pipelines.secure_jobs import Job, processing_arguments, training_arguments
from pipelines.settings import Settings

XGBOOST_VERSION = "1.7-1"
SKLEARN_VERSION = "1.2-1"

HYPERPARAMETERS = {
    "objective": "reg:squarederror",
    "num_round": 50,
    "max_depth": 5,
    "eta": 0.2,
    "gamma": 4,
    "min_child_weight": 6,
    "subsample": 0.7,
    "seed": 42,
}

EVALUATION = PropertyFile(name="EvaluationReport", output_name="evaluation", path="evaluation.json")


class AbaloneSteps(NamedTuple):
    """Makes the steps; ``scripts`` maps a script's file name to its S3 URI."""

    settings: Settings
    session: BuildSession
    parameters: Parameters
    scripts: Mapping[str, str]
    pipeline_name: str
    job_prefix: str

    def in_order(self, model_package_group_name: str, largest_mse: float) -> list[Step]:
        """The steps at the top level of the pipeline."""
        preprocess = self.preprocess()
        train = self.train(preprocess)
        evaluate = self.evaluate(preprocess, train)
        register = self.register(train, evaluate, model_package_group_name)
        return [preprocess, train, evaluate, self.check(evaluate, register, largest_mse)]

    def preprocess(self) -> ProcessingStep:
        """Feature engineering and the split into train, validation and test rows."""
        name = "PreprocessAbaloneData"
        arguments = processing_arguments(
            self.settings,
            self.session,
            self._processing_job("sklearn", SKLEARN_VERSION, "preprocess"),
            self.scripts["preprocess.py"],
            {"input/raw": self.parameters.input_data(self.settings)},
            {part: self._output(name, part) for part in ("train", "validation", "test")},
        )
        return ProcessingStep(name=name, step_args=arguments)

    def train(self, preprocess: ProcessingStep) -> TrainingStep:
        """SageMaker's built-in XGBoost on the train rows, watched on the validation rows."""
        name = "TrainAbaloneModel"
        arguments = training_arguments(
            self.settings,
            self.session,
            Job(
                self._image("xgboost", XGBOOST_VERSION),
                self.parameters.training_instance_type,
                1,
                f"{self.job_prefix}-train",
            ),
            HYPERPARAMETERS,
            {part: _output_of(preprocess, part) for part in ("train", "validation")},
            self._output(name),
        )
        return TrainingStep(name=name, step_args=arguments)

    def evaluate(self, preprocess: ProcessingStep, train: TrainingStep) -> ProcessingStep:
        """The mean squared error on the test rows, as a property file."""
        name = "EvaluateAbaloneModel"
        arguments = processing_arguments(
            self.settings,
            self.session,
            self._processing_job("xgboost", XGBOOST_VERSION, "evaluate"),
            self.scripts["evaluate.py"],
            {
                "model": train.properties.ModelArtifacts.S3ModelArtifacts,
                "test": _output_of(preprocess, "test"),
            },
            {"evaluation": self._output(name, "evaluation")},
        )
        return ProcessingStep(name=name, step_args=arguments, property_files=[EVALUATION])

    def register(
        self, train: TrainingStep, evaluate: ProcessingStep, model_package_group_name: str
    ) -> ModelStep:
        """A new version in the model package group, with the evaluation as its metrics."""
        report = Join(on="/", values=[_output_of(evaluate, "evaluation"), EVALUATION.path])
        metrics = ModelMetrics(
            model_quality=ModelQuality(
                statistics=MetricsSource(content_type="application/json", s3_uri=report)
            )
        )
        # Without code of its own the model needs no repacking, and with no dependencies to
        # look for, the SDK adds neither a repack step nor script-mode variables.
        with self.session.without_defaults():
            model = ModelBuilder(
                image_uri=self._image("xgboost", XGBOOST_VERSION),
                s3_model_data_url=train.properties.ModelArtifacts.S3ModelArtifacts,
                role_arn=self.settings.execution_role,
                sagemaker_session=self.session,
                dependencies={},
            )
        arguments = model.register(
            model_package_group_name=model_package_group_name,
            content_types=["text/csv"],
            response_types=["text/csv"],
            inference_instances=list(self.settings.instance_types),
            transform_instances=list(self.settings.instance_types),
            approval_status=self.parameters.model_approval_status,
            model_metrics=metrics,
        )
        return ModelStep(name="RegisterAbaloneModel", step_args=arguments)

    def check(
        self, evaluate: ProcessingStep, register: ModelStep, largest_mse: float
    ) -> ConditionStep:
        """Register a model that is good enough; otherwise fail, and say how bad it is."""
        mse = JsonGet(
            step_name=evaluate.name,
            property_file=EVALUATION,
            json_path="regression_metrics.mse.value",
        )
        message = ["Model not registered: its mean squared error", mse, "is above", largest_mse]
        return ConditionStep(
            name="CheckMSEAbaloneEvaluation",
            conditions=[ConditionLessThanOrEqualTo(left=mse, right=largest_mse)],
            if_steps=[register],
            else_steps=[
                FailStep(name="FailAbaloneMSE", error_message=Join(on=" ", values=message))
            ],
        )

    def _processing_job(self, framework: str, version: str, name: str) -> Job:
        return Job(
            self._image(framework, version),
            self.parameters.processing_instance_type,
            self.parameters.processing_instance_count,
            f"{self.job_prefix}-{name}",
        )

    def _image(self, framework: str, version: str) -> str:
        return approved_image(framework, version, self.settings.region, self.settings.registries)

    def _output(self, *parts: str) -> Any:
        """A place of this execution's own in the models bucket."""
        return Join(
            on="/",
            values=[
                f"{self.settings.models}/{self.pipeline_name}",
                ExecutionVariables.PIPELINE_EXECUTION_ID,
                *parts,
            ],
        )


def _output_of(step: ProcessingStep, name: str) -> Any:
    return step.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri
