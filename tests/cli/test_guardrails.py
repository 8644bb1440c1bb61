"""``ormer guardrails``: what it writes, what it says, and what it refuses."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest

from ormer.cli.main import main

EXAMPLE = resources.files("ormer.controls") / "example_environment.yaml"


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "environment.yaml"
    path.write_bytes(EXAMPLE.read_bytes())
    return str(path)


def test_it_writes_each_document_and_says_what_each_control_became(
    profile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out" / "iam"
    assert (
        main(["guardrails", "--environment", profile, "--as", "iam", "--output", str(folder)]) == 0
    )
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["guardrails-1.json", "guardrails-2.json", "guardrails-3.json"]
    assert all(json.loads((folder / name).read_text())["Version"] == "2012-10-17" for name in names)
    said = capsys.readouterr().out
    assert "guardrails-1.json: managed policy for the pipeline's and the execution role" in said
    assert "NET-03   NET03a: exact on 8 actions, none on 3 actions" in said
    assert "KMS-02   KMS02a, KMS02b, KMS02c: exact on 13 actions, stricter on 1 action" in said
    assert "         also denies processing jobs without any output" in said
    assert "  IMG-01   cannot be prevented: no condition key shows the image" in said


def test_without_output_nothing_is_written(
    profile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert main(["guardrails", "--environment", profile, "--as", "scp"]) == 0
    assert sorted(tmp_path.rglob("*")) == before
    assert "REG-01   not for this: made with --as iam" in capsys.readouterr().out


def test_one_document_goes_into_a_file(profile: str, tmp_path: Path) -> None:
    file = tmp_path / "boundary.json"
    assert (
        main(["guardrails", "--environment", profile, "--as", "boundary", "--output", str(file)])
        == 0
    )
    assert json.loads(file.read_text())["Statement"][0]["Effect"] == "Allow"


def test_a_template_goes_into_a_file(profile: str, tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    assert (
        main(
            [
                "guardrails",
                "--environment",
                profile,
                "--as",
                "scp",
                "--format",
                "cloudformation",
                "--output",
                str(file),
            ]
        )
        == 0
    )
    assert set(json.loads(file.read_text())["Resources"]) == {
        "Guardrails1",
        "Guardrails2",
        "Guardrails3",
    }


def test_what_the_profile_assumes_is_said(profile: str, capsys: pytest.CaptureFixture[str]) -> None:
    with open(profile, "a") as file:
        file.write("\nassume: {kms_key_names: new}\n")
    assert main(["guardrails", "--environment", profile, "--as", "boundary"]) == 0
    assert (
        "Only right where the profile's assumption holds: kms_key_names is new."
        in capsys.readouterr().out
    )


def test_what_had_no_room_is_a_finding(profile: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = Path(profile).read_text()
    subnets = ", ".join(f"subnet-{number:017d}" for number in range(60))
    Path(profile).write_text(text.replace("subnet-0aaa, subnet-0bbb", subnets))
    assert main(["guardrails", "--environment", profile, "--as", "boundary"]) == 1
    assert "LEFT OUT, there is no room for them: NET-01" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--as", "iam", "--output", "{tmp}/one.json"], "--output {tmp}/one.json: 3 documents, name a folder"),
        (["--as", "iam", "--output", "{tmp}/old"], "{tmp}/old/guardrails-9.json: left from before; remove it first"),
        (["--as", "iam", "--output", "{tmp}/environment.yaml"], "{tmp}/environment.yaml: cannot be a folder: File exists"),
        (["--as", "boundary", "--output", "{tmp}/profile.json"], "--output {tmp}/profile.json would replace the profile"),
        (["--as", "iam", "--controls", "{tmp}/none"], "{tmp}/none: no folder of controls"),
        (["--as", "policy"], "argument --as: invalid choice: 'policy'"),
    ],
)  # fmt: skip
def test_refused(
    profile: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "guardrails-9.json").write_text("{}")
    (tmp_path / "profile.json").symlink_to(profile)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    given = [word.replace("{tmp}", str(tmp_path)) for word in arguments]
    try:
        code = main(["guardrails", "--environment", profile, *given])
    except SystemExit as stop:
        code = int(stop.code or 0)
    captured = capsys.readouterr()
    assert code == 2 and captured.out == ""
    assert message.replace("{tmp}", str(tmp_path)) in captured.err and captured.err.count("\n") == 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_missing_profile(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guardrails", "--environment", "none.yaml", "--as", "iam"]) == 2
    assert capsys.readouterr().err == "ormer: error: none.yaml: no such file\n"
