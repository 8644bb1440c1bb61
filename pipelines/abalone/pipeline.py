"""The abalone pipeline: preprocess, train, evaluate, and register the model if it is good enough.

What is a security setting (network, keys, role, images, tags, run time) is a literal
of the definition, from the environment profile. What is a parameter is shaped so that
no value which StartPipelineExecution accepts can break a control: a choice from a
list, or a key inside an approved bucket.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from pipelines.sdk_import import importing_sdk
from pipelines.settings import EnvironmentSource, find_environment, settings_of

if TYPE_CHECKING:
    from pipelines.sdk import BuiltPipeline

HERE = Path(__file__).resolve().parent

LARGEST_MSE = 6.0
"""Mean squared error, in squared rings, up to which a model is registered."""


def get_pipeline(
    region: str,
    project_name: Optional[str] = None,
    model_package_group_name: str = "AbaloneModelPackageGroup",
    pipeline_name: str = "AbalonePipeline",
    base_job_prefix: str = "Abalone",
    environment: EnvironmentSource = None,
    input_data_key: str = "abalone/abalone-dataset.csv",
    boto_session: Optional[Any] = None,
) -> BuiltPipeline:
    """Build the pipeline and upload its scripts to the data bucket; nothing else is called.

    ``environment`` is a profile's path, a profile, or None for the settings of the live
    project ``project_name``. ``input_data_key`` is the default place of the data below the
    data bucket. ``base_job_prefix`` starts the job names that the SDK proposes; SageMaker
    gives the jobs of an execution names of its own.

    Raises InputError for settings that are missing or contradict each other, and
    AwsError if the scripts cannot be uploaded.
    """
    settings = settings_of(find_environment(environment, region, project_name))
    with importing_sdk(region):
        import boto3

        from pipelines.abalone.parameters import make_parameters
        from pipelines.abalone.steps import AbaloneSteps
        from pipelines.code_upload import upload_script
        from pipelines.sdk import BuildSession, BuiltPipeline, building

    boto_session = boto_session or boto3.session.Session(region_name=region)
    bucket = settings.data[len("s3://") :].partition("/")[0]
    s3 = boto_session.client("s3", region_name=region)
    scripts = {
        name: upload_script(
            s3, HERE / name, f"{settings.data}/{pipeline_name}/code", settings.output_key
        )
        for name in ("preprocess.py", "evaluate.py")
    }
    with building(region):
        session = BuildSession(boto_session, bucket)
        parameters = make_parameters(settings, input_data_key)
        steps = AbaloneSteps(settings, session, parameters, scripts, pipeline_name, base_job_prefix)
        return BuiltPipeline(
            name=pipeline_name,
            parameters=parameters.declared(),
            steps=steps.in_order(model_package_group_name, LARGEST_MSE),
            sagemaker_session=session,
        )
