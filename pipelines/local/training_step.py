"""A Training step with SageMaker's built-in XGBoost, on this machine."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any, Mapping

from ormer.model.errors import InputError
from pipelines.local.api_shape import check_shape
from pipelines.local.containers import OPT_ML, Container, run_container
from pipelines.local.s3_files import download, upload
from pipelines.local.step_result import Place, StepResult

XGBOOST_REPOSITORY = "sagemaker-xgboost"
EMULATED = {
    "AlgorithmSpecification",
    "EnableInterContainerTrafficEncryption",
    "EnableNetworkIsolation",
    "Environment",
    "HyperParameters",
    "InputDataConfig",
    "OutputDataConfig",
    "ResourceConfig",
    "RoleArn",
    "StoppingCondition",
    "Tags",
    "TrainingJobName",
    "VpcConfig",
}


def run_training(arguments: Mapping[str, Any], place: Place) -> StepResult:
    """Run it as CreateTrainingJob would, and record the job in the account.

    Raises StepFailed if the job fails, InputError for a feature that is not emulated.
    """
    request = {**arguments, "TrainingJobName": place.job_name}
    check_shape(place.sagemaker, "CreateTrainingJob", request)
    _refuse_unknown(arguments)
    root = place.folder / "ml"
    _write_config(root / "input" / "config", arguments)
    for channel in arguments.get("InputDataConfig", []):
        source = channel["DataSource"]["S3DataSource"]["S3Uri"]
        download(place.s3, source, root / "input" / "data" / channel["ChannelName"])
    run_container(_container(arguments), root)
    output = arguments["OutputDataConfig"]
    uri = f"{output['S3OutputPath'].rstrip('/')}/{place.job_name}/output/model.tar.gz"
    upload(place.s3, pack(root / "model"), uri, output.get("KmsKeyId"))
    arn = place.sagemaker.create_training_job(**request)["TrainingJobArn"]
    properties = {
        **request,
        "TrainingJobArn": arn,
        "TrainingJobStatus": "Completed",
        "ModelArtifacts": {"S3ModelArtifacts": uri},
    }
    return StepResult(properties, {"TrainingJob": {"Arn": arn}})


def pack(folder: Path) -> bytes:
    """``folder`` as tar.gz; the same files give the same bytes."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as stream,
        tarfile.open(fileobj=stream, mode="w") as archive,
    ):
        for path in sorted(item for item in folder.rglob("*") if item.is_file()):
            member = tarfile.TarInfo(path.relative_to(folder).as_posix())
            member.size = path.stat().st_size
            with path.open("rb") as content:
                archive.addfile(member, content)
    return packed.getvalue()


def _container(arguments: Mapping[str, Any]) -> Container:
    return Container(
        command=["python3", str(Path(__file__).with_name("xgboost_container.py")), OPT_ML],
        environment=arguments.get("Environment", {}),
        seconds=arguments["StoppingCondition"]["MaxRuntimeInSeconds"],
        isolated=bool(arguments.get("EnableNetworkIsolation")),
    )


def _write_config(folder: Path, arguments: Mapping[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("hyperparameters.json", arguments.get("HyperParameters", {})),
        ("inputdataconfig.json", arguments.get("InputDataConfig", [])),
        ("resourceconfig.json", {"current_host": "algo-1", "hosts": ["algo-1"]}),
    ):
        (folder / name).write_text(json.dumps(content), encoding="utf-8")


def _refuse_unknown(arguments: Mapping[str, Any]) -> None:
    """What would run differently here than on SageMaker is refused, not approximated."""
    image = arguments["AlgorithmSpecification"].get("TrainingImage", "")
    repository = image.rpartition("/")[2].partition(":")[0]
    if repository != XGBOOST_REPOSITORY:
        raise InputError(f"training image {image!r}: only {XGBOOST_REPOSITORY} is emulated")
    if unknown := {name for name, value in arguments.items() if value} - EMULATED:
        raise InputError(f"{', '.join(sorted(unknown))} is not emulated on this machine")
    count = arguments["ResourceConfig"].get("InstanceCount", 1)
    if count != 1:
        raise InputError(f"InstanceCount is {count}: this machine is one instance")
    for channel in arguments.get("InputDataConfig", []):
        source = channel["DataSource"].get("S3DataSource", {})
        if (
            source.get("S3DataType") != "S3Prefix"
            or source.get("S3DataDistributionType", "FullyReplicated") != "FullyReplicated"
            or channel.get("InputMode", "File") != "File"
            or channel.get("CompressionType", "None") != "None"
            or channel.get("ContentType", "text/csv") not in ("text/csv", "csv")
        ):
            raise InputError(
                f"channel {channel['ChannelName']}: only whole CSV files from S3 are emulated"
            )
