"""What IAM is shown with a step's request, in each world."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ormer.assess.check import Checker
from ormer.model.request import Request
from ormer.model.symbol import symbol
from ormer.model.world import ABSENT, BOTH, FALSE, NEITHER, NEW, OLD, UNION, World, worlds
from ormer.read.definition import read_definition
from ormer.read.environment import read_environment
from ormer.requests.authorization import Open, Shown, contexts

EBS = "arn:aws:kms:eu-west-1:111122223333:key/ebs"
VPC = {"Subnets": ["subnet-0aaa", "subnet-0bbb"], "SecurityGroupIds": ["sg-0aaa"]}
LIKELY = World()
Shows = Callable[..., Shown]


@pytest.fixture
def shows(make_checker: Callable[[str], Checker], profile: str) -> Shows:
    """``shows(step, World(...), Parameters=[...])``: the first request of the step."""

    def _shows(step: dict[str, Any], world: World = LIKELY, of: int = 0, **body: Any) -> Shown:
        text = json.dumps({"Version": "2020-12-01", "Steps": [{"Name": "S", **step}], **body})
        builder = make_checker(profile).builder
        requests: tuple[Request, ...] = builder.build(read_definition(text.encode(), "d")).requests
        return contexts(requests[of], world)

    return _shows


def training(**arguments: Any) -> dict[str, Any]:
    return {"Type": "Training", "Arguments": arguments}


def tuning(*definitions: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "Tuning", "Arguments": {"TrainingJobDefinitions": list(definitions)}}


@pytest.mark.parametrize(
    "step, expected",
    [
        (training(VpcConfig=VPC), {"sagemaker:vpcsubnets": ("subnet-0aaa", "subnet-0bbb"), "sagemaker:vpcsecuritygroupids": ("sg-0aaa",)}),
        (training(VpcConfig={"Subnets": []}), {}),
        (training(EnableNetworkIsolation=True), {"sagemaker:networkisolation": "true"}),
        (training(EnableNetworkIsolation=False), {"sagemaker:networkisolation": "false"}),
        (training(StoppingCondition={"MaxRuntimeInSeconds": 60}), {"sagemaker:maxruntimeinseconds": "60"}),
        (training(ResourceConfig={"VolumeKmsKeyId": "key/ebs"}), {"sagemaker:volumekmskeyarn": EBS}),
        (training(Tags=[{"Key": "Team", "Value": "ml"}]), {"aws:requesttag/team": "ml", "aws:tagkeys": ("Team",)}),
        (training(), {}),
        ({"Type": "Lambda", "FunctionArn": "f"}, {}),
    ],
)  # fmt: skip
def test_what_is_there_is_shown(
    shows: Shows, step: dict[str, Any], expected: dict[str, Any]
) -> None:
    shown = shows(step)
    assert dict(shown.context) == expected
    assert not shown.open


@pytest.mark.parametrize(
    "names, expected",
    [
        (NEW, ["sagemaker:volumekmskeyarn"]),
        (OLD, ["sagemaker:volumekmskey"]),
        (BOTH, ["sagemaker:volumekmskey", "sagemaker:volumekmskeyarn"]),
        (NEITHER, []),
    ],
)
def test_a_renamed_key_has_the_names_of_the_world(
    shows: Shows, names: str, expected: list[str]
) -> None:
    shown = shows(training(ResourceConfig={"VolumeKmsKeyId": EBS}), World(key_names=names))
    assert sorted(shown.context) == expected
    assert set(shown.context.values()) <= {EBS}


def test_an_absent_flag_may_be_shown_as_false(shows: Shows) -> None:
    shown = shows(training(), World(absent_boolean=FALSE))
    flags = ("enableremotedebug", "intercontainertrafficencryption", "networkisolation")
    assert dict(shown.context) == {f"sagemaker:{flag}": "false" for flag in flags}


@pytest.mark.parametrize(
    "definitions, expected",
    [
        (UNION, ("subnet-0aaa", "subnet-0zzz")),
        (ABSENT, ("subnet-0aaa", "subnet-0zzz")),
    ],
)
def test_job_definitions_that_all_have_a_value_show_them_all(
    shows: Shows, definitions: str, expected: tuple[str, ...]
) -> None:
    step = tuning(
        {"VpcConfig": {"Subnets": ["subnet-0aaa"]}}, {"VpcConfig": {"Subnets": ["subnet-0zzz"]}}
    )
    assert (
        shows(step, World(job_definitions=definitions)).context["sagemaker:vpcsubnets"] == expected
    )


def test_where_one_job_definition_lacks_the_value_the_world_decides(shows: Shows) -> None:
    step = tuning({"VpcConfig": VPC}, {"StaticHyperParameters": {"a": "b"}})
    assert shows(step, World(job_definitions=UNION)).context["sagemaker:vpcsubnets"] == (
        "subnet-0aaa",
        "subnet-0bbb",
    )
    assert "sagemaker:vpcsubnets" not in shows(step, World(job_definitions=ABSENT)).context


@pytest.mark.parametrize(
    "parameter, expected",
    [
        (
            {"EnumValues": ["ml.m5.large", "ml.m5.xlarge"]},
            Open("whoever starts the pipeline decides", (("ml.m5.large",), ("ml.m5.xlarge",))),
        ),
        ({"DefaultValue": "ml.m5.large"}, Open("{P} is open", text=(symbol("pipeline:P"),))),
    ],
)
def test_what_the_caller_decides_is_open(
    shows: Shows, parameter: dict[str, Any], expected: Open
) -> None:
    step = training(ResourceConfig={"InstanceType": {"Get": "Parameters.P"}})
    shown = shows(step, Parameters=[{"Name": "P", "Type": "String", **parameter}])
    assert shown.open == {"sagemaker:instancetypes": expected}
    assert "sagemaker:instancetypes" not in shown.context


@pytest.mark.parametrize(
    "step, why",
    [
        (training(VpcConfig={"Get": "Steps.Other.VpcConfig"}), "does not exist"),
        (training(ResourceConfig={"VolumeKmsKeyId": "alias/unlisted"}), "is an alias"),
        (training(Tags={"Get": "Steps.Other.Tags"}), "no list"),
    ],
)
def test_what_is_not_known_is_open_and_says_why(
    shows: Shows, step: dict[str, Any], why: str
) -> None:
    opens = shows(step).open
    assert opens and all(why in one.why and not one.choices for one in opens.values()), opens


def test_two_values_for_a_key_of_one_value_are_open(shows: Shows) -> None:
    step = tuning(
        {"ResourceConfig": {"VolumeKmsKeyId": EBS}},
        {"ResourceConfig": {"VolumeKmsKeyId": EBS + "2"}},
    )
    assert shows(step).open["sagemaker:volumekmskeyarn"].why.startswith("the key has one value")


def test_a_role_is_passed_to_the_service_that_uses_it(shows: Shows) -> None:
    role = "arn:aws:iam::111122223333:role/sm-exec"
    assert shows(training(RoleArn=role), of=1).context == {
        "iam:passedtoservice": "sagemaker.amazonaws.com"
    }
    emr = {
        "Type": "EMR",
        "ExecutionRoleArn": role,
        "Arguments": {"ClusterId": "j-1", "StepConfig": {}, "ExecutionRoleArn": role},
    }
    assert "iam:passedtoservice" in shows(emr, of=1).open


def test_every_world_is_there_unless_the_profile_pins_it(profile: str) -> None:
    free = worlds(read_environment(profile.encode(), "e"))
    assert len(set(free)) == 16 and free[0] == World()
    pinned = profile + "\nassume: {kms_key_names: old, absent_boolean: absent}\n"
    assert worlds(read_environment(pinned.encode(), "e")) == (
        World(OLD),
        World(OLD, job_definitions=ABSENT),
    )
