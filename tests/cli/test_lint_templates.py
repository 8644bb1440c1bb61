"""``ormer lint`` on CloudFormation templates and Terraform plans."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
TEMPLATE = """\
Parameters:
  Prefix: {Type: String}
  Network: {Type: String}
  Office: {Type: String, Default: "no"}
Conditions:
  HasOffice: !Equals [!Ref Office, "yes"]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      PermissionsBoundary: !Ref Limits
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: sagemaker.amazonaws.com}
            Action: sts:AssumeRole
      Policies:
        - PolicyName: writes
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Sid: Writes
                Effect: Allow
                Action: s3:PutObject
                Resource: !Sub "arn:${AWS::Partition}:s3:::${Prefix}-*"
              - Sid: Reads
                Effect: Allow
                Action: s3:GetObject
                Resource: !Sub "${Bucket.Arn}/*"
                Condition:
                  IpAddress: {"aws:SourceIp": !Ref Network}
  Limits:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: "iam:PassRole", Resource: "*"}
  Bucket:
    Type: AWS::S3::Bucket
  BucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: Open
            Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: !Sub "${Bucket.Arn}/*"
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties: {ServiceName: s3, VpcId: v}
"""
UNKNOWN = """\
Parameters:
  Which: {Type: String}
Conditions:
  IsOpen: !Equals [!Ref Which, open]
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - !If
            - IsOpen
            - {Sid: Passes, Effect: Allow, Action: "iam:PassRole", Resource: "*"}
            - !Ref AWS::NoValue
          - Effect: Allow
            Action: s3:HeadObject
            Resource: arn:aws:s3:::data/*
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with ``template.yaml`` and ``unknown.yaml``."""
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "unknown.yaml").write_text(UNKNOWN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(run: Run, *arguments: str) -> Any:
    ran = run("lint", "--format", "json", *arguments)
    assert ran.code in (0, 1), ran.err
    return json.loads(ran.out)


def found(made: Any) -> list[tuple[str, str, int]]:
    return [(each["rule"], each["target"], each["line"]) for each in made["findings"]]


def test_every_policy_of_a_template_is_linted_as_what_it_is_attached_to(run: Run) -> None:
    made = report(run, "template.yaml")
    assert [(each["target"], each["kind"]) for each in made["inputs"]] == [
        ("template.yaml#Role/writes", "identity"),
        ("template.yaml#Role", "trust"),
        ("template.yaml#Limits", "boundary"),
        ("template.yaml#BucketPolicy", "resource"),
    ]
    assert found(made) == [
        ("LNT-13", "template.yaml#Role/writes", 26),
        ("LNT-12", "template.yaml#BucketPolicy", 50),
    ]
    wild, everyone = made["findings"]
    assert wild["location"] == "/Policies/0/PolicyDocument/Statement/0/Resource"
    assert everyone["location"] == "/PolicyDocument/Statement/0/Principal"
    assert "permissionBoundaries" not in everyone["witness"]["line"]


def test_a_witness_says_what_was_taken_for_unknown_parts(run: Run, folder: Path) -> None:
    ran = run("lint", "template.yaml#Role")
    (line,) = [line for line in ran.out.splitlines() if line.startswith("          if ")]
    assert line == "          if AWS::Partition is aws, Prefix is prefix"
    (finding,) = report(run, "template.yaml#Role")["findings"]
    assert finding["witness"]["assumed"] == {
        "AWS::Partition": "aws",
        "Prefix": "prefix",
        "Bucket": "bucket",
        "Network": "10.0.0.0/8",
    }
    (folder / "line.jsonl").write_text(json.dumps(finding["witness"]["line"]))
    assert json.loads(run("decide", "line.jsonl").out)["decision"] == "Allowed"


def test_given_values_are_no_longer_assumed(run: Run, folder: Path) -> None:
    (folder / "values.json").write_text('{"Prefix": "ours", "Network": "192.0.2.0/24"}')
    given = (
        "--template-parameters",
        "values.json",
        "--template-parameter",
        "Bucket=d",
    )
    (finding,) = report(run, "template.yaml#Role", *given)["findings"]
    assert finding["witness"]["assumed"] == {"AWS::Partition": "aws"}
    assert finding["witness"]["line"]["request"]["resource"].startswith("arn:aws:s3:::ours-")


def test_a_bad_value_that_is_given_is_found(run: Run) -> None:
    made = report(run, "template.yaml#Role", "--template-parameter", "Prefix=a")
    assert {rule for rule, _, _ in found(made)} == {"LNT-13"}
    text = (Path("template.yaml")).read_text().replace("IpAddress:", "StringEquals:")
    Path("template.yaml").write_text(text)
    made = report(run, "template.yaml#Role", "--template-parameter", "Network=192.0.2.0/24")
    assert "LNT-04" in {rule for rule, _, _ in found(made)}


def test_an_environment_says_account_and_region(run: Run, profile: str) -> None:
    ran = run("lint", "template.yaml#Role", "--environment", profile)
    assert "if Prefix is prefix\n" in ran.out


def test_what_only_a_deployment_knows_is_a_finding(run: Run) -> None:
    made = report(run, "unknown.yaml")
    assert found(made) == [
        ("LNT-18", "unknown.yaml#Policy", 12),
        ("LNT-03", "unknown.yaml#Policy", 17),
    ]
    assert made["findings"][1]["location"] == "/PolicyDocument/Statement/1/Action"
    assert made["findings"][1]["statement"] == "1"
    assert "nothing is said of it" in run("lint", "unknown.yaml").out
    made = report(run, "unknown.yaml", "--template-parameter", "Which=open")
    assert [rule for rule, _, _ in found(made)] == ["LNT-15", "LNT-03"]
    made = report(run, "unknown.yaml", "--template-parameter", "Which=none")
    assert [rule for rule, _, _ in found(made)] == ["LNT-03"]


def test_a_plan_is_linted_too(run: Run, folder: Path) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}]})  # fmt: skip
    values = {"name": "p", "policy": policy}
    role = {"name": "r", "assume_role_policy": policy.replace('"Resource"', '"Principal"').replace("iam:PassRole", "sts:AssumeRole")}  # fmt: skip
    resources = [
        {"address": "aws_iam_policy.p", "mode": "managed", "type": "aws_iam_policy", "values": values},
        {"address": "aws_iam_policy.q", "mode": "managed", "type": "aws_iam_policy", "values": {}},
        {"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "values": role},
    ]  # fmt: skip
    unknown = {"aws_iam_policy.q": {"policy": True}, "aws_iam_role.r": {"inline_policy": True}}
    changes = [
        {"address": each["address"], "change": {"actions": ["create"], "after_unknown": unknown.get(str(each["address"]), {})}}
        for each in resources
    ]  # fmt: skip
    plan = {"format_version": "1.2", "planned_values": {"root_module": {"resources": resources}}}
    (folder / "plan.json").write_text(json.dumps({**plan, "resource_changes": changes}))
    assert found(report(run, "plan.json")) == [
        ("LNT-15", "plan.json#aws_iam_policy.p", 1),
        ("LNT-18", "plan.json#aws_iam_policy.q", 1),
        ("LNT-12", "plan.json#aws_iam_role.r", 1),
    ]
    assert len(found(report(run, "plan.json#aws_iam_policy.p"))) == 1
    given = f"plan:aws_iam_policy.q.policy={policy}"
    made = report(run, "plan.json#aws_iam_policy.q", "--template-parameter", given)
    assert [rule for rule, _, _ in found(made)] == ["LNT-15"]


def test_sarif_names_a_file_once_and_places_lines_in_it(run: Run) -> None:
    log = json.loads(run("lint", "template.yaml", "--format", "sarif").out)["runs"][0]
    (artifact,) = log["artifacts"]
    assert artifact["location"]["uri"] == "template.yaml"
    assert artifact["mimeType"] == "application/yaml"
    physical = [each["locations"][0]["physicalLocation"] for each in log["results"]]
    assert [each["artifactLocation"] for each in physical] == [
        {"uri": "template.yaml", "index": 0}
    ] * 2
    assert [each["region"]["startLine"] for each in physical] == [26, 50]


def test_a_document_that_is_named_twice_is_linted_once(run: Run) -> None:
    made = report(run, "template.yaml", "template.yaml#BucketPolicy", "template.yaml#BucketPolicy")
    assert len(made["inputs"]) == 4


def test_policies_that_are_attached_together(run: Run, folder: Path) -> None:
    """A hole in one is no hole where another closes it, and is one where none does."""
    train = {"Effect": "Deny", "Action": "sagemaker:CreateTrainingJob", "Resource": "*"}
    wrong = {"ForAnyValue:StringNotEquals": {"sagemaker:VpcSubnets": "subnet-1"}}
    first = [{**train, "Condition": wrong}]
    second = [{**train, "Condition": {"Null": {"sagemaker:VpcSubnets": "true"}}}]
    for name, statements in (("a.json", first), ("b.json", second)):
        body = {"Version": "2012-10-17", "Statement": statements}
        (folder / name).write_text(json.dumps(body))
    assert [rule for rule, _, _ in found(report(run, "a.json", "b.json"))] == ["LNT-14", "LNT-08"]
    assert found(report(run, "a.json", "b.json", "--together")) == []
    second[0]["Condition"] = {"Null": {"sagemaker:VpcSecurityGroupIds": "true"}}
    (folder / "b.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": second}))
    made = report(run, "a.json", "b.json", "--together")
    assert [rule for rule, _, _ in found(made)] == ["LNT-14", "LNT-08"]
    line = made["findings"][0]["witness"]["line"]
    assert len(line["identityPolicies"]) == 3
    assert line["request"]["context"].keys() == {"sagemaker:VpcSecurityGroupIds"}


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["template.yaml#Buckt"], "template.yaml#Buckt: no such resource"),
        (["template.yaml#Bucket"], "template.yaml:39: Bucket: AWS::S3::Bucket has no policy document"),
        (["template.yaml", "--kind", "scp"], "template.yaml: --kind is for JSON policies: a template says what it is"),
        (["none.yaml"], "none.yaml: no policy in this template"),
        (["endpoint.yaml"], "endpoint.yaml: no policy in this template"),
        (["bad.yaml"], "bad.yaml:5: P/PolicyDocument/Statement/0: Effect is 'Permit', not 'Allow' or 'Deny'"),
        (["missing.yaml#X"], "missing.yaml: no such file"),
        (["template.yaml", "--template-parameter", "Prefix"], "--template-parameter: 'Prefix' is not NAME=VALUE"),
        (["template.yaml", "--output", "template.yaml"], "--output template.yaml would replace what is read from it"),
    ],
)  # fmt: skip
def test_what_cannot_be_linted_is_one_line_and_exit_code_2(
    run: Run, folder: Path, arguments: list[str], message: str
) -> None:
    (folder / "none.yaml").write_text("Resources:\n  B: {Type: 'AWS::S3::Bucket'}\n")
    (folder / "endpoint.yaml").write_text("Resources:\n  E: {Type: 'AWS::EC2::VPCEndpoint'}\n")
    (folder / "bad.yaml").write_text(
        "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n"
        "      PolicyDocument: {Statement: [{Effect: Permit, Action: 'a:b', Resource: '*'}]}\n"
    )
    ran = run("lint", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"ormer: error: {message}")
    assert ran.err.count("\n") == 1
