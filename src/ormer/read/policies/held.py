"""Everything that one file attaches to a role or a user: ``template.yaml#ExecutionRole``.

Its inline policies, the policies of the same file that name it, the managed policies that it
names, those of a user's groups, and its permissions boundary. What is attached and not in the
file (and no AWS managed policy) is a policy of which nothing is known. So is what may be
attached, where the name that it is attached to is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Optional

from ormer.model.attached_policy import Attached
from ormer.model.policy import Policy
from ormer.model.resource import Declared, Resource
from ormer.model.symbol import has_symbol, pieces, readable, symbol, symbols
from ormer.read.policies.attached import attached_policies
from ormer.read.policies.declared import ResourceReader, declared
from ormer.read.policies.open_policy import in_doubt, is_symbol, unknown_policy
from ormer.read.policies.policy import PolicyKind

Managed = Callable[[str], Policy]
"""An AWS managed policy by its name. Raises InputError if it cannot be had."""
Given = Mapping[str, str | list[str]]
"""What is given for references by their names: some refer to what policies are attached to."""
_AWS_MANAGED = ":iam::aws:policy/"


class Held(NamedTuple):
    """What is attached to a principal. ``boundary`` is None where none is declared."""

    identity: tuple[Policy, ...]
    boundary: Optional[tuple[Policy, ...]]


class _Kind(NamedTuple):
    """How the types of one provider name a kind of principal, and what is attached to it.

    ``attaching`` are the types that attach to it, each with the property that names it: those
    that hold a document, and those that name a policy by its ARN.
    """

    name: str
    managed: str
    attaching: dict[str, str]
    boundary: str = ""
    groups: str = ""


_KINDS = {
    "AWS::IAM::Role": _Kind(
        "RoleName",
        "ManagedPolicyArns",
        {
            "AWS::IAM::Policy": "Roles",
            "AWS::IAM::ManagedPolicy": "Roles",
            "AWS::IAM::RolePolicy": "RoleName",
        },
        "PermissionsBoundary",
    ),
    "AWS::IAM::User": _Kind(
        "UserName",
        "ManagedPolicyArns",
        {
            "AWS::IAM::Policy": "Users",
            "AWS::IAM::ManagedPolicy": "Users",
            "AWS::IAM::UserPolicy": "UserName",
        },
        "PermissionsBoundary",
        "Groups",
    ),
    "AWS::IAM::Group": _Kind(
        "GroupName",
        "ManagedPolicyArns",
        {
            "AWS::IAM::Policy": "Groups",
            "AWS::IAM::ManagedPolicy": "Groups",
            "AWS::IAM::GroupPolicy": "GroupName",
        },
    ),
    "aws_iam_role": _Kind(
        "name",
        "managed_policy_arns",
        {
            "aws_iam_role_policy": "role",
            "aws_iam_role_policy_attachment": "role",
            "aws_iam_policy_attachment": "roles",
            "aws_iam_role_policy_attachments_exclusive": "role_name",
        },
        "permissions_boundary",
    ),
}
HOLDER_TYPES = frozenset(_KINDS)
"""The types of what policies are attached to."""


def held_policies(found: Declared, resource: str, managed: Managed, given: Given) -> Held:
    """The policies of a role, a user or a group of one of ``HOLDER_TYPES``.

    ``given`` is what the file was read with: a Ref to the role is then the name that is given.
    Raises InputError for an id that is not there and for a document that is no policy.
    """
    return _Holder(found, declared(found, resource), managed, given).held()


class _Holder:
    def __init__(self, found: Declared, one: Resource, managed: Managed, given: Given) -> None:
        self.found = found
        self.one = one
        self.kind = _KINDS[one.type]
        self.managed = managed
        self.given = given

    def held(self) -> Held:
        boundary = self._property(self.kind.boundary)
        limits = None if not boundary else tuple(self._by_arn(boundary[0], self.one))
        return Held(tuple(self._identity()), limits)

    def _identity(self) -> Iterator[Policy]:
        yield from self._documents(self.one)
        for arn in self._property(self.kind.managed):
            yield from self._by_arn(arn, self.one)
        for other in self.found.resources.values():
            member = self.kind.attaching.get(other.type)
            if member:
                yield from self._attached(other, member)
        for group in self._property(self.kind.groups):
            yield from self._of_group(group)
        yield from self._added()

    def _property(self, member: str) -> list[str]:
        return _texts(self.one, member) if member else []

    def _documents(self, resource: Resource) -> Iterator[Policy]:
        reader = ResourceReader(self.found.name, resource)
        for each in attached_policies(resource):
            if each.attached is Attached.IDENTITY:
                yield reader.attached(each)

    def _attached(self, other: Resource, member: str) -> Iterator[Policy]:
        """The policies that another resource attaches to this one, or may."""
        names = [self._is_me(name) for name in _texts(other, member)]
        if all(name is False for name in names):
            return
        arns = [*_texts(other, "policy_arn"), *_texts(other, "policy_arns")]
        policies = [*self._documents(other)]
        for arn in arns:
            policies += self._by_arn(arn, other)
        sure = True in names
        text = symbol(f"{other.id}.{member}")
        yield from policies if sure else (in_doubt(each, text) for each in policies)

    def _is_me(self, name: str) -> Optional[bool]:
        return self._same(name, self.one)

    def _by_arn(self, arn: str, where: Resource) -> Iterator[Policy]:
        """The managed policy of an ARN, as it stands in ``where``."""
        for other in self._of_type("AWS::IAM::ManagedPolicy", arn):
            if self._names_policy(arn, other):
                yield from self._documents(other)
                return
        _, managed, name = arn.partition(_AWS_MANAGED)
        if managed and not has_symbol(name):
            yield self.managed(name.rpartition("/")[2])
            return
        text = arn if has_symbol(arn) else symbol(arn)
        called = f"{self.found.name}#{where.id}/{readable(arn)}"
        yield unknown_policy(text, PolicyKind.IDENTITY, called)

    def _added(self) -> Iterator[Policy]:
        """The policies of the groups that a user is added to, or may be."""
        for other in self.found.resources.values() if self.kind.groups else ():
            if other.type != "AWS::IAM::UserToGroupAddition":
                continue
            users = [self._is_me(user) for user in _texts(other, "Users")]
            sure = True in users and not other.condition
            if any(user is not False for user in users):
                text = symbol(
                    f"Condition:{other.condition}" if True in users else f"{other.id}.Users"
                )
                for group in _texts(other, "GroupName"):
                    held = self._of_group(group)
                    yield from held if sure else (in_doubt(each, text) for each in held)

    def _of_group(self, name: str) -> Iterator[Policy]:
        for other in self._of_type("AWS::IAM::Group", name):
            if self._same(name, other):
                yield from _Holder(self.found, other, self.managed, self.given).held().identity
                return
        text = name if has_symbol(name) else symbol(name)
        called = f"{self.found.name}#{self.one.id}/{readable(name)}"
        yield unknown_policy(text, PolicyKind.IDENTITY, called)

    def _of_type(self, kind: str, name: str) -> Iterator[Resource]:
        """The resources of a type that a name may be of: a Ref is of one resource."""
        one = self.found.resources.get(symbols(name)[0]) if is_symbol(name) else None
        among = self.found.resources.values() if one is None else [one]
        return (each for each in among if each.type == kind)

    def _names(self, resource: Resource, member: str) -> list[str]:
        """What a Ref to the resource may be: the name that is given for it, and its own."""
        found = self.given.get(resource.id)
        return [*([found] if isinstance(found, str) else []), *_texts(resource, member)]

    def _same(self, name: str, resource: Resource) -> Optional[bool]:
        """Whether a name is that of the resource; None where that is not known."""
        own = self._names(resource, _KINDS[resource.type].name)
        if name == symbol(resource.id) or name in own:
            return True
        if is_symbol(name) and symbols(name)[0] in self.found.resources:
            return False
        if not own:  # its name is made when it is deployed: no fixed text can be it
            return None if has_symbol(name) else False
        return None if any(may_be_equal(name, one) for one in own) else False

    def _names_policy(self, arn: str, policy: Resource) -> bool:
        """Whether a managed policy's ARN is that of a policy in the file."""
        if arn in (symbol(policy.id), self.given.get(policy.id)):
            return True
        name = _texts(policy, "ManagedPolicyName")
        is_own = ":policy/" in arn and _AWS_MANAGED not in arn
        return bool(name) and is_own and arn.endswith(f"/{name[0]}")


def _texts(resource: Resource, member: str) -> list[str]:
    """The texts of a property that has one or a list."""
    properties: Any = resource.properties
    if not isinstance(properties, dict):
        return [properties] if isinstance(properties, str) else []
    found = properties.get(member)
    texts = found if isinstance(found, list) else [found]
    return [text for text in texts if isinstance(text, str) and text]


def may_be_equal(one: str, other: str) -> bool:
    """Whether two texts with symbols may turn out to be the same, by their fixed beginnings and
    ends after what they have in common."""
    first, second = list(pieces(one)), list(pieces(other))
    while len(first) > 1 and len(second) > 1 and first[:2] == second[:2]:
        del first[:2], second[:2]
    if len(first) == 1 == len(second):
        return first == second
    if len(first) == 1 or len(second) == 1:
        first, second = sorted((first, second), key=len)
        fits = first[0].startswith(second[0]) and first[0].endswith(second[-1])
        return fits and len(first[0]) >= len(second[0]) + len(second[-1])
    heads, tails = sorted((first[0], second[0]), key=len), sorted((first[-1], second[-1]), key=len)
    return heads[1].startswith(heads[0]) and tails[1].endswith(tails[0])
