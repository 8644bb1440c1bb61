"""Every template, deployed on moto's CloudFormation, each with what those before it put out.

What moto's CloudFormation leaves out is written down here with its reason. It is put through the
API of its service instead, from the resolved template, and read back like everything else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ormer.embedded.aws import EmbeddedAws
from ormer.model.resource import Declared, Resource
from ormer.read.templates.template import read_template
from ormer.read.templates.text import read_template_text
from ormer.run.check import load_environment
from ormer.run.parts import of_environment

ROOT = Path(__file__).resolve().parents[2]
PROFILE = ROOT / "pipelines" / "environment.yaml"
ORDER = (
    *("policies/keys.yaml", "policies/endpoints.yaml", "policies/buckets.yaml"),
    *("iam/boundary.yaml", "iam/execution-role.yaml", "iam/pipeline-role.yaml"),
    *("iam/build-role.yaml", "iam/data-scientist-role.yaml", "iam/administrator-role.yaml"),
    "policies/organization.yaml",
)
"""Each template after those whose outputs it takes."""
OUTPUT_OF = {"PermissionsBoundaryArn": "BoundaryArn"}
"""The output that fills a parameter, where it is not the one of the same name."""


class Stack(NamedTuple):
    """A template as it was deployed.

    ``given`` are its parameters, ``outputs`` what it put out, ``found`` the type and the
    physical id of each resource that CloudFormation says it made. ``declared`` are the
    resources as Ormer resolves them for the same parameters and physical ids.
    """

    name: str
    given: Mapping[str, str]
    status: str
    outputs: Mapping[str, str]
    found: Mapping[str, tuple[str, str]]
    declared: Declared

    def of_type(self, type: str) -> list[Resource]:
        """The declared resources of a type."""
        return [one for one in self.declared.resources.values() if one.type == type]

    def physical(self, resource: str) -> str:
        """What the service calls a resource."""
        return self.found[resource][1]


class Account(NamedTuple):
    """The account after all stacks. ``client`` makes a boto3 client of a service."""

    client: Callable[[str], Any]
    stacks: Mapping[str, Stack]
    network: Mapping[str, str]

    def of_type(self, type: str) -> list[tuple[Stack, Resource]]:
        """Each declared resource of a type, with its stack."""
        return [(stack, one) for stack in self.stacks.values() for one in stack.of_type(type)]


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """All templates deployed, in an account of the module's own: a process has one at a time."""
    environment = load_environment(str(PROFILE))
    with EmbeddedAws(environment, is_seeded=False) as aws:
        network = _network(aws.client("ec2"))
        stacks: dict[str, Stack] = {}
        known = dict(network)
        for name in ORDER:
            stack = _deploy(aws.client("cloudformation"), name, known, of_environment(environment))
            stacks[name] = stack
            known.update(stack.outputs)
        yield Account(aws.client, stacks, network)


def _network(ec2: Any) -> dict[str, str]:
    """The VPC that the endpoints go to; the stacks do not make it."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/22")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24")["Subnet"]["SubnetId"]
        for index in range(2)
    ]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    return {"VpcId": vpc, "SubnetIds": ",".join(subnets), "RouteTableIds": table}


def _deploy(stacks: Any, name: str, known: Mapping[str, str], pseudo: Mapping[str, Any]) -> Stack:
    text = (ROOT / name).read_bytes()
    given = _given(name, text, known)
    stack = name.replace("/", "-").removesuffix(".yaml")
    stacks.create_stack(
        StackName=stack,
        TemplateBody=_body(text, name),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    described = stacks.describe_stacks(StackName=stack)["Stacks"][0]
    found = {
        one["LogicalResourceId"]: (one["ResourceType"], one["PhysicalResourceId"])
        for one in stacks.describe_stack_resources(StackName=stack)["StackResources"]
        if one.get("LogicalResourceId")
    }
    outputs = {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs") or ()}
    values = {**pseudo, **given, **{id: physical for id, (_, physical) in found.items()}}
    values.update({key.removesuffix("Arn") + ".Arn": value for key, value in outputs.items()})
    declared = read_template(text, name, values)
    return Stack(name, given, described["StackStatus"], outputs, found, declared)


def _given(name: str, text: bytes, known: Mapping[str, str]) -> dict[str, str]:
    """The template's parameters: what is known by now, or else as parameters.json says."""
    folder = name.partition("/")[0]
    entries = json.loads((ROOT / folder / "parameters.json").read_text("utf-8"))
    written = {entry["ParameterKey"]: entry["ParameterValue"] for entry in entries}
    return {
        key: known.get(OUTPUT_OF.get(key, key), written[key])
        for key in read_template_text(text, name).root["Parameters"]
    }


def _body(text: bytes, name: str) -> str:
    """The template as it stands; without the tags of KMS keys, on which moto fails.

    moto reads a tag's TagKey, as the KMS API has it; CloudFormation's tags have Key.
    """
    body = read_template_text(text, name).root
    keys = [one for one in body["Resources"].values() if one["Type"] == "AWS::KMS::Key"]
    if not keys:
        return text.decode("utf-8")
    for key in keys:
        del key["Properties"]["Tags"]
    return json.dumps(body)
