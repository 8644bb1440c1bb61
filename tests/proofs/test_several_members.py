"""A key with one value that several members of a request fill: nobody tells which is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.proofs.proof import Verdict
from ormer.run.prove import Asked, prove

PROFILE = Path(__file__).parents[2] / "pipelines" / "environment.yaml"
JOBS = ["sagemaker:CreateTrainingJob", "sagemaker:CreateHyperParameterTuningJob"]
ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": JOBS, "Resource": "*"}
OTHERS = {"StringNotEqualsIfExists": {"sagemaker:FileSystemId": "fs-0a"}}
ANY = {"Null": {"sagemaker:FileSystemId": "false"}}


def verdict(path: str, profile: Path, control: str) -> Verdict:
    (found,) = prove(Asked(path, str(profile), [control])).told
    return found.proof.verdict


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    made = tmp_path / "environment.yaml"
    text = PROFILE.read_text("utf-8") + "file_systems: [fs-0a]\n"
    made.write_text(text, encoding="utf-8")
    return made


@pytest.mark.parametrize("action", JOBS)
def test_a_second_channel_may_mount_another_file_system(
    write_access: Callable[..., str], profile: Path, action: str
) -> None:
    denied = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": OTHERS}
    path = write_access(ALLOW | {"Action": action}, denied)
    assert verdict(path, profile, "EXT-08") is not Verdict.PROVED


def test_what_only_one_of_the_members_can_show_is_no_violation(
    write_access: Callable[..., str], profile: Path
) -> None:
    denied = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": OTHERS}
    path = write_access(ALLOW | {"Action": JOBS[0]}, denied)
    assert verdict(path, profile, "EXT-08") is Verdict.UNKNOWN


def test_no_file_system_at_all_is_proved(write_access: Callable[..., str], profile: Path) -> None:
    denied = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": ANY}
    path = write_access(ALLOW | {"Action": JOBS[0]}, denied)
    assert verdict(path, profile, "EXT-08") is Verdict.PROVED


def test_any_file_system_is_violated(write_access: Callable[..., str], profile: Path) -> None:
    assert verdict(write_access(ALLOW), profile, "EXT-08") is Verdict.VIOLATED
