"""The file and line of each statement that carries a proof or allows a violation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from ormer.proofs.telling.told import At
from ormer.run.access import loaded_access
from ormer.run.statement_lines import StatementLines

ROOT = Path(__file__).parents[2]
ROLE = "arn:aws:iam::111122223333:role/r"
STATEMENTS = [
    {"Sid": "First", "Effect": "Allow", "Action": "s3:*", "Resource": "*"},
    {"Effect": "Deny", "Action": "s3:*", "Resource": "*"},
]


def lines(path: Path) -> StatementLines:
    loaded = loaded_access(str(path))
    return StatementLines(loaded.file, loaded.declared, loaded.texts)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    document = {"Version": "2012-10-17", "Statement": STATEMENTS}
    (tmp_path / "p.json").write_text(json.dumps(document, indent=2), encoding="utf-8")
    alone = {"Version": "2012-10-17", "Statement": STATEMENTS[0]}
    (tmp_path / "alone.json").write_text(json.dumps(alone, indent=2), encoding="utf-8")
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": "r",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
            "Policies": [{"PolicyName": "inline", "PolicyDocument": document}],
        },
    }
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Role": role}}
    (tmp_path / "t.yaml").write_text(yaml.safe_dump(template), encoding="utf-8")
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {
            "root_module": {
                "resources": [
                    {
                        "address": "aws_iam_policy.x",
                        "mode": "managed",
                        "type": "aws_iam_policy",
                        "name": "x",
                        "values": {"policy": json.dumps(document)},
                    }
                ]
            }
        },
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    names = ["p.json", "alone.json", "t.yaml#Role", "plan.json#aws_iam_policy.x", "managed:X"]
    text = "principals:\n  - arn: " + ROLE + "\n    identity_policies:\n"
    text += "".join(f"      - {name}\n" for name in names[:4])
    text += "      - Version: '2012-10-17'\n        Statement: []\n"
    path = tmp_path / "access.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "policy, statement, file, text",
    [
        ("p.json", "First", "p.json", "{"),
        ("p.json", "1", "p.json", "{"),
        ("alone.json", "First", "alone.json", '"Statement": {'),
        ("t.yaml#Role/inline", "First", "t.yaml", "- Action"),
        ("t.yaml#Role/inline", "1", "t.yaml", "- Action"),
        ("plan.json#aws_iam_policy.x", "First", "plan.json", "{"),
    ],
)
def test_a_statement_is_found(
    written: Path, policy: str, statement: str, file: str, text: str
) -> None:
    folder = written.parent
    at = lines(written).of(str(folder / policy), statement)
    assert at is not None and at.file == str(folder / file)
    line = (folder / file).read_text(encoding="utf-8").splitlines()[at.line - 1]
    assert line.strip().startswith(text)


def test_two_statements_stand_in_two_lines(written: Path) -> None:
    for policy in ("p.json", "t.yaml#Role/inline"):
        found = lines(written)
        name = str(written.parent / policy)
        first, second = found.of(name, "First"), found.of(name, "1")
        assert first is not None and second is not None and first.line < second.line


def test_a_policy_in_the_access_file_has_the_line_of_its_beginning(written: Path) -> None:
    at = lines(written).of(f"{written}#principals/0/identity_policies/4", "0")
    assert at == At(str(written), 8)


@pytest.mark.parametrize("policy", ["managed:AdministratorAccess", "other.json", "x#y"])
def test_what_stands_in_no_file_has_no_line(written: Path, policy: str) -> None:
    assert lines(written).of(policy, "0") is None


def test_every_statement_of_this_repository_has_a_line() -> None:
    loaded = loaded_access(str(ROOT / "pipelines" / "access.yaml"))
    found = StatementLines(loaded.file, loaded.declared, loaded.texts)
    policies = [
        p for h in loaded.access.holders.values() for p in (*h.identity, *(h.boundary or ()))
    ]
    policies += [one.policy for one in loaded.access.resource_policies]
    policies += [one.policy for one in loaded.access.endpoints]
    policies += [p for level in loaded.access.rcps for p in level.policies]
    for policy in policies:
        for statement in policy.statements:
            at = found.of(policy.name, statement.name)
            assert at is not None, (policy.name, statement.name)
            text = Path(at.file).read_text(encoding="utf-8").splitlines()
            near = "\n".join(text[at.line - 1 : at.line + 2])
            assert (
                statement.name.isdigit()
                or f"Sid: {statement.name}" in near
                or (f'"Sid": "{statement.name}"' in near)
            )
