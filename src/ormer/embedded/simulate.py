"""iam:SimulatePrincipalPolicy, which moto lacks: a fixed answer, not an evaluation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from xml.sax.saxutils import escape

from ormer.embedded.world import World


def simulate_principal_policy(world: World, form: Mapping[str, list[str]]) -> str:
    """Missing in moto 5.2, and the SageMaker SDK v3 calls it while it builds a pipeline.

    This is a fixed answer and not an evaluation: "allowed" for every action on
    every resource if the principal is a role that the profile names, which is
    what those roles must be able to do for the SDK to go on; "implicitDeny" for
    any other principal. No policy is read. Use ``ormer prove`` to judge policies.
    """
    decision = (
        "allowed" if form.get("PolicySourceArn", [""])[0] in world.seeded_roles else "implicitDeny"
    )
    actions = _members(form, "ActionNames")
    resources = _members(form, "ResourceArns") or ["*"]
    results = "".join(
        f"<member><EvalActionName>{escape(action)}</EvalActionName>"
        f"<EvalResourceName>{escape(resource)}</EvalResourceName>"
        f"<EvalDecision>{decision}</EvalDecision>"
        "<MatchedStatements/><MissingContextValues/></member>"
        for action in actions
        for resource in resources
    )
    return (
        '<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
        "<SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated>"
        f"<EvaluationResults>{results}</EvaluationResults></SimulatePrincipalPolicyResult>"
        f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata>"
        "</SimulatePrincipalPolicyResponse>"
    )


def _members(form: Mapping[str, list[str]], name: str) -> list[str]:
    """The items of an IAM query list: ``name.member.1``, ``name.member.2``, ..."""
    found: list[str] = []
    while f"{name}.member.{len(found) + 1}" in form:
        found.append(form[f"{name}.member.{len(found) + 1}"][0])
    return found
