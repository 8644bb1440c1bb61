"""What a target is, told from what is in it."""

from __future__ import annotations

import pytest

from ormer.read.templates.file_kind import PLAN, TEMPLATE, kind_of

CASES = {
    "a definition": (b'{"Version": "2020-12-01", "Steps": []}', ""),
    "a definition that speaks of resources": (b'{"Steps": [{"Resources": {}}], "x": "planned_values"}', ""),
    "a definition with the members of others": (b'{"Steps": [], "Resources": {}, "planned_values": {}}', ""),
    "a broken definition": (b'{"Steps": [, "Resources"', ""),
    "a template in JSON": (b'\xef\xbb\xbf\n {"Resources": {}}', TEMPLATE),
    "a template of nothing": (b"AWSTemplateFormatVersion: 2010-09-09\n", TEMPLATE),
    "a broken template": (b'{"Resources": {', TEMPLATE),
    "a template in YAML": (b"# of ours\nDescription: x\nResources:\n  A: {}\n", TEMPLATE),
    "a template with quoted names": (b'"Resources" :\n  A: {}\n', TEMPLATE),
    "a plan": (b'{"format_version": "1.2", "planned_values": {}}', PLAN),
    "a state": (b'{"format_version": "1.0", "values": {}}', PLAN),
    "other YAML": (b"a:\n  Resources: 1\n", ""),
    "other JSON": (b'{"a": {"Resources": 1}}', ""),
    "a list": (b'["Resources"]', ""),
    "nothing": (b"", ""),
    "no text": (b"\xff\xfe\x00", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_kind(name: str) -> None:
    text, kind = CASES[name]
    assert kind_of(text) == kind
