"""A Processing step on this machine: its own script, with files from and to S3."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Mapping

from ormer.model.errors import InputError
from pipelines.local.api_shape import check_shape
from pipelines.local.containers import Container, local_path, run_container
from pipelines.local.s3_files import download, upload_folder
from pipelines.local.step_result import Place, StepResult

DEFAULT_RUNTIME_SECONDS = 86_400


def run_processing(arguments: Mapping[str, Any], place: Place) -> StepResult:
    """Run it as CreateProcessingJob would, and record the job in the account.

    Raises StepFailed if the job fails, InputError for a feature that is not emulated.
    """
    request = {**arguments, "ProcessingJobName": place.job_name}
    check_shape(place.sagemaker, "CreateProcessingJob", request)
    _refuse_unknown(arguments)
    root = place.folder / "ml"
    _write_config(root / "config", request)
    for item in arguments.get("ProcessingInputs", []):
        source = item["S3Input"]
        download(place.s3, source["S3Uri"], local_path(root, source["LocalPath"]))
    outputs = arguments.get("ProcessingOutputConfig", {})
    for item in outputs.get("Outputs", []):
        local_path(root, item["S3Output"]["LocalPath"]).mkdir(parents=True, exist_ok=True)
    run_container(_container(arguments), root)
    for item in outputs.get("Outputs", []):
        target = item["S3Output"]
        folder = local_path(root, target["LocalPath"])
        upload_folder(place.s3, folder, target["S3Uri"], outputs.get("KmsKeyId"))
    arn = place.sagemaker.create_processing_job(**request)["ProcessingJobArn"]
    properties = {**request, "ProcessingJobArn": arn, "ProcessingJobStatus": "Completed"}
    return StepResult(properties, {"ProcessingJob": {"Arn": arn}})


def _container(arguments: Mapping[str, Any]) -> Container:
    application = arguments["AppSpecification"]
    network = arguments.get("NetworkConfig", {})
    limit = arguments.get("StoppingCondition", {})
    return Container(
        command=[
            *application.get("ContainerEntrypoint", []),
            *application.get("ContainerArguments", []),
        ],
        environment=arguments.get("Environment", {}),
        seconds=limit.get("MaxRuntimeInSeconds", DEFAULT_RUNTIME_SECONDS),
        isolated=bool(network.get("EnableNetworkIsolation")),
    )


def _write_config(folder: Path, request: Mapping[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    hosts = {"current_host": "algo-1", "hosts": ["algo-1"]}
    (folder / "resourceconfig.json").write_text(json.dumps(hosts), encoding="utf-8")
    (folder / "processingjobconfig.json").write_text(json.dumps(request), encoding="utf-8")


def _refuse_unknown(arguments: Mapping[str, Any]) -> None:
    """What would run differently here than on SageMaker is refused, not approximated."""
    if not arguments["AppSpecification"].get("ContainerEntrypoint"):
        raise InputError("a processing job without ContainerEntrypoint runs only in its image")
    count = arguments["ProcessingResources"]["ClusterConfig"].get("InstanceCount", 1)
    if count != 1:
        raise InputError(f"InstanceCount is {count}: this machine is one instance")
    for item in arguments.get("ProcessingInputs", []):
        source = item.get("S3Input", {})
        _only(item["InputName"], item, {"InputName", "S3Input", "AppManaged"})
        _must_be(source, "S3DataType", "S3Prefix")
        _must_be(source, "S3InputMode", "File")
        _must_be(source, "S3CompressionType", "None")
        _must_be(source, "S3DataDistributionType", "FullyReplicated")
    for item in arguments.get("ProcessingOutputConfig", {}).get("Outputs", []):
        _only(item["OutputName"], item, {"OutputName", "S3Output", "AppManaged"})
        _must_be(item.get("S3Output", {}), "S3UploadMode", "EndOfJob")


def _only(name: str, item: Mapping[str, Any], known: set[str]) -> None:
    unknown = set(item) - known or ({"AppManaged"} if item.get("AppManaged") else set())
    if unknown:
        raise InputError(f"{name}: {', '.join(sorted(unknown))} is not emulated on this machine")


def _must_be(item: Mapping[str, Any], member: str, value: str) -> None:
    if item.get(member, value) != value:
        raise InputError(f"{member} {item[member]!r} is not emulated on this machine, {value} is")
