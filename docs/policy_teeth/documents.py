"""The policy documents of this repository, each for the example environment, by its name.

``iam/build-role.yaml#BuildPolicy``, ``iam/build-role.yaml#BuildRole.trust`` and
``policies/scp/guardrails-1.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from docs.plain_documents import ROOT, resolved
from ormer.model.policy import Policy
from ormer.read.policies.policy import PolicyKind, PolicyReader

TRUST = ".trust"
IAM_PACK, SCP_PACK, BOUNDARY_PACK = (
    "iam/guardrails/guardrails-",
    "policies/scp/guardrails-",
    "iam/guardrails/boundary.json",
)
"""What the names of the guardrails begin with."""
_PACKS = ("iam/guardrails", "policies/scp")
_GUARDED = ("policies/endpoints.yaml", "policies/organization.yaml")
_OF_RESOURCES = ("policies/buckets.yaml", "policies/keys.yaml")


@cache
def documents() -> Mapping[str, Any]:
    """Every document as JSON."""
    found = {one.name: one.document for one in resolved()}
    for folder in _PACKS:
        for path in sorted((ROOT / folder).glob("*.json")):
            found[f"{folder}/{path.name}"] = json.loads(path.read_text("utf-8"))
    return found


@cache
def policies() -> Mapping[str, Policy]:
    """Every document, read."""
    return {name: read(document, name) for name, document in documents().items()}


def pack(prefix: str) -> tuple[str, ...]:
    """The names of the documents of one kind of guardrails."""
    return tuple(name for name in documents() if name.startswith(prefix))


def read(document: Any, name: str) -> Policy:
    """A document as the policy that its name says it is."""
    return PolicyReader(name).policy(document, (), kind_of(name), name)


def kind_of(name: str) -> PolicyKind:
    """What a document is attached to, by its name."""
    if name.startswith(_GUARDED):
        return PolicyKind.GUARDED_RESOURCE
    is_of_resource = name.startswith(_OF_RESOURCES) or name.endswith(TRUST)
    return PolicyKind.RESOURCE if is_of_resource else PolicyKind.IDENTITY
