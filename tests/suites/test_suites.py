"""The suites as a user runs them: in a process of their own, in an empty folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ormer

SOURCES = Path(ormer.__file__).parents[1]


Suites = Callable[..., Any]


def by_profile(*definitions: str) -> list[str]:
    named = [word for path in definitions for word in ("--definition", path)]
    return [*named, "--environment", "env.yaml"]


def test_there_is_a_test_for_each_pipeline_control_and_step(suites: Suites) -> None:
    ran = suites(*by_profile("build/*.json"))
    assert ran.code == 1
    assert ran.cases["test_definition[bare-NET-01-Train]"] == "failure"
    assert ran.cases["test_definition[bare-DBG-01-Train]"] == "passed"
    assert ran.cases["test_definition[nothing-NET-01]"] == "skipped"
    assert ran.cases["test_every_control_ran[bare]"] == "passed"
    assert ran.cases["test_every_control_ran[nothing]"] == "passed"


def test_definitions_may_be_given_one_by_one(suites: Suites) -> None:
    ran = suites(*by_profile("build/bare.json", "build/nothing.json"))
    assert {"test_every_control_ran[bare]", "test_every_control_ran[nothing]"} <= set(ran.cases)


def test_what_is_to_be_proved_needs_an_access_file(suites: Suites) -> None:
    ran = suites(*by_profile("build/nothing.json"), "--ormer-prove")
    assert ran.code != 0
    assert "--prove needs an access file: --access, or access in ormer.toml" in ran.out


def test_a_compliant_pipeline_is_green(suites: Suites) -> None:
    ran = suites(*by_profile("build/nothing.json"))
    assert ran.code == 0 and set(ran.cases.values()) == {"passed", "skipped"}


def test_a_failure_says_what_where_and_what_to_write(suites: Suites) -> None:
    ran = suites(*by_profile("build/bare.json"))
    case = next(c for c in ran.xml.iter("testcase") if "NET-01-Train" in c.get("name"))
    failure = case.find("failure").text
    assert "fail: VpcConfig.Subnets is missing" in failure
    assert "expected one of subnet-0aaa, subnet-0bbb" in failure
    assert "at /Steps/0/Arguments/VpcConfig/Subnets" in failure
    assert "instead: Write the approved subnets" in failure
    assert "Traceback" not in failure


def test_cases_carry_properties_for_report_groups(suites: Suites) -> None:
    ran = suites(*by_profile("build/bare.json"))

    def properties(name: str) -> dict[str, str]:
        case = next(c for c in ran.xml.iter("testcase") if c.get("name") == name)
        return {p.get("name"): p.get("value") for p in case.iter("property")}

    one = properties("test_definition[bare-NET-01-Train]")
    assert (one["control"], one["severity"], one["step"]) == ("NET-01", "high", "Train")
    assert len(one["sha256"]) == 64 and one["definition"] == "build/bare.json"
    whole = properties("test_every_control_ran[bare]")
    assert int(whole["controls"]) > 30 and len(whole["controls_digest"]) == 64


WAIVER = {
    "id": "W-1", "control": "NET-03", "pipeline": "bare", "subject": "Train", "reason": "r",
    "owner": "o", "approver": "a", "created": "2020-01-01", "expires": "2120-01-01",
}  # fmt: skip


def test_what_is_waived_is_skipped_with_the_reason(suites: Suites, folder: Path) -> None:
    old = {**WAIVER, "id": "W-2", "expires": "2020-01-02"}
    (folder / "waivers.yaml").write_text(json.dumps({"waivers": [WAIVER, old]}))
    ran = suites(*by_profile("build/bare.json"), "--waivers", "waivers.yaml")
    assert ran.cases["test_definition[bare-NET-03-Train]"] == "skipped"
    case = next(c for c in ran.xml.iter("testcase") if "NET-03-Train" in c.get("name"))
    assert "waived by W-1 until 2120-01-01" in case.find("skipped").get("message")
    assert ran.cases["test_waiver[waivers.yaml-WVR-03-W-1]"] == "passed"
    assert ran.cases["test_waiver[waivers.yaml-WVR-02-W-2]"] == "failure"


def test_without_waivers_nothing_is_said_of_them(suites: Suites) -> None:
    ran = suites(*by_profile("build/nothing.json"))
    assert not [name for name in ran.cases if name.startswith("test_waiver")]


def test_the_project_file_says_what_is_tested(suites: Suites, folder: Path) -> None:
    (folder / "ormer.toml").write_text(
        '[profiles.dev]\nenvironment = "env.yaml"\ndefinitions = ["build/nothing.json"]\n'
    )
    ran = suites()
    assert ran.code == 0 and "test_every_control_ran[dev-nothing]" in ran.cases


def test_strict_asks_that_every_control_is_configured(suites: Suites, folder: Path) -> None:
    profile = (folder / "env.yaml").read_text().replace("max_instance_count: 4\n", "")
    (folder / "env.yaml").write_text(profile)
    assert suites(*by_profile("build/nothing.json")).code == 0
    ran = suites(*by_profile("build/nothing.json"), "--ormer-strict")
    assert ran.code == 1 and ran.cases["test_every_control_ran[nothing]"] == "failure"
    assert "CMP-02: the profile has no max_instance_count" in ran.out


@pytest.mark.parametrize(
    "arguments, part",
    [
        (by_profile("none/*.json"), "ormer: none/*.json: matches no file"),
        (by_profile("none.json"), "ormer: none.json: no such file"),
        (["--definition", "build/bare.json"], "no --environment, and no ormer.toml"),
        (["--definition", "build/bare.json", "--environment", "no.yaml"], "no.yaml: no such file"),
        ([*by_profile("build/bare.json"), "--waivers", "no.yaml"], "no.yaml: no such file"),
    ],
    ids=["a glob", "a file", "no profile", "a missing profile", "missing waivers"],
)
def test_what_cannot_be_read_is_2_and_one_line(
    arguments: list[str], part: str, suites: Suites
) -> None:
    ran = suites(*arguments)
    assert ran.code == 2 and part in ran.out
    assert "Traceback" not in ran.out and "Error" not in ran.out


@pytest.mark.parametrize("where", ["theirs.py", "conftest.py"])
def test_an_option_of_somebody_elses_is_left_to_them(
    where: str, suites: Suites, folder: Path
) -> None:
    """Many a conftest has --environment; ours then has its prefix alone, and nothing breaks."""
    (folder / where).write_text(
        "def pytest_addoption(parser):\n"
        "    parser.addoption('--environment', dest='theirs', default='')\n"
    )
    command = ["--definition", "build/nothing.json", "--ormer-environment", "env.yaml"]
    command += ["-p", "theirs"] if where == "theirs.py" else ["--confcutdir", "."]
    path = os.pathsep.join([str(SOURCES), str(folder)])
    ran = suites(*command, PYTHONPATH=path)
    assert ran.code == 0, ran.out
    assert "test_every_control_ran[nothing]" in ran.cases


def test_the_plugin_alone_imports_nothing_of_the_engine(folder: Path) -> None:
    code = (
        "import sys, pytest; pytest.main(['-p', 'ormer.suites.plugin', '--co', '-q', 'build']);"
        "print(sorted(m for m in sys.modules if m.startswith('ormer.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(SOURCES), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        timeout=60,
    )
    assert re.search(rb"\['ormer.suites', 'ormer.suites.plugin'\]", done.stdout), done.stdout


def test_a_lost_option_that_is_used_ends_the_run(suites: Suites, folder: Path) -> None:
    """It went to the conftest: what we would test, nobody asked for."""
    (folder / "conftest.py").write_text(
        "def pytest_addoption(parser):\n"
        "    parser.addoption('--environment', dest='theirs', default='')\n"
    )
    (folder / "ormer.toml").write_text(
        'definitions = ["build/nothing.json"]\nenvironment = "env.yaml"\n'
    )
    path = os.pathsep.join([str(SOURCES), str(folder)])
    ran = suites("--environment", "env.yaml", "--confcutdir", ".", PYTHONPATH=path)
    assert ran.code == 2 and "give --ormer-environment as well" in ran.out


def test_suites_that_vanish_end_the_run(suites: Suites, folder: Path) -> None:
    (folder / "one_spec.py").write_text("def test_one():\n    pass\n")
    ran = suites("one_spec.py", *by_profile("build/bare.json"), "-o", "python_files=*_spec.py")
    assert ran.code == 2 and "no test of ormer.suites was collected" in ran.out
