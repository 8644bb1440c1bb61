"""Roles in an input -> ``iam:PassRole`` requests.

Source: "Passing roles" in the Amazon SageMaker AI Developer Guide: whoever calls an API
with a role in it needs ``iam:PassRole`` on that role, for the service that will use it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ormer.model.request import Facet, Found, Member, Request
from ormer.model.value import Opaque
from ormer.requests.paths import Input

JOB = "sagemaker:CreateJob"
_OWED = ("RoleArn", "ExecutionRoleArn")
"""Without one of these the step runs as the pipeline's own role."""


def passed_roles(
    source: Input, action: str, members: tuple[Member, ...], facets: tuple[Facet, ...]
) -> Iterator[Request]:
    """A PassRole request for every role that the input holds, or owes and lacks."""
    if action == JOB and not any(member.path == "RoleArn" for member in members):
        # no shape lays a Job step's input out, so what is missing there is in no list
        members += (Member("RoleArn", "RoleArn", None, (*source.place, "RoleArn"), ""),)
    for member in members:
        if member.shape != "RoleArn" or (member.value is None and not _owed(member, action)):
            continue
        value = member.value
        if value is None:
            value = Opaque(f"no {member.path}: the step would run as the pipeline's own role")
        step = source.step
        yield Request(
            "iam:PassRole",
            Found(value, member.place),
            step.path,
            step.type,
            member.place,
            facets[:1],
        )


def _owed(member: Member, action: str) -> bool:
    if action == "sagemaker:CreateEndpointConfig":
        return False  # only an endpoint of inference components has a role of its own
    owner, _, name = member.path.rpartition(".")
    return name in _OWED and owner in ("", "TrainingJobDefinition", "TrainingJobDefinitions")
