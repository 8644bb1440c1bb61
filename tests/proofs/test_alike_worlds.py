"""Worlds that are alike to the policies are asked about once: each says the same by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.controls.load import load_catalogue
from ormer.model.world import worlds
from ormer.proofs.asked.spaces import has_definitions
from ormer.proofs.prover import CERTAIN, POSSIBLE, Prover
from ormer.proofs.replay import replay
from ormer.prove.case import Case
from ormer.prove.policies import named_resources
from ormer.read.environment import read_environment
from ormer.run.access import load_access

PROFILE = Path(__file__).parents[2] / "pipelines" / "environment.yaml"
ENVIRONMENT = read_environment(PROFILE.read_bytes(), "environment.yaml")
CONTROLS = {one.id: one for one in load_catalogue().controls}
TRAIN, TUNE = "sagemaker:CreateTrainingJob", "sagemaker:CreateHyperParameterTuningJob"


def allow(action: str) -> dict[str, Any]:
    return {"Sid": "Jobs", "Effect": "Allow", "Action": action, "Resource": "*"}


def deny(action: str, condition: dict[str, Any]) -> dict[str, Any]:
    return {**allow(action), "Sid": "No", "Effect": "Deny", "Condition": condition}


PLAIN: dict[str, Any] = {}
NEW_NAME = {"Null": {"sagemaker:VolumeKmsKeyArn": "true"}}
OLD_NAME = {"Null": {"sagemaker:VolumeKmsKey": "true"}}
FLAG = {"BoolIfExists": {"sagemaker:NetworkIsolation": "false"}}
SUBNETS = {"Null": {"sagemaker:VpcSubnets": "true"}}
TAG = {"Null": {"aws:RequestTag/Team": "true"}}


@pytest.mark.parametrize(
    "action, condition, groups",
    [
        pytest.param(TRAIN, PLAIN, 1, id="nothing-is-asked"),
        pytest.param(TRAIN, NEW_NAME, 4, id="a-key-that-was-renamed"),
        pytest.param(TRAIN, OLD_NAME, 4, id="its-old-name"),
        pytest.param(TRAIN, FLAG, 2, id="a-flag"),
        pytest.param(TRAIN, SUBNETS, 1, id="another-key"),
        pytest.param(TUNE, PLAIN, 1, id="several-definitions-nothing-is-asked"),
        pytest.param(TUNE, TAG, 1, id="several-definitions-a-key-of-the-request"),
        pytest.param(TUNE, SUBNETS, 2, id="several-definitions-a-key-of-theirs"),
        pytest.param(TUNE, OLD_NAME, 8, id="several-definitions-an-old-name"),
    ],
)
@pytest.mark.parametrize("control", ["KMS-01", "NET-01", "NET-03"])
def test_a_world_says_what_the_first_that_is_alike_says(
    write_access: Callable[..., str],
    control: str,
    action: str,
    condition: dict[str, Any],
    groups: int,
) -> None:
    denies = [deny(action, condition)] if condition else []
    access = load_access(write_access(allow(action), *denies))
    (holder,) = access.holders.values()
    prover = Prover(access, ENVIRONMENT, [CONTROLS[control]])
    every = worlds(ENVIRONMENT)
    assert len({prover.likest(action, holder, world) for world in every}) == groups
    (target,) = (each for each in prover.targets[0].actions if each.action == action)
    sets = {f"{control} {POSSIBLE}": target.possible}
    if target.certain is not None:
        sets[f"{control} {CERTAIN}"] = target.certain
    named = named_resources(access, holder, action, sets.values())
    for world in every:
        space = prover.spaces.space(action, holder, world, named)
        itself = Case(access, holder, space, sets)
        alike = prover.case(action, holder, world)
        for name in sets:
            answer, other = itself.ask(name), alike.ask(name)
            assert (answer.model is None) is (other.model is None), (world, name)
            assert not answer.unknown and not other.unknown
            if other.model is not None:
                found = alike.found(other.model, world)
                assert replay(access, holder, action, None, found).counterexample is not None
    assert has_definitions(action) is (action == TUNE)
