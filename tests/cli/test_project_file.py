"""``ormer.toml``: check without arguments, profiles, and only what changed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
BARE: dict[str, Any] = {"Name": "Train", "Type": "Training", "Arguments": {}}
NOTHING: dict[str, Any] = {"Name": "End", "Type": "Fail", "Arguments": {}}
SIMPLE = 'definitions = ["build/*.json"]\nenvironment = "environment.yaml"\n'
PROFILES = """\
[profiles.dev]
environment = "dev.yaml"
definitions = ["build/dev/*.json"]
[profiles.prod]
environment = "prod.yaml"
definitions = ["build/prod/*.json"]
"""


@pytest.fixture
def folder(tmp_path: Path, profile_text: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository's folder, which is also the working one."""
    (tmp_path / ".git").mkdir()
    for name in ("environment", "dev", "prod"):
        (tmp_path / f"{name}.yaml").write_text(profile_text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, *steps: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"Version": "2020-12-01", "Steps": list(steps)}))


def report(run: Run, *arguments: str) -> Any:
    ran = run("check", "--format", "json", *arguments)
    assert ran.code in (0, 1), ran.err
    return json.loads(ran.out)


def targets(made: Any) -> list[tuple[str, str]]:
    return [(entry["profile"], entry["target"]) for entry in made["inputs"]]


def test_check_without_arguments_checks_everything(run: Run, folder: Path) -> None:
    (folder / "ormer.toml").write_text(SIMPLE)
    write(folder / "build" / "a.json", BARE)
    write(folder / "build" / "b.json", NOTHING)
    made = report(run)
    assert targets(made) == [("", "build/a.json"), ("", "build/b.json")]
    assert {f["target"] for f in made["findings"] if f["verdict"] == "fail"} == {"build/a.json"}
    assert run("check").code == 1


