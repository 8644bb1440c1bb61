"""The policies of a template or a plan, as documents for lint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ormer.lint.document import Document, read_document
from ormer.model.attached_policy import AttachedPolicy
from ormer.model.definition import Place
from ormer.model.errors import InputError
from ormer.model.lint import Attached
from ormer.model.resource import Declared, Resource
from ormer.model.symbol import symbol
from ormer.read.policies.attached import FULL_ENDPOINT_ACCESS, attached_policies
from ormer.read.policies.declared import ResourceReader, declared
from ormer.read.templates.parameters import Values
from ormer.run.parts import declared_in


class DeclaredDocument(NamedTuple):
    """A document, the resource that holds it, and where in its properties."""

    document: Document
    resource: Resource
    place: Place


def declared_documents(
    text: bytes, name: str, kind: str, part: str, given: Values
) -> Iterator[DeclaredDocument]:
    """Every policy of a file, or of the resource that ``part`` names, in the order of the file.

    Raises InputError for what cannot be read, for a document that is no policy, and where there
    is no policy.
    """
    found = declared_in(text, name, kind, given)
    resources = [declared(found, part)] if part else list(found.resources.values())
    boundaries = set(_boundaries(found))
    none = True
    for resource in resources:
        for one in attached_policies(resource):
            if _is_written(one):
                none = False
                yield DeclaredDocument(_read(one, resource, name, boundaries), resource, one.place)
    if none and part:
        why = f"{resources[0].type} has no policy document"
        raise ResourceReader(name, resources[0]).refuse((), why)
    if none:
        raise InputError(f"{name}: no policy in this {kind}")


def _is_written(one: AttachedPolicy) -> bool:
    """Whether the file has the document: AWS gives endpoints one, and a plan calls the inline
    policies of every new role unknown, since the provider computes them where there are none."""
    if one.document is FULL_ENDPOINT_ACCESS:
        return False
    return one.place != ("inline_policy",)


def _read(one: AttachedPolicy, resource: Resource, name: str, boundaries: set[str]) -> Document:
    called = f"{name}#{resource.id}" + (f"/{one.name}" if one.name else "")
    attached = Attached[one.attached.name]
    if attached is Attached.IDENTITY and resource.id in boundaries:
        attached = Attached.BOUNDARY
    return read_document(one.document, called, attached, ResourceReader(name, resource), one.place)


def _boundaries(found: Declared) -> Iterator[str]:
    """The policies of the file that its roles and users name as their boundary."""
    named = [
        resource.properties.get("PermissionsBoundary")
        for resource in found.resources.values()
        if isinstance(resource.properties, dict)
    ]
    return (name for name in found.resources if symbol(name) in named)
