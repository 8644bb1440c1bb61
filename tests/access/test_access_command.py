"""``ormer access``: an access file from an account's details, and what one holds."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.cli.main import main
from ormer.model.errors import InputError
from ormer.read.policies.authorization_details import read_authorization_details
from ormer.run.access import load_access

ROLE, USER = "arn:aws:iam::111122223333:role/jobs", "arn:aws:iam::111122223333:user/ann"


@pytest.fixture
def details(folder: Callable[..., Path], account: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with ``details.json``, and the current one."""
    found = folder(details__json=account)
    monkeypatch.chdir(found)
    return found


def actions(policies: Any) -> list[str]:
    return [action for one in policies for each in one.statements for action in each.actions]


def test_it_writes_what_each_principal_has(details: Path, capsys: Any) -> None:
    assert main(["access", "--from", "details.json"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "wrote access.yaml",
        f"  {ROLE}: 2 identity policies, a boundary",
        f"  {USER}: 2 identity policies",
    ]
    access = load_access("access.yaml")
    role, user = access.holders[ROLE], access.holders[USER]
    assert actions(role.identity) == ["s3:ListBucket", "kms:Decrypt"]
    assert actions(role.boundary) == ["s3:Get*"]
    assert dict(role.tags) == {"team:ml": "", "Owner": "née\u2028 😀"}
    assert (actions(user.identity), user.boundary) == (["sqs:*", "kms:Decrypt"], None)
    assert [one.resource for one in access.resource_policies] == [ROLE]
    assert actions([access.resource_policies[0].policy]) == ["sts:AssumeRole"]


def test_it_may_be_edited_by_taking_the_comments_in(details: Path) -> None:
    assert main(["access", "--from", "details.json", "--principal", USER]) == 0
    text = Path("access.yaml").read_text(encoding="utf-8")
    assert ROLE not in text
    Path("bucket.json").write_text(
        '{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}'
    )
    lines = [line.removeprefix("#") if line.startswith(("#resource", "#  - res", "#    pol")) else line for line in text.splitlines()]  # fmt: skip
    edited = "\n".join(lines).replace("policies/buckets.yaml#DataBucketPolicy", "bucket.json")
    Path("access.yaml").write_text(edited, encoding="utf-8")
    assert [one.resource for one in load_access("access.yaml").resource_policies] == [
        "arn:aws:s3:::data-bucket"
    ]


def test_an_existing_file_stays_unless_forced(details: Path, capsys: Any) -> None:
    Path("access.yaml").write_text("mine")
    assert main(["access", "--from", "details.json"]) == 2
    assert (
        capsys.readouterr().err
        == "ormer: error: access.yaml: exists already; --force replaces it\n"
    )
    assert Path("access.yaml").read_text() == "mine"
    assert main(["access", "--from", "details.json", "--force"]) == 0


def test_a_policy_that_cannot_be_read_leaves_nothing(
    details: Path, account: Any, capsys: Any
) -> None:
    account["RoleDetailList"][0]["RolePolicyList"][0]["PolicyDocument"] = {"Statment": []}
    Path("details.json").write_text(json.dumps(account))
    assert main(["access", "--from", "details.json", "--output", "out.yaml"]) == 2
    assert (
        "'Statment' is no element of a policy; did you mean 'Statement'?" in capsys.readouterr().err
    )
    assert not Path("out.yaml").exists()


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--from", "details.json", "--principal", ROLE + "s"], f"details.json: no role or user '{ROLE}s'; did you mean '{ROLE}'?"),
        (["--from", "details.json", "--output", "details.json", "--force"], "--output details.json would replace what is read from it"),
        (["--from", "details.json", "--output", ""], "--output is empty"),
        (["--from", "details.json", "--template-parameter", "a=b"], "--template-parameter is for --check"),
        (["--check", "access.yaml", "--principal", ROLE], "--principal is for --from"),
        (["--check", "access.yaml", "--force"], "--force is for --from"),
        (["--check", "access.yaml"], "access.yaml: no such file"),
        (["--from", "missing.json"], "missing.json: no such file"),
    ],
)  # fmt: skip
def test_a_wrong_command_is_told(details: Path, capsys: Any, arguments: Any, message: str) -> None:
    assert main(["access", *arguments]) == 2
    assert capsys.readouterr().err == f"ormer: error: {message}\n"


