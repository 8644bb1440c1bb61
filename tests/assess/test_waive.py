"""Waivers applied: what they take away, what they leave, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from ormer.assess.waive import Terms, waive
from ormer.model.definition import pointer
from ormer.model.finding import Finding, Report, Verdict
from ormer.model.identity import Namer, finding_id
from ormer.model.waiver import Malformed, Waiver, WaiverFile

Check = Callable[..., Report]
TODAY = date(2026, 11, 23)
TERMS = Terms(TODAY, 90, frozenset(["NET-01", "NET-03", "DOC-01"]))
WAIVER = Waiver(
    id="W-1",
    control="NET-03",
    pipeline="p*",
    subject="Train",
    finding="",
    reason="r",
    owner="o",
    approver="a",
    ticket="",
    created=date(2026, 11, 1),
    expires=date(2026, 12, 31),
    place=("waivers", 0),
)


def bare(name: str = "Train") -> dict[str, Any]:
    return {"Name": name, "Type": "Training", "Arguments": {}}


def file_of(*waivers: Waiver, malformed: tuple[Malformed, ...] = ()) -> WaiverFile:
    return WaiverFile("waivers.yaml", "c0ffee", waivers, malformed)


def waived(report: Report) -> set[tuple[str, str, str]]:
    return {(f.control, f.subject, f.waiver.id) for f in report.findings if f.waiver is not None}


def said(report: Report) -> list[tuple[str, str, str, str]]:
    """Rule and verdict, waiver, place and message of what is said of the file itself."""
    return [
        (f"{f.control} {f.verdict.value}", f.subject, pointer(f.place), f.message)
        for f in report.findings
        if f.subject
    ]


def test_a_waiver_takes_its_control_at_its_step_and_nothing_else(check: Check) -> None:
    before = check(bare(), bare("Other"))
    (after,), about = waive([before], file_of(WAIVER), TERMS)
    assert waived(after) == {("NET-03", "Train", "W-1")}
    assert [f._replace(waiver=None) for f in after.findings] == list(before.findings)
    gone = [f for f in before.findings if f.needs_action]
    left = [f for f in after.findings if f.needs_action]
    assert len(gone) - len(left) == 1
    assert after.waivers == ("waivers.yaml", "c0ffee")
    assert said(about) == [("WVR-03 pass", "W-1", "/waivers/0", "")]
    assert about.passed()


def test_a_report_passes_when_everything_is_waived(check: Check) -> None:
    before = check({"Name": "S", "Type": "Nope"})
    assert not before.passed()
    (after,), _ = waive([before], file_of(WAIVER._replace(control="DOC-01", subject="S")), TERMS)
    assert after.passed() and after.waived == 1 and after.count(Verdict.UNKNOWN) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"pipeline": "other"},
        {"pipeline": "pipeline"},
        {"subject": "Trai"},
        {"subject": "train"},
        {"control": "NET-01", "subject": "Other"},
        {"finding": "0123456789abcdef"},
    ],
    ids=str,
)
def test_a_waiver_for_something_else_waives_nothing_and_is_reported(
    change: dict[str, Any], check: Check
) -> None:
    (after,), about = waive([check(bare())], file_of(WAIVER._replace(**change)), TERMS)
    assert not waived(after)
    ((rule, waiver, _, message),) = said(about)
    assert (rule, waiver) == ("WVR-03 not_applicable", "W-1")
    assert message.startswith("it waives nothing")
    assert about.passed()


def test_a_waiver_of_one_finding_leaves_the_others_of_its_control(check: Check) -> None:
    step = {
        "Name": "Train",
        "Type": "Training",
        "Arguments": {"VpcConfig": {"Subnets": ["subnet-a", "subnet-b"]}},
    }
    report = check(step, bare("Other"))
    first = next(f for f in report.findings if f.control == "NET-01" and f.subject == "Train")
    name = finding_id(first, "pipeline.json", Namer(report.input.body))
    waiver = WAIVER._replace(control="NET-01", subject="*", finding=name)
    (after,), _ = waive([report], file_of(waiver), TERMS)
    assert waived(after) == {("NET-01", "Train", "W-1")}


TROUBLES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "expired yesterday": (
        {"expires": date(2026, 11, 22)},
        "WVR-02 fail",
        "/waivers/0/expires",
        "it expired on 2026-11-22",
    ),
    "not yet": (
        {"created": date(2026, 11, 24)},
        "WVR-01 fail",
        "/waivers/0/created",
        "has not come yet",
    ),
    "too long": (
        {"created": date(2026, 11, 1), "expires": date(2027, 1, 31)},
        "WVR-01 fail",
        "/waivers/0/expires",
        "it lives for 91 days, longer than 90",
    ),
    "an unknown control": (
        {"control": "NET-99"},
        "WVR-01 fail",
        "/waivers/0/control",
        "there is no control 'NET-99'",
    ),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_a_waiver_in_trouble_does_not_apply_and_is_a_finding(name: str, check: Check) -> None:
    change, rule, place, message = TROUBLES[name]
    (after,), about = waive([check(bare())], file_of(WAIVER._replace(**change)), TERMS)
    assert not waived(after)
    (finding,) = said(about)
    assert finding[:3] == (rule, "W-1", place) and message in finding[3]
    assert not about.passed()


@pytest.mark.parametrize(
    "created, expires", [(date(2026, 11, 23), date(2026, 11, 23)), (date(2026, 11, 1), TODAY)]
)
def test_the_first_and_the_last_day_count(created: date, expires: date, check: Check) -> None:
    waiver = WAIVER._replace(created=created, expires=expires)
    (after,), _ = waive([check(bare())], file_of(waiver), TERMS)
    assert waived(after)


def test_without_a_limit_in_the_profile_any_lifetime_will_do(check: Check) -> None:
    waiver = WAIVER._replace(expires=date(2036, 1, 1))
    (after,), _ = waive([check(bare())], file_of(waiver), TERMS._replace(longest=None))
    assert waived(after)


def test_a_malformed_entry_is_a_finding(check: Check) -> None:
    bad = Malformed("number 1", ("waivers", 0, "expires"), "expires is 'x', not a date")
    _, about = waive([check(bare())], file_of(malformed=(bad,)), TERMS)
    assert said(about) == [("WVR-01 fail", "number 1", "/waivers/0/expires", bad.message)]


def test_a_crashed_control_is_never_waived(check: Check) -> None:
    report = check(bare())
    crashed = [
        f._replace(verdict=Verdict.ERROR) if f.control == "NET-03" else f for f in report.findings
    ]
    (after,), _ = waive([report._replace(findings=tuple(crashed))], file_of(WAIVER), TERMS)
    assert not waived(after) and not after.passed()


def test_what_passes_is_not_marked(check: Check) -> None:
    step = {"Name": "Train", "Type": "Training", "Arguments": {"EnableNetworkIsolation": True}}
    (after,), _ = waive([check(step)], file_of(WAIVER), TERMS)
    assert not waived(after)


def test_a_waiver_of_a_control_that_did_not_run_is_not_called_unused(check: Check) -> None:
    report = check(bare())
    some: list[Finding] = [f for f in report.findings if f.control == "NET-01"]
    _, about = waive([report._replace(findings=tuple(some))], file_of(WAIVER), TERMS)
    assert said(about) == []
