"""The abalone pipeline executed on this machine, from the definition that the account stores."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ormer.embedded.aws import EmbeddedAws
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from pipelines.code_upload import upload_script
from pipelines.local.embedded import runner
from pipelines.local.execution import Outcome, run_execution

PIPELINE_ARN = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/p"
ROOT = Path(__file__).resolve().parents[2]

IN_ORDER = [
    ("PreprocessAbaloneData", "Processing"),
    ("TrainAbaloneModel", "Training"),
    ("EvaluateAbaloneModel", "Processing"),
    ("CheckMSEAbaloneEvaluation", "Condition"),
]


@pytest.fixture(scope="module", autouse=True)
def scripts(aws: EmbeddedAws, profile: Environment) -> None:
    """The scripts in the account, where building the definition puts them."""
    for script in (
        ROOT / "pipelines" / "abalone" / name for name in ("preprocess.py", "evaluate.py")
    ):
        folder = f"s3://{profile.one('buckets.data')}/AbalonePipeline/code"
        upload_script(aws.client("s3"), script, folder, profile.one("kms.output"))


class Events(list[dict[str, Any]]):
    def __call__(
        self,
        step_name: str,
        step_type: str,
        status: str,
        start: datetime,
        end: datetime | None,
        metadata: Mapping[str, Any],
        reason: str,
    ) -> None:
        self.append({name: value for name, value in locals().items() if name != "self"})

    def ended(self) -> list[tuple[str, str, str]]:
        return [(e["step_name"], e["step_type"], e["status"]) for e in self if e["end"]]


@pytest.fixture
def execute(aws: EmbeddedAws, definition: bytes, tmp_path: Path) -> Callable[..., Any]:
    """Executes the definition after a change, and returns outcome and events."""

    def run(
        change: Callable[[dict[str, Any]], None] = lambda document: None,
        parameters: dict[str, str] | None = None,
        **options: Any,
    ) -> tuple[Outcome, Events]:
        document = json.loads(definition)
        change(document)
        events = Events()
        outcome = run_execution(
            json.dumps(document).encode(),
            parameters or {},
            sagemaker=aws.client("sagemaker"),
            s3=aws.client("s3"),
            workdir=tmp_path,
            on_event=events,
            execution_arn=f"{PIPELINE_ARN}/execution/{id(events)}",
            **options,
        )
        return outcome, events

    return run


@pytest.fixture(scope="module")
def finished(
    aws: EmbeddedAws,
    definition: bytes,
    profile: Environment,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    """One started execution in the embedded account, at its end."""
    aws.on_start(runner(aws, tmp_path_factory.mktemp("executions")))
    sagemaker = aws.client("sagemaker")
    sagemaker.create_pipeline(
        PipelineName="AbalonePipeline",
        PipelineDefinition=definition.decode(),
        RoleArn=profile.one("roles.pipeline"),
        ClientRequestToken="t" * 32,
    )
    arn = sagemaker.start_pipeline_execution(PipelineName="AbalonePipeline")["PipelineExecutionArn"]
    for _ in range(6_000):
        described = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
        if described["PipelineExecutionStatus"] != "Executing":
            break
        time.sleep(0.05)
    steps = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)
    return {
        "described": described,
        "steps": {step["StepName"]: step for step in steps["PipelineExecutionSteps"]},
    }


def test_it_succeeds(finished: dict[str, Any]) -> None:
    assert finished["described"]["PipelineExecutionStatus"] == "Succeeded"
    steps = finished["steps"]
    assert set(steps) == {name for name, _ in IN_ORDER} | {"RegisterAbaloneModel"}
    assert {step["StepStatus"] for step in steps.values()} == {"Succeeded"}
    assert steps["CheckMSEAbaloneEvaluation"]["Metadata"] == {"Condition": {"Outcome": "True"}}


def test_the_model_is_good_enough_and_waits_for_approval(
    aws: EmbeddedAws, finished: dict[str, Any]
) -> None:
    sagemaker, s3 = aws.client("sagemaker"), aws.client("s3")
    arn = finished["steps"]["RegisterAbaloneModel"]["Metadata"]["RegisterModel"]["Arn"]
    package = sagemaker.describe_model_package(ModelPackageName=arn)
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    report = package["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"]
    bucket, _, key = report[len("s3://") :].partition("/")
    metrics = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    assert 0 < metrics["regression_metrics"]["mse"]["value"] < 6.0
    model = package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    assert model.endswith("/output/model.tar.gz")


def test_every_output_is_encrypted_with_the_output_key(
    aws: EmbeddedAws, finished: dict[str, Any], profile: Environment
) -> None:
    s3, bucket = aws.client("s3"), profile.one("buckets.models")
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert len(keys) >= 5
    for key in keys:
        head = s3.head_object(Bucket=bucket, Key=key)
        assert head["ServerSideEncryption"] == "aws:kms"
        assert head["SSEKMSKeyId"] == profile.one("kms.output")


def test_the_jobs_are_in_the_account(
    aws: EmbeddedAws, finished: dict[str, Any], profile: Environment
) -> None:
    arn = finished["steps"]["TrainAbaloneModel"]["Metadata"]["TrainingJob"]["Arn"]
    job = aws.client("sagemaker").describe_training_job(TrainingJobName=arn.rpartition("/")[2])
    assert job["ResourceConfig"]["VolumeKmsKeyId"] == profile.one("kms.volume")
    assert job["VpcConfig"]["Subnets"] == list(profile.lookup("vpc.subnets") or ())
    assert len(job["TrainingJobName"]) <= 63


def test_a_model_that_is_not_good_enough_is_not_registered(execute: Callable[..., Any]) -> None:
    def stricter(document: dict[str, Any]) -> None:
        document["Steps"][3]["Arguments"]["Conditions"][0]["RightValue"] = 1.0

    outcome, events = execute(stricter)
    assert outcome.status == "Failed"
    assert events.ended() == [
        *((name, kind, "Succeeded") for name, kind in IN_ORDER),
        ("FailAbaloneMSE", "Fail", "Failed"),
    ]
    message = events[-1]["reason"]
    assert message.startswith("Model not registered: its mean squared error 4.0")
    assert message.endswith("is above 6.0")
    assert events[-1]["metadata"] == {"Fail": {"ErrorMessage": message}}


def test_events_tell_when_a_step_ran(execute: Callable[..., Any]) -> None:
    _, events = execute(parameters={"InputDataKey": "no/such/key.csv"})
    started, ended = events
    assert (started["status"], started["end"]) == ("Executing", None)
    assert ended["status"] == "Failed"
    assert ended["start"] == started["start"] <= ended["end"]
    assert "no S3 objects found under s3://mlops" in ended["reason"]


def test_unusable_data_fails_the_step_with_the_scripts_own_words(
    aws: EmbeddedAws, execute: Callable[..., Any], profile: Environment
) -> None:
    bucket = profile.one("buckets.data")
    aws.client("s3").put_object(Bucket=bucket, Key="bad.csv", Body=b"1,2,3\n")
    outcome, _ = execute(parameters={"InputDataKey": "bad.csv"})
    assert outcome.status == "Failed"
    assert "AlgorithmError: preprocess: " in outcome.reason
    assert "9 columns are expected" in outcome.reason


def set_type(document: dict[str, Any]) -> None:
    document["Steps"][1]["Type"] = "Tuning"


def set_nested_type(document: dict[str, Any]) -> None:
    document["Steps"][3]["Arguments"]["IfSteps"][0]["Type"] = "Lambda"


def set_image(document: dict[str, Any]) -> None:
    steps = document["Steps"]
    steps[1]["Arguments"]["AlgorithmSpecification"]["TrainingImage"] = "x.example/mine:1"
    del steps[1]["Arguments"]["InputDataConfig"]
    document["Steps"] = [steps[1]]


def set_cycle(document: dict[str, Any]) -> None:
    document["Steps"] = document["Steps"][1:]


@pytest.mark.parametrize(
    ("change", "parameters", "message"),
    [
        (set_type, {}, "step TrainAbaloneModel: type Tuning cannot be run"),
        (set_nested_type, {}, "step RegisterAbaloneModel: type Lambda cannot be run"),
        (set_image, {}, "training image 'x.example/mine:1'"),
        (set_cycle, {}, "wait for each other, or for a missing one: TrainAbaloneModel, Eval"),
        (lambda d: None, {"ProcessingInstanceCount": "2"}, "InstanceCount is 2"),
        (lambda d: None, {"ModelApprovalStatus": "Approved"}, "'Approved' is none of Pending"),
        (lambda d: None, {"ProcessingInstanceType": "ml.p4d.24xlarge"}, "is none of ml.m5.large"),
        (lambda d: d.pop("Steps"), {}, "malformed at 'Steps'"),
    ],
)
def test_what_cannot_be_run_here_is_refused(
    execute: Callable[..., Any], change: Any, parameters: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        execute(change, parameters)


def test_arguments_that_the_api_would_refuse(execute: Callable[..., Any]) -> None:
    def misspell(document: dict[str, Any]) -> None:
        document["Steps"][0]["Arguments"]["NetworkConfg"] = {}

    outcome, _ = execute(misspell)
    assert "failed to invoke sagemaker:CreateProcessingJob: Unknown parameter" in outcome.reason


def test_it_can_be_stopped(execute: Callable[..., Any]) -> None:
    stopping = threading.Event()
    stopping.set()
    outcome, events = execute(stopping=stopping)
    assert outcome == Outcome("Stopped")
    assert events == []


def test_text_that_is_no_definition(aws: EmbeddedAws, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not JSON"):
        run_execution(b"{", {}, sagemaker=None, s3=None, workdir=tmp_path, on_event=Events())
