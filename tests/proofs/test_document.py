"""A policy written down again is the policy; with symbols it is one that can be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ormer.model.policy import Policy
from ormer.model.symbol import symbol
from ormer.proofs.closing.document import document_of
from ormer.read.policies.open_policy import OpenPolicyReader
from ormer.read.policies.policy import PolicyKind, PolicyReader
from ormer.run.access import load_access

ROOT = Path(__file__).parents[2]
ACCESSES = sorted((ROOT / "tests" / "prove" / "naive").glob("*/access.yaml"))


def policies_of(path: Path) -> list[tuple[Policy, PolicyKind]]:
    access = load_access(str(path))
    found = [(p, PolicyKind.IDENTITY) for h in access.holders.values() for p in h.identity]
    found += [(p, PolicyKind.IDENTITY) for h in access.holders.values() for p in h.boundary or ()]
    found += [(one.policy, PolicyKind.RESOURCE) for one in access.resource_policies]
    found += [(one.policy, PolicyKind.GUARDED_RESOURCE) for one in access.endpoints]
    found += [(p, PolicyKind.GUARDED_RESOURCE) for level in access.rcps for p in level.policies]
    return found + [(p, PolicyKind.IDENTITY) for level in access.scps for p in level.policies]


@pytest.mark.parametrize("path", [ROOT / "pipelines" / "access.yaml", *ACCESSES], ids=str)
def test_what_is_written_is_read_as_the_same(path: Path) -> None:
    for policy, kind in policies_of(path):
        text = json.dumps(document_of(policy))
        again = PolicyReader("again").policy(json.loads(text), (), kind, policy.name)
        assert again == policy


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "Action": symbol("Action"), "Resource": "*"},
        {"Effect": symbol("Effect"), "Action": "s3:*", "Resource": f"arn:aws:s3:::{symbol('B')}/*"},
        {"Effect": "Deny", "Action": f"s3:{symbol('A.b')}", "Resource": symbol("AWS::NoValue")},
        {
            "Effect": "Deny",
            "Action": "s3:*",
            "Resource": "*",
            "Condition": {"StringLike": {f"aws:PrincipalTag/{symbol('T')}": symbol("V")}},
        },
        symbol("Statement"),
    ],
)
def test_what_is_not_known_becomes_a_text(statement: object) -> None:
    body = {"Version": "2012-10-17", "Statement": [statement]}
    policy = OpenPolicyReader("p").policy(body, (), PolicyKind.IDENTITY, "p")
    text = json.dumps(document_of(policy))
    assert "\\ue000" not in text
    again = PolicyReader("again").policy(json.loads(text), (), PolicyKind.IDENTITY, "p")
    assert len(again.statements) == len(policy.statements)


def test_an_unknown_principal_becomes_one_that_can_be_written() -> None:
    body = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"{symbol('Role.Arn')}"},
                "Action": "s3:*",
                "Resource": "*",
            }
        ],
    }
    policy = OpenPolicyReader("p").policy(body, (), PolicyKind.RESOURCE, "p")
    made = document_of(policy)
    PolicyReader("again").policy(made, (), PolicyKind.RESOURCE, "p")
    assert made["Statement"][0]["Principal"] == {"AWS": "RoleArn"}
