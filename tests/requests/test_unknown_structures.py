"""A structure that cannot be known hides what is in it: unknown, and never passed over.

A parameter or a run-time value in place of a structure may hold any image, path, key or role.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
PARAMETERS = [{"Name": "P", "Type": "String", "DefaultValue": "x"}]
REFERENCES = {
    "a parameter": {"Get": "Parameters.P"},
    "at run time": {"Get": "Execution.PipelineName"},
    "a step's result": {"Get": "Steps.Other.BestCandidate"},
}
HIDDEN: dict[str, tuple[str, tuple[Any, ...], tuple[str, ...]]] = {
    "a processing job's program": ("Processing", ("AppSpecification",), ("IMG-01",)),
    "a training job's algorithm": ("Training", ("AlgorithmSpecification",), ("IMG-01",)),
    "a training job's output": ("Training", ("OutputDataConfig",), ("S3-01",)),
    "a training job's inputs": ("Training", ("InputDataConfig",), ("S3-01",)),
    "one input": ("Training", ("InputDataConfig", 0), ("S3-01",)),
    "the source of an input": ("Training", ("InputDataConfig", 0, "DataSource"), ("S3-01",)),
    "checkpoints": ("Training", ("CheckpointConfig",), ("S3-01",)),
    "debugger rules": ("Training", ("DebugRuleConfigurations",), ("IMG-01", "S3-01")),
    "processing inputs": ("Processing", ("ProcessingInputs",), ("S3-01", "KMS-03")),
    "processing outputs": ("Processing", ("ProcessingOutputConfig",), ("S3-01",)),
    "one processing output": ("Processing", ("ProcessingOutputConfig", "Outputs", 0), ("S3-01",)),
    "a model's container": ("Model", ("PrimaryContainer",), ("IMG-01", "S3-01")),
    "a model's containers": ("Model", ("Containers",), ("IMG-01", "S3-01")),
    "a registered model": ("RegisterModel", ("InferenceSpecification",), ("IMG-01", "S3-01")),
    "a transform job's output": ("Transform", ("TransformOutput",), ("S3-01",)),
    "a transform job's data capture": ("Transform", ("DataCaptureConfig",), ("S3-01", "KMS-03")),
    "an endpoint's data capture": ("EndpointConfig", ("DataCaptureConfig",), ("S3-01", "KMS-03")),
    "an endpoint's variants": ("EndpointConfig", ("ProductionVariants",), ("NET-05",)),
    "one variant": ("EndpointConfig", ("ProductionVariants", 0), ("NET-05",)),
    "an inference component": (
        "InferenceComponent",
        ("Specification",),
        ("IMG-01", "S3-01", "NET-05"),
    ),
    "a training definition": ("Tuning", ("TrainingJobDefinition",), ("IMG-01", "S3-01", "ROLE-01")),
    "training definitions": ("Tuning", ("TrainingJobDefinitions",), ("IMG-01", "S3-01", "ROLE-01")),
    "one of them": ("Tuning", ("TrainingJobDefinitions", 0), ("IMG-01", "S3-01", "ROLE-01")),
    "an AutoML job's output": ("AutoML", ("OutputDataConfig",), ("S3-01",)),
}


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize("name", HIDDEN)
def test_what_a_reference_hides_is_unknown(name: str, reference: str, says: Says) -> None:
    type, path, controls = HIDDEN[name]
    node: Any = REFERENCES[reference]
    for part in reversed(path):
        node = [node] if isinstance(part, int) else {part: node}
    other = {"Name": "Other", "Type": "AutoML", "Arguments": {}}
    step = {"Name": "Job", "Type": type, "Arguments": node}
    for control in controls:
        said = says(control, step, other, of="Job", Parameters=PARAMETERS)
        assert "unknown" in {s.verdict for s in said}, (control, said)


@pytest.mark.parametrize("form", ["text", 5, True, ["a"]])
def test_what_a_wrong_form_hides_is_unknown(form: Any, says: Says) -> None:
    step = {"Name": "Job", "Type": "Training", "Arguments": {"OutputDataConfig": form}}
    assert "unknown" in {s.verdict for s in says("S3-01", step)}


def test_what_a_jobs_unreadable_document_hides_is_unknown(says: Says) -> None:
    step = {"Name": "Job", "Type": "Job", "Arguments": {"JobConfigDocument": "{"}}
    for control in ("S3-01", "KMS-03"):
        assert {s.verdict for s in says(control, step)} == {"unknown"}, control


def test_a_structure_of_another_step_is_unknown(says: Says) -> None:
    source = {
        "Name": "Other",
        "Type": "Training",
        "Arguments": {"OutputDataConfig": {"S3OutputPath": "s3://elsewhere/x"}},
    }
    reference = {"Get": "Steps.Other.OutputDataConfig"}
    step = {"Name": "Job", "Type": "Training", "Arguments": {"OutputDataConfig": reference}}
    assert [s.verdict for s in says("S3-01", source, step, of="Job")] == ["unknown"]
