"""The gate with the real controls and the real report: no fake between the bytes and AWS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ormer.cli.main import main
from ormer.cli.upsert import run_upsert
from ormer.gate.outside import Outside
from ormer.model.environment import Environment

PROFILE = Path(__file__).parents[2] / "pipelines" / "environment.yaml"
NOTHING = b'{"Version": "2020-12-01", "Parameters": [], "Steps": []}'


def open_training(environment: Environment) -> bytes:
    """A training job outside the VPC, without any key."""
    arguments = {
        "RoleArn": environment.one("roles.execution"),
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
    }
    step = {"Name": "Train", "Type": "Training", "Arguments": arguments}
    return json.dumps({"Version": "2020-12-01", "Parameters": [], "Steps": [step]}).encode()


def refuse(service: str, region: str, endpoint: Any) -> Any:
    raise AssertionError(f"a {service} client was made")


def test_an_open_training_job_never_reaches_aws(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["--pipeline-name", "p", "--role-arn", environment.one("roles.pipeline"), "--start"]
    outside = Outside(connect=refuse)
    assert run_upsert(open_training(environment), "p.json", argv, environment, outside) == 1
    captured = capsys.readouterr()
    assert "VpcConfig" in captured.out
    assert "nothing is upserted and nothing is started" in captured.err


def test_the_command_reads_a_file_and_stops_after_a_dry_run(
    environment: Environment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "definition.json"
    path.write_bytes(NOTHING)
    role = environment.one("roles.pipeline")
    options = ["--pipeline-name", "p", "--role-arn", role, "--environment", str(PROFILE)]
    assert main(["upsert", str(path), *options, "--dry-run"]) == 0
    assert "passed; nothing is upserted" in capsys.readouterr().err
    assert main(["upsert", str(tmp_path / "none.json"), *options, "--dry-run"]) == 2
    assert capsys.readouterr().err == f"ormer: error: {tmp_path / 'none.json'}: no such file\n"


def test_bytes_that_are_no_definition_could_not_be_checked(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["--pipeline-name", "p", "--role-arn", environment.one("roles.pipeline")]
    assert run_upsert(b"[]", "p.json", argv, environment, Outside(connect=refuse)) == 2
    assert capsys.readouterr().err.startswith("ormer: error: p.json: ")


def a_waiver(**change: str) -> bytes:
    entry = {
        "id": "W-1", "control": "DOC-02", "pipeline": "p", "subject": "*x*", "reason": "r",
        "owner": "o", "approver": "a", "created": "2020-01-01", "expires": "2120-01-01", **change,
    }  # fmt: skip
    return json.dumps({"waivers": [entry]}).encode()


NEW = json.dumps(
    {"Version": "2020-12-01", "Steps": [{"Name": "x", "Type": "Fail", "Arguments": {"New": 1}}]}
).encode()


def test_what_is_waived_does_not_stop_the_gate_and_the_pipeline_says_so(
    environment: Environment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    role = environment.one("roles.pipeline")
    argv = ["--pipeline-name", "p", "--role-arn", role, "--dry-run"]
    outside = Outside(connect=refuse)
    assert run_upsert(NEW, "d.json", argv, environment, outside) == 1
    path = tmp_path / "waivers.yaml"
    path.write_bytes(a_waiver())
    waived = [*argv, "--waivers", str(path)]
    assert run_upsert(NEW, "d.json", waived, environment, outside) == 0
    assert "compliant, but for 1 waived" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change", [{"pipeline": "d"}, {"expires": "2020-01-02"}, {"subject": "y"}], ids=str
)
def test_a_waiver_for_something_else_does_not_open_the_gate(
    change: dict[str, str], environment: Environment, tmp_path: Path
) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_bytes(a_waiver(**change))
    role = environment.one("roles.pipeline")
    argv = ["--pipeline-name", "p", "--role-arn", role, "--waivers", str(path)]
    assert run_upsert(NEW, "d.json", argv, environment, Outside(connect=refuse)) == 1


def test_an_invalid_waiver_closes_the_gate_although_all_else_is_clean(
    environment: Environment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_bytes(a_waiver(expires="2020-01-02"))
    role = environment.one("roles.pipeline")
    argv = ["--pipeline-name", "p", "--role-arn", role, "--waivers", str(path)]
    assert run_upsert(NOTHING, "d.json", argv, environment, Outside(connect=refuse)) == 1
    captured = capsys.readouterr()
    assert "it expired on 2020-01-02" in captured.out
    assert "nothing is upserted and nothing is started" in captured.err


def test_the_gate_takes_profile_and_waivers_from_the_project_file(
    environment: Environment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "ormer.toml").write_text(
        'definitions = ["d.json"]\nwaivers = "waivers.yaml"\n'
        f'[profiles.dev]\nenvironment = "{PROFILE}"\n[profiles.prod]\nenvironment = "p.yaml"\n'
    )
    (tmp_path / "waivers.yaml").write_bytes(a_waiver())
    (tmp_path / "d.json").write_bytes(NEW)
    monkeypatch.chdir(tmp_path)
    role = environment.one("roles.pipeline")
    argv = ["upsert", "d.json", "--pipeline-name", "p", "--role-arn", role, "--dry-run"]
    assert main(argv) == 2
    assert "ormer.toml: --profile is missing: one of dev, prod" in capsys.readouterr().err
    assert main([*argv, "--profile", "dev"]) == 0
    assert "compliant, but for 1 waived" in capsys.readouterr().out
