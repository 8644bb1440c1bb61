"""Predictions in reports: in every format, with ids that last, and waived like any finding."""

from __future__ import annotations

import copy
import json
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
from ormer.report.formats import Format, Setting, render
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
    assert "s3:ListBucket on arn:aws:s3:::mlops-dev-eu-west-1-111122223333-models" in text
    assert "OnlyThroughEndpoint" in text


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
