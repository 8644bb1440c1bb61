"""The SARIF report: valid, pointing at the right lines, with GitHub's levels and scores."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from ormer import __version__
from ormer.assess.document_rules import DOCUMENT_RULES
from ormer.controls.load import load_catalogue
from ormer.model.control import Control
from ormer.model.finding import Finding, Report, Severity, Verdict
from ormer.report.findings.json import document
from ormer.report.findings.sarif import render
from ormer.report.sarif.level import level, level_of, security_severity
from ormer.report.sarif.location import uri
from ormer.report.sarif.log import SCHEMA
from ormer.report.sarif.message import message_string

Check = Callable[..., Report]
CONTROLS = load_catalogue().controls
RULES = (*CONTROLS, *DOCUMENT_RULES)
SCHEMA_FILE = Path(__file__).parent / "sarif" / "sarif-schema-2.1.0.json"
DEFINITIONS = Path(__file__).parents[1] / "definitions"


@pytest.fixture(scope="session")
def validator() -> jsonschema.Draft4Validator:
    return jsonschema.Draft4Validator(json.loads(SCHEMA_FILE.read_bytes()))


def as_sarif(*reports: Report, **more: Any) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(render(list(reports), RULES, **more))
    return log


def run_of(*reports: Report, **more: Any) -> dict[str, Any]:
    (run,) = as_sarif(*reports, **more)["runs"]
    assert isinstance(run, dict)
    return run


def results(run: dict[str, Any], control: str) -> list[dict[str, Any]]:
    return [result for result in run["results"] if result["ruleId"] == control]


def training(name: str = "Train", **arguments: Any) -> dict[str, Any]:
    return {"Steps": [{"Name": name, "Type": "Training", "Arguments": arguments}]}


TEXT = b"""{
  "Version": "2020-12-01",
  "Steps": [
    {
      "Name": "Train",
      "Type": "Training",
      "Arguments": {
        "VpcConfig": {
          "Subnets": [
            "subnet-0aaa", "subnet-0zzz"
          ]
        }
      }
    }
  ]
}
"""


def test_the_schema_is_the_one_that_the_log_names() -> None:
    schema = SCHEMA_FILE.read_bytes()
    assert json.loads(schema)["id"] == SCHEMA
    said = (SCHEMA_FILE.parent / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(schema).hexdigest() in said, "unmodified, as its notice demands"


def test_every_report_is_valid(
    reports: list[Report], validator: jsonschema.Draft4Validator
) -> None:
    for report in reports:
        validator.validate(as_sarif(report))
    validator.validate(as_sarif(*reports, strict=True, folder="/somewhere"))


def test_what_is_not_sarif_is_not_valid(
    check: Check, validator: jsonschema.Draft4Validator
) -> None:
    """The schema is really asked: each of these breaks it."""
    for path, value in (("level", "fatal"), ("ruleIndex", "0"), ("message", {}), ("other", 1)):
        log = as_sarif(check(training()))
        log["runs"][0]["results"][0][path] = value
        assert not validator.is_valid(log), path


def test_the_log_names_tool_columns_and_digests(check: Check) -> None:
    report = check(TEXT, "build/p.json")
    log = as_sarif(report)
    assert (log["version"], log["$schema"]) == ("2.1.0", SCHEMA)
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("Ormer", __version__)
    assert "informationUri" not in driver
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["properties"]["controls.digest"] == report.controls_digest
    assert run["artifacts"] == [
        {
            "location": {"uri": "build/p.json"},
            "roles": ["analysisTarget"],
            "mimeType": "application/json",
            "encoding": "UTF-8",
            "length": len(TEXT),
            "hashes": {"sha-256": hashlib.sha256(TEXT).hexdigest()},
        }
    ]


def test_every_rule_that_ran_is_described(check: Check) -> None:
    rules = run_of(check(training()))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in RULES]
    for made, rule in zip(rules, RULES, strict=True):
        assert made["shortDescription"]["text"] == rule.title
        assert made["fullDescription"]["text"] == rule.why
        assert made["help"]["text"] == f"Instead: {rule.fix}"
        assert made["help"]["markdown"].startswith("**Instead:** ")
        assert made["properties"]["severity"] == rule.severity.value
        assert "security" in made["properties"]["tags"]
        assert 0 < len(made["shortDescription"]["text"]) <= 1024, "GitHub's limit"
        assert 0 < len(made["fullDescription"]["text"]) <= 1024


def test_the_tags_are_what_the_control_maps_to(check: Check) -> None:
    (rule,) = [
        r for r in run_of(check(training()))["tool"]["driver"]["rules"] if r["id"] == "NET-01"
    ]
    assert rule["properties"]["tags"] == [
        "security",
        "NIST SP 800-53 r5: AC-3",
        "NIST SP 800-53 r5: AC-4",
        "NIST SP 800-53 r5: AC-6",
        "NIST SP 800-53 r5: SC-7",
        "ISO/IEC 27001:2022: A.8.20",
        "ISO/IEC 27001:2022: A.8.21",
        "ISO/IEC 27001:2022: A.8.22",
    ]
    assert (
        "- NIST SP 800-53 r5: AC-3, AC-4, AC-6, SC-7 (AWS Security Hub" in rule["help"]["markdown"]
    )
    assert "**Known misses:**\n\n- Whether the subnets are private;" in rule["help"]["markdown"]


def test_a_rule_has_no_more_tags_than_github_takes(
    check: Check, validator: jsonschema.Draft4Validator
) -> None:
    first = CONTROLS[0]
    maps = [{"framework": "F", "ids": [n // 2 for n in range(60)], "by": "us"}]
    many = Control(**{**first._asdict(), "raw": {**first.raw, "maps": maps}})
    log = json.loads(render([check(training())], [many]))
    tags = log["runs"][0]["tool"]["driver"]["rules"][0]["properties"]["tags"]
    assert len(tags) == len(set(tags)) == 20
    validator.validate(log)


def test_results_are_what_needs_action_with_the_ids_of_the_json_report(
    reports: list[Report],
) -> None:
    run = run_of(*reports)
    wrong = [
        f for f in document(reports)["findings"] if f["verdict"] in ("fail", "unknown", "error")
    ]
    assert [r["partialFingerprints"]["ormerFindingId/v1"] for r in run["results"]] == [
        f["id"] for f in wrong
    ]
    rules = run["tool"]["driver"]["rules"]
    for result, finding in zip(run["results"], wrong, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding["control"]
        assert result["properties"]["verdict"] == finding["verdict"]
        assert result["partialFingerprints"]["primaryLocationLineHash"] == f"{finding['id']}:1"


def test_a_result_points_at_the_line_and_column_of_the_value(check: Check) -> None:
    (result,) = results(run_of(check(TEXT, "build/p.json")), "NET-01")
    assert result["message"]["text"] == (
        "VpcConfig.Subnets[1] is subnet-0zzz, which is not approved. "
        "Expected: one of subnet-0aaa, subnet-0bbb"
    )
    assert result["level"] == "error"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "build/p.json", "index": 0},
                "region": {"startLine": 10, "startColumn": 28, "endLine": 10, "endColumn": 41},
            },
            "logicalLocations": [
                {"name": "Train", "fullyQualifiedName": "Train", "kind": "step"},
                {"name": "1", "fullyQualifiedName": "/Steps/0/Arguments/VpcConfig/Subnets/1"},
            ],
        }
    ]


def test_a_missing_member_points_at_where_it_belongs(check: Check) -> None:
    (result,) = results(run_of(check(TEXT)), "NET-02")
    (place,) = result["locations"]
    region = place["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (8, 9), 'the name "VpcConfig"'
    assert place["logicalLocations"][1] == {
        "name": "SecurityGroupIds",
        "fullyQualifiedName": "/Steps/0/Arguments/VpcConfig/SecurityGroupIds",
        "kind": "property",
    }


def test_in_a_minified_definition_the_column_tells(check: Check) -> None:
    text = json.dumps(json.loads(TEXT), separators=(",", ":"))
    (result,) = results(run_of(check(text.encode())), "NET-01")
    region = result["locations"][0]["physicalLocation"]["region"]
    start = text.index('"subnet-0zzz"') + 1
    assert region == {"startLine": 1, "startColumn": start, "endLine": 1, "endColumn": start + 13}


def test_every_region_is_in_the_text(reports: list[Report]) -> None:
    for report in reports:
        lines = report.input.text.decode().split("\n")
        for result in run_of(report)["results"]:
            region = result["locations"][0]["physicalLocation"]["region"]
            assert 1 <= region["startLine"] <= region["endLine"] <= len(lines)
            assert 1 <= region["startColumn"] <= len(lines[region["startLine"] - 1])
            assert region["endColumn"] <= len(lines[region["endLine"] - 1]) + 1


def test_two_definitions_are_one_run_and_two_artifacts(check: Check) -> None:
    run = run_of(check(training(), "a/p.json"), check(training(), "b/p.json"))
    assert [a["location"]["uri"] for a in run["artifacts"]] == ["a/p.json", "b/p.json"]
    places = [r["locations"][0]["physicalLocation"]["artifactLocation"] for r in run["results"]]
    assert {(p["uri"], p["index"]) for p in places} == {("a/p.json", 0), ("b/p.json", 1)}


@pytest.mark.parametrize(
    "severity, fail, score",
    [
        (Severity.CRITICAL, "error", "9.5"),
        (Severity.HIGH, "error", "8.0"),
        (Severity.MEDIUM, "warning", "5.5"),
        (Severity.LOW, "note", "3.0"),
    ],
)
def test_levels_follow_the_severity_and_unknown_is_a_warning(
    severity: Severity, fail: str, score: str
) -> None:
    assert level(severity) == fail and security_severity(severity) == score
    for verdict, expected in (
        (Verdict.FAIL, fail),
        (Verdict.ERROR, fail),
        (Verdict.UNKNOWN, "warning"),
    ):
        assert level_of(Finding("X-01", "", verdict, severity, "", ())) == expected


def test_a_crashed_control_is_a_result_and_the_run_did_not_succeed(check: Check) -> None:
    report = check(training())
    finding = report.findings[-1]._replace(verdict=Verdict.ERROR, message="it crashed")
    crashed = report._replace(findings=(*report.findings, finding))
    assert run_of(report)["invocations"][0]["executionSuccessful"] is True
    run = run_of(crashed)
    assert run["invocations"][0]["executionSuccessful"] is False
    assert [r["message"]["text"] for r in run["results"]].count("it crashed") == 1


def test_what_did_not_run_is_no_rule_and_is_told(check: Check, profile: str) -> None:
    text = (
        profile.replace("max_instance_count: 4\n", "") + "disabled_controls: {NET-01: by others}\n"
    )
    report = check(training(), environment=text)
    for strict, said in ((False, "warning"), (True, "error")):
        run = run_of(report, strict=strict)
        assert not {"NET-01", "CMP-02"} & {r["id"] for r in run["tool"]["driver"]["rules"]}
        assert run["invocations"][0]["toolConfigurationNotifications"] == [
            {
                "level": said,
                "message": {
                    "text": "CMP-02 did not run: not configured: "
                    "the profile has no max_instance_count"
                },
            },
            {
                "level": "note",
                "message": {"text": "NET-01 did not run: disabled by the profile: by others"},
            },
        ]


@pytest.mark.parametrize(
    "target, folder, expected",
    [
        ("build/p.json", "", "build/p.json"),
        ("./build//p.json", "", "build/p.json"),
        ("../p.json", "", "../p.json"),
        ("a b/ü#1?.json", "", "a%20b/%C3%BC%231%3F.json"),
        ("c:p.json", "", "c%3Ap.json"),
        ("50%.json", "", "50%25.json"),
        ("standard input", "", "standard%20input"),
        ("/home/ci/repo/build/p.json", "/home/ci/repo", "build/p.json"),
        ("/home/ci/repo/build/p.json", "/home/ci/repository", "file:///home/ci/repo/build/p.json"),
        ("/home/ci/repo/build/p.json", "", "file:///home/ci/repo/build/p.json"),
        ("caf\udce9.json", "", "caf%E9.json"),
    ],
)
def test_a_target_is_a_uri(target: str, folder: str, expected: str) -> None:
    assert uri(target, folder) == expected
    if "%" not in target and not expected.startswith("file:") and "\udce9" not in target:
        assert Path(unquote(expected)) == Path(target) or folder


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Role is {Role}", "Role is {{Role}}"),
        ("Subnets[1] is x", "Subnets[1] is x"),
        ("[click](https://evil)", "[click]\\(https://evil)"),
        ("two\nlines\tand\x1b[2J", "two lines and\\x1b[2J"),
    ],
)
def test_a_message_has_no_placeholder_link_or_control_character(text: str, expected: str) -> None:
    assert message_string(text) == expected


def test_names_of_the_definition_stay_names(
    check: Check, validator: jsonschema.Draft4Validator
) -> None:
    evil = "[x](http://evil) {0}\n\ud800\x1b"
    text = json.dumps(training(evil, RoleArn=evil, **{evil: 1})).encode()
    written = render([check(text)], RULES)
    assert written.isascii()
    log = json.loads(written)
    validator.validate(log)
    for said in messages(log):
        assert "](" not in said and "{0}" not in said.replace("{{", "").replace("}}", "")
        assert said.isprintable()


def messages(log: dict[str, Any]) -> Iterator[str]:
    return (result["message"]["text"] for result in log["runs"][0]["results"])


def test_help_holds_no_html(check: Check) -> None:
    """SARIF 2.1.0 section 3.11.4.2: producers do not emit HTML."""
    for rule in run_of(check(training()))["tool"]["driver"]["rules"]:
        assert "<" not in rule["help"]["markdown"] and ">" not in rule["help"]["markdown"]
