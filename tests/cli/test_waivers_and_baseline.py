"""Findings accepted on the command line: --waivers, and a baseline to start with."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ormer.run import waivers as clock

Run = Callable[..., Any]
Definition = Callable[..., str]
BARE: dict[str, Any] = {"Name": "Train", "Type": "Training", "Arguments": {}}
TODAY = date(2026, 11, 23)
WAIVER = {
    "id": "W-1",
    "control": "NET-03",
    "pipeline": "p",
    "subject": "Train",
    "reason": "the container installs packages",
    "owner": "ml-team",
    "approver": "security",
    "created": "2026-11-01",
    "expires": "2026-12-31",
}
BY = ("--owner", "ml-team", "--until", "2026-12-31")


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def waivers(tmp_path: Path) -> Callable[..., str]:
    """``waivers({...}, ...)``: a file of these waivers."""

    def _waivers(*entries: dict[str, str]) -> str:
        path = tmp_path / "waivers.yaml"
        path.write_text(yaml.safe_dump({"waivers": list(entries)}))
        return str(path)

    return _waivers


def test_a_waived_finding_stays_in_the_text(
    run: Run, definition: Definition, profile: str, waivers: Callable[..., str]
) -> None:
    path = waivers(WAIVER)
    ran = run("check", definition(BARE), "--environment", profile, "--waivers", path)
    lines = ran.out.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("  waived   NET-03"))
    assert "EnableNetworkIsolation is missing" in lines[at]
    by = "by W-1 until 2026-12-31, owner ml-team, approved by security"
    assert lines[at + 1].strip() == f"{by}: the container installs packages"
    assert any(line.endswith(", 1 of them waived") for line in lines)
    assert lines[-1] == "every waiver is valid" and "1 waivers used" in lines[-2]
    assert ran.code == 1 and "  fail     NET-01" in ran.out


def test_a_waived_finding_stays_in_the_json(
    run: Run, definition: Definition, profile: str, waivers: Callable[..., str]
) -> None:
    path = waivers(WAIVER)
    arguments = ["--environment", profile, "--waivers", path, "--format", "json"]
    made = json.loads(run("check", definition(BARE), *arguments).out)
    (waived,) = [f for f in made["findings"] if f["waiver"]]
    assert (waived["control"], waived["verdict"]) == ("NET-03", "fail")
    assert waived["waiver"] == {
        **{name: WAIVER[name] for name in WAIVER if name not in ("control", "pipeline", "subject")},
        "ticket": "",
    }
    assert made["summary"]["waived"] == 1
    assert made["waivers"]["path"] == path and len(made["waivers"]["sha256"]) == 64
    assert [i["kind"] for i in made["inputs"]] == ["pipeline-definition", "waivers"]
    assert made["inputs"][1]["sha256"] == made["waivers"]["sha256"]


def test_everything_waived_is_0_and_the_last_line_says_so(
    run: Run, definition: Definition, profile: str, waivers: Callable[..., str]
) -> None:
    entry = {**WAIVER, "control": "DOC-01", "subject": "S"}
    target = definition({"Name": "S", "Type": "Nope"})
    ran = run("check", target, "--environment", profile, "--waivers", waivers(entry))
    assert ran.code == 0
    assert "compliant, but for 1 waived (sha256 " in ran.out


@pytest.mark.parametrize(
    "change, part",
    [
        ({"expires": "2026-11-22"}, "WVR-02   medium    it expired on 2026-11-22"),
        ({"expires": "tomorrow"}, "WVR-01   medium    expires is 'tomorrow', not a date"),
        ({"control": "NET-99"}, "WVR-01   medium    there is no control 'NET-99'"),
        ({"pipeline": "*", "subject": "*"}, "WVR-01   medium    waives NET-03 everywhere"),
    ],
    ids=["expired", "a bad date", "an unknown control", "everything"],
)
def test_a_waiver_that_does_not_apply_is_a_finding_even_where_all_else_is_clean(
    change: dict[str, str],
    part: str,
    run: Run,
    definition: Definition,
    profile: str,
    waivers: Callable[..., str],
) -> None:
    path = waivers({**WAIVER, **change})
    ran = run("check", definition(), "--environment", profile, "--waivers", path)
    assert ran.code == 1 and part in ran.out
    assert "at /waivers/0" in ran.out and "not every waiver is valid" in ran.out


def test_the_profile_limits_how_long_a_waiver_lives(
    run: Run, definition: Definition, profile: str, waivers: Callable[..., str]
) -> None:
    Path(profile).write_text(Path(profile).read_text() + "max_waiver_days: 30\n")
    path = waivers(WAIVER)
    ran = run("check", definition(BARE), "--environment", profile, "--waivers", path)
    assert "it lives for 60 days, longer than 30" in ran.out


def test_an_unused_waiver_is_told_and_is_no_finding(
    run: Run, definition: Definition, profile: str, waivers: Callable[..., str]
) -> None:
    ran = run("check", definition(), "--environment", profile, "--waivers", waivers(WAIVER))
    assert ran.code == 0
    assert "unused waiver: W-1: it waives nothing: no finding of NET-03 at Train of p" in ran.out


def test_a_file_of_waivers_that_cannot_be_read_is_2(
    run: Run, definition: Definition, profile: str, tmp_path: Path
) -> None:
    missing = str(tmp_path / "none.yaml")
    ran = run("check", definition(), "--environment", profile, "--waivers", missing)
    assert ran.code == 2 and missing in ran.err and ran.out == ""


@pytest.mark.parametrize("option", ["--waivers", "--write-baseline"])
def test_two_pipelines_of_one_name_are_2_where_names_decide(
    option: str, run: Run, definition: Definition, profile: str, waivers: Callable[..., str]
) -> None:
    one, two = definition(BARE, name="a/p.json"), definition(BARE, name="b/p.json")
    assert run("check", one, two, "--environment", profile).code == 1
    more = [option, waivers(WAIVER) if option == "--waivers" else "base.yaml"]
    more += BY if option == "--write-baseline" else ()
    ran = run("check", one, two, "--environment", profile, *more)
    assert ran.code == 2 and "two pipelines are named 'p'" in ran.err
    assert one in ran.err and two in ran.err


def test_a_baseline_turns_findings_green_and_new_ones_stay_red(
    run: Run, definition: Definition, profile: str, tmp_path: Path
) -> None:
    base = str(tmp_path / "baseline.yaml")
    check = ["check", definition(BARE), "--environment", profile]
    assert run(*check).code == 1
    wrote = run(*check, "--write-baseline", base, *BY)
    assert wrote.code == 0 and "findings accepted until 2026-12-31" in wrote.out
    assert run(*check, "--waivers", base).code == 0
    more = {**BARE, "Arguments": {"RemoteDebugConfig": {"EnableRemoteDebug": True}}}
    definition(more)
    ran = run(*check, "--waivers", base)
    assert ran.code == 1
    assert [line.split()[1] for line in ran.out.splitlines() if line.startswith("  fail")] == [
        "DBG-01"
    ]


def test_a_baseline_outlives_the_order_of_steps_but_not_its_date(
    run: Run,
    definition: Definition,
    profile: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = str(tmp_path / "baseline.yaml")
    other = {**BARE, "Name": "Other"}
    check = ["check", definition(BARE, other), "--environment", profile]
    run(*check, "--write-baseline", base, *BY)
    definition(other, BARE)
    assert run(*check, "--waivers", base).code == 0
    monkeypatch.setattr(clock, "today", lambda: date(2027, 1, 1))
    ran = run(*check, "--waivers", base)
    assert ran.code == 1 and "it expired on 2026-12-31" in ran.out


def test_a_second_baseline_holds_only_what_the_first_does_not(
    run: Run, definition: Definition, profile: str, tmp_path: Path
) -> None:
    first, second = str(tmp_path / "1.yaml"), str(tmp_path / "2.yaml")
    check = ["check", definition(BARE), "--environment", profile]
    run(*check, "--write-baseline", first, *BY)
    definition({**BARE, "Arguments": {"RemoteDebugConfig": {"EnableRemoteDebug": True}}})
    run(*check, "--waivers", first, "--write-baseline", second, *BY)
    entries = yaml.safe_load(Path(second).read_text())["waivers"]
    assert [entry["control"] for entry in entries] == ["DBG-01"]


@pytest.mark.parametrize(
    "options, part",
    [
        (["--write-baseline", "{new}"], "--write-baseline needs --owner"),
        (["--write-baseline", "{new}", "--owner", "o"], "--write-baseline needs --until"),
        (["--owner", "o"], "--owner needs --write-baseline"),
        (["--write-baseline", "{new}", "--owner", "o", "--until", "soon"], "'soon' is not a date"),
        (["--write-baseline", "{new}", "--owner", "o", "--until", "2026-11-22"], "is over"),
        (["--write-baseline", "{profile}", *BY], "exists already"),
    ],
)
def test_a_baseline_that_cannot_be_meant_is_2_and_writes_nothing(
    options: list[str], part: str, run: Run, definition: Definition, profile: str, tmp_path: Path
) -> None:
    new = tmp_path / "new.yaml"
    before = Path(profile).read_bytes()
    given = [option.format(new=new, profile=profile) for option in options]
    ran = run("check", definition(BARE), "--environment", profile, *given)
    assert ran.code == 2 and part in ran.err
    assert not new.exists() and Path(profile).read_bytes() == before


def test_a_baseline_may_not_outlive_the_profiles_limit(
    run: Run, definition: Definition, profile: str, tmp_path: Path
) -> None:
    Path(profile).write_text(Path(profile).read_text() + "max_waiver_days: 30\n")
    base = tmp_path / "b.yaml"
    arguments = ["--environment", profile, "--write-baseline", str(base), *BY]
    ran = run("check", definition(BARE), *arguments)
    assert ran.code == 2 and "the profile allows 30 days (max_waiver_days)" in ran.err
    assert not base.exists()


def training(**arguments: Any) -> dict[str, Any]:
    return {"Name": "Train", "Type": "Training", "Arguments": arguments}


def network(*subnets: str) -> dict[str, Any]:
    return training(VpcConfig={"Subnets": list(subnets), "SecurityGroupIds": ["sg-0aaa"]})


CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "another value": (network("subnet-legacy"), network("subnet-other"), "NET-01"),
    "one more beside it": (
        network("subnet-legacy"),
        network("subnet-legacy", "subnet-evil"),
        "NET-01",
    ),
    "missing, then wrong": (training(), training(EnableNetworkIsolation=False), "NET-03"),
    "a second secret": (
        training(Environment={"DB_PASSWORD": "hunter2abc"}),
        training(Environment={"DB_PASSWORD": "hunter2abc", "API_TOKEN": "hunter2abcd"}),
        "SEC-01",
    ),
    "another role": (
        training(RoleArn="arn:aws:iam::111122223333:role/legacy"),
        training(RoleArn="arn:aws:iam::111122223333:role/Admin"),
        "ROLE-01",
    ),
    "another step that nobody knows": (
        {"Name": "Train", "Type": "Nope"},
        {"Name": "Train", "Type": "Nope", "Arguments": {"a": 1}},
        "DOC-01",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_baseline_accepts_what_was_wrong_and_not_what_came_in_its_place(
    name: str, run: Run, definition: Definition, profile: str, tmp_path: Path
) -> None:
    before, after, control = CHANGES[name]
    base = str(tmp_path / "baseline.yaml")
    check = ["check", definition(before), "--environment", profile]
    assert run(*check, "--write-baseline", base, *BY).code == 0
    assert run(*check, "--waivers", base).code == 0
    definition(after)
    ran = run(*check, "--waivers", base)
    assert ran.code == 1
    red = {line.split()[1] for line in ran.out.splitlines() if line.startswith(("  fail", "  unk"))}
    assert control in red


def test_a_baseline_outlives_the_names_that_the_sdk_makes_up(
    run: Run, definition: Definition, profile: str, tmp_path: Path
) -> None:
    base = str(tmp_path / "baseline.yaml")
    names = [f"R-RepackModel-m-{suffix}" for suffix in ("00000000", "1a2b3c4d")]
    check = ["check", definition({**BARE, "Name": names[0]}), "--environment", profile]
    run(*check, "--write-baseline", base, *BY)
    definition({**BARE, "Name": names[1]})
    assert run(*check, "--waivers", base).code == 0


def test_a_waiver_for_a_pipeline_that_was_not_checked_is_not_called_unused(
    run: Run, definition: Definition, profile: str, waivers: Callable[..., str]
) -> None:
    path = waivers({**WAIVER, "pipeline": "another"})
    ran = run("check", definition(BARE), "--environment", profile, "--waivers", path)
    assert "unused waiver" not in ran.out


@pytest.mark.parametrize(
    "options, part",
    [
        (["--owner", "  "], "a baseline that would not apply: owner is not a text"),
        (["--output", "report.json"], "--write-baseline and --output: give one of them"),
    ],
)
def test_a_baseline_that_could_not_be_used_is_not_written(
    options: list[str], part: str, run: Run, definition: Definition, profile: str, tmp_path: Path
) -> None:
    base = tmp_path / "b.yaml"
    arguments = ["--environment", profile, "--write-baseline", str(base), *BY, *options]
    ran = run("check", definition(BARE), *arguments)
    assert ran.code == 2 and part in ran.err and not base.exists()


def test_a_name_that_no_file_can_hold_makes_no_baseline(
    run: Run, definition: Definition, profile: str, tmp_path: Path
) -> None:
    base = tmp_path / "b.yaml"
    target = definition({**BARE, "Name": "\ud800"})
    arguments = ["--environment", profile, "--write-baseline", str(base), *BY]
    ran = run("check", target, *arguments)
    assert ran.code == 2 and not base.exists() and "internal" not in ran.err
