"""Secrets in what a container or a called function is given, and never in the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ormer.model.finding import Report
from ormer.report.findings.json import render as as_json
from ormer.report.findings.text import render as as_text
from ormer.requests import secret_kinds

Says = Callable[..., Any]
Check = Callable[..., Report]
TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"
ACCESS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"


def job(type: str = "Training", **arguments: Any) -> dict[str, Any]:
    return {"Name": "Job", "Type": type, "Arguments": arguments}


LEAKS: dict[str, tuple[dict[str, Any], str]] = {
    "an environment variable": (
        job(Environment={"DB_PASSWORD": "hunter2abc"}),
        "Environment/DB_PASSWORD",
    ),
    "a hyperparameter": (job(HyperParameters={"api_token": TOKEN}), "HyperParameters/api_token"),
    "a known token under any name": (job(Environment={"X": TOKEN}), "Environment/X"),
    "an access key under any name": (job(Environment={"X": ACCESS_KEY}), "Environment/X"),
    "credentials in a URL": (
        job(Environment={"DB": "postgres://user:hunter2abc@host/db"}),
        "Environment/DB",
    ),
    "the word after an option": (
        job("Processing", AppSpecification={"ContainerArguments": ["--password", "hunter2abc"]}),
        "AppSpecification/ContainerArguments/1",
    ),
    "an option with its value": (
        job("Processing", AppSpecification={"ContainerArguments": ["--password=hunter2abc"]}),
        "AppSpecification/ContainerArguments/0",
    ),
    "an entry point": (
        job("Processing", AppSpecification={"ContainerEntrypoint": ["run", "--token", TOKEN]}),
        "AppSpecification/ContainerEntrypoint/2",
    ),
    "static hyperparameters of a tuning job": (
        job("Tuning", TrainingJobDefinitions=[{}, {"StaticHyperParameters": {"api_key": TOKEN}}]),
        "TrainingJobDefinitions/1/StaticHyperParameters/api_key",
    ),
    "a model's container": (
        job("Model", Containers=[{"Environment": {"SECRET": TOKEN}}]),
        "Containers/0/Environment/SECRET",
    ),
    "a registered model's container": (
        job(
            "RegisterModel", InferenceSpecification={"Containers": [{"Environment": {"S": TOKEN}}]}
        ),
        "InferenceSpecification/Containers/0/Environment/S",
    ),
    "a transform job": (job("Transform", Environment={"TOKEN": TOKEN}), "Environment/TOKEN"),
    "a function's arguments": (job("Lambda", deep={"password": "hunter2abc"}), "deep/password"),
    "a callback's arguments": (job("Callback", token=TOKEN), "token"),
    "an EMR step's arguments": (
        job("EMR", StepConfig={"HadoopJarStep": {"Args": ["--password", "hunter2abc"]}}),
        "StepConfig/HadoopJarStep/Args/1",
    ),
    "a debugger hook's parameter": (
        job(DebugHookConfig={"HookParameters": {"token": TOKEN}}),
        "DebugHookConfig/HookParameters/token",
    ),
    "a variable beside one called Name": (
        job(Environment={"Name": "x", "DB_PASSWORD": "hunter2abc"}),
        "Environment/DB_PASSWORD",
    ),
    "a tag": (job(Tags=[{"Key": "password", "Value": "hunter2abc"}]), "Tags/0/Value"),
    "a tag whose key is the secret": (job(Tags=[{"Key": TOKEN, "Value": "x"}]), "Tags/0/Key"),
    "a range to tune": (
        job(
            "Tuning",
            HyperParameterTuningJobConfig={
                "ParameterRanges": {
                    "CategoricalParameterRanges": [{"Name": "api_token", "Values": ["0.5", TOKEN]}]
                }
            },
        ),
        "HyperParameterTuningJobConfig/ParameterRanges/CategoricalParameterRanges/0/Values/1",
    ),
    "a command line in one text": (
        job(
            "Processing",
            AppSpecification={"ContainerArguments": ["run --user me --password hunter2abc -v"]},
        ),
        "AppSpecification/ContainerArguments/0",
    ),
    "an assignment in a text": (
        job(Environment={"JAVA_OPTS": "-Xmx2g -Ddb.password='hunter2abc' -Dx=1"}),
        "Environment/JAVA_OPTS",
    ),
    "a password of digits": (job(Environment={"DB_PASSWORD": "84931"}), "Environment/DB_PASSWORD"),
    "a model's metadata": (
        job("RegisterModel", CustomerMetadataProperties={"token": TOKEN}),
        "CustomerMetadataProperties/token",
    ),
    "a debugger collection's parameter": (
        job(
            DebugHookConfig={
                "CollectionConfigurations": [{"CollectionParameters": {"p": ACCESS_KEY}}]
            }
        ),
        "DebugHookConfig/CollectionConfigurations/0/CollectionParameters/p",
    ),
    "a hyperparameter of text generation": (
        job(
            "AutoML",
            AutoMLJobInputDataConfig=[],
            AutoMLProblemTypeConfig={
                "TextGenerationJobConfig": {"TextGenerationHyperParameters": {"k": ACCESS_KEY}}
            },
        ),
        "AutoMLProblemTypeConfig/TextGenerationJobConfig/TextGenerationHyperParameters/k",
    ),
    "the name of a variable": (job(Environment={ACCESS_KEY: "x"}), "Environment"),
    "the key of a payload": (job("Lambda", a={TOKEN: 1}), "a"),
    "a secret below a secret": (job("Lambda", a={TOKEN: {"password": "hunter2abc"}}), "a"),
    "a text joined of a secret and a variable": (
        job(
            Environment={
                "DB_PASSWORD": {
                    "Std:Join": {
                        "On": "",
                        "Values": ["hunter2abc", {"Get": "Execution.PipelineName"}],
                    }
                }
            }
        ),
        "Environment/DB_PASSWORD",
    ),
    "a text joined of an option and its value": (
        job(
            "Processing",
            AppSpecification={
                "ContainerArguments": [
                    {"Std:Join": {"On": "=", "Values": ["--password", "hunter2abc"]}}
                ]
            },
        ),
        "AppSpecification/ContainerArguments/0",
    ),
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_secret_is_found_where_it_stands(name: str, says: Says) -> None:
    step, place = LEAKS[name]
    said = {(s.verdict, s.location) for s in says("SEC-01", step)}
    assert said == {("fail", f"/Steps/0/Arguments/{place}")}


@pytest.mark.parametrize("name", LEAKS)
def test_a_report_never_repeats_a_secret(name: str, check: Check) -> None:
    report = check(LEAKS[name][0])
    for secret in (TOKEN, ACCESS_KEY, "hunter2abc"):
        assert secret not in as_json([report])
        assert secret not in as_text(report)


@pytest.mark.parametrize("field", ["DefaultValue", "EnumValues"])
def test_a_secret_in_a_parameter_is_found(field: str, says: Says) -> None:
    value: Any = [TOKEN] if field == "EnumValues" else TOKEN
    parameters = [{"Name": "ApiToken", "Type": "String", field: value}]
    step = job(Environment={"TOKEN": {"Get": "Parameters.ApiToken"}})
    (said,) = says("SEC-01", step, Parameters=parameters)
    assert said.verdict == "fail"


HARMLESS: dict[str, dict[str, Any]] = {
    "numbers": {"max_depth": "5", "eta": "0.2", "seed": "-1"},
    "words": {"objective": "reg:squarederror", "region": "eu-west-1", "flag": "true"},
    "the place of a secret": {"SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf"},
    "a path": {"MODEL_KEY": "s3://models-bucket/a/b.tar.gz", "CERTS": "/opt/ml/input/data/certs"},
    "a public key": {
        "SIGNING_KEY": "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYI+Dp/4=\n-----END PUBLIC KEY-----\n"
    },
    "a reference": {"TOKEN": {"Get": "Steps.Ask.OutputParameters['token']"}},
    "nothing": {"PASSWORD": ""},
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_no_secret_passes(name: str, says: Says) -> None:
    ask = {"Name": "Ask", "Type": "Lambda", "FunctionArn": "arn:f", "Arguments": {}}
    (said,) = says("SEC-01", ask, job(Environment=HARMLESS[name]), of="Job")
    assert said.verdict == "pass", said


def test_texts_that_no_container_gets_are_not_looked_at(says: Says) -> None:
    step = job(TrainingJobName=TOKEN, OutputDataConfig={"S3OutputPath": f"s3://b/{TOKEN}"})
    assert [s.verdict for s in says("SEC-01", step)] == ["pass"]


def test_without_the_library_a_suspicious_text_is_unknown(
    says: Says, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secret_kinds, "_detectors", lambda: None)
    secret_kinds._remembered_kind.cache_clear()
    try:
        (said,) = says("SEC-01", job(Environment={"AUTH": "hunter2abc"}))
        assert said.verdict == "unknown" and "not installed" in said.message
        (said,) = says("SEC-01", job(Environment={"max_depth": "5"}))
        assert said.verdict == "pass"
    finally:
        secret_kinds._remembered_kind.cache_clear()


def test_a_text_too_long_to_search_is_unknown(says: Says) -> None:
    (said,) = says("SEC-01", job(Environment={"X": "lorem ipsum " * 6000}))
    assert said.verdict == "unknown" and "65536 characters" in said.message
    (said,) = says("SEC-01", job(Environment={"X": "lorem ipsum " * 5000}))
    assert said.verdict == "pass"


@pytest.mark.parametrize("depth", [500, 900])
def test_a_deep_structure_is_looked_through_and_no_crash(depth: int, says: Says) -> None:
    node: Any = {"password": "hunter2abc"}
    for _ in range(depth):
        node = {"a": node}
    assert json.dumps(node)
    (said,) = says("SEC-01", job("Lambda", **node))
    assert said.verdict in ("fail", "unknown")


@pytest.mark.parametrize(
    "name, value",
    [
        ("TOKENIZERS_PARALLELISM", "false"),
        ("tokenizer", "bert-base-uncased"),
        ("SECRET_NAME", "prod/abalone/db"),
        ("SECRET_ID", "prod-db"),
        ("MAX_TOKENS", "512"),
        ("password_timeout", "3600"),
        ("PASSES", "1000"),
        ("OPTIONS", "--num-keys 12 --pass-through yes --author me"),
    ],
)
def test_a_name_that_says_where_a_secret_is_holds_none(name: str, value: str, says: Says) -> None:
    step = {"Name": "P", "Type": "Processing", "Arguments": {"Environment": {name: value}}}
    assert [s.verdict for s in says("SEC-01", step)] == ["pass"]


@pytest.mark.parametrize("name", ["DbPassword", "DB_PASSWORD", "authToken", "api_key"])
def test_a_word_under_a_name_that_says_secret_is_one(name: str, says: Says) -> None:
    step = {"Name": "P", "Type": "Processing", "Arguments": {"Environment": {name: "hunter2abc9"}}}
    assert [s.verdict for s in says("SEC-01", step)] == ["fail"]