def changed(account: Any, path: tuple[Any, ...], value: Any) -> bytes:
    made = copy.deepcopy(account)
    body = made
    for member in path[:-1]:
        body = body[member]
    body[path[-1]] = value
    return json.dumps(made).encode()


R = ("RoleDetailList", 0)
WRONG = [
    (("IsTruncated",), True, "d: is truncated: more principals follow that are not in it"),
    (("NextToken",), "x", "d: is truncated: more principals follow that are not in it"),
    (("RoleDetailList",), {}, "d: /RoleDetailList: is an object, not a list"),
    (("RoleDetailList",), [1], "d: /RoleDetailList/0: is a number, not an object"),
    ((*R, "Arn"), None, "d: /RoleDetailList/0/Arn: is null, not a text"),
    ((*R, "AssumeRolePolicyDocument"), None, "d: /RoleDetailList/0/AssumeRolePolicyDocument: is null, not a policy"),
    ((*R, "AssumeRolePolicyDocument"), "%7B", "d: /RoleDetailList/0/AssumeRolePolicyDocument: not JSON: Expecting property name enclosed in double quotes (line 1 column 2)"),
    ((*R, "AttachedManagedPolicies"), [{"PolicyArn": "arn:aws:iam::1:policy/x"}], "d: /RoleDetailList/0/AttachedManagedPolicies/0: arn:aws:iam::1:policy/x is not in the output: add LocalManagedPolicy to --filter"),
    (("GroupDetailList",), [], "d: /UserDetailList/0/GroupList: the group 'people' is not in the output: add Group to --filter"),
    (("Policies", 0, "PolicyVersionList"), [], "d: /Policies/0: arn:aws:iam::111122223333:policy/mine has no default version"),
    ((*R, "PermissionsBoundary"), "x", "d: /RoleDetailList/0/PermissionsBoundary: is text, not an object"),
]  # fmt: skip


@pytest.mark.parametrize("path, value, message", WRONG)
def test_details_that_are_wrong_are_told(account: Any, path: Any, value: Any, message: str) -> None:
    with pytest.raises(InputError) as error:
        read_authorization_details(changed(account, path, value), "d")
    assert str(error.value) == message


def test_other_json_is_no_account(account: Any) -> None:
    with pytest.raises(InputError, match="this is not the output of aws iam get-account-auth"):
        read_authorization_details(b"{}", "d")


def test_an_aws_managed_policy_that_is_not_in_the_output_is_named(account: Any) -> None:
    attached = [{"PolicyArn": "arn:aws:iam::aws:policy/service-role/X"}]
    text = changed(account, (*R, "AttachedManagedPolicies"), attached)
    assert read_authorization_details(text, "d")[0].identity[-1] == "managed:X"


def test_check_says_what_is_there_and_what_is_not_known(
    folder: Any, document: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    template = """\
Parameters: {Bucket: {Type: String}}
Resources:
  Jobs:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Statement: [{Effect: Allow, Action: "s3:*", Resource: !Sub "arn:aws:s3:::${Bucket}/*"}]}
"""
    text = f"""\
principals: [{{arn: "{ROLE}", tags: {{a: b}}, identity_policies: [t.yaml#Jobs, a.json], permissions_boundary: a.json, session_policy: a.json}}]
resource_policies: [{{resource: "arn:aws:s3:::data", policy: b.json}}]
vpc_endpoints: [{{id: vpce-1, service: s3, policy: b.json}}]
organization: {{scps: [[a.json]], rcps: [{{id: root, policies: []}}]}}
"""
    public = document(Principal="*")
    monkeypatch.chdir(
        folder(access__yaml=text, t__yaml=template, a__json=document(), b__json=public)
    )
    assert main(["access", "--check", "access.yaml"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{ROLE}: 2 policies, 1 tag",
        "  t.yaml#Jobs: 1 statement, not known: Bucket",
        "  a.json: 1 statement",
        "  boundary a.json: 1 statement",
        "  session a.json: 1 statement",
        "policy of arn:aws:s3:::data",
        "  b.json: 1 statement",
        "endpoint vpce-1 of s3",
        "  b.json: 1 statement",
        "service control policies of organization/scps/0: 1 policy",
        "  a.json: 1 statement",
        "resource control policies of root: 0 policies",
    ]
    assert main(["access", "--check", "access.yaml", "--template-parameter", "Bucket=data"]) == 0
    assert "not known" not in capsys.readouterr().out
