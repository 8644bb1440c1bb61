"""The policies of a declared resource, read: ``template.yaml#DataBucketPolicy`` -> Policy."""

from __future__ import annotations

from ormer.model.attached_policy import Attached, AttachedPolicy
from ormer.model.definition import Place, pointer
from ormer.model.errors import InputError
from ormer.model.policy import Policy
from ormer.model.resource import Declared, Resource
from ormer.model.symbol import readable, symbol
from ormer.read.policies.attached import POLICY_TYPES, attached_policies
from ormer.read.policies.open_policy import OpenPolicyReader, in_doubt
from ormer.read.policies.policy import PolicyKind
from ormer.read.text.suggestion import suggestion

KINDS = {
    Attached.IDENTITY: PolicyKind.IDENTITY,
    Attached.TRUST: PolicyKind.RESOURCE,
    Attached.RESOURCE: PolicyKind.RESOURCE,
    Attached.ENDPOINT: PolicyKind.GUARDED_RESOURCE,
    Attached.SCP: PolicyKind.IDENTITY,
    Attached.RCP: PolicyKind.GUARDED_RESOURCE,
}
"""The elements that a document may have, by what it is attached to."""


class ResourceReader(OpenPolicyReader):
    """Reads the documents of one resource; an error names its file, line, id and place."""

    def __init__(self, file: str, resource: Resource) -> None:
        super().__init__(f"{file}#{resource.id}")
        self._file = file
        self._resource = resource

    def refuse(self, place: Place, why: str) -> InputError:
        """The error for what stands at ``place`` in the properties."""
        line = self._resource.line(place)
        at = f"{self._resource.id}{pointer(place)}"
        return InputError(f"{self._file}:{line}: {at}: {readable(why)}")

    def attached(self, one: AttachedPolicy) -> Policy:
        """A document of the resource, called by file, id and its own name.

        Where a condition that is not known decides whether the resource is there, each of its
        statements holds or not.
        """
        called = f"{self.name}/{one.name}" if one.name else self.name
        policy = self.policy(one.document, one.place, KINDS[one.attached], called)
        condition = self._resource.condition
        return in_doubt(policy, symbol(f"Condition:{condition}")) if condition else policy


def declared(found: Declared, resource: str) -> Resource:
    """The resource of that id. Raises InputError with the nearest id if there is none."""
    if resource not in found.resources:
        near = {name for name, one in found.resources.items() if one.type in POLICY_TYPES}
        raise InputError(f"{found.name}#{resource}: no such resource{suggestion(resource, near)}")
    return found.resources[resource]


def resource_policies(found: Declared, resource: str, wanted: Attached) -> tuple[Policy, ...]:
    """The policies of that kind that a resource holds itself; at least one.

    Raises InputError for a resource that is not there or holds none, and for a document that
    is no policy.
    """
    one = declared(found, resource)
    documents = attached_policies(one)
    reader = ResourceReader(found.name, one)
    policies = tuple(reader.attached(each) for each in documents if each.attached is wanted)
    if not policies:
        kinds = " and ".join(dict.fromkeys(each.attached.value for each in documents))
        has = f"has {kinds}" if kinds else "has no policy document"
        raise reader.refuse((), f"{one.type} {has}, not {wanted.value}")
    return policies
