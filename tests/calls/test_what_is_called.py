"""Which calls are predicted of each step type: the table of ``docs/will-it-run.md``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.facts.service import load_service
from ormer.model.call import Call
from ormer.model.environment import Environment
from ormer.model.symbol import readable, symbol
from ormer.read.definition import read_definition
from ormer.read.environment import read_environment
from ormer.requests.build import RequestBuilder
from ormer.requests.calls.build import calls

ROOT = Path(__file__).parents[2]
DEFINITIONS = ROOT / "tests" / "definitions"
ACCOUNT = "arn:aws:sagemaker:eu-west-1:111122223333:"
NETWORK = {
    *("ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission"),
    *("ec2:DeleteNetworkInterface", "ec2:DeleteNetworkInterfacePermission"),
    *("ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs", "ec2:DescribeDhcpOptions"),
    *("ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"),
}
IMAGE = {
    *("ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability"),
    *("ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"),
}
LOGS = {
    *("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams"),
    *("logs:PutLogEvents", "cloudwatch:PutMetricData"),
}
OWN = {
    *(
        f"sagemaker:{verb}{kind}"
        for verb in ("Create", "Describe", "Delete")
        for kind in ("Model", "EndpointConfig", "Endpoint")
    ),
    "sagemaker:InvokeEndpoint",
    "sagemaker:ListTags",
}
KEYS = {"kms:Decrypt", "kms:GenerateDataKey", "kms:Encrypt", "kms:CreateGrant"}
FILES = {"s3:ListBucket", "s3:GetObject", "s3:PutObject"}
JOB = NETWORK | IMAGE | LOGS | KEYS | FILES
SAGEMAKER = ("sagemaker:Create{0}", "sagemaker:Describe{0}", "sagemaker:AddTags", "iam:PassRole")

Calls = Callable[[Any], tuple[Call, ...]]


def steps(name: str) -> set[str]:
    return {action.format(name) for action in SAGEMAKER}


@pytest.fixture(scope="session")
def example() -> Environment:
    text = (ROOT / "src/ormer/controls/example_environment.yaml").read_bytes()
    return read_environment(text, "environment.yaml")


@pytest.fixture(scope="session")
def called(example: Environment) -> Calls:
    """The calls of a definition, given as a value or as a file's name."""
    builder = RequestBuilder(load_service(), example, frozenset())

    def _called(body: Any) -> tuple[Call, ...]:
        text = (DEFINITIONS / body).read_bytes() if isinstance(body, str) else b""
        read = read_definition(text or json.dumps(body).encode(), "pipeline.json")
        return calls(read, builder.build(read), example)

    return _called


EXPECTED = {
    ("v3/training_secure.json", "Train"): JOB | steps("TrainingJob"),
    ("v3/training_bare.json", "Train"): JOB - NETWORK - KEYS
        | {"kms:Decrypt"} | steps("TrainingJob") - {"sagemaker:AddTags"},
    ("v3/processing_secure.json", "Process"): JOB | steps("ProcessingJob"),
    ("v2/tuning_multi_secure.json", "Tune"): JOB | steps("HyperParameterTuningJob"),
    ("v2/automl_secure.json", "Search"): JOB - IMAGE | OWN | steps("AutoMLJob"),
    ("v3/transform_secure.json", "Transform"): JOB - IMAGE
        | steps("TransformJob") - {"iam:PassRole"},
    ("v3/transform_secure.json", "Create"): NETWORK | IMAGE | {"s3:GetObject", "kms:Decrypt"}
        | steps("Model"),
    ("v3/quality_check_data_secure.json", "Check"): JOB | steps("ProcessingJob"),
    ("v3/clarify_check_model_bias_secure.json", "Check"): JOB | steps("ProcessingJob"),
    ("v3/lambda_step.json", "Notify"): {"lambda:InvokeFunction"},
    ("v3/callback_step.json", "Approve"): {"sqs:SendMessage"},
    ("v3/cleanup_of_vpc_step.json", "Cleanup"): {"s3:DeleteObject"},
    ("v3/lineage.json", "Record"):
        {"sagemaker:CreateAction", "sagemaker:CreateArtifact", "sagemaker:CreateContext"},
    ("v3/emr_cluster_id_secure.json", "Emr"): {
        "elasticmapreduce:AddJobFlowSteps", "elasticmapreduce:DescribeStep", "iam:PassRole",
        "events:PutRule", "events:PutTargets", "events:DescribeRule"},
    ("v3/emr_serverless_application_id.json", "Spark"):
        {"emr-serverless:StartJobRun", "emr-serverless:GetJobRun", "iam:PassRole"},
    ("v3/job_secure.json", "Tune"): {"sagemaker:CreateJob", "sagemaker:DescribeJob",
        "sagemaker:AddTags", "iam:PassRole"},
    ("v3/endpoint_secure.json", "Deploy"):
        {"sagemaker:CreateEndpoint", "sagemaker:DescribeEndpoint", "sagemaker:AddTags",
         "kms:CreateGrant"},
}  # fmt: skip


@pytest.mark.parametrize(("file", "step"), EXPECTED)
def test_the_calls_of_a_step(file: str, step: str, called: Calls) -> None:
    found = {call.action for call in called(file) if call.subject.rpartition("/")[2] == step}
    assert found == EXPECTED[file, step]


