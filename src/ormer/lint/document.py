"""A policy document under lint: its statements with their places, and its unknown parts bound.

A document from a template may have symbols (``model/symbol.py``). A request is concrete, so each
symbol is taken for a text, the same wherever it stands, and a witness says which
(``lint/bound.py``); statements that are not known at all are left out (``lint/unsettled.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ormer.lint.bound import assumed_texts, bind
from ormer.lint.unsettled import Unsettled, settled
from ormer.model.definition import Place
from ormer.model.lint import Attached
from ormer.model.policy import Condition, Policy, Statement
from ormer.read.policies.open_policy import OpenPolicyReader
from ormer.read.policies.policy import PolicyKind, PolicyReader

_DEEPEST = 12
_KINDS = {
    Attached.IDENTITY: PolicyKind.IDENTITY,
    Attached.BOUNDARY: PolicyKind.IDENTITY,
    Attached.SCP: PolicyKind.IDENTITY,
    Attached.RESOURCE: PolicyKind.RESOURCE,
    Attached.TRUST: PolicyKind.RESOURCE,
    Attached.ENDPOINT: PolicyKind.GUARDED_RESOURCE,
    Attached.RCP: PolicyKind.GUARDED_RESOURCE,
}


class At(NamedTuple):
    """A statement: as it is written, as it is read, where it stands, and its Sid or number."""

    body: Mapping[str, Any]
    statement: Statement
    place: Place
    name: str

    def condition_place(self, condition: Condition) -> Place:
        """Where a condition of the statement stands."""
        return (*self.place, "Condition", condition.operator, condition.key)


class Document(NamedTuple):
    """A policy by the name that messages call it. ``body`` has no symbol; ``assumed`` says why.

    ``numbers`` are those of its statements among those that were declared: the ``unsettled`` ones
    are left out. ``beside`` are policies that are attached to the same with it.
    """

    name: str
    attached: Attached
    body: Mapping[str, Any]
    policy: Policy
    assumed: Mapping[str, str]
    numbers: tuple[int, ...]
    unsettled: tuple[Unsettled, ...] = ()
    beside: tuple[Document, ...] = ()

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
            return (At(found, self.policy.statements[0], ("Statement",), found.get("Sid") or "0"),)
        return tuple(
            At(body, statement, ("Statement", number), body.get("Sid") or str(number))
            for number, body, statement in zip(
                self.numbers, found, self.policy.statements, strict=True
            )
        )


def read_document(
    body: Any,
    name: str,
    attached: Attached,
    reader: Optional[OpenPolicyReader] = None,
    place: Place = (),
) -> Document:
    """The document of a policy's values.

    ``reader`` and ``place`` say where it stands, if not in a file of its own. Raises InputError,
    with its place, for what is none.
    """
    kind = _KINDS[attached]
    if _depth(body) > _DEEPEST:
        raise (reader or PolicyReader(name)).refuse(place, "nested too deeply to be a policy")
    if reader is None and isinstance(body, str):
        PolicyReader(name).policy(body, (), kind, name)
    (reader or OpenPolicyReader(name)).policy(body, place, kind, name)
    known = settled(body, name)
    assumed = assumed_texts(known.body)
    bound = bind(known.body, assumed)
    policy = PolicyReader(name).policy(bound, (), kind, name)
    return Document(name, attached, bound, policy, assumed, known.numbers, known.unsettled)


TOGETHER = (Attached.IDENTITY, Attached.SCP, Attached.RCP)
"""What there may be several policies of; a resource, an endpoint and a role have one each."""


def together(documents: Sequence[Document]) -> tuple[Document, ...]:
    """The documents, each with those of its kind beside it, where a kind may have several."""
    return tuple(
        each._replace(
            beside=tuple(
                other for other in documents if other is not each and _is_beside(each, other)
            )
        )
        for each in documents
    )


def _is_beside(one: Document, other: Document) -> bool:
    return one.attached is other.attached and one.attached in TOGETHER


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
