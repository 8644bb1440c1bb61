"""The stacks: they are all made, one from what the other puts out, and hold what they declare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.parsers import ResponseParserError

from ormer.model.symbol import has_symbol

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS:UserWarning")
ROOT = Path(__file__).resolve().parents[2]
UNKNOWN_TYPES = {
    "AWS::S3::BucketPolicy": "moto's CloudFormation has no such type; put with PutBucketPolicy",
    "AWS::Organizations::Policy": "moto's CloudFormation has no such type; put with CreatePolicy",
}
"""The types that moto makes nothing of, and what is done instead."""


def test_every_template_is_deployed(account: Any) -> None:
    templates = {
        path.relative_to(ROOT).as_posix()
        for folder in ("iam", "policies")
        for path in (ROOT / folder).rglob("*.y*ml")
    }
    assert set(account.stacks) == templates


def test_every_stack_is_complete(account: Any) -> None:
    statuses = {stack.name: stack.status for stack in account.stacks.values()}
    assert set(statuses.values()) == {"CREATE_COMPLETE"}, statuses


def test_what_is_declared_is_what_is_found(account: Any) -> None:
    for stack in account.stacks.values():
        declared = {one.id: one.type for one in stack.declared.resources.values()}
        made = {id: type for id, type in declared.items() if type not in UNKNOWN_TYPES}
        assert {id: type for id, (type, _) in stack.found.items()} == made, stack.name


def test_what_moto_does_not_know_is_what_is_written_down(account: Any) -> None:
    missing = {
        one.type
        for stack in account.stacks.values()
        for one in stack.declared.resources.values()
        if one.id not in stack.found
    }
    assert missing == set(UNKNOWN_TYPES)


FED = {
    ("policies/endpoints.yaml", "OutputKeyArn"): ("policies/keys.yaml", "OutputKeyArn"),
    ("policies/endpoints.yaml", "VolumeKeyArn"): ("policies/keys.yaml", "VolumeKeyArn"),
    ("policies/buckets.yaml", "OutputKeyArn"): ("policies/keys.yaml", "OutputKeyArn"),
    ("policies/buckets.yaml", "S3EndpointId"): ("policies/endpoints.yaml", "S3EndpointId"),
    ("iam/boundary.yaml", "OutputKeyArn"): ("policies/keys.yaml", "OutputKeyArn"),
    ("iam/boundary.yaml", "VolumeKeyArn"): ("policies/keys.yaml", "VolumeKeyArn"),
    ("iam/execution-role.yaml", "OutputKeyArn"): ("policies/keys.yaml", "OutputKeyArn"),
    **{
        (f"iam/{role}-role.yaml", "PermissionsBoundaryArn"): ("iam/boundary.yaml", "BoundaryArn")
        for role in ("execution", "pipeline", "build", "data-scientist", "administrator")
    },
}
"""A template's parameter, and the output that it comes from."""


@pytest.mark.parametrize(("taker", "giver"), FED.items(), ids=lambda pair: "-".join(pair))
def test_an_output_is_what_the_next_stack_takes(taker: Any, giver: Any, account: Any) -> None:
    template, parameter = taker
    source, output = giver
    assert account.stacks[template].given[parameter] == account.stacks[source].outputs[output]


def test_nothing_of_a_template_stays_open_when_it_is_deployed(account: Any) -> None:
    for stack in account.stacks.values():
        for one in stack.declared.resources.values():
            assert not has_symbol(json.dumps(one.properties, ensure_ascii=False)), one.id
            assert not one.condition


def test_moto_still_fails_on_the_tags_of_a_key(account: Any) -> None:
    """Why they are left out; when this fails, deploy policies/keys.yaml as it stands."""
    key = {"KeyPolicy": {}, "Tags": [{"Key": "a", "Value": "b"}]}
    template = {"Resources": {"Key": {"Type": "AWS::KMS::Key", "Properties": key}}}
    with pytest.raises(ResponseParserError, match="500 Internal Server Error"):
        account.client("cloudformation").create_stack(
            StackName="tags", TemplateBody=json.dumps(template)
        )
