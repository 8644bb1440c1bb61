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
from ormer.model.symbol import has_symbol, pieces, symbol
from ormer.read.policy import PolicyKind, PolicyReader

ACCOUNT = "111122223333"
REGION = "eu-west-1"
_DEEPEST = 12
_PRINCIPAL = ("Principal", "NotPrincipal")
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
    reader = PolicyReader(name)
    if _depth(body) > _DEEPEST:
        raise reader.refuse((), "nested too deeply to be a policy")
    bound = _bind(body, assumed, False)
    policy = reader.policy(bound, (), _KINDS[attached], name)
    return Document(name, attached, bound, policy, assumed)


def _depth(body: Any) -> int:
    """How many structures lie within each other, no further than is of interest."""
    depth, level = 0, [body]
    while level and depth <= _DEEPEST:
        inner = [each for each in level if isinstance(each, (dict, list))]
        level = [
            value for each in inner for value in (each.values() if isinstance(each, dict) else each)
        ]
        depth += 1
    return depth


def guess_attached(body: Any) -> Attached:
    """What a document seems to be attached to: a Principal makes a policy of a resource.

    An SCP looks like an identity's policy, and an endpoint's like a bucket's.
    """
    found = body.get("Statement") if isinstance(body, dict) else None
    statements = found if isinstance(found, list) else [found]
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


def _bind(value: Any, assumed: dict[str, str], principal: bool) -> Any:
    if isinstance(value, str):
        return _bind_text(value, assumed, principal) if has_symbol(value) else value
    if isinstance(value, list):
        return [_bind(each, assumed, principal) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        _bind(key, assumed, False): _bind(each, assumed, principal or key in _PRINCIPAL)
        for key, each in value.items()
    }


def _bind_text(text: str, assumed: dict[str, str], principal: bool) -> str:
    parts = list(pieces(text))
    for index in range(1, len(parts), 2):
        name = parts[index]
        alone = principal and text == symbol(name)
        if name not in assumed:
            plain = _PSEUDO.get(name) or _plain(name)
            is_role = alone and name not in _PSEUDO
            assumed[name] = f"arn:aws:iam::{ACCOUNT}:role/{plain}" if is_role else plain
        parts[index] = assumed[name]
    return "".join(parts)


def _plain(name: str) -> str:
    """A text that may be a name anywhere: letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "unknown"
