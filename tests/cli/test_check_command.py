"""``ormer check``: targets, options, exit codes, and where the report goes."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.report.findings.formats import Format

Run = Callable[..., Any]
Definition = Callable[..., str]
BARE = {"Name": "Train", "Type": "Training", "Arguments": {}}


def test_0_when_nothing_is_wrong(run: Run, good: str, profile: str) -> None:
    ran = run("check", good, "--environment", profile)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[-1].startswith("compliant (sha256 ")


def test_1_on_findings(run: Run, bad: str, profile: str) -> None:
    ran = run("check", bad, "--environment", profile)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.splitlines()[-1] == "not compliant"


def test_1_on_an_unknown_alone(run: Run, definition: Definition, profile: str) -> None:
    ran = run("check", definition({"Name": "N", "Type": "Nope"}), "--environment", profile)
    assert ran.code == 1 and "0 failed, 1 unknown" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["check"],
        ["check", "p.json"],
        ["chekc", "p.json"],
        ["check", "p.json", "--environment"],
        ["check", "p.json", "--environment", "e.yaml", "--format", "xml"],
        ["check", "p.json", "--environment", "e.yaml", "--nope"],
        ["explain", "NET-01", "NET-02"],
    ],
    ids=lambda a: " ".join(a) or "nothing",
)
def test_2_on_bad_usage_with_one_line(arguments: list[str], run: Run) -> None:
    ran = run(*arguments)
    assert ran.code == 2 and ran.out == ""
    assert ran.err.count("\n") == 1 and ran.err.startswith("ormer"), ran.err


def test_2_with_one_line_even_where_an_argument_has_two(run: Run) -> None:
    ran = run("check", "p.json", "--environment", "e.yaml", "--nope\nat all")
    assert ran.code == 2 and ran.err.count("\n") == 1


@pytest.mark.parametrize(
    "words", [["--help"], ["check", "--help"], ["explain", "--help"], ["--version"]]
)
def test_help_and_version_are_no_errors(words: list[str], run: Run) -> None:
    ran = run(*words)
    assert ran.code == 0 and ran.err == ""
    assert ran.out.startswith(("usage: ormer", "ormer 0."))


def test_an_internal_error_is_2_and_one_line(
    run: Run, good: str, profile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ormer.assess.check import Checker

    def _broken(*_: Any) -> None:
        raise KeyError("inside\nout")

    monkeypatch.setattr(Checker, "check", _broken)
    monkeypatch.delenv("ORMER_DEBUG", raising=False)
    ran = run("check", good, "--environment", profile)
    assert ran.code == 2 and ran.out == ""
    assert ran.err.count("\n") == 1 and "internal error: KeyError" in ran.err


def test_json_is_json(run: Run, bad: str, profile: str) -> None:
    ran = run("check", bad, "--environment", profile, "--format", "json")
    document = json.loads(ran.out)
    assert ran.code == 1 and document["summary"]["fail"] > 5
    assert document["environment"]["path"] == profile
    assert document["inputs"][0]["target"] == bad
    assert document["inputs"][0]["pipeline"] == "training_bare"


def test_standard_input_has_a_name_and_no_pipeline(run_apart: Run, bad: str, profile: str) -> None:
    text = Path(bad).read_bytes()
    ran = run_apart("check", "-", "--environment", profile, "--format", "json", stdin=text)
    assert ran.code == 1
    (entry,) = json.loads(ran.out)["inputs"]
    assert (entry["target"], entry["pipeline"]) == ("standard input", "")


def test_standard_input_says_the_same_as_the_file(
    run: Run, run_apart: Run, bad: str, profile: str
) -> None:
    text = Path(bad).read_bytes()
    apart = run_apart("check", "-", "--environment", profile, stdin=text).out
    assert apart.replace("standard input", bad) == run("check", bad, "--environment", profile).out


def test_the_profile_may_come_from_standard_input(run_apart: Run, good: str, profile: str) -> None:
    text = Path(profile).read_bytes()
    assert run_apart("check", good, "--environment", "-", stdin=text).code == 0


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_targets_are_one_report_and_the_worst_decides(
    order: tuple[int, int], run: Run, good: str, bad: str, profile: str
) -> None:
    targets = [(good, bad)[i] for i in order]
    ran = run("check", *targets, "--environment", profile, "--format", "json")
    assert ran.code == 1
    assert [i["target"] for i in json.loads(ran.out)["inputs"]] == targets
    text = run("check", *targets, "--environment", profile).out
    assert text.count("compliant (sha256") == 1 and text.count("not compliant\n") == 1


def test_two_good_targets_are_good(
    run: Run, good: str, profile: str, definition: Definition
) -> None:
    assert run("check", good, definition(), "--environment", profile).code == 0


def test_one_unreadable_target_stops_everything(
    run: Run, good: str, profile: str, tmp_path: Path
) -> None:
    broken, output = tmp_path / "broken.json", tmp_path / "out.txt"
    broken.write_text("{")
    ran = run("check", good, str(broken), "--environment", profile, "--output", str(output))
    assert ran.code == 2 and ran.out == "" and str(broken) in ran.err
    assert not output.exists()


def test_a_glob_is_expanded_and_sorted(run: Run, profile: str, definition: Definition) -> None:
    paths = [definition(name=name) for name in ("g/b.json", "g/a.json", "g/c.txt")]
    pattern = str(Path(paths[0]).parent / "*.json")
    ran = run("check", pattern, "--environment", profile, "--format", "json")
    assert [i["pipeline"] for i in json.loads(ran.out)["inputs"]] == ["a", "b"]


def test_a_file_whose_name_looks_like_a_glob_is_that_file(
    run: Run, profile: str, definition: Definition
) -> None:
    path = definition(name="p[1].json")
    ran = run("check", path, "--environment", profile, "--format", "json")
    assert [i["target"] for i in json.loads(ran.out)["inputs"]] == [path]


def test_a_glob_that_matches_nothing_is_2(run: Run, profile: str, tmp_path: Path) -> None:
    ran = run("check", str(tmp_path / "*.none"), "--environment", profile)
    assert ran.code == 2 and f"{tmp_path}/*.none: matches no file" in ran.err


def test_a_target_named_twice_is_checked_once(run: Run, good: str, profile: str) -> None:
    ran = run("check", good, good, "--environment", profile, "--format", "json")
    assert len(json.loads(ran.out)["inputs"]) == 1


def test_control_runs_that_control_alone(run: Run, bad: str, profile: str) -> None:
    ran = run("check", bad, "--environment", profile, "--format", "json", "--control", "NET-01")
    document = json.loads(ran.out)
    said = {f["control"] for f in document["findings"] if not f["control"].startswith("DOC-")}
    assert said == {"NET-01"} and document["controls"]["count"] == 1


def test_control_may_be_repeated(run: Run, bad: str, profile: str) -> None:
    options = ["--control", "NET-01", "--control", "KMS-01", "--format", "json"]
    document = json.loads(run("check", bad, "--environment", profile, *options).out)
    assert document["controls"]["count"] == 2


def test_a_control_that_passes_leaves_0(run: Run, bad: str, profile: str) -> None:
    assert run("check", bad, "--environment", profile, "--control", "REG-01").code == 0


@pytest.mark.parametrize(
    "name, near",
    [("NET-1", "NET-01"), ("KMS01", "KMS-01"), ("net-01", "NET-01"), ("TAG-02", "TAG-01")],
)
def test_an_unknown_control_suggests_the_near_one(
    name: str, near: str, run: Run, bad: str, profile: str
) -> None:
    ran = run("check", bad, "--environment", profile, "--control", name)
    assert ran.code == 2 and f"no control '{name}'; did you mean '{near}'?" in ran.err


def test_a_document_rule_may_be_named_as_a_control(run: Run, bad: str, profile: str) -> None:
    """It stands in every report under the same heading, so it can be asked for."""
    ran = run("check", bad, "--environment", profile, "--control", "DOC-01", "--format", "json")
    assert ran.code == 0 and "DOC-01" in {f["control"] for f in json.loads(ran.out)["findings"]}


def test_strict_fails_where_a_control_is_not_configured(
    run: Run, definition: Definition, profile: str
) -> None:
    target = definition()
    assert run("check", target, "--environment", profile, "--strict").code == 0
    text = Path(profile).read_text().replace("max_instance_count: 4\n", "")
    Path(profile).write_text(text)
    assert run("check", target, "--environment", profile).code == 0
    ran = run("check", target, "--environment", profile, "--strict")
    assert ran.code == 1 and "--strict asks for that" in ran.out


def test_strict_does_not_mind_a_disabled_control(
    run: Run, definition: Definition, profile: str
) -> None:
    with open(profile, "a", encoding="utf-8") as file:
        file.write("disabled_controls: {NET-01: checked by others}\n")
    ran = run(
        "check", definition(BARE), "--environment", profile, "--strict", "--control", "NET-01"
    )
    assert ran.code == 0 and "disabled: NET-01 (checked by others)" in ran.out


def test_a_disabled_control_that_does_not_exist_is_said(
    run: Run, definition: Definition, profile: str
) -> None:
    """Otherwise a misspelt id leaves the control on, or a removed one stays listed for ever."""
    with open(profile, "a", encoding="utf-8") as file:
        file.write("disabled_controls: {NET-99: because}\n")
    ran = run("check", definition(), "--environment", profile)
    assert ran.code == 2 and "NET-99" in ran.err


def test_own_controls_add_and_replace(
    run: Run, definition: Definition, profile: str, tmp_path: Path
) -> None:
    folder = tmp_path / "controls"
    folder.mkdir()
    for name in ("NET-01", "MY-01"):
        (folder / f"{name}.yaml").write_text(
            f"id: {name}\ntitle: ours\nseverity: low\nwhy: w\nfix: f\n"
            "examples: {pass: [1], fail: [1]}\n"
            'forbid: [{Action: "sagemaker:CreateTrainingJob"}]\n'
        )
    options = ["--controls", str(folder), "--format", "json"]
    document = json.loads(run("check", definition(BARE), "--environment", profile, *options).out)
    assert document["controls"]["overridden"] == ["NET-01"]
    titles = {f["control"]: f["title"] for f in document["findings"]}
    assert titles["NET-01"] == titles["MY-01"] == "ours"


def test_a_broken_folder_of_controls_is_2(
    run: Run, good: str, profile: str, tmp_path: Path
) -> None:
    ran = run("check", good, "--environment", profile, "--controls", str(tmp_path / "none"))
    assert ran.code == 2 and "no folder of controls" in ran.err


def test_output_takes_the_report_and_standard_output_stays_empty(
    run: Run, bad: str, profile: str, tmp_path: Path
) -> None:
    output = tmp_path / "report.json"
    arguments = ["check", bad, "--environment", profile, "--format", "json"]
    ran = run(*arguments, "--output", str(output))
    assert (ran.code, ran.out, ran.err) == (1, "", "")
    assert output.read_text() == run(*arguments).out


def test_output_replaces_a_file_whole_and_keeps_its_mode(
    run: Run, bad: str, profile: str, tmp_path: Path
) -> None:
    output = tmp_path / "report.txt"
    output.write_text("x" * 100_000)
    output.chmod(0o640)
    run("check", bad, "--environment", profile, "--output", str(output))
    assert output.read_text().endswith("not compliant\n")
    assert stat.S_IMODE(output.stat().st_mode) == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["environment.yaml", "report.txt"]


def test_output_that_cannot_be_written_is_2_and_leaves_nothing(
    run: Run, bad: str, profile: str, tmp_path: Path
) -> None:
    output = tmp_path / "nowhere" / "report.txt"
    ran = run("check", bad, "--environment", profile, "--output", str(output))
    assert ran.code == 2 and f"{output}: cannot be written" in ran.err
    assert ran.out == "" and not output.parent.exists()


def test_a_failed_run_leaves_the_old_report_alone(run: Run, profile: str, tmp_path: Path) -> None:
    output = tmp_path / "report.txt"
    output.write_text("old")
    ran = run("check", str(tmp_path / "none"), "--environment", profile, "--output", str(output))
    assert ran.code == 2 and output.read_text() == "old"


@pytest.mark.parametrize("form", [form.value for form in Format])
def test_the_report_does_not_depend_on_the_hash_seed(
    form: str, run_apart: Run, definition: Definition, profile: str
) -> None:
    """Findings of a set of names come in an order of their own, not in the set's."""
    names = {f"Member{n}": 1 for n in range(10)}
    target = definition({**BARE, **names}, **names)
    arguments = ["check", target, "--environment", profile, "--format", form]
    outs = {run_apart(*arguments, PYTHONHASHSEED=str(seed)).out for seed in (1, 2, 3)}
    assert len(outs) == 1
