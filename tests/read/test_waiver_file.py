"""Files of waivers: what is one, what is an error, and which entry waives nothing."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
import yaml

from ormer.model.errors import InputError
from ormer.read.waivers import read_waivers

GOOD = {
    "id": "W-1",
    "control": "NET-03",
    "pipeline": "abalone",
    "subject": "Train*",
    "reason": "the container installs packages",
    "owner": "ml-team",
    "approver": "security",
    "ticket": "SEC-12",
    "created": "2026-11-01",
    "expires": "2026-12-31",
}


def text(*entries: object) -> bytes:
    return yaml.safe_dump({"waivers": list(entries)}).encode()


def without(field: str) -> dict[str, str]:
    return {name: value for name, value in GOOD.items() if name != field}


def test_a_waiver_is_read_with_dates_and_place() -> None:
    content = text(GOOD)
    file = read_waivers(content, "waivers.yaml")
    (waiver,) = file.waivers
    assert not file.malformed
    assert (waiver.id, waiver.control, waiver.subject) == ("W-1", "NET-03", "Train*")
    assert (waiver.created, waiver.expires) == (date(2026, 11, 1), date(2026, 12, 31))
    assert waiver.place == ("waivers", 0)
    assert (file.path, file.sha256) == ("waivers.yaml", hashlib.sha256(content).hexdigest())


def test_dates_may_be_written_plainly() -> None:
    plain = yaml.safe_dump({"waivers": [{**GOOD, "expires": date(2026, 12, 31)}]}).encode()
    assert read_waivers(plain, "w").waivers[0].expires == date(2026, 12, 31)


@pytest.mark.parametrize("field", ["ticket", "finding"])
def test_a_ticket_and_a_finding_are_not_required(field: str) -> None:
    (waiver,) = read_waivers(text(without(field)), "w").waivers
    assert getattr(waiver, field) == ""


MALFORMED: dict[str, tuple[object, str, str]] = {
    **{
        f"no {field}": (without(field), "/waivers/0", f"no {field}")
        for field in GOOD
        if field != "ticket"
    },
    "an unknown field": ({**GOOD, "expire": "x"}, "/waivers/0", "did you mean 'expires'?"),
    "a bad date": ({**GOOD, "expires": "31.12.2026"}, "/waivers/0/expires", "'31.12.2026'"),
    "no such day": ({**GOOD, "expires": "2026-02-30"}, "/waivers/0/expires", "'2026-02-30'"),
    "a date in digits alone": ({**GOOD, "created": "20261101"}, "/waivers/0/created", "not a date"),
    "expires before it is created": (
        {**GOOD, "expires": "2026-10-01"},
        "/waivers/0/expires",
        "expires 2026-10-01 before it is created, 2026-11-01",
    ),
    "everything": (
        {**GOOD, "pipeline": "*", "subject": "**"},
        "/waivers/0/subject",
        "waives NET-03 everywhere",
    ),
    "no text": ("W-1", "/waivers/0", "a waiver is a mapping of fields"),
    "an empty reason": ({**GOOD, "reason": "  "}, "/waivers/0/reason", "reason is not a text"),
    "a list of owners": ({**GOOD, "owner": ["a", "b"]}, "/waivers/0/owner", "owner is not a text"),
    "a finding that is no id": (
        {**GOOD, "finding": "NET-03"},
        "/waivers/0/finding",
        "16 hex digits",
    ),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_entry_waives_nothing_and_the_others_count(name: str) -> None:
    entry, place, message = MALFORMED[name]
    file = read_waivers(text(entry, {**GOOD, "id": "W-2"}), "w")
    assert [waiver.id for waiver in file.waivers] == ["W-2"]
    (bad,) = file.malformed
    assert "/" + "/".join(map(str, bad.place)) == place
    assert message in bad.message and "(line " in bad.message


def test_of_two_waivers_of_one_id_the_second_does_not_count() -> None:
    file = read_waivers(text(GOOD, {**GOOD, "control": "KMS-01"}), "w")
    assert [waiver.control for waiver in file.waivers] == ["NET-03"]
    assert "a second waiver 'W-1'" in file.malformed[0].message


def test_everything_may_be_meant_where_one_finding_is_named() -> None:
    entry = {**GOOD, "pipeline": "*", "subject": "*", "finding": "0123456789abcdef"}
    assert not read_waivers(text(entry), "w").malformed


@pytest.mark.parametrize(
    "content, part",
    [
        (b"", "w: empty"),
        (b"[]", "mapping with a list 'waivers'"),
        (b"waiver: []", "mapping with a list 'waivers'"),
        (b"waivers: {}", "w:1: 'waivers' is a list"),
        (b"waivers: []\nmore: 1", "w:2: unknown field 'more'"),
        (b"waivers: [", "w:"),
        (b"waivers: []\nwaivers: []", "duplicate key 'waivers'"),
        (b"\xff\xfe\x00", "w"),
    ],
)
def test_what_is_no_file_of_waivers_is_an_error(content: bytes, part: str) -> None:
    with pytest.raises(InputError) as refused:
        read_waivers(content, "w")
    assert part in str(refused.value) and str(refused.value).startswith("w")
    assert "\n" not in str(refused.value)
