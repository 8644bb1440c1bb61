"""Small files of an account: templates, plans, documents and an access file that names them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROLE = "arn:aws:iam::111122223333:role/jobs"


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """``folder(name=content)``: a folder with the files, texts or JSON; ``__`` is a dot."""

    def _folder(**files: Any) -> Path:
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / name.replace("__", ".")).write_text(text, encoding="utf-8")
        return tmp_path

    return _folder


@pytest.fixture
def document() -> Callable[..., Any]:
    """``document("s3:GetObject")``: a policy with one Allow; more members as they are given."""

    def _document(action: str = "s3:GetObject", **more: Any) -> Any:
        statement = {"Effect": "Allow", "Action": action, "Resource": "*", **more}
        return {"Version": "2012-10-17", "Statement": [statement]}

    return _document


@pytest.fixture
def account(document: Callable[..., Any]) -> dict[str, Any]:
    """Details of an account: a role, a user of a group, and their managed policies."""
    mine, theirs = "arn:aws:iam::111122223333:policy/mine", "arn:aws:iam::aws:policy/ReadOnly"
    encoded = "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AListBucket%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D"

    def managed(arn: str, action: str) -> Any:
        old = {"Document": document("s3:*"), "VersionId": "v1", "IsDefaultVersion": False}
        new = {"Document": document(action), "VersionId": "v2", "IsDefaultVersion": True}
        return {"Arn": arn, "DefaultVersionId": "v2", "PolicyVersionList": [old, new]}

    return {
        "RoleDetailList": [
            {
                "Arn": ROLE,
                "RoleName": "jobs",
                "AssumeRolePolicyDocument": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "sagemaker.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ]
                },
                "RolePolicyList": [{"PolicyName": "inline", "PolicyDocument": encoded}],
                "AttachedManagedPolicies": [{"PolicyName": "mine", "PolicyArn": mine}],
                "PermissionsBoundary": {
                    "PermissionsBoundaryType": "Policy",
                    "PermissionsBoundaryArn": theirs,
                },
                "Tags": [
                    {"Key": "team:ml", "Value": ""},
                    {"Key": "Owner", "Value": "née\u2028 😀"},
                ],
            }
        ],
        "UserDetailList": [
            {
                "Arn": "arn:aws:iam::111122223333:user/ann",
                "UserPolicyList": [],
                "GroupList": ["people"],
                "AttachedManagedPolicies": [],
            }
        ],
        "GroupDetailList": [
            {
                "GroupName": "people",
                "GroupPolicyList": [{"PolicyName": "p", "PolicyDocument": document("sqs:*")}],
                "AttachedManagedPolicies": [{"PolicyName": "mine", "PolicyArn": mine}],
            }
        ],
        "Policies": [managed(mine, "kms:Decrypt"), managed(theirs, "s3:Get*")],
        "IsTruncated": False,
    }
