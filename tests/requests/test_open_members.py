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
DOCUMENT = {
    "Parameters": [*PARAMETERS, {"Name": "Cores", "Type": "Integer", "DefaultValue": 4}],
}
FREE = {"Get": "Parameters.Free"}
CORES = {"Get": "Parameters.Cores"}
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


@pytest.mark.parametrize(
    "key, value, verdict",
    [
        ("spark.jars", {"Get": "Parameters.Free"}, "fail"),
        ("spark.jars", "https://elsewhere.example/x.jar", "fail"),
        ("spark.jars", {"Get": "Parameters.Good"}, "pass"),
        ("spark.submit.pyFiles", {"Get": "Parameters.Free"}, "fail"),
        ("tmpjars", {"Get": "Parameters.Free"}, "fail"),
        ("mapreduce.output.dir", {"Get": "Parameters.Free"}, "fail"),
        ({"Get": "Parameters.Free"}, {"Get": "Parameters.Free"}, "fail"),
        ("stage", {"Get": "Parameters.Free"}, ""),
        ("stage", "s3://elsewhere/x", "fail"),
    ],
)
@pytest.mark.parametrize("form", ["a list", "a map"])
def test_a_property_is_a_place_by_its_key(
    form: str, key: Any, value: Any, verdict: str, says: Says
) -> None:
    """An EMR step lists its properties as Key and Value, a configuration of EMR Serverless maps."""
    if form == "a map" and not isinstance(key, str):
        pytest.skip("a map's keys are fixed")
    properties = [{"Key": key, "Value": value}] if form == "a list" else {key: value}
    arguments = {"ClusterId": "j", "StepConfig": {"HadoopJarStep": {"Properties": properties}}}
    said = says("S3-01", {"Name": "Run", "Type": "EMR", "Arguments": arguments}, **DOCUMENT)
    assert {s.verdict for s in said if s.verdict != "not_applicable"} == ({verdict} - {""})


@pytest.mark.parametrize(
    "jar, verdict",
    [
        ("s3://data-bucket/x.jar", "pass"),
        ("https://elsewhere.s3.eu-west-1.amazonaws.com/x.jar", "fail"),
        ("http://elsewhere.example/x.jar", "fail"),
        ("hdfs://elsewhere/x.jar", "fail"),
        ({"Get": "Parameters.Free"}, "fail"),
        ("command-runner.jar", ""),
        ("file:///usr/share/x.jar", ""),
        ("hdfs:///x.jar", ""),
    ],
)
def test_code_is_loaded_from_an_approved_place_or_from_the_cluster(
    jar: Any, verdict: str, says: Says
) -> None:
    arguments = {"ClusterId": "j", "StepConfig": {"HadoopJarStep": {"Jar": jar}}}
    said = says("S3-01", {"Name": "Run", "Type": "EMR", "Arguments": arguments}, **DOCUMENT)
    assert {s.verdict for s in said if s.verdict != "not_applicable"} == ({verdict} - {""})


@pytest.mark.parametrize(
    "text, verdict",
    [
        ("--jars s3://data-bucket/a.jar --conf spark.executor.cores=4", {"pass"}),
        ("--jars s3://data-bucket/a.jar,s3://elsewhere/b.jar", {"pass", "fail"}),
        ("--jars https://elsewhere.example/a.jar", {"fail"}),
        ({"Get": "Parameters.Free"}, {"fail"}),
        (
            {"Std:Join": {"On": "=", "Values": ["--conf spark.executor.cores", FREE]}},
            {"fail"},
        ),
        (
            {"Std:Join": {"On": "=", "Values": ["--conf spark.executor.cores", CORES]}},
            set(),
        ),
    ],
)
def test_the_parameters_of_a_serverless_job_are_a_line_that_a_text_can_add_to(
    text: Any, verdict: set[str], says: Says
) -> None:
    driver = {"sparkSubmit": {"sparkSubmitParameters": text}}
    arguments = {"ApplicationId": "a", "JobConfig": {"jobDriver": driver}}
    step = {"Name": "Run", "Type": "EMRServerless", "Arguments": arguments}
    said = says("S3-01", step, **DOCUMENT)
    assert {s.verdict for s in said if s.verdict != "not_applicable"} == verdict


@pytest.mark.parametrize("value", [{"Get": "Steps.S.OutputDataConfig"}, {"Get": "Parameters.None"}])
def test_what_cannot_be_resolved_is_unknown_under_any_name(value: Any, says: Says) -> None:
    other = {"Name": "S", "Type": "Training", "Arguments": {"OutputDataConfig": {"A": "b"}}}
    step = {"Name": "Run", "Type": "EMR", "Arguments": {"ClusterId": "j", "Anything": value}}
    assert "unknown" in {s.verdict for s in says("S3-01", other, step, of="Run")}
