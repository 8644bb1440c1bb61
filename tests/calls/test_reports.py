"""Predictions in reports: in every format, with ids that last, and waived like any finding."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from ormer.assess.access_rules import ACCESS_RULES
from ormer.assess.check import Checker
from ormer.assess.document_rules import DOCUMENT_RULES
from ormer.assess.waive import Terms, waive
from ormer.controls.load import Catalogue
from ormer.model.environment import Environment
from ormer.model.finding import Finding, Report
from ormer.model.identity import Namer, evidence, finding_id
from ormer.model.waiver import Waiver, WaiverFile
from ormer.read.environment import read_environment
from ormer.report.findings.formats import Format, Setting, render
from ormer.suites.cases import Cases

Documents = dict[str, Any]
Checked = Callable[..., Report]
STEP = "TrainAbaloneModel"
TODAY = date(2026, 11, 23)


@pytest.fixture
def outside(abalone: Documents) -> Documents:
    """The pipeline with its training step outside the VPC."""
    del abalone["Steps"][1]["Arguments"]["VpcConfig"]
    return abalone


def denied(report: Report) -> Finding:
    (found,) = (f for f in report.findings if (f.control, f.subject) == ("ACC-03", STEP))
    assert found.needs_action
    return found


@pytest.mark.parametrize("form", Format)
def test_every_format_names_the_call_and_the_statement(
    form: Format, outside: Documents, checked: Checked, catalogue: Catalogue
) -> None:
    rules = (*catalogue.controls, *DOCUMENT_RULES, *ACCESS_RULES)
    text = render(form, [checked(outside)], Setting(rules=rules))
    assert "ACC-03" in text and STEP in text
    on = " " if form is Format.TEXT else " on "
    assert f"s3:ListBucket{on}arn:aws:s3:::mlops-dev-eu-west-1-111122223333-models" in text
    assert "OnlyThroughEndpoint" in text


def test_text_has_a_call_a_line(outside: Documents, checked: Checked) -> None:
    report = checked(outside)
    models = "arn:aws:s3:::mlops-dev-eu-west-1-111122223333-models"
    text = render(Format.TEXT, [report], Setting())
    said = text[text.index("  fail     ACC-03") : text.index("           at /Steps/1/Arguments\n")]
    head, *calls = said.splitlines()
    assert head == "  fail     ACC-03   high      AccessDenied is predicted:"
    by = ", outside the VPC) by resource bucket.json statement OnlyThroughEndpoint"
    assert all(call.startswith("           ExplicitlyDenied s3:") for call in calls)
    assert all(call.endswith(by) for call in calls) and len(calls) == 5
    source = "input InputDataConfig.0.DataSource.S3DataSource.S3Uri"
    assert calls[0] == f"           ExplicitlyDenied s3:ListBucket {models} ({source}{by}"
    found = next(f for f in report.findings if f.control == "ACC-03" and f.needs_action)
    assert "\n" not in found.message and found.message.startswith("AccessDenied is predicted: s3:")


def test_text_says_which_calls_nothing_allows(
    abalone: Documents, checked: Checked, documents: Documents
) -> None:
    job = documents["job"]["Statement"]
    documents["job"]["Statement"] = [one for one in job if one["Sid"] != "Logs"]
    text = render(Format.TEXT, [checked(abalone)], Setting())
    assert "           ImplicitlyDenied logs:CreateLogGroup arn:" in text
    assert "): no statement of the identity policies or the resource's policy allows it\n" in text
    assert "would have to allow logs:CreateLogGroup, logs:" in text


def test_a_single_call_stands_on_the_line_of_its_rule(abalone: Documents, checked: Checked) -> None:
    abalone["Steps"][0]["Arguments"]["RoleArn"] = "arn:aws:iam::111122223333:role/another"
    text = render(Format.TEXT, [checked(abalone)], Setting())
    assert "  fail     ACC-02   high      AccessDenied is predicted: iam:PassRole on arn:" in text


def test_why_nothing_can_be_told_is_said_once(abalone: Documents, checked: Checked) -> None:
    role = "arn:aws:iam::111122223333:role/another"
    abalone["Steps"][0]["Arguments"]["RoleArn"] = role
    text = render(Format.TEXT, [checked(abalone)], Setting())
    why = f"the access file has no role {role}"
    assert f"  unknown  ACC-03   high      it cannot be told: {why}:\n           Unknown " in text
    assert text.count(why) == 1
    assert "           instead: Say what is not known: a role or policy in the access file" in text


def test_what_would_have_to_change_is_said_for_each_step(
    abalone: Documents, checked: Checked, documents: Documents
) -> None:
    role = "arn:aws:iam::111122223333:role/another"
    abalone["Steps"][0]["Arguments"]["RoleArn"] = role
    del abalone["Steps"][1]["Arguments"]["VpcConfig"]
    text = render(Format.TEXT, [checked(abalone)], Setting())
    assert "           instead: Say what is not known: " in text
    assert "statement OnlyThroughEndpoint would have to go, or not match." in text


def test_many_calls_are_counted_in_the_end(
    abalone: Documents, checked: Checked, documents: Documents
) -> None:
    documents["job"]["Statement"] = documents["job"]["Statement"][:1]
    given = abalone["Steps"][1]["Arguments"]["InputDataConfig"]
    for number in range(40):
        other = copy.deepcopy(given[0])
        source = other["DataSource"]["S3DataSource"]
        source["S3Uri"] = f"s3://mlops-dev-eu-west-1-111122223333-data/{number}/"
        given.append(other)
    text = render(Format.TEXT, [checked(abalone)], Setting())
    (more,) = re.findall(r"^           and (\d+) more calls$", text, re.MULTILINE)
    assert int(more) > 0


def test_the_text_says_what_decided(abalone: Documents, checked: Checked, profile: str) -> None:
    text = render(Format.TEXT, [checked(abalone)], Setting())
    assert "predicted: by access.yaml\n" in text and "compliant" in text
    assumed = read_environment(
        (profile + "assume: {kms_key_names: new}\n").encode(), "environment.yaml"
    )
    report = checked(abalone, environment=assumed)
    text = render(Format.TEXT, [report], Setting())
    assert "predicted: by access.yaml, where the profile assumes kms_key_names new\n" in text
    made = json.loads(render(Format.JSON, [report], Setting()))
    assert made["access"] == {"path": "access.yaml", "assumed": {"kms_key_names": "new"}}


def test_without_an_access_file_nothing_is_predicted(
    abalone: Documents, checked: Checked, environment: Environment, catalogue: Catalogue
) -> None:
    data = json.dumps(abalone).encode()
    plain = Checker(environment, catalogue).check(data, "pipeline.json", "abalone")
    assert not [f for f in plain.findings if f.control.startswith("ACC-")]
    assert plain.access == ""
    assert "predicted" not in render(Format.TEXT, [plain], Setting())
    with_access = checked(abalone)
    assert with_access.requests > plain.requests
    assert [f for f in with_access.findings if not f.control.startswith("ACC-")] == [
        *plain.findings
    ]


def test_rules_without_a_call_are_listed(checked: Checked) -> None:
    step = {"Name": "F", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}}
    report = checked({"Version": "2020-12-01", "Steps": [step]})
    said = {f.control: f.message for f in report.findings if f.control.startswith("ACC-")}
    assert said == dict.fromkeys(
        ("ACC-01", "ACC-02", "ACC-03"), "no step of this pipeline makes such a call"
    )


def test_the_id_survives_another_order_and_the_evidence_tells_what_changed(
    outside: Documents, checked: Checked, documents: Documents
) -> None:
    def named(body: Documents) -> tuple[str, str]:
        found = denied(checked(body))
        read = checked(body).input.body
        return finding_id(found, "abalone", Namer(read)), evidence(found, read)

    first = named(outside)
    moved = copy.deepcopy(outside)
    moved["Steps"].insert(0, moved["Steps"].pop(1))
    assert named(moved) == first
    documents["job"]["Statement"] = [s for s in documents["job"]["Statement"] if s["Sid"] != "Logs"]
    again = named(outside)
    assert again[0] == first[0] and again[1] != first[1]


def test_a_waiver_accepts_a_prediction(outside: Documents, checked: Checked) -> None:
    waiver = Waiver(
        id="W-1", control="ACC-03", pipeline="abalone", subject=STEP, finding="", reason="r",
        owner="o", approver="a", ticket="", created=date(2026, 11, 1), expires=date(2026, 12, 1),
        place=("waivers", 0),
    )  # fmt: skip
    terms = Terms(TODAY, None, frozenset(["ACC-03"]))
    file = WaiverFile("waivers.yaml", "c0ffee", (waiver,), ())
    (after,), about = waive([checked(outside)], file, terms)
    (found,) = (f for f in after.findings if f.waiver is not None)
    assert (found.control, found.subject) == ("ACC-03", STEP) and about.passed()


def test_the_suites_have_a_case_for_each_rule_and_step(
    outside: Documents, checked: Checked
) -> None:
    cases = {case.id: case for case in Cases.from_reports([checked(outside)]).controls}
    assert "AccessDenied is predicted" in cases[f"abalone-ACC-03-{STEP}"].wrong()
    assert cases["abalone-ACC-03-PreprocessAbaloneData"].wrong() == ""
    assert cases[f"abalone-ACC-02-{STEP}"].silent() == ""
