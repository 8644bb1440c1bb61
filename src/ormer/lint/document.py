"""A policy document under lint: its statements with their places, and its unknown parts bound.

A document from a template may have symbols (``model/symbol.py``). A request is concrete, so each
symbol is taken for a text, the same wherever it stands, and a witness says which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ormer.model.definition import Place
from ormer.model.lint import Attached
from ormer.model.policy import Condition, Policy, Statement
from ormer.model.symbol import END, START, has_symbol, pieces
from ormer.read.policy import PolicyKind, PolicyReader

ACCOUNT = "111122223333"
REGION = "eu-west-1"
_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}
_KINDS = {
    Attached.IDENTITY: PolicyKind.IDENTITY,
    Attached.SCP: PolicyKind.IDENTITY,
    Attached.RESOURCE: PolicyKind.RESOURCE,
    Attached.TRUST: PolicyKind.RESOURCE,
    Attached.ENDPOINT: PolicyKind.GUARDED_RESOURCE,
    Attached.RCP: PolicyKind.GUARDED_RESOURCE,
}


class At(NamedTuple):
    """A statement: as it is written, as it is read, and where it stands."""

    body: Mapping[str, Any]
    statement: Statement
    place: Place

    def condition_place(self, condition: Condition) -> Place:
        """Where a condition of the statement stands."""
        return (*self.place, "Condition", condition.operator, condition.key)


class Document(NamedTuple):
    """A policy by the name that messages call it. ``body`` has no symbol; ``assumed`` says why."""

    name: str
    attached: Attached
    body: Mapping[str, Any]
    policy: Policy
    assumed: Mapping[str, str]

    @property
    def names_version(self) -> bool:
        """Whether the document has a Version."""
        return "Version" in self.body

    def statement(self, body: Mapping[str, Any]) -> Statement:
        """Another statement, read as if it stood alone in such a document."""
        alone = {"Version": self.policy.version, "Statement": [body]}
        reader = PolicyReader(self.name)
        return reader.policy(alone, (), _KINDS[self.attached], self.name).statements[0]

    def statements(self) -> tuple[At, ...]:
        """The statements in their order."""
        found = self.body["Statement"]
        if isinstance(found, dict):
            return (At(found, self.policy.statements[0], ("Statement",)),)
        return tuple(
            At(body, statement, ("Statement", index))
            for index, (body, statement) in enumerate(
                zip(found, self.policy.statements, strict=True)
            )
        )


def read_document(body: Any, name: str, attached: Attached) -> Document:
    """The document of a policy's values. Raises InputError, with its place, for what is none."""
    assumed: dict[str, str] = {}
    bound = _bind(body, assumed)
    policy = PolicyReader(name).policy(bound, (), _KINDS[attached], name)
    return Document(name, attached, bound, policy, assumed)


def guess_attached(body: Any) -> Attached:
    """What a document seems to be attached to: a Principal makes a policy of a resource.

    An SCP looks like an identity's policy, and an endpoint's like a bucket's.
    """
    found = body.get("Statement") if isinstance(body, dict) else None
    statements = [each for each in (found if isinstance(found, list) else [found])]
    objects = [each for each in statements if isinstance(each, dict)]
    if not any("Principal" in each or "NotPrincipal" in each for each in objects):
        return Attached.IDENTITY
    if all("Resource" not in each and "NotResource" not in each for each in objects):
        actions = [text for each in objects for text in _texts(each.get("Action"))]
        if actions and all(text.lower().startswith("sts:") for text in actions):
            return Attached.TRUST
    return Attached.RESOURCE


def _texts(found: Any) -> list[str]:
    return [text for text in (found if isinstance(found, list) else [found]) if type(text) is str]


def _bind(value: Any, assumed: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _bind_text(value, assumed) if has_symbol(value) else value
    if isinstance(value, list):
        return [_bind(each, assumed) for each in value]
    if isinstance(value, dict):
        return {_bind(key, assumed): _bind(each, assumed) for key, each in value.items()}
    return value


def _bind_text(text: str, assumed: dict[str, str]) -> str:
    parts = list(pieces(text))
    for index in range(1, len(parts), 2):
        name = parts[index]
        assumed[name] = _PSEUDO.get(name) or _plain(name)
        parts[index] = assumed[name]
    return "".join(parts).replace(START, "").replace(END, "")


def _plain(name: str) -> str:
    """A text that may be a name anywhere: letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "unknown"
