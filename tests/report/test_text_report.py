"""The text report: what a person reads, and what nobody may slip into it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.model.finding import Report, Verdict
from ormer.report.findings.text import render

Check = Callable[..., Report]
DEFINITIONS = Path(__file__).parents[1] / "definitions"


def training(name: str = "Train", **arguments: Any) -> dict[str, Any]:
    return {"Name": name, "Type": "Training", "Arguments": arguments}


def pipeline(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Version": "2020-12-01", "Steps": list(steps), **more}


NETWORK = {"Subnets": ["subnet-0zzz"], "SecurityGroupIds": ["sg-0aaa"]}


def test_a_finding_says_verdict_control_severity_what_where_and_what_instead(check: Check) -> None:
    lines = render(check(pipeline(training(VpcConfig=NETWORK)))).splitlines()
    assert lines[0] == "Train"
    at = next(i for i, line in enumerate(lines) if "NET-01" in line)
    assert " ".join(lines[at].split()) == (
        "fail NET-01 high VpcConfig.Subnets[0] is subnet-0zzz, which is not approved"
    )
    assert lines[at + 1].strip() == (
        "expected one of subnet-0aaa, subnet-0bbb; at /Steps/0/Arguments/VpcConfig/Subnets/0"
    )
    assert lines[at + 2].strip().startswith("instead: Write the approved subnets as literals")


def test_only_what_needs_action_is_listed(check: Check) -> None:
    report = check(pipeline(training()))
    listed = re.findall(r"^  (\w+) +([A-Z0-9]+-\d+)  ", render(report), re.MULTILINE)
    needed = [(f.verdict.value, f.control) for f in report.findings if f.needs_action]
    assert sorted(listed) == sorted(needed)


def test_worst_findings_come_first_within_a_step(check: Check) -> None:
    text = render(check(pipeline(training(Environment={"DB_PASSWORD": "hunter2abc"}))))
    severities = re.findall(r"^  fail +\S+ +(\w+)", text, re.MULTILINE)
    order = ["critical", "high", "medium", "low"]
    assert severities == sorted(severities, key=order.index)
    assert severities[0] == "critical" and severities[-1] == "low"


def test_steps_come_in_the_order_of_the_document(check: Check) -> None:
    text = render(check(pipeline(training("Zebra"), training("Apple"))))
    assert text.index("Zebra\n") < text.index("Apple\n")


def test_the_summary_counts_every_verdict(check: Check) -> None:
    report = check(pipeline(training()), "folder/p.json")
    (line,) = [x for x in render(report).splitlines() if x.startswith("folder/p.json: ")]
    counts = [
        report.count(v)
        for v in (
            Verdict.PASS,
            Verdict.FAIL,
            Verdict.UNKNOWN,
            Verdict.ERROR,
            Verdict.NOT_APPLICABLE,
        )
    ]
    assert [int(n) for n in re.findall(r"\d+", line.partition(": ")[2])] == [
        len(report.controls),
        report.requests,
        report.steps,
        *counts,
    ]


@pytest.mark.parametrize(
    "name, end",
    [
        ("v2/training_secure", "compliant (sha256 {sha256})\n"),
        ("v2/training_bare", "not compliant\n"),
    ],
)
def test_the_last_line_is_the_conclusion(name: str, end: str, check: Check) -> None:
    report = check((DEFINITIONS / f"{name}.json").read_bytes())
    assert render(report).splitlines(keepends=True)[-1] == end.format(sha256=report.input.sha256)


def test_a_finding_about_the_whole_document_has_a_heading(check: Check) -> None:
    text = render(check(pipeline(Extra=1)))
    assert text.startswith("the document\n  unknown  DOC-02")
    assert "at /Extra" in text


def test_what_is_not_configured_or_disabled_is_said(check: Check, profile: str) -> None:
    text = (
        profile.replace("max_instance_count: 4\n", "") + "disabled_controls: {NET-01: by others}\n"
    )
    shown = render(check(pipeline(), environment=text))
    assert "not configured: CMP-02 (the profile has no max_instance_count)\n" in shown
    assert "disabled: NET-01 (by others)\n" in shown


def test_strict_says_why_it_fails(check: Check, profile: str) -> None:
    report = check(pipeline(), environment=profile.replace("max_instance_count: 4\n", ""))
    assert render(report).splitlines()[-1].startswith("compliant")
    last = render(report, strict=True).splitlines()[-1]
    assert last == "not compliant: not every control is configured, and --strict asks for that"


def test_colours_are_only_paint(check: Check) -> None:
    report = check(pipeline(training(VpcConfig={"Get": "Steps.Nope.X"})))
    painted, plain = render(report, colour=True), render(report)
    assert "\x1b[" not in plain
    assert "\x1b[31m" in painted and "\x1b[33m" in painted
    assert re.sub(r"\x1b\[\d+m", "", painted) == plain


SLIPS: dict[str, dict[str, Any]] = {
    "a line end in a name": pipeline(training("x\ncompliant (sha256 0)\n")),
    "an escape sequence in a name": pipeline(training("x\x1b[2J\x1b[1;1H")),
    "a line end in a value": pipeline(training(VpcConfig={"Subnets": ["a\ncompliant (sha256 0)"]})),
    "an escape sequence in a value": pipeline(training(VpcConfig={"Subnets": ["\x1b[8m"]})),
    "a carriage return in a value": pipeline(training(RoleArn="a\rcompliant")),
    "a line end in a member": pipeline(training(**{"a\ncompliant (sha256 0)": 1})),
    "a line end in a type": pipeline({"Name": "x", "Type": "a\ncompliant"}),
    "a line end in a parameter": pipeline(
        training(RoleArn={"Get": "Parameters.a\nb"}),
        Parameters=[{"Name": "a\nb", "Type": "String"}],
    ),
    "a line end in a reference": pipeline(training(RoleArn={"Get": "Steps.a\nb.c"})),
    "a C1 control character": pipeline(training("x\x9b31m")),
    "text that runs backwards": pipeline(training("x\u202egnp.exe")),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_definition_cannot_write_lines_or_paint_into_the_report(name: str, check: Check) -> None:
    """The definition under check may be the attacker's; the report is read in a terminal."""
    text = render(check(SLIPS[name]))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert not re.search(r"^compliant", text, re.MULTILINE)


def test_a_very_long_value_is_cut(check: Check) -> None:
    values = [{"Get": f"Parameters.P{n}"} for n in range(300)]
    joined = {"Std:Join": {"On": "x" * 50, "Values": values}}
    parameters = [{"Name": f"P{n}", "Type": "String"} for n in range(300)]
    for role in ("x" * 5000, joined):
        text = render(check(pipeline(training(RoleArn=role), Parameters=parameters)))
        assert max(len(line) for line in text.splitlines()) < 600


def test_a_lone_surrogate_is_shown_as_something_that_can_be_written(check: Check) -> None:
    definition = json.dumps(pipeline({"Name": "\ud800", "Type": "Nope"})).encode()
    assert render(check(definition)).encode("utf-8", "backslashreplace")
