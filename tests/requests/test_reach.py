"""Controls of counts, code and checks reach every place where the API has one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ormer.facts.service import Shape, load_service
from ormer.facts.step_types import STEP_TYPES

Says = Callable[..., Any]


def step(type: str, **arguments: Any) -> dict[str, Any]:
    return {"Name": "Job", "Type": type, "Arguments": arguments}


@pytest.mark.parametrize(
    "type, member, arguments",
    [
        (
            "Training",
            "ResourceConfig.InstanceGroups[0].InstanceCount",
            {"ResourceConfig": {"InstanceGroups": [{"InstanceCount": 99}]}},
        ),
        (
            "Processing",
            "ProcessingResources.ClusterConfig.InstanceCount",
            {"ProcessingResources": {"ClusterConfig": {"InstanceCount": 99}}},
        ),
        (
            "Transform",
            "TransformResources.InstanceCount",
            {"TransformResources": {"InstanceCount": 99}},
        ),
        (
            "EndpointConfig",
            "ProductionVariants[0].InitialInstanceCount",
            {"ProductionVariants": [{"InitialInstanceCount": 99}]},
        ),
        (
            "EndpointConfig",
            "ShadowProductionVariants[0].InitialInstanceCount",
            {"ShadowProductionVariants": [{"InitialInstanceCount": 99}]},
        ),
        (
            "Tuning",
            "TrainingJobDefinition.HyperParameterTuningResourceConfig.InstanceCount",
            {
                "TrainingJobDefinition": {
                    "HyperParameterTuningResourceConfig": {"InstanceCount": 99}
                }
            },
        ),
        (
            "Tuning",
            "TrainingJobDefinition.HyperParameterTuningResourceConfig.InstanceConfigs[0].InstanceCount",
            {
                "TrainingJobDefinition": {
                    "HyperParameterTuningResourceConfig": {
                        "InstanceConfigs": [{"InstanceCount": 99}]
                    }
                }
            },
        ),
        (
            "QualityCheck",
            "ProcessingResources.ClusterConfig.InstanceCount",
            {"ProcessingResources": {"ClusterConfig": {"InstanceCount": 99}}},
        ),
    ],
    ids=[
        "groups",
        "processing",
        "transform",
        "variants",
        "shadow variants",
        "tuning",
        "tuning with several types",
        "a check",
    ],
)
def test_a_count_above_the_limit_is_found_wherever_the_api_has_one(
    type: str, member: str, arguments: dict[str, Any], says: Says
) -> None:
    said = says("CMP-02", step(type, **arguments))
    assert [s.message for s in said if s.verdict == "fail"] == [f"{member} is 99, beyond the limit"]


@pytest.mark.parametrize(
    "type, arguments",
    [
        (
            "Training",
            {"HyperParameters": {"sagemaker_submit_directory": "s3://elsewhere/c.tar.gz"}},
        ),
        ("Training", {"Environment": {"SAGEMAKER_SUBMIT_DIRECTORY": "s3://elsewhere/c.tar.gz"}}),
        (
            "Model",
            {
                "PrimaryContainer": {
                    "Environment": {"SAGEMAKER_SUBMIT_DIRECTORY": "s3://elsewhere/c"}
                }
            },
        ),
        (
            "Model",
            {"Containers": [{"Environment": {"SAGEMAKER_SUBMIT_DIRECTORY": "s3://elsewhere/c"}}]},
        ),
        (
            "RegisterModel",
            {
                "InferenceSpecification": {
                    "Containers": [
                        {"Environment": {"SAGEMAKER_SUBMIT_DIRECTORY": "s3://elsewhere/c"}}
                    ]
                }
            },
        ),
        (
            "RegisterModel",
            {
                "AdditionalInferenceSpecifications": [
                    {
                        "Containers": [
                            {"Environment": {"SAGEMAKER_SUBMIT_DIRECTORY": "s3://elsewhere/c"}}
                        ]
                    }
                ]
            },
        ),
        (
            "InferenceComponent",
            {
                "Specification": {
                    "Container": {"Environment": {"SAGEMAKER_SUBMIT_DIRECTORY": "s3://elsewhere/c"}}
                }
            },
        ),
        (
            "Tuning",
            {
                "TrainingJobDefinition": {
                    "Environment": {"SAGEMAKER_SUBMIT_DIRECTORY": "s3://elsewhere/c"}
                }
            },
        ),
        (
            "Tuning",
            {
                "TrainingJobDefinitions": [
                    {"StaticHyperParameters": {"sagemaker_submit_directory": "s3://elsewhere/c"}}
                ]
            },
        ),
    ],
    ids=[
        "hyperparameters",
        "environment",
        "a model",
        "a model of several",
        "a registered model",
        "its other containers",
        "an inference component",
        "tuning's environment",
        "tuning's hyperparameters",
    ],
)
def test_code_from_elsewhere_is_found_wherever_a_container_takes_it(
    type: str, arguments: dict[str, Any], says: Says
) -> None:
    said = says("S3-02", step(type, **arguments))
    assert "fail" in {s.verdict for s in said}, said


COUNTS = ("InstanceCount", "InitialInstanceCount", "MaxInstanceCount")
NOT_MORE = "PlacementSpecifications"  # where the instances of InstanceCount stand, and no others


def counts(shape: Shape, path: tuple[str, ...], inside: tuple[Shape, ...]) -> Iterator[Any]:
    """The paths below a shape that lead to a number of instances; ``[]`` for a list's element."""
    if shape in inside:
        return
    if shape.item is not None:
        yield from counts(shape.item, (*path, "[]"), (*inside, shape))
    for name, member in shape.members.items():
        if name in COUNTS:
            yield (*path, name)
        elif name != NOT_MORE:
            yield from counts(member, (*path, name), (*inside, shape))


def every_count() -> Iterator[Any]:
    actions = load_service().actions
    for type, step_type in STEP_TYPES.items():
        if step_type.action in actions and type not in ("QualityCheck", "ClarifyCheck"):
            for path in counts(actions[step_type.action].input, (), ()):
                yield pytest.param(type, path, id=f"{type}.{'.'.join(path)}".replace(".[]", "[]"))


@pytest.mark.parametrize("type, path", list(every_count()))
def test_every_count_of_instances_in_the_service_model_has_the_limit(
    type: str, path: tuple[str, ...], says: Says
) -> None:
    node: Any = 99
    for part in reversed(path):
        node = [node] if part == "[]" else {part: node}
    said = says("CMP-02", {"Name": "Job", "Type": type, "Arguments": node})
    assert "fail" in {s.verdict for s in said}


@pytest.mark.parametrize("type", ["QualityCheck", "ClarifyCheck"])
@pytest.mark.parametrize("switch", [{"SkipCheck": True}, {"FailOnViolation": False}])
@pytest.mark.parametrize("typed", [{"CheckType": "DATA_QUALITY"}, {}], ids=["named", "unnamed"])
def test_a_check_is_known_by_its_step_type(
    typed: dict[str, str], switch: dict[str, bool], type: str, says: Says
) -> None:
    members = {"SkipCheck": False, "FailOnViolation": True, **typed, **switch}
    (said,) = says("CHK-01", {"Name": "Check", "Type": type, "Arguments": {}, **members})
    assert said.verdict == "fail", said