def test_the_file_is_found_in_a_folder_above_and_its_paths_are_its_own(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "ormer.toml").write_text(SIMPLE)
    write(folder / "build" / "a.json", NOTHING)
    (folder / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(folder / "deep" / "er")
    assert targets(report(run)) == [("", "../../build/a.json")]


def test_the_search_ends_at_the_root_of_the_repository(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever can write above a repository must not decide what it is checked for."""
    (folder / "ormer.toml").write_text(SIMPLE)
    (folder / "inner" / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder / "inner")
    ran = run("check")
    assert ran.code == 2 and "no --environment, and no ormer.toml" in ran.err


def test_with_an_environment_the_file_is_not_read(run: Run, folder: Path) -> None:
    (folder / "ormer.toml").write_text("not TOML")
    write(folder / "a.json", NOTHING)
    assert targets(report(run, "a.json", "--environment", "environment.yaml")) == [("", "a.json")]
    ran = run("check", "--environment", "environment.yaml")
    assert ran.code == 2 and "--environment without TARGET" in ran.err


def test_waivers_and_controls_of_the_file_count(run: Run, folder: Path) -> None:
    more = 'waivers = "waivers.yaml"\ncontrols = "controls"\n'
    (folder / "ormer.toml").write_text(SIMPLE + more)
    (folder / "controls").mkdir()
    (folder / "controls" / "MY-01.yaml").write_text(
        "id: MY-01\ntitle: ours\nseverity: low\nwhy: w\nfix: f\nexamples: {pass: [1], fail: [1]}\n"
        'forbid: [{Action: "sagemaker:CreateTrainingJob"}]\n'
    )
    (folder / "waivers.yaml").write_text(
        "waivers:\n- {id: W, control: MY-01, pipeline: a, subject: Train, reason: r, owner: o, "
        "approver: a, created: 2020-01-01, expires: 2120-01-01}\n"
    )
    write(folder / "build" / "a.json", BARE)
    made = report(run)
    assert [f["control"] for f in made["findings"] if f["waiver"]] == ["MY-01"]


def test_every_profile_is_checked_in_one_report(run: Run, folder: Path) -> None:
    (folder / "ormer.toml").write_text(PROFILES)
    write(folder / "build" / "dev" / "a.json", BARE)
    write(folder / "build" / "prod" / "a.json", NOTHING)
    made = report(run)
    assert targets(made) == [("dev", "build/dev/a.json"), ("prod", "build/prod/a.json")]
    assert [entry["pipeline"] for entry in made["inputs"]] == ["a", "a"]
    assert [entry["environment"]["path"] for entry in made["inputs"]] == ["dev.yaml", "prod.yaml"]
    text = run("check").out
    assert "build/dev/a.json [dev]: " in text and "build/prod/a.json [prod]: " in text
    assert targets(report(run, "--profile", "prod")) == [("prod", "build/prod/a.json")]


def test_a_target_is_checked_against_the_profiles_that_name_it(run: Run, folder: Path) -> None:
    (folder / "ormer.toml").write_text(PROFILES)
    write(folder / "build" / "dev" / "a.json", NOTHING)
    write(folder / "build" / "prod" / "a.json", NOTHING)
    write(folder / "else.json", NOTHING)
    assert targets(report(run, "build/prod/a.json")) == [("prod", "build/prod/a.json")]
    ran = run("check", "else.json")
    assert ran.code == 2 and "else.json: in no profile of ormer.toml: give --profile" in ran.err
    assert targets(report(run, "else.json", "--profile", "dev")) == [("dev", "else.json")]


def test_a_definition_may_have_a_name_of_its_own(run: Run, folder: Path) -> None:
    (folder / "ormer.toml").write_text(
        'definitions = [{path = "x/definition.json", name = "fraud"}, "y/definition.json"]\n'
        'environment = "environment.yaml"\n'
    )
    write(folder / "x" / "definition.json", NOTHING)
    write(folder / "y" / "definition.json", NOTHING)
    made = report(run)
    assert [entry["pipeline"] for entry in made["inputs"]] == ["fraud", "definition"]
    named = report(run, "x/definition.json")
    assert [entry["pipeline"] for entry in named["inputs"]] == ["fraud"]


@pytest.mark.parametrize(
    "text, part",
    [
        (
            'definitions = ["none/*.json"]\nenvironment = "environment.yaml"',
            "none/*.json: matches no file",
        ),
        (
            'definitions = ["none.json"]\nenvironment = "environment.yaml"',
            "none.json: no such file",
        ),
        ('definitions = ["build/a.json"]\nenvironment = "none.yaml"', "none.yaml: no such file"),
        (
            'definitions = ["build/a.json", "other/a.json"]\nenvironment = "environment.yaml"',
            "two pipelines are named 'a': build/a.json and other/a.json",
        ),
        (SIMPLE + 'waivers = "none.yaml"', "none.yaml: no such file"),
        (SIMPLE + 'controls = "none"', "none: no folder of controls"),
        (SIMPLE + 'control = "c"', "unknown field 'control'; did you mean 'controls'?"),
        (
            'definitions = [{path = "*/a.json", name = "x"}]\nenvironment = "environment.yaml"',
            "*/a.json is 2 files with one name",
        ),
    ],
)
def test_a_file_that_points_nowhere_is_2(text: str, part: str, run: Run, folder: Path) -> None:
    (folder / "ormer.toml").write_text(text)
    write(folder / "build" / "a.json", NOTHING)
    write(folder / "other" / "a.json", NOTHING)
    ran = run("check")
    assert ran.code == 2 and part in ran.err and ran.out == ""
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments, part",
    [
        (["--profile", "prd"], "no profile 'prd'; did you mean 'prod'?"),
        (["--project", "none.toml"], "none.toml: no such file"),
        (["--profile", "dev", "--environment", "dev.yaml", "x"], "--profile and --environment"),
        (["--project", "p", "--environment", "dev.yaml", "x"], "--project and --environment"),
    ],
)
def test_options_that_do_not_go_together_are_2(
    arguments: list[str], part: str, run: Run, folder: Path
) -> None:
    (folder / "ormer.toml").write_text(PROFILES)
    ran = run("check", *arguments)
    assert ran.code == 2 and part in ran.err


def test_a_waiver_that_one_profile_uses_is_not_called_unused_by_the_other(
    run: Run, folder: Path
) -> None:
    (folder / "ormer.toml").write_text('waivers = "waivers.yaml"\n' + PROFILES)
    (folder / "waivers.yaml").write_text(
        "waivers:\n- {id: W, control: NET-03, pipeline: a, subject: Train, reason: r, owner: o, "
        "approver: a, created: 2020-01-01, expires: 2120-01-01}\n"
    )
    write(folder / "build" / "dev" / "a.json", BARE)
    write(folder / "build" / "prod" / "a.json", NOTHING)
    made = report(run)
    said = [(f["control"], f["verdict"]) for f in made["findings"] if f["subject"] == "W"]
    assert said == [("WVR-03", "pass")]


def commit(folder: Path) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        command = ["git", "-C", str(folder), *identity, *words]
        subprocess.run(command, check=True, capture_output=True, env=environment)


@pytest.fixture
def repository(folder: Path) -> Path:
    (folder / ".git").rmdir()
    (folder / "ormer.toml").write_text(SIMPLE)
    write(folder / "build" / "a.json", BARE)
    write(folder / "build" / "b.json", BARE)
    commit(folder)
    return folder


def test_only_what_changed_is_checked(run: Run, repository: Path) -> None:
    write(repository / "build" / "b.json", NOTHING)
    write(repository / "build" / "new.json", NOTHING)
    ran = run("check", "--changed-since", "HEAD", "--format", "json")
    assert ran.code == 0
    assert targets(json.loads(ran.out)) == [("", "build/b.json"), ("", "build/new.json")]
    assert ran.err == "1 definitions are as they were at HEAD\n"


@pytest.mark.parametrize("name", ["environment.yaml", "ormer.toml"])
def test_everything_is_checked_where_what_decides_changed(
    name: str, run: Run, repository: Path
) -> None:
    path = repository / name
    path.write_text(path.read_text() + "# changed\n")
    made = report(run, "--changed-since", "HEAD")
    assert targets(made) == [("", "build/a.json"), ("", "build/b.json")]


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "markdown", "csv"])
def test_nothing_changed_is_0_in_every_format(form: str, run: Run, repository: Path) -> None:
    ran = run("check", "--changed-since", "HEAD", "--format", form)
    assert ran.code == 0, ran.err
    assert ran.err == "2 definitions are as they were at HEAD\n"
    if form == "json":
        assert json.loads(ran.out)["inputs"] == []


def test_a_revision_that_does_not_exist_is_2(run: Run, repository: Path) -> None:
    ran = run("check", "--changed-since", "nope")
    assert ran.code == 2 and "--changed-since: nope: no such revision" in ran.err


def test_a_baseline_of_one_profile_says_nothing_of_the_other(run: Run, folder: Path) -> None:
    (folder / "ormer.toml").write_text('waivers = "waivers.yaml"\n' + PROFILES)
    (folder / "waivers.yaml").write_text("waivers: []\n")
    for profile in ("dev", "prod"):
        write(folder / "build" / profile / "a.json", BARE)
    by = ["--owner", "o", "--until", "2099-12-31"]
    assert run("check", "--profile", "dev", "--write-baseline", "base.yaml", *by).code == 0
    assert run("check", "--profile", "dev", "--waivers", "base.yaml").code == 0
    assert run("check", "--profile", "prod", "--waivers", "base.yaml").code == 1


def test_a_baseline_of_both_profiles_is_valid_for_both(run: Run, folder: Path) -> None:
    (folder / "ormer.toml").write_text(PROFILES)
    for profile in ("dev", "prod"):
        write(folder / "build" / profile / "a.json", BARE)
    by = ["--owner", "o", "--until", "2099-12-31"]
    assert run("check", "--write-baseline", "base.yaml", *by).code == 0
    assert run("check", "--waivers", "base.yaml").code == 0


def test_an_expired_waiver_is_found_although_nothing_changed(run: Run, repository: Path) -> None:
    (repository / "ormer.toml").write_text(SIMPLE + 'waivers = "waivers.yaml"\n')
    (repository / "waivers.yaml").write_text(
        "waivers:\n- {id: W, control: NET-03, pipeline: a, subject: Train, reason: r, owner: o, "
        "approver: a, created: 2020-01-01, expires: 2020-01-02}\n"
    )
    commit(repository)
    ran = run("check", "--changed-since", "HEAD")
    assert ran.code == 1 and "it expired on 2020-01-02" in ran.out


@pytest.mark.parametrize("option", ["--environment", "--project", "--profile", "--waivers"])
def test_an_option_that_is_empty_is_2_and_not_left_out(option: str, run: Run, folder: Path) -> None:
    """A variable that is not set must not change what is checked against what."""
    (folder / "ormer.toml").write_text(SIMPLE)
    write(folder / "build" / "a.json", NOTHING)
    ran = run("check", "build/a.json", option, "")
    assert ran.code == 2 and f"{option} is empty" in ran.err


@pytest.mark.parametrize("output", ["build/a.json", "controls/NET-01.yaml", "ormer.toml"])
def test_no_report_replaces_what_is_read(output: str, run: Run, repository: Path) -> None:
    (repository / "ormer.toml").write_text(SIMPLE + 'controls = "controls"\n')
    (repository / "controls").mkdir()
    (repository / "controls" / "MY-01.yaml").write_text(
        "id: MY-01\ntitle: ours\nseverity: low\nwhy: w\nfix: f\nexamples: {pass: [1], fail: [1]}\n"
        'forbid: [{Action: "sagemaker:CreateTrainingJob"}]\n'
    )
    commit(repository)
    before = (repository / "build" / "a.json").read_bytes()
    for options in ([], ["--changed-since", "HEAD"]):
        ran = run("check", "--output", output, *options)
        assert ran.code == 2 and "--output" in ran.err
    assert (repository / "build" / "a.json").read_bytes() == before
    assert not (repository / "controls" / "NET-01.yaml").exists()
