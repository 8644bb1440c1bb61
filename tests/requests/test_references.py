"""Every form of reference, seen where it matters: as the S3 path that a job writes to.

S3-01 shows both whether the value is known and what it was taken for.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]


def get(path: str) -> dict[str, str]:
    return {"Get": path}


def join(on: str, *values: Any) -> dict[str, Any]:
    return {"Std:Join": {"On": on, "Values": list(values)}}


def writes(path: Any, name: str = "Train") -> dict[str, Any]:
    arguments = {"OutputDataConfig": {"S3OutputPath": path}}
    return {"Name": name, "Type": "Training", "Arguments": arguments}


def parameter(name: str, type: str = "String", **more: Any) -> dict[str, Any]:
    return {"Name": name, "Type": type, **more}


PARAMETERS = [
    parameter("Text"),
    parameter("Default", DefaultValue="s3://models-bucket/x"),
    parameter("Approved", EnumValues=["s3://models-bucket/a", "s3://data-bucket/b"]),
    parameter("Mixed", EnumValues=["s3://models-bucket/a", "s3://elsewhere/b"]),
    parameter("Wrong", EnumValues=["s3://elsewhere/a", "s3://elsewhere/b"]),
    parameter("One", EnumValues=["s3://models-bucket/a"], DefaultValue="s3://models-bucket/a"),
    parameter("Number", "Integer", DefaultValue=1),
    parameter("Fraction", "Float"),
    parameter("Flag", "Boolean"),
]
PREPARE = {
    "Name": "Prepare",
    "Type": "Processing",
    "Arguments": {
        "ProcessingOutputConfig": {
            "Outputs": [
                {"OutputName": "train", "S3Output": {"S3Uri": "s3://models-bucket/train"}},
                {"OutputName": "own", "S3Output": {"S3Uri": get("Parameters.Text")}},
                {
                    "OutputName": "joined",
                    "S3Output": {"S3Uri": join("/", "s3://data-bucket", get("Parameters.Text"))},
                },
                {"OutputName": "away", "S3Output": {"S3Uri": "s3://elsewhere/x"}},
            ]
        }
    },
}
FIT = writes("s3://models-bucket/fit", "Fit")
AWAY = writes("s3://elsewhere/fit", "Away")
CHOSEN = writes(get("Parameters.Text"), "Chosen")
ASK = {"Name": "Ask", "Type": "Lambda", "FunctionArn": "arn:f", "Arguments": {}}
OTHERS = (PREPARE, FIT, AWAY, CHOSEN, ASK)
OUTPUT = "Steps.Prepare.ProcessingOutputConfig.Outputs"

CASES: dict[str, tuple[Any, str, str]] = {
    "a literal": ("s3://models-bucket/x", "pass", "s3://models-bucket/x"),
    "a parameter without a default": (get("Parameters.Text"), "fail", "{Text}"),
    "a default decides nothing": (get("Parameters.Default"), "fail", "{Default}"),
    "an enum of approved values": (get("Parameters.Approved"), "pass", "{Approved}"),
    "an enum with a wrong value": (get("Parameters.Mixed"), "fail", "{Mixed}"),
    "an enum of wrong values": (get("Parameters.Wrong"), "fail", "{Wrong}"),
    "an enum of one": (get("Parameters.One"), "pass", "{One}"),
    "an undefined parameter": (
        get("Parameters.Nope"),
        "unknown",
        "unknown (parameter 'Nope' is not defined)",
    ),
    "a join of texts": (
        join("/", "s3://models-bucket", "a", "b"),
        "pass",
        "s3://models-bucket/a/b",
    ),
    "a join of one": (join("/", "s3://models-bucket/x"), "pass", "s3://models-bucket/x"),
    "a join of texts that lead away": (join("", "s3://", "elsewhere"), "fail", "s3://elsewhere"),
    "a join behind an approved bucket": (
        join("/", "s3://models-bucket", get("Parameters.Text")),
        "pass",
        "s3://models-bucket/{Text}",
    ),
    "a join that may lengthen the bucket's name": (
        join("", "s3://models-bucket", get("Parameters.Text")),
        "fail",
        "s3://models-bucket{Text}",
    ),
    "a join before the bucket": (
        join("", get("Parameters.Text"), "models-bucket/x"),
        "fail",
        "{Text}models-bucket/x",
    ),
    "a join of numbers and flags": (
        join("-", "s3://models-bucket/x", 1, 0.5, True, False),
        "pass",
        "s3://models-bucket/x-1-0.5-true-false",
    ),
    "a join of every type of parameter": (
        join(
            "/",
            "s3://models-bucket",
            *(get(f"Parameters.{p}") for p in ("Number", "Fraction", "Flag")),
        ),
        "pass",
        "s3://models-bucket/{Number}/{Fraction}/{Flag}",
    ),
    "a join in a join": (
        join("/", "s3://models-bucket", join("-", "a", get("Parameters.Text"))),
        "pass",
        "s3://models-bucket/a-{Text}",
    ),
    "a join with an enum for a bucket": (
        join("", get("Parameters.One"), "/more"),
        "pass",
        "{One}/more",
    ),
    "a join of a structure": (
        join("/", "s3://models-bucket", {"a": "b"}),
        "unknown",
        "unknown (Std:Join of something that is not text)",
    ),
    "a join without On": (
        {"Std:Join": {"Values": ["s3://models-bucket/", "x"]}},
        "pass",
        "s3://models-bucket/x",
    ),
    "a join without Values": (
        {"Std:Join": {"On": "/"}},
        "unknown",
        "unknown (Std:Join without On and a list of Values)",
    ),
    "another step's output by name": (
        get(f"{OUTPUT}['train'].S3Output.S3Uri"),
        "pass",
        "s3://models-bucket/train",
    ),
    "the same with double quotes": (
        get(f'{OUTPUT}["train"].S3Output.S3Uri'),
        "pass",
        "s3://models-bucket/train",
    ),
    "another step's output by number": (
        get(f"{OUTPUT}[0].S3Output.S3Uri"),
        "pass",
        "s3://models-bucket/train",
    ),
    "another step's output that a caller chooses": (
        get(f"{OUTPUT}['own'].S3Output.S3Uri"),
        "fail",
        "{Text}",
    ),
    "another step's output behind a bucket": (
        get(f"{OUTPUT}['joined'].S3Output.S3Uri"),
        "pass",
        "s3://data-bucket/{Text}",
    ),
    "another step's output elsewhere": (
        get(f"{OUTPUT}['away'].S3Output.S3Uri"),
        "fail",
        "s3://elsewhere/x",
    ),
    "an output that the step does not have": (
        get(f"{OUTPUT}['nope'].S3Output.S3Uri"),
        "unknown",
        f"{{{OUTPUT}['nope'].S3Output.S3Uri}}",
    ),
    "an output past the end": (
        get(f"{OUTPUT}[9].S3Output.S3Uri"),
        "unknown",
        f"{{{OUTPUT}[9].S3Output.S3Uri}}",
    ),
    "another step's output path": (
        get("Steps.Fit.OutputDataConfig.S3OutputPath"),
        "pass",
        "s3://models-bucket/fit",
    ),
    "a model artifact below an approved path": (
        get("Steps.Fit.ModelArtifacts.S3ModelArtifacts"),
        "pass",
        "s3://models-bucket/fit/{Fit's job name}/output/model.tar.gz",
    ),
    "a model artifact elsewhere": (
        get("Steps.Away.ModelArtifacts.S3ModelArtifacts"),
        "fail",
        "s3://elsewhere/fit/{Away's job name}/output/model.tar.gz",
    ),
    "a model artifact below a chosen path": (
        get("Steps.Chosen.ModelArtifacts.S3ModelArtifacts"),
        "fail",
        "{Text}/{Chosen's job name}/output/model.tar.gz",
    ),
    "a model artifact of a step without an output path": (
        get("Steps.Ask.ModelArtifacts.S3ModelArtifacts"),
        "unknown",
        "{Steps.Ask.ModelArtifacts.S3ModelArtifacts}",
    ),
    "what a function returns": (
        get("Steps.Ask.OutputParameters['place']"),
        "unknown",
        "{Steps.Ask.OutputParameters['place']}",
    ),
    "what a function returns behind a bucket": (
        join("/", "s3://models-bucket", get("Steps.Ask.OutputParameters['key']")),
        "pass",
        "s3://models-bucket/{Steps.Ask.OutputParameters['key']}",
    ),
    "what a function returns before the bucket": (
        join("/", "s3:/", get("Steps.Ask.OutputParameters['bucket']")),
        "unknown",
        "s3://{Steps.Ask.OutputParameters['bucket']}",
    ),
    "a step that does not exist": (
        get("Steps.Nope.X"),
        "unknown",
        "unknown (step 'Nope' does not exist)",
    ),
    "a value of a property file": (
        {"Std:JsonGet": {"PropertyFile": get("Steps.Prepare.PropertyFiles.F"), "Path": "x"}},
        "unknown",
        "{Std:JsonGet}",
    ),
    "a value of a property file behind a bucket": (
        join("/", "s3://models-bucket", {"Std:JsonGet": {"PropertyFile": "F", "Path": "x"}}),
        "pass",
        "s3://models-bucket/{Std:JsonGet}",
    ),
    "the execution's id behind a bucket": (
        join("/", "s3://models-bucket", get("Execution.PipelineExecutionId")),
        "pass",
        "s3://models-bucket/{Execution.PipelineExecutionId}",
    ),
    "the pipeline's name alone": (
        get("Execution.PipelineName"),
        "unknown",
        "{Execution.PipelineName}",
    ),
    "the experiment's name": (
        get("PipelineExperimentConfig.ExperimentName"),
        "pass",
        "s3://models-bucket/experiment",
    ),
    "the trial's name, which is a parameter": (
        get("PipelineExperimentConfig.TrialName"),
        "fail",
        "{Text}",
    ),
    "a part of the experiment that is not there": (
        get("PipelineExperimentConfig.Nope"),
        "unknown",
        "{PipelineExperimentConfig.Nope}",
    ),
    "a root that does not exist": (
        get("Secrets.X"),
        "unknown",
        "unknown (Secrets.X refers to nothing that is known)",
    ),
    "a function that does not exist": (
        {"Std:Concat": ["s3://models-bucket/x"]},
        "unknown",
        "unknown (Std:Concat is not a form of reference that is known)",
    ),
    "a Get of a number": (
        {"Get": 5},
        "unknown",
        "unknown (Get is not a form of reference that is known)",
    ),
    "itself": (
        get("Steps.Train.OutputDataConfig.S3OutputPath"),
        "unknown",
        "unknown (a reference that leads back to itself)",
    ),
    "itself, joined": (
        join("/", "s3://models-bucket", get("Steps.Train.OutputDataConfig.S3OutputPath")),
        "unknown",
        "unknown (Std:Join of something that is not text)",
    ),
    "the current item outside a loop": (
        get("ForEach.CurrentItem"),
        "unknown",
        "unknown (ForEach.CurrentItem outside a ForEach step)",
    ),
}
EXPERIMENT = {
    "ExperimentName": "s3://models-bucket/experiment",
    "TrialName": get("Parameters.Text"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_reference_is_what_it_stands_for(name: str, says: Says) -> None:
    path, verdict, shown = CASES[name]
    (said,) = says(
        "S3-01",
        *OTHERS,
        writes(path),
        of="Train",
        Parameters=PARAMETERS,
        PipelineExperimentConfig=EXPERIMENT,
    )
    assert (said.verdict, said.actual) == (verdict, shown), said.message
    assert said.location.startswith("/Steps/5/Arguments/OutputDataConfig/S3OutputPath")


@pytest.mark.parametrize(
    "type, member, control, verdict",
    [
        ("Integer", "InstanceCount", "CMP-02", "fail"),
        ("Float", "InstanceCount", "CMP-02", "fail"),
        ("String", "InstanceCount", "CMP-02", "fail"),
        ("Boolean", "InstanceCount", "CMP-02", "unknown"),
        ("Integer", "InstanceType", "CMP-01", "fail"),
        ("Boolean", "InstanceType", "CMP-01", "fail"),
    ],
)
def test_a_parameter_of_each_type_in_a_setting(
    type: str, member: str, control: str, verdict: str, says: Says
) -> None:
    resources = {"ResourceConfig": {member: get("Parameters.P")}}
    step = {"Name": "Train", "Type": "Training", "Arguments": resources}
    (said,) = says(control, step, Parameters=[parameter("P", type)])
    assert said.verdict == verdict, said.message


def test_a_boolean_parameter_is_true_or_false(says: Says) -> None:
    arguments = {"EnableNetworkIsolation": get("Parameters.P")}
    step = {"Name": "Train", "Type": "Training", "Arguments": arguments}
    (said,) = says("NET-03", step, Parameters=[parameter("P", "Boolean", DefaultValue=True)])
    assert said.verdict == "fail" and "with P='false'" in said.message


@pytest.mark.parametrize(
    "type, values, member, control",
    [
        ("Integer", [1, 2], {"ResourceConfig": {"InstanceCount": get("Parameters.P")}}, "CMP-02"),
        ("Boolean", [True], {"EnableNetworkIsolation": get("Parameters.P")}, "NET-03"),
        (
            "Float",
            [60.0],
            {"StoppingCondition": {"MaxRuntimeInSeconds": get("Parameters.P")}},
            "CMP-04",
        ),
    ],
)
def test_only_an_enum_of_texts_restricts_a_caller(
    type: str, values: list[Any], member: dict[str, Any], control: str, says: Says
) -> None:
    """SageMaker has EnumValues for String parameters alone; on others nobody enforces them."""
    step = {"Name": "Train", "Type": "Training", "Arguments": member}
    (said,) = says(control, step, Parameters=[parameter("P", type, EnumValues=values)])
    assert said.verdict == "fail", said


def test_a_counterexample_names_the_parameter_and_the_value(says: Says) -> None:
    (said,) = says("S3-01", writes(get("Parameters.Mixed")), Parameters=PARAMETERS)
    assert "whoever starts the pipeline decides" in said.message
    assert "with Mixed='s3://elsewhere/b'" in said.message


def test_a_whole_structure_of_another_step_is_unknown(says: Says) -> None:
    """Its inner references would have to be read as that step reads them."""
    network = {"Subnets": ["subnet-0aaa"], "SecurityGroupIds": ["sg-0aaa"]}
    source = {"Name": "In", "Type": "Training", "Arguments": {"VpcConfig": network}}
    copy = {
        "Name": "Copy",
        "Type": "Training",
        "Arguments": {"VpcConfig": get("Steps.In.VpcConfig")},
    }
    assert [s.verdict for s in says("NET-01", source, copy, of="Copy")] == ["unknown"]


@pytest.mark.parametrize("type", ["Lambda", "Callback"])
def test_what_a_function_is_given_is_not_what_it_returns(type: str, says: Says) -> None:
    function = {"Name": "F", "Type": type, "Arguments": {"OutputParameters": {"s": "subnet-0aaa"}}}
    subnets = [get("Steps.F.OutputParameters['s']")]
    job = {"Name": "J", "Type": "Training", "Arguments": {"VpcConfig": {"Subnets": subnets}}}
    assert [s.verdict for s in says("NET-01", function, job, of="J")] == ["unknown"]


def test_a_chain_of_steps_is_followed_to_its_end(says: Says) -> None:
    steps = [writes("s3://models-bucket/x", "S0")]
    for number in range(1, 8):
        steps.append(
            writes(get(f"Steps.S{number - 1}.OutputDataConfig.S3OutputPath"), f"S{number}")
        )
    assert {s.actual for s in says("S3-01", *steps)} == {"s3://models-bucket/x"}


def test_a_circle_of_two_steps_is_unknown_at_both(says: Says) -> None:
    one = writes(get("Steps.B.OutputDataConfig.S3OutputPath"), "A")
    two = writes(get("Steps.A.OutputDataConfig.S3OutputPath"), "B")
    assert [s.verdict for s in says("S3-01", one, two)] == ["unknown", "unknown"]


def test_values_that_multiply_themselves_are_refused_and_not_built(says: Says) -> None:
    """Each path is four copies of the one before: 4 to the power of 13 pieces in the end."""
    path: Any = "s3://models-bucket/x"
    steps = []
    for number in range(14):
        steps.append(writes(path, f"S{number}"))
        path = join("", *[get(f"Steps.S{number}.OutputDataConfig.S3OutputPath")] * 4)
    said = within(2, lambda: says("S3-01", *steps))
    assert {s.verdict for s in said} <= {"pass", "fail", "unknown"}


def within(seconds: int, work: Callable[[], Any]) -> Any:
    """Run in this process, but no longer than that."""

    def _late(*_: Any) -> None:
        pytest.fail(f"still running after {seconds} s")  # no Exception, which a control may swallow

    before = signal.signal(signal.SIGALRM, _late)
    signal.alarm(seconds)
    try:
        return work()
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
