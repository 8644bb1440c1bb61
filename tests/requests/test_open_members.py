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


FREE = {"Get": "Parameters.Free"}
SCRIPT = "s3://data-bucket/script.py"


@pytest.mark.parametrize(
    "arguments, verdicts",
    [
        (["spark-submit", SCRIPT], {0: "", 1: "pass"}),
        (["spark-submit", FREE], {1: "fail"}),
        (["spark-submit", "--py-files", FREE, SCRIPT], {2: "fail", 3: "pass"}),
        (
            [{"Std:Join": {"On": "", "Values": ["--jars=", FREE]}}, SCRIPT],
            {0: "fail", 1: "pass"},
        ),
        (["spark-submit", SCRIPT, "--date", FREE], {1: "pass", 3: ""}),
        (["spark-submit", SCRIPT, "s3://elsewhere/x"], {1: "pass", 2: "fail"}),
        (["spark-submit", {"Get": "Parameters.Away"}], {1: "fail"}),
        (["spark-submit", {"Get": "Parameters.Mode"}, SCRIPT], {1: "", 2: "pass"}),
        (["spark-submit", {"Get": "Parameters.Cores"}, SCRIPT], {1: "", 2: "pass"}),
        (["--name", {"Get": "Execution.PipelineExecutionId"}, SCRIPT], {1: "", 2: "pass"}),
        ([{"Get": "Steps.Ask.OutputParameters['script']"}], {0: "unknown"}),
    ],
)
def test_what_a_command_runs_is_judged_and_not_what_it_is_told(
    arguments: list[Any], verdicts: dict[int, str], says: Says
) -> None:
    """Options up to the application may load code from anywhere; then come its own arguments."""
    ask = {"Name": "Ask", "Type": "Lambda", "FunctionArn": "arn:f", "Arguments": {}}
    step = {
        "Name": "Run",
        "Type": "EMR",
        "Arguments": {"ClusterId": "j", "StepConfig": {"HadoopJarStep": {"Args": arguments}}},
    }
    parameters = [
        *PARAMETERS,
        {"Name": "Mode", "Type": "String", "EnumValues": ["client", "cluster"]},
        {"Name": "Cores", "Type": "Integer", "DefaultValue": 4},
    ]
    said = says("S3-01", ask, step, of="Run", Parameters=parameters)
    place = "/Steps/1/Arguments/StepConfig/HadoopJarStep/Args/"
    assert {s.location: s.verdict for s in said if s.verdict != "not_applicable"} == {
        f"{place}{index}": verdict for index, verdict in verdicts.items() if verdict
    }
