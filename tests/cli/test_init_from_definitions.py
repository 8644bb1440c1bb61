"""``ormer init --from``: a profile of what the definitions use, to be reviewed."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.read.environment import read_environment

Run = Callable[..., Any]
Definition = Callable[..., str]
DEFINITIONS = Path(__file__).parents[1] / "definitions"
SECURE = str(DEFINITIONS / "v3" / "training_secure.json")


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def test_what_a_secure_pipeline_uses_is_what_its_profile_approves(run: Run) -> None:
    ran = run("init", "--from", SECURE)
    assert ran.code == 0 and ran.err == ""
    profile = read_environment(Path("environment.yaml").read_bytes(), "e")
    assert (profile.account, profile.region) == ("111122223333", "eu-west-1")
    assert profile.values["vpc.subnets"] == ("subnet-0aaa", "subnet-0bbb")
    assert profile.values["vpc.security_groups"] == ("sg-0aaa",)
    assert profile.values["kms.volume"] == ("arn:aws:kms:eu-west-1:111122223333:key/ebs",)
    assert profile.values["roles.execution"] == ("arn:aws:iam::111122223333:role/sm-exec",)
    assert "wrote environment.yaml\n" in ran.out and "wrote ormer.toml\n" in ran.out
    assert tomllib.loads(Path("ormer.toml").read_text())["environment"] == "environment.yaml"


def test_check_then_runs_without_arguments(run: Run) -> None:
    """What was used is approved; what was not there is still missing."""
    run("init", "--from", SECURE)
    assert run("check").code == 0
    bare = str(DEFINITIONS / "v3" / "training_bare.json")
    run("init", "--from", SECURE, bare, "--force")
    ran = run("check", bare)
    assert ran.code == 1 and "  fail     NET-01" in ran.out


def test_what_no_definition_shows_is_a_placeholder_that_approves_nothing(
    run: Run, definition: Definition
) -> None:
    role = "arn:aws:iam::111122223333:role/x"
    step = {"Name": "T", "Type": "Training", "Arguments": {"RoleArn": role}}
    ran = run("init", "--from", definition(step), "--region", "eu-west-1")
    assert ran.code == 0
    for field in ("vpc.subnets", "vpc.security_groups", "kms.volume", "kms.output"):
        assert f"left out {field}: no definition shows one: replace it" in ran.err
    text = Path("environment.yaml").read_text()
    assert text.count("# no definition shows one: replace it") == 4
    checked = run("check")
    assert checked.code == 1 and "  fail     NET-01" in checked.out
    assert "ROLE-01" not in checked.out


@pytest.mark.parametrize(
    "options, part",
    [
        ([], "no definition shows the account: give --account"),
        (["--account", "111122223333"], "no definition shows the region: give --region"),
    ],
)
def test_account_and_region_have_to_be_known(
    options: list[str], part: str, run: Run, definition: Definition
) -> None:
    target = definition({"Name": "T", "Type": "Training", "Arguments": {}})
    ran = run("init", "--from", target, *options)
    assert ran.code == 2 and part in ran.err
    assert not Path("environment.yaml").exists() and not Path("ormer.toml").exists()


def test_queues_clusters_and_own_key_ids_are_those_of_the_account(
    run: Run, definition: Definition
) -> None:
    key = "12345678-1234-1234-1234-123456789012"
    steps: list[dict[str, Any]] = [
        {"Name": "E", "Type": "EMR", "Arguments": {"ClusterId": "j-1", "StepConfig": {}}},
        {
            "Name": "C",
            "Type": "Callback",
            "SqsQueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q",
        },
        {
            "Name": "T",
            "Type": "Training",
            "Arguments": {
                "RoleArn": "arn:aws:iam::111122223333:role/x",
                "ResourceConfig": {"VolumeKmsKeyId": key},
                "OutputDataConfig": {"S3OutputPath": "s3://mine/x"},
            },
        },
    ]
    assert run("init", "--from", definition(*steps), "--region", "eu-west-1").code == 0
    values = read_environment(Path("environment.yaml").read_bytes(), "e").values
    assert values["clusters"] == ("arn:aws:elasticmapreduce:eu-west-1:111122223333:cluster/j-1",)
    assert values["queues"] == ("arn:aws:sqs:eu-west-1:111122223333:q",)
    assert values["kms.volume"] == (f"arn:aws:kms:eu-west-1:111122223333:key/{key}",)
    assert values["buckets.bucket1"] == ("mine",)


def test_nothing_is_replaced_unless_forced_and_the_project_file_never_is(
    run: Run, tmp_path: Path
) -> None:
    Path("ormer.toml").write_text("mine")
    Path("environment.yaml").write_text("mine")
    ran = run("init", "--from", SECURE)
    assert ran.code == 2 and "environment.yaml: exists already; --force replaces it" in ran.err
    ran = run("init", "--from", SECURE, "--force")
    assert ran.code == 0 and "ormer.toml exists already and is left as it is" in ran.out
    assert Path("ormer.toml").read_text() == "mine"


def test_the_project_file_stands_beside_the_profile(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    assert run("init", "--from", SECURE, "--output", "sub/env.yaml").code == 0
    content = tomllib.loads(Path("sub/ormer.toml").read_text())
    assert content["environment"] == "env.yaml"
    assert (tmp_path / "sub" / content["definitions"][0]).resolve() == Path(SECURE)
    assert run("check", "--project", "sub/ormer.toml").code == 0


@pytest.mark.parametrize(
    "arguments, part",
    [
        ([], "one of the arguments --project-name --from is required"),
        (["--from", "none.json"], "none.json: no such file"),
        (["--from", "none/*.json"], "none/*.json: matches no file"),
        (["--from", SECURE, "--domain-id", "d"], "--domain-id is for --project-name"),
        (["--from", SECURE, "--account", "1"], "'account' is '1', not a 12-digit account id"),
    ],
)
def test_what_cannot_be_meant_is_2(arguments: list[str], part: str, run: Run) -> None:
    ran = run("init", *arguments)
    assert ran.code == 2 and part in ran.err
    assert not Path("environment.yaml").exists()
