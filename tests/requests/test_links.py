"""What a request takes from the model or endpoint configuration that it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
INSIDE: dict[str, Any] = {
    "EnableNetworkIsolation": True,
    "VpcConfig": {"Subnets": ["subnet-0aaa"], "SecurityGroupIds": ["sg-0aaa"]},
}
BY_STEP = {"Get": "Steps.Make.ModelName"}


def make(name: str = "Make", **arguments: Any) -> dict[str, Any]:
    return {"Name": name, "Type": "Model", "Arguments": arguments}


def score(model: Any) -> dict[str, Any]:
    return {"Name": "Use", "Type": "Transform", "Arguments": {"ModelName": model}}


def variants(*models: Any) -> dict[str, Any]:
    entries = [{"VariantName": f"v{i}", "ModelName": m} for i, m in enumerate(models)]
    return {"Name": "Use", "Type": "EndpointConfig", "Arguments": {"ProductionVariants": entries}}


def component(model: Any) -> dict[str, Any]:
    arguments = {"Specification": {"ModelName": model}}
    return {"Name": "Use", "Type": "InferenceComponent", "Arguments": arguments}


USERS = {"Transform": score, "EndpointConfig": variants, "InferenceComponent": component}


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize(
    "model, verdict, message",
    [
        (INSIDE, "pass", ""),
        ({}, "fail", "VpcConfig.Subnets of /Steps/0 is missing"),
        ({**INSIDE, "EnableNetworkIsolation": False}, "fail", "EnableNetworkIsolation of /Steps/0"),
        ({**INSIDE, "VpcConfig": {"Subnets": ["subnet-0zzz"], "SecurityGroupIds": ["sg-0aaa"]}},
         "fail", "VpcConfig.Subnets[0] of /Steps/0 is subnet-0zzz"),
        ({**INSIDE, "VpcConfig": {"Subnets": ["subnet-0aaa"], "SecurityGroupIds": ["sg-0zzz"]}},
         "fail", "VpcConfig.SecurityGroupIds[0] of /Steps/0 is sg-0zzz"),
        ({**INSIDE, "VpcConfig": {"Get": "Steps.Nope.X"}}, "unknown", "step 'Nope' does not exist"),
    ],
    ids=["inside", "bare", "not isolated", "another subnet", "another group", "unknown"],
)  # fmt: skip
def test_a_model_of_the_same_pipeline_is_followed(
    model: dict[str, Any], verdict: str, message: str, user: str, says: Says
) -> None:
    (said,) = says("NET-05", make(**model), USERS[user](BY_STEP))
    assert said.verdict == verdict and message in said.message
    assert said.location.startswith("/Steps/0/Arguments")


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize(
    "model, shown",
    [
        ("made-elsewhere", "made-elsewhere"),
        ({"Get": "Parameters.P"}, "{P}"),
        ({"Get": "Execution.PipelineName"}, "{Execution.PipelineName}"),
        ({"Get": "Steps.Nope.ModelName"}, "step 'Nope' does not exist"),
        ({"Get": "Steps.Other.ModelName"}, "{Steps.Other.ModelName}"),
        ({"Get": "Steps.Make.CreationTime"}, "{Steps.Make.CreationTime}"),
    ],
    ids=["a name", "a parameter", "at run time", "no step", "no model step", "no name"],
)
def test_a_model_made_elsewhere_is_unknown_where_it_is_named(
    model: Any, shown: str, user: str, says: Says
) -> None:
    other = {"Name": "Other", "Type": "Training", "Arguments": {}}
    parameters = [{"Name": "P", "Type": "String", "DefaultValue": "made-elsewhere"}]
    (said,) = says("NET-05", make(**INSIDE), other, USERS[user](model), Parameters=parameters)
    assert said.verdict == "unknown"
    assert "no step of this pipeline makes the model" in said.message and shown in said.message
    assert said.location.startswith("/Steps/2/Arguments") and said.location.endswith("/ModelName")


@pytest.mark.parametrize("model", [INSIDE, {}])
def test_a_literal_name_is_unknown_even_where_a_step_makes_a_model_of_that_name(
    model: dict[str, Any], says: Says
) -> None:
    """Nothing orders the two steps: the job takes whichever model has the name when it runs."""
    (said,) = says("NET-05", make(ModelName="m", **model), score("m"))
    assert said.verdict == "unknown"


def test_a_model_that_overrides_another_for_a_pool_counts(says: Says) -> None:
    pool = {"InstanceType": "ml.m5.large", "ModelNameOverride": "made-elsewhere"}
    serving = variants(BY_STEP)
    serving["Arguments"]["ProductionVariants"][0]["InstancePools"] = [pool]
    (said,) = says("NET-05", make(**INSIDE), serving)
    assert said.verdict == "unknown"


def test_two_steps_that_make_a_model_of_one_name_are_both_meant(says: Says) -> None:
    """Which of them the transform job finds depends on the run."""
    steps = (make("One", ModelName="m", **INSIDE), make("Two", ModelName="m"), score("m"))
    (said,) = says("NET-05", *steps)
    assert said.verdict in ("fail", "unknown"), said


def test_every_variant_counts(says: Says) -> None:
    steps = (make(**INSIDE), make("Bare"), variants(BY_STEP, {"Get": "Steps.Bare.ModelName"}))
    (said,) = says("NET-05", *steps)
    assert (said.verdict, said.message) == ("fail", "VpcConfig.Subnets of /Steps/1 is missing")


def test_shadow_variants_count(says: Says) -> None:
    entry = {"VariantName": "s", "ModelName": "made-elsewhere"}
    config = variants(BY_STEP)
    config["Arguments"]["ShadowProductionVariants"] = [entry]
    (said,) = says("NET-05", make(**INSIDE), config)
    assert said.verdict == "unknown"
    assert said.location == "/Steps/1/Arguments/ShadowProductionVariants/0/ModelName"


@pytest.mark.parametrize("step", [variants(), {**score("x"), "Arguments": {}}])
def test_a_request_that_names_no_model_is_not_concerned(step: dict[str, Any], says: Says) -> None:
    assert [s.verdict for s in says("NET-05", step)] == ["not_applicable"]


def test_a_model_in_another_branch_is_followed(says: Says) -> None:
    gate = {"Name": "Gate", "Type": "Condition", "Arguments": {"IfSteps": [make()]}}
    (said,) = says("NET-05", gate, score(BY_STEP))
    assert said.verdict == "fail"
    assert said.message == "VpcConfig.Subnets of /Steps/0/Arguments/IfSteps/0 is missing"


def config(**arguments: Any) -> dict[str, Any]:
    return {"Name": "Configure", "Type": "EndpointConfig", "Arguments": arguments}


def serve(name: Any) -> dict[str, Any]:
    return {"Name": "Serve", "Type": "Endpoint", "Arguments": {"EndpointConfigName": name}}


VARIANT = {"ProductionVariants": [{"VariantName": "all"}]}


@pytest.mark.parametrize(
    "steps, verdict",
    [
        ((config(**VARIANT), serve({"Get": "Steps.Configure.EndpointConfigName"})), "pass"),
        ((config(EndpointConfigName="c", **VARIANT), serve("c")), "unknown"),
        ((config(**VARIANT), serve("made-elsewhere")), "unknown"),
        ((config(**VARIANT), serve({"Get": "Parameters.P"})), "unknown"),
        ((config(**VARIANT), serve({"Get": "Steps.Nope.EndpointConfigName"})), "unknown"),
    ],
    ids=["by step", "by name", "made elsewhere", "a parameter", "no such step"],
)
def test_an_endpoint_uses_a_configuration_of_the_same_pipeline(
    steps: tuple[dict[str, Any], ...], verdict: str, says: Says
) -> None:
    parameters = [{"Name": "P", "Type": "String"}]
    (said,) = says("NET-06", *steps, of="Serve", Parameters=parameters)
    assert said.verdict == verdict, said


@pytest.mark.parametrize(
    "name, verdict",
    [
        ({"Get": "Steps.Serve.EndpointName"}, "pass"),
        ("e", "unknown"),
        ({"Get": "Parameters.P"}, "unknown"),
        ({"Get": "Steps.Configure.EndpointName"}, "unknown"),
        ({"Get": "Steps.Serve.EndpointArn"}, "unknown"),
    ],
    ids=["by step", "by name", "a parameter", "another kind of step", "another member"],
)
def test_an_inference_component_runs_on_an_endpoint_of_the_same_pipeline(
    name: Any, verdict: str, says: Says
) -> None:
    serving = serve({"Get": "Steps.Configure.EndpointConfigName"})
    serving["Arguments"]["EndpointName"] = "e"
    part = {"Name": "Part", "Type": "InferenceComponent", "Arguments": {"EndpointName": name}}
    parameters = [{"Name": "P", "Type": "String"}]
    (said,) = says("NET-06", config(**VARIANT), serving, part, of="Part", Parameters=parameters)
    assert said.verdict == verdict, said


def test_an_endpoint_without_a_configuration_is_not_clean(says: Says) -> None:
    step = {"Name": "Serve", "Type": "Endpoint", "Arguments": {}}
    assert [s.verdict for s in says("NET-06", step)] != ["pass"]


@pytest.mark.parametrize(
    "arguments, verdict",
    [
        ({}, "fail"),
        ({"ProductionVariants": [{"VariantName": "a"}]}, "fail"),
        ({"ProductionVariants": [{"VariantName": "a", "ModelName": "m"}]}, "not_applicable"),
        ({"ProductionVariants": [{"ModelName": "m"}, {"VariantName": "b"}]}, "fail"),
        ({"ProductionVariants": [{"ModelName": "m"}], "VpcConfig": {"Subnets": ["subnet-0zzz"]}},
         "fail"),
    ],
    ids=["no variants", "no model", "a model", "one variant has no model", "both"],
)  # fmt: skip
def test_the_network_of_a_classic_endpoint_is_its_models(
    arguments: dict[str, Any], verdict: str, says: Says
) -> None:
    assert [s.verdict for s in says("NET-01", config(**arguments))] == [verdict]
