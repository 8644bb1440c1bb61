"""Inputs that no service model describes (EMR, EMR Serverless, clean-ups): keys, roles, places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
PARAMETERS = [
    {"Name": "Free", "Type": "String", "DefaultValue": "s3://data-bucket/x"},
    {"Name": "Good", "Type": "String", "EnumValues": ["s3://data-bucket/x"]},
    {"Name": "Away", "Type": "String", "EnumValues": ["s3://elsewhere/x"]},
]
PLACES: dict[str, tuple[str, Callable[[Any], dict[str, Any]]]] = {
    "a cluster's log": ("EMR", lambda v: {"ClusterConfig": {"LogUri": v}}),
    "an application's log": (
        "EMRServerless",
        lambda v: {"ApplicationId": "a", "JobConfig": {"s3MonitoringConfiguration": {"logUri": v}}},
    ),
    "a job's program": (
        "EMRServerless",
        lambda v: {"ApplicationId": "a", "JobConfig": {"sparkSubmit": {"entryPoint": v}}},
    ),
    "a place to clean up": (
        "Cleanup",
        lambda v: {"Resources": {"S3": [{"StepName": "S", "S3Uris": [v]}]}},
    ),
}


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize(
    "value, verdict",
    [
        ("s3://data-bucket/x", "pass"),
        ("s3://elsewhere/x", "fail"),
        (
            {"Std:Join": {"On": "/", "Values": ["s3://data-bucket", {"Get": "Parameters.Free"}]}},
            "pass",
        ),
        ({"Std:Join": {"On": "", "Values": ["s3://", {"Get": "Parameters.Free"}]}}, "fail"),
        ({"Get": "Parameters.Free"}, "fail"),
        ({"Get": "Parameters.Good"}, "pass"),
        ({"Get": "Parameters.Away"}, "fail"),
        ({"Get": "Steps.S.OutputDataConfig.S3OutputPath"}, "unknown"),
    ],
    ids=[
        "approved",
        "elsewhere",
        "behind a bucket",
        "a bucket's name",
        "a parameter",
        "an enum",
        "an enum of elsewhere",
        "at run time",
    ],
)
def test_a_place_is_judged_whether_written_or_chosen(
    value: Any, verdict: str, name: str, says: Says
) -> None:
    """A location that a caller chooses has no s3:// to know it by; its member's name tells."""
    type, arguments = PLACES[name]
    other = {"Name": "S", "Type": "Training", "Arguments": {}}
    step = {"Name": "Run", "Type": type, "Arguments": arguments(value)}
    (said,) = says("S3-01", other, step, of="Run", Parameters=PARAMETERS)
    assert said.verdict == verdict, said


@pytest.mark.parametrize("scheme", ["s3", "s3a", "s3n", "S3"])
def test_every_scheme_of_hadoop_is_a_place(scheme: str, says: Says) -> None:
    arguments = {"ClusterId": "j", "StepConfig": {"HadoopJarStep": {"Args": [f"{scheme}://x/y"]}}}
    step = {"Name": "Run", "Type": "EMR", "Arguments": arguments}
    (said,) = says("S3-01", step)
    assert said.verdict == "fail"
    assert said.location == "/Steps/0/Arguments/StepConfig/HadoopJarStep/Args/0"
