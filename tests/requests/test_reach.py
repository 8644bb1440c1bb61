"""Controls of counts and code reach every place where the API has one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

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
