"""A RegisterModel step: a new version in a model package group of the account."""

from __future__ import annotations

from typing import Any, Mapping

from pipelines.local.api_shape import check_shape
from pipelines.local.step_result import Place, StepFailed, StepResult


def run_register(arguments: Mapping[str, Any], place: Place) -> StepResult:
    """Call CreateModelPackage, and CreateModelPackageGroup first if the group is missing.

    Raises StepFailed with what the service answered.
    """
    from botocore.exceptions import ClientError

    check_shape(place.sagemaker, "CreateModelPackage", arguments)
    try:
        group = arguments.get("ModelPackageGroupName")
        if group is not None:
            _ensure_group(place.sagemaker, group)
        arn = place.sagemaker.create_model_package(**arguments)["ModelPackageArn"]
    except ClientError as error:
        raise StepFailed(f"ClientError: {error}") from None
    return StepResult({**arguments, "ModelPackageArn": arn}, {"RegisterModel": {"Arn": arn}})


def _ensure_group(sagemaker: Any, name: str) -> None:
    from botocore.exceptions import ClientError

    try:
        sagemaker.describe_model_package_group(ModelPackageGroupName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("ValidationException", "ResourceNotFound"):
            raise
        sagemaker.create_model_package_group(ModelPackageGroupName=name)
