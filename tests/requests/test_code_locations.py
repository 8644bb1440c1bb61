"""Code that a framework container downloads, named by a range that a tuning job draws from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
CODE = "sagemaker_submit_directory"
APPROVED, ELSEWHERE = '"s3://data-bucket/code.tar.gz"', '"s3://elsewhere/code.tar.gz"'
PARAMETERS = [
    {"Name": "Free", "Type": "String", "DefaultValue": "x"},
    {"Name": "Names", "Type": "String", "EnumValues": ["depth", CODE]},
    {"Name": "Other", "Type": "String", "EnumValues": ["depth", "eta"]},
]
FREE = {"Get": "Parameters.Free"}


def tuning(ranges: Any, holder: str) -> dict[str, Any]:
    arguments = {
        "the tuning job": {"HyperParameterTuningJobConfig": {"ParameterRanges": ranges}},
        "its job": {"TrainingJobDefinition": {"HyperParameterRanges": ranges}},
        "one of its jobs": {"TrainingJobDefinitions": [{}, {"HyperParameterRanges": ranges}]},
    }[holder]
    return {"Name": "Tune", "Type": "Tuning", "Arguments": arguments}


def categorical(name: Any, values: Any) -> dict[str, Any]:
    depth = {"Name": "depth", "Values": ["s3://elsewhere/no-code"]}
    return {"CategoricalParameterRanges": [depth, {"Name": name, "Values": values}]}


@pytest.mark.parametrize("holder", ["the tuning job", "its job", "one of its jobs"])
@pytest.mark.parametrize(
    "ranges, verdict",
    [
        (categorical(CODE, [APPROVED]), "pass"),
        (categorical(CODE, [APPROVED, ELSEWHERE]), "fail"),
        (categorical(CODE, [FREE]), "fail"),
        (categorical(CODE, FREE), "fail"),
        (categorical(CODE, {"Get": "Steps.None.X"}), "unknown"),
        (categorical({"Get": "Parameters.Names"}, [ELSEWHERE]), "fail"),
        (categorical({"Get": "Parameters.Other"}, [ELSEWHERE]), "pass"),
        (categorical(FREE, [ELSEWHERE]), "unknown"),
        (
            categorical({"Std:Join": {"On": "_", "Values": ["sagemaker", FREE]}}, [APPROVED]),
            "unknown",
        ),
        (categorical({"Std:Join": {"On": "_", "Values": ["alpha", FREE]}}, [ELSEWHERE]), "pass"),
        ({"AutoParameters": [{"Name": CODE, "ValueHint": ELSEWHERE}]}, "fail"),
        ({"AutoParameters": [{"Name": "eta", "ValueHint": "0.1"}]}, "pass"),
        ({"CategoricalParameterRanges": FREE}, "unknown"),
        (FREE, "unknown"),
    ],
)
def test_a_range_may_name_code_too(ranges: Any, verdict: str, holder: str, says: Says) -> None:
    (said,) = says("S3-02", tuning(ranges, holder), Parameters=PARAMETERS)
    assert said.verdict == verdict, said
