"""What a member of JSON that no service model describes is, by its name or by its value.

Each kind is called like the shape that the service model of SageMaker has for the same thing
elsewhere, so that one control judges both. Sources: the names that the SageMaker Python SDK
writes into a Job step's JobConfigDocument; the API References of Amazon EMR and EMR Serverless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ormer.model.value import Value
from ormer.requests.command_arguments import property_reading
from ormer.requests.open_texts import Reading, texts

FUNCTION = "RepositoryCredentialsProviderArn"
"""The shape that SageMaker has for a Lambda function of a job."""

_NAMES = {  # the first that fits
    "KmsKeyId": r"kms.*key|encryption_?key",
    "RoleArn": r"role_?arn$|^(jobflow|service|autoscaling)role$",
    "MlFlowResourceArn": r"mlflow\w*arn$",
    "HubDataSetArn": r"data_?set\w*arn$",
    "ServerlessJobBaseModelArn": r"base_?model\w*arn$",
    "HubContentArn": r"hub_?content\w*arn$",
    "EvaluatorArn": r"evaluator\w*arn$",
    FUNCTION: r"(lambda|function)\w*arn$",
    "ModelPackageGroupArn": r"model_?package_?group\w*(arn|name)$",
    "ModelPackageArn": r"model_?package\w*arn$",
    "FileSystemId": r"file_?system_?id$",
    "ImageUri": r"image(_?uri)?$",
}
_FIELD = "[^:]*:"
_VALUES = {
    "MlFlowResourceArn": r"sagemaker:{}{}mlflow-",
    "HubContentArn": r"sagemaker:{}{}hub-content/",
    "ModelPackageGroupArn": r"sagemaker:{}{}model-package-group/",
    "ModelPackageArn": r"sagemaker:{}{}model-package/",
    FUNCTION: r"lambda:",
}
SHAPES = ("S3Uri", *_NAMES)
"""All that a structure which cannot be known may hold."""

_CODE = r"(?i)entry_?point$|^jars?$|^path$|query(file)?$"
_LISTS = r"(?i)parameters$|^args$"
_PLACES = r"(?i)uris?$|s3\w*path$"


def shapes_of(name: str, value: Value) -> Iterator[str]:
    """What the member is, other than a place."""
    named = next((s for s, pattern in _NAMES.items() if re.search(f"(?i){pattern}", name)), "")
    if named:
        yield named
    for shape in _shown(value):
        if not named or (shape == FUNCTION and named not in (FUNCTION, "EvaluatorArn")):
            yield shape


def _shown(value: Value) -> set[str]:
    """What the value itself says that it is: an ARN names its service and its kind."""
    if isinstance(value, str) and not value.startswith("arn:"):
        return set()
    return {
        shape
        for text in texts(value) or ()
        for shape, kind in _VALUES.items()
        if re.match(f"arn:{_FIELD}{kind.format(_FIELD, _FIELD)}", text.text)
    }


def reading_of(name: str) -> Reading:
    """How the member's text is read for places."""
    if "." in name:
        return property_reading(name)
    if re.search(_LISTS, name):
        return Reading.LIST
    if re.search(_CODE, name):
        return Reading.CODE
    if re.search(_PLACES, name):
        return Reading.PLACE
    return Reading.LIST if property_reading(name) is Reading.LIST else Reading.SHOWN