@pytest.mark.parametrize("file", sorted(DEFINITIONS.glob("v[23]/*.json")), ids=lambda f: f.stem)
def test_every_step_that_calls_has_a_call_predicted(file: Path, called: Calls) -> None:
    """A step without one would look as if it were allowed everything."""
    body = json.loads(file.read_bytes())
    subjects = {call.subject.rpartition("/")[2] for call in called(body)}
    silent = {
        step["Name"]
        for step in body["Steps"]
        if step["Type"] not in ("Condition", "ForEach", "Fail") and step["Name"] not in subjects
    }
    assert not silent


@pytest.mark.parametrize(
    "name, resource",
    [
        (None, "training-job/pipelines-*"),
        ("abalone", "training-job/abalone*"),
        ({"Get": "Parameters.Name"}, "training-job/${pipeline:Name}*"),
    ],
    ids=["none", "a prefix", "a parameter"],
)
def test_a_job_is_called_as_sagemaker_names_it(name: Any, resource: str, called: Calls) -> None:
    arguments = {} if name is None else {"TrainingJobName": name}
    body = {
        "Version": "2020-12-01",
        "Parameters": [{"Name": "Name", "Type": "String"}],
        "Steps": [{"Name": "T", "Type": "Training", "Arguments": arguments}],
    }
    found = {
        readable(c.resource) for c in called(body) if c.action == "sagemaker:CreateTrainingJob"
    }
    assert found == {ACCOUNT + resource}


READS = {
    "a prefix": ({"S3Uri": "s3://data/a"}, ["arn:aws:s3:::data/a*"]),
    "one object": ({"S3Uri": "s3://data/a", "S3DataType": "S3Object"}, ["arn:aws:s3:::data/a"]),
    "a whole bucket": ({"S3Uri": "s3://data"}, ["arn:aws:s3:::data/*"]),
    "a manifest": ({"S3Uri": "s3://data/m", "S3DataType": "ManifestFile"},
        ["arn:aws:s3:::data/m", "*: which objects the manifest lists is not known"]),
    "a key of an enum": ({"S3Uri": {"Std:Join": {"On": "/", "Values": [
        "s3://data", {"Get": "Parameters.Enum"}]}}},
        ["arn:aws:s3:::data/a*", "arn:aws:s3:::data/b*"]),
    "a bucket of a parameter": ({"S3Uri": {"Std:Join": {"On": "/", "Values": [
        "s3:/", {"Get": "Parameters.Any"}]}}},
        [f"arn:aws:s3:::{symbol('pipeline:Any')}/*: which bucket it is in is not known"]),
    "a parameter": ({"S3Uri": {"Get": "Parameters.Any"}},
        [f"arn:aws:s3:::{symbol('pipeline:Any after s3://')}/*: "
         "which bucket it is in is not known"]),
    "a parameter and a key": ({"S3Uri": {"Std:Join": {"On": "/", "Values": [
        {"Get": "Parameters.Any"}, "raw"]}}},
        [f"arn:aws:s3:::{symbol('pipeline:Any after s3://')}/raw/*: "
         "which bucket it is in is not known"]),
    "what no step makes": ({"S3Uri": {"Get": "Steps.Nope.X"}},
        ["*: where it is is not known: step 'Nope' does not exist"]),
    "another scheme": ({"S3Uri": "https://data/a"}, ["*: which bucket it is in is not known"]),
    "nothing": ({"S3Uri": ""}, []),
    "a text for a structure": ("s3://data/a", ["*: where it is is not known: it is no structure"]),
}  # fmt: skip


@pytest.mark.parametrize("case", READS)
def test_what_is_read(case: str, called: Calls) -> None:
    given, expected = READS[case]
    body = {
        "Version": "2020-12-01",
        "Parameters": [
            {"Name": "Any", "Type": "String"},
            {"Name": "Enum", "Type": "String", "EnumValues": ["a", "b"]},
        ],
        "Steps": [
            {"Name": "P", "Type": "Processing", "Arguments": {
                "RoleArn": "arn:aws:iam::111122223333:role/sm-exec",
                "ProcessingInputs": [{"InputName": "in", "S3Input": given}]}},
        ],
    }  # fmt: skip
    found = [call for call in called(body) if call.action == "s3:GetObject"]
    shown = [c.resource + (f": {c.unknown}" if c.unknown else "") for c in found]
    assert shown == expected


def test_the_code_that_a_container_downloads_is_read(called: Calls) -> None:
    hyperparameters = {
        "sagemaker_submit_directory": '"s3://data/source.tar.gz"',
        "sagemaker_program": '"s3://elsewhere/not-code.py"',
    }
    arguments = {"HyperParameters": hyperparameters}
    step = {"Name": "T", "Type": "Training", "Arguments": arguments}
    found = called({"Version": "2020-12-01", "Steps": [step]})
    assert [call.resource for call in found if call.action == "s3:GetObject"] == [
        "arn:aws:s3:::data/source.tar.gz"
    ]


def test_a_json_get_reads_its_file_as_the_pipelines_role(called: Calls) -> None:
    found = called("v3/function_step_secure.json")
    files = [c for c in found if c.action == "s3:GetObject" and c.why == "the property file"]
    assert [readable(call.resource) for call in files]
    assert all(call.resource.endswith("/results.json") and call.roles == ("",) for call in files)
