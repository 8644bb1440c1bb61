"""The JUnit report: a case for each control and step, right counts, and never broken XML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ormer import __version__
from ormer.model.finding import CheckedInput, Finding, Report, Severity, Verdict
from ormer.model.value import printable
from ormer.report.findings.junit import render

Check = Callable[..., Report]
DEFINITIONS = Path(__file__).parents[1] / "definitions"
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_xml(*reports: Report, strict: bool = False) -> Element:
    return ElementTree.fromstring(render(list(reports), strict).encode("utf-8"))


def training(name: str = "Train", **arguments: Any) -> dict[str, Any]:
    return {"Name": name, "Type": "Training", "Arguments": arguments}


def case(root: Element, name: str) -> Element:
    (found,) = [c for c in root.iter("testcase") if c.get("name") == name]
    return found


def test_a_suite_is_a_definition_and_a_case_a_control_on_a_step(check: Check) -> None:
    report = check({"Steps": [training("A"), training("B")]}, "build/p.json")
    root = as_xml(report)
    (suite,) = root.findall("testsuite")
    assert suite.get("name") == "p"
    names = [c.get("name") for c in suite.iter("testcase")]
    assert len(names) == len(set(names))
    assert {c.get("classname") for c in suite.iter("testcase")} == {"p"}
    expected = {(f.control, f.subject) for f in report.findings}
    assert set(names) == {f"{c}[{s}]" if s else c for c, s in expected}
    assert {"NET-01[A]", "NET-01[B]", "DOC-01"} <= set(names)


def test_a_failure_says_what_where_and_what_instead(check: Check) -> None:
    root = as_xml(check({"Steps": [training(VpcConfig={"Subnets": ["subnet-0zzz"]})]}))
    (failure,) = case(root, "NET-01[Train]")
    assert failure.tag == "failure" and failure.get("type") == "fail"
    assert failure.get("message") == "VpcConfig.Subnets[0] is subnet-0zzz, which is not approved"
    assert (failure.text or "").splitlines()[1:4] == [
        "fail (high): VpcConfig.Subnets[0] is subnet-0zzz, which is not approved",
        "  expected one of subnet-0aaa, subnet-0bbb",
        "  at /Steps/0/Arguments/VpcConfig/Subnets/0",
    ]
    assert (failure.text or "").splitlines()[4].startswith("instead: Write the approved subnets")


def test_several_findings_of_a_control_on_a_step_are_one_case(check: Check) -> None:
    outside = {"S3OutputPath": "s3://elsewhere/x"}
    step = training(OutputDataConfig=outside, DebugHookConfig=outside)
    (failure,) = case(as_xml(check({"Steps": [step]})), "S3-01[Train]")
    assert failure.get("message") == (
        "OutputDataConfig.S3OutputPath is s3://elsewhere/x, which is not approved; "
        "DebugHookConfig.S3OutputPath is s3://elsewhere/x, which is not approved"
    )
    assert (failure.text or "").count("/S3OutputPath\n") == 2
    assert (failure.text or "").count("instead: ") == 1


def test_what_two_findings_say_alike_is_said_once_in_the_message() -> None:
    root = as_xml(
        report_of(finding(Verdict.FAIL), finding(Verdict.FAIL, message="n"), finding(Verdict.FAIL))
    )
    (failure,) = case(root, "X-01[S]")
    assert failure.get("message") == "m; n"
    assert (failure.text or "").count("fail (high): ") == 3


def test_unknown_is_a_failure_and_not_applicable_is_skipped(check: Check) -> None:
    root = as_xml(check({"Steps": [{"Name": "N", "Type": "Nope"}]}))
    (failure,) = case(root, "DOC-01[N]")
    assert (failure.tag, failure.get("type")) == ("failure", "unknown")
    (skipped,) = case(root, "NET-01")
    assert skipped.tag == "skipped"
    assert skipped.get("message") == "no request of this pipeline is of its kind"


def finding(verdict: Verdict, control: str = "X-01", message: str = "m") -> Finding:
    return Finding(control, "t", verdict, Severity.HIGH, "S", (), message)


def report_of(*findings: Finding, target: str = "p.json") -> Report:
    return Report(
        input=CheckedInput(target, "0" * 64, "pipeline-definition", "p", {}, b"{}"),
        environment_path="e.yaml",
        environment_sha256="1" * 64,
        controls_digest="2" * 64,
        controls=("X-01",),
        overridden=(),
        versions={"botocore": "1"},
        findings=findings,
        requests=1,
        steps=1,
        not_configured={},
        disabled={},
    )


@pytest.mark.parametrize(
    "verdicts, outcome",
    [
        ([Verdict.PASS], None),
        ([Verdict.PASS, Verdict.NOT_APPLICABLE], None),
        ([Verdict.NOT_APPLICABLE], "skipped"),
        ([Verdict.PASS, Verdict.FAIL], "failure"),
        ([Verdict.UNKNOWN, Verdict.NOT_APPLICABLE], "failure"),
        ([Verdict.FAIL, Verdict.ERROR], "error"),
        ([Verdict.ERROR], "error"),
    ],
)
def test_the_worst_verdict_decides(verdicts: list[Verdict], outcome: str | None) -> None:
    root = as_xml(report_of(*(finding(v) for v in verdicts)))
    assert [child.tag for child in case(root, "X-01[S]")] == ([outcome] if outcome else [])


def test_the_counts_are_those_of_the_cases(reports: list[Report]) -> None:
    root = as_xml(*reports)
    assert len(root.findall("testsuite")) == len(reports)
    for element in (root, *root.findall("testsuite")):
        for attribute, tag in (
            ("tests", "testcase"),
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ):
            assert element.get(attribute) == str(len(list(element.iter(tag))))
    for suite, report in zip(root.findall("testsuite"), reports, strict=True):
        failed = {(f.control, f.subject) for f in report.findings if f.needs_action}
        assert suite.get("failures") == str(len(failed))


def test_the_properties_say_what_was_checked_with_what(check: Check) -> None:
    report = check({"Steps": []}, "build/p.json")
    found = {p.get("name"): p.get("value") for p in as_xml(report).iter("property")}
    assert found == {
        "tool": f"ormer {__version__}",
        **{f"facts.{name}": version for name, version in report.versions.items()},
        "definition.target": "build/p.json",
        "definition.sha256": report.input.sha256,
        "environment.path": "environment.yaml",
        "environment.sha256": report.environment_sha256,
        "controls.digest": report.controls_digest,
    }


def test_strict_fails_what_is_not_configured(check: Check, profile: str) -> None:
    less = profile.replace("max_instance_count: 4\n", "")
    report = check({"Steps": []}, environment=less)
    (skipped,) = case(as_xml(report), "CMP-02")
    assert skipped.tag == "skipped"
    (failure,) = case(as_xml(report, strict=True), "CMP-02")
    assert (failure.tag, failure.get("type")) == ("failure", "not_configured")
    assert failure.get("message") == (
        "not configured: the profile has no max_instance_count, and --strict asks for that"
    )


def test_pipelines_and_standard_input_have_suites_of_their_own(
    check: Check,
) -> None:
    empty: dict[str, Any] = {"Steps": []}
    root = as_xml(check(empty, "a/p.json"), check(empty, "b/q.json"))
    assert [s.get("name") for s in root] == ["p", "q"]
    piped = check(empty)
    piped = piped._replace(input=piped.input._replace(target="standard input", pipeline=""))
    assert [s.get("name") for s in as_xml(piped)] == ["standard input"]


def test_it_holds_no_time(check: Check) -> None:
    text = render([check({"Steps": [training()]})])
    assert "time" not in {name for e in ElementTree.fromstring(text).iter() for name in e.attrib}
    assert text == render([check({"Steps": [training()]})])


@settings(max_examples=300, deadline=None)
@given(name=st.text(min_size=1), message=st.text(), target=st.text(min_size=1))
def test_any_text_gives_a_document_that_parses_and_says_it(
    name: str, message: str, target: str
) -> None:
    made = finding(Verdict.FAIL, name, message)
    text = render([report_of(made._replace(subject=name, fix=message), target=target)])
    assert not ILLEGAL.search(text)
    root = ElementTree.fromstring(text.encode("utf-8"))
    (found,) = root.iter("testcase")
    assert found.get("name") == printable(f"{name}[{name}]")
    (failure,) = found
    assert failure.get("message") == printable(message)
    assert f"fail (high): {printable(message)}" in (failure.text or "")
    targets = [p for p in root.iter("property") if p.get("name") == "definition.target"]
    assert [p.get("value") for p in targets] == [printable(target)]


def test_a_definition_cannot_write_elements(check: Check) -> None:
    evil = "x\"]]></failure></testcase><testcase name='y'/><!--\x00\x1f\ufffe"
    steps = [training(evil, RoleArn=evil, **{evil: 1})]
    text = json.dumps({"Steps": steps}).encode()
    root = as_xml(check(text))
    assert {e.tag for e in root.iter()} <= {
        "testsuites", "testsuite", "properties", "property", "testcase", "failure", "skipped",
    }  # fmt: skip
    assert case(root, f"NET-01[{printable(evil)}]") is not None
