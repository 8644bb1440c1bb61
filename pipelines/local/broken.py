"""The compliant definition with mistakes that pass every review: each one looks like a feature.

For showing what the gate refuses. Nothing here is used to build a pipeline.
"""

from __future__ import annotations

import json
from typing import Any

TRAIN = "TrainAbaloneModel"
PREPROCESS = "PreprocessAbaloneData"


def broken_variant(definition: bytes) -> bytes:
    """``definition`` after four plausible changes to the abalone pipeline.

    Training leaves the VPC ("it could not reach the package index"); the key of the
    preprocessed data and the whole location of the input become parameters ("so that
    each team can set its own"), with compliant defaults; and a model may be registered
    as Approved. Raises KeyError if it is not the abalone pipeline's definition.
    """
    document = json.loads(definition)
    steps = {step["Name"]: step["Arguments"] for step in document["Steps"]}
    del steps[TRAIN]["VpcConfig"]
    del steps[TRAIN]["EnableNetworkIsolation"]
    _key_as_parameter(document, steps[PREPROCESS])
    _location_as_parameter(document, steps[PREPROCESS])
    _parameter(document, "ModelApprovalStatus")["EnumValues"].append("Approved")
    return json.dumps(document).encode("utf-8")


def _key_as_parameter(document: dict[str, Any], preprocess: dict[str, Any]) -> None:
    output = preprocess["ProcessingOutputConfig"]
    _declare(document, "OutputKmsKey", output["KmsKeyId"])
    output["KmsKeyId"] = {"Get": "Parameters.OutputKmsKey"}


def _location_as_parameter(document: dict[str, Any], preprocess: dict[str, Any]) -> None:
    source = preprocess["ProcessingInputs"][0]["S3Input"]
    bucket = source["S3Uri"]["Std:Join"]["Values"][0]
    key = _parameter(document, "InputDataKey")["DefaultValue"]
    _declare(document, "InputDataUrl", f"{bucket}/{key}")
    source["S3Uri"] = {"Get": "Parameters.InputDataUrl"}


def _declare(document: dict[str, Any], name: str, default: str) -> None:
    document["Parameters"].append({"Name": name, "Type": "String", "DefaultValue": default})


def _parameter(document: dict[str, Any], name: str) -> dict[str, Any]:
    for parameter in document["Parameters"]:
        if parameter["Name"] == name:
            found: dict[str, Any] = parameter
            return found
    raise KeyError(name)
