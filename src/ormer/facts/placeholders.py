"""Plausible values for members of an API input that has to be written down whole.

Used where facts are distilled. Names, the account and the bucket are those that AWS keeps for
documentation ("Amazon Resource Names" and "Bucket naming rules" in the AWS documentation).
"""

from __future__ import annotations

import re
from typing import Any

from ormer.facts.member_path import Shapes

NAME = "ormer-counterexample"
ACCOUNT = "111122223333"
REGION = "us-east-1"
S3_URI = "s3://amzn-s3-demo-bucket/ormer-counterexample"
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{NAME}:latest"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/{NAME}"
_HOME = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:"
_TWELVE = "abcdefghijkl"
_HUB_MODEL = f"arn:aws:sagemaker:{REGION}:aws:hub-content/SageMakerPublicHub/Model/{NAME}"

_OF_SHAPE = {
    "ContainerImage": IMAGE,
    "DirectoryPath": "/",
    "HubContentDocument": "{}",
    "ImageBaseImage": IMAGE,
    "ImageUri": IMAGE,
    "JobConfigDocument": "{}",
    "AlgorithmImage": IMAGE,
    "MinimumInstanceMetadataServiceVersion": "2",
    "ModelCardContent": "{}",
    "PolicyString": '{"Version": "2012-10-17", "Statement": []}',
    "ProcessingLocalPath": "/opt/ml/processing/input",
    "SourceUri": S3_URI,
    "StudioLifecycleConfigContent": "ZXhpdCAw",
    "TaskInput": "{}",
    "TemplateContent": "<crowd-form></crowd-form>",
}
_TEXTS = (
    NAME,
    NAME.replace("-", ""),
    NAME.ljust(40, "-"),
    S3_URI,
    ROLE,
    *(f"{_HOME}{kind}/{NAME}" for kind in ("artifact", "workteam/private-crowd", "mlflow-app")),
    *(f"{_HOME}{kind}/{NAME}" for kind in ("model-package", "pipeline", "training-plan")),
    f"{_HOME}cluster/{_TWELVE}",
    f"{_HOME}partner-app/app-{_TWELVE.upper()}",
    f"{_HOME}pipeline/{NAME}/execution/{_TWELVE}",
    f"{_HOME}reserved-capacity/{NAME}",
    f"{_HOME}model-card/{NAME}/export-job/{NAME}",
    f"{_HOME}image/{NAME}",
    f"{_HOME}human-task-ui/{NAME}",
    f"{_HOME}image-version/{NAME}/1",
    f"{_HOME}studio-lifecycle-config/{NAME}",
    _HUB_MODEL,
    f"d-{_TWELVE}",
    "i-0123456789abcdef0",
    "eni-0123456789abcdef0",
    "vol-0123456789abcdef0",
    "fs-0123456789abcdef0",
    "subnet-0123456789abcdef0",
    _TWELVE,
    _TWELVE[:10],
    "1.0.0",
    "00000000-0000-4000-8000-000000000000",
    f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-4000-8000-000000000000",
    f"https://example.com/{NAME}.git",
)
_PREFERRED = ("ml.m5.xlarge", "File", "IAM")
"""Members of an enum that are taken before its first."""

_NUMBERS = {"integer": int, "long": int, "float": float, "double": float}


def placeholder(shapes: Shapes, name: str) -> Any:
    """A value that the scalar shape ``name`` accepts. Raises ValueError if none is known."""
    shape = shapes[name]
    kind = shape["type"]
    if kind == "string":
        return _text(name, shape)
    if kind == "boolean":
        return False
    if kind == "timestamp":
        return "2030-01-01T00:00:00Z"
    if kind in _NUMBERS:
        return _NUMBERS[kind](max(shape.get("min", 1), min(1, shape.get("max", 1))))
    raise ValueError(f"no placeholder for the shape {name}, which is a {kind}")


def _text(name: str, shape: dict[str, Any]) -> str:
    if "enum" in shape:
        return next((text for text in _PREFERRED if text in shape["enum"]), str(shape["enum"][0]))
    own = _OF_SHAPE.get(name)
    for text in (own,) if own is not None else _TEXTS:
        if fits(shape, text):
            return text
    raise ValueError(f"no placeholder for the shape {name}: {shape}")


def fits(shape: dict[str, Any], text: str) -> bool:
    """Whether the text has the length and the pattern that the shape asks for.

    A pattern of Java's that Python cannot read asks for nothing.
    """
    if not shape.get("min", 0) <= len(text) <= shape.get("max", len(text)):
        return False
    try:
        return "pattern" not in shape or re.fullmatch(shape["pattern"], text) is not None
    except re.error:
        return True
