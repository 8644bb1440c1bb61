"""The committed fact files are what their sources say today."""

from __future__ import annotations

import json
from importlib import metadata, resources
from typing import Any

import pytest

from ormer.facts.carriers import load_carriers
from ormer.facts.distill import distill, distill_carriers
from ormer.facts.service import Shape, load_service
from ormer.facts.step_types import STEP_TYPES


def test_service_json_is_what_distill_makes() -> None:
    committed = json.loads((resources.files("ormer.facts") / "service.json").read_bytes())
    made = distill()
    assert made.keys() == committed.keys()
    for part in made:
        assert made[part] == committed[part], f"service.json: {part} is out of date"


def test_carriers_json_is_what_distill_makes() -> None:
    committed = json.loads((resources.files("ormer.facts") / "carriers.json").read_bytes())
    made = distill_carriers()
    for part in made:
        assert made[part] == committed[part], f"carriers.json: {part} is out of date"
    assert made.keys() == committed.keys()


def test_carriers_name_existing_actions_and_every_one_that_a_check_knows() -> None:
    carriers = load_carriers()
    assert len(carriers.actions) > 400
    for key, carried in carriers.keys.items():
        assert set(carried.actions) <= set(carriers.actions), key
    for name, facts in load_service().actions.items():
        for key, entry in facts.keys.items():
            assert name in carriers.keys[key].actions
            assert entry.type == carriers.keys[key].type


def test_the_versions_named_are_those_installed() -> None:
    for name, version in load_service().versions.items():
        assert metadata.version(name) == version


def test_every_action_of_a_step_type_has_facts() -> None:
    actions = {f"sagemaker:{a}" for step in STEP_TYPES.values() for a in step.sagemaker_actions}
    assert len(actions) > 10
    assert actions == set(load_service().actions)


@pytest.mark.parametrize(
    "action, path, kind",
    [
        ("CreateTrainingJob", "VpcConfig.Subnets", "list"),
        ("CreateTrainingJob", "ResourceConfig.VolumeKmsKeyId", "string"),
        ("CreateTrainingJob", "EnableNetworkIsolation", "boolean"),
        ("CreateTrainingJob", "HyperParameters", "map"),
        ("CreateProcessingJob", "NetworkConfig.VpcConfig", "structure"),
        ("CreateProcessingJob", "StoppingCondition.MaxRuntimeInSeconds", "integer"),
        ("CreateJob", "JobConfigDocument", "open"),
    ],
)
def test_a_loaded_shape_has_the_kind_of_the_model(action: str, path: str, kind: str) -> None:
    shape = load_service().actions[f"sagemaker:{action}"].input
    for member in path.split("."):
        shape = shape.members[member]
    assert shape.kind == kind


@pytest.mark.parametrize(
    "action, member, bag",
    [
        ("CreateTrainingJob", "VpcConfig", True),
        ("CreateProcessingJob", "NetworkConfig", True),
        ("CreateTrainingJob", "OutputDataConfig", False),
        ("CreateTrainingJob", "ResourceConfig", False),
    ],
)
def test_a_bag_is_marked_where_it_is_a_member(action: str, member: str, bag: bool) -> None:
    assert load_service().actions[f"sagemaker:{action}"].input.members[member].bag is bag


def test_loading_ends_although_shapes_contain_themselves() -> None:
    seen: set[int] = set()
    todo: list[Shape] = [action.input for action in load_service().actions.values()]
    while todo:
        shape = todo.pop()
        if id(shape) not in seen:
            seen.add(id(shape))
            todo += [*shape.members.values(), *([shape.item] if shape.item else [])]
    assert len(seen) > 300


@pytest.mark.parametrize(
    "action, takes", [("CreateTrainingJob", True), ("CreateAction", True), ("CreateModel", True)]
)
def test_whether_an_action_takes_tags(action: str, takes: bool) -> None:
    assert load_service().actions[f"sagemaker:{action}"].takes_tags is takes


def test_required_members_come_from_the_model(model: dict[str, Any]) -> None:
    for name, facts in load_service().actions.items():
        operation = model["operations"][name.removeprefix("sagemaker:")]
        required = model["shapes"][operation["input"]["shape"]].get("required", [])
        assert list(facts.input.required) == required
