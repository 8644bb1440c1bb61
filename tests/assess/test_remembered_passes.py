"""What has passed is remembered; nothing else may pass because of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

import ormer.assess.judge as judging
from ormer.assess.check import Checker
from ormer.controls.load import load_catalogue
from ormer.model.environment import Environment

ALIKE: list[Any] = [True, 1, 1.0, "true", "1", False, 0, "", None, "False", [True], {}]
"""Values that compare equal, or nearly, and are judged differently."""


def definition(isolation: Any, runtime: Any) -> bytes:
    arguments = {
        "EnableNetworkIsolation": isolation,
        "EnableInterContainerTrafficEncryption": isolation,
        "StoppingCondition": {"MaxRuntimeInSeconds": runtime},
    }
    step = {"Name": "Train", "Type": "Training", "Arguments": arguments}
    return json.dumps({"Version": "2020-12-01", "Steps": [step]}).encode()


DEFINITIONS = [definition(a, b) for a in ALIKE for b in ALIKE]


@pytest.mark.parametrize("order", [1, -1], ids=["forwards", "backwards"])
@pytest.mark.parametrize("most", [1024, 1], ids=["all remembered", "soon forgotten"])
def test_a_checker_says_what_one_that_remembers_nothing_says(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, order: int, most: int
) -> None:
    catalogue = load_catalogue()
    used = Checker(environment, catalogue)
    monkeypatch.setattr(judging, "_MOST_REMEMBERED", most)
    said = [used.check(text, "p").findings for text in DEFINITIONS[::order] * 2]
    monkeypatch.setattr(judging, "_remember", lambda plan, told: None)
    forgetful = Checker(environment, catalogue)
    assert said == [forgetful.check(text, "p").findings for text in DEFINITIONS[::order] * 2]
