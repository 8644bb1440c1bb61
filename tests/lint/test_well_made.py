"""Policies of a data perimeter as AWS's guidance describes it: nothing is found in them.

"Building a data perimeter on AWS" (AWS whitepaper) asks for trusted identities, trusted resources
and expected networks, in resource policies, endpoint policies and SCPs.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from ormer.lint.check import lint
from ormer.lint.document import read_document
from ormer.model.lint import Attached

HERE = Path(__file__).parent / "well_made"
KINDS = {
    "bucket.json": Attached.RESOURCE,
    "endpoint.json": Attached.ENDPOINT,
    "scp.json": Attached.SCP,
    "trust.json": Attached.TRUST,
}


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / name).read_text("utf-8"))
    return found


def rules(body: dict[str, Any], name: str) -> set[str]:
    return {finding.rule.id for finding in lint(read_document(body, name, KINDS[name]))}


def test_every_policy_here_is_looked_at() -> None:
    assert {path.name for path in HERE.iterdir()} == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_found(name: str) -> None:
    assert rules(read(name), name) == set()


@pytest.mark.parametrize(
    "name, statement, operator, instead, rule",
    [
        ("bucket.json", 0, "StringNotEqualsIfExists", {"aws:PrincipalTag/admin": "true"}, "LNT-07"),
        ("bucket.json", 2, "BoolIfExists", {"aws:ViaAWSService": "false"}, "LNT-07"),
        ("endpoint.json", 0, "StringEquals", {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}, "LNT-13"),
        ("scp.json", 4, "Null", {"sagemaker:VolumeKmsKey": "true"}, None),
        ("scp.json", 3, "ForAnyValue:StringNotEquals", {"aws:TagKeys": "a"}, "LNT-08"),
    ],
)
def test_a_weakened_one_is_found(
    name: str, statement: int, operator: str, instead: dict[str, str], rule: str | None
) -> None:
    body = copy.deepcopy(read(name))
    body["Statement"][statement]["Condition"][operator] = instead
    assert rules(body, name) & {rule} == ({rule} if rule else set())
