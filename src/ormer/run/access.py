"""An access file and the policies that it names -> Access, ready to decide."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple, Optional

from ormer.model.access import Access, Endpoint, Holder, ResourcePolicy
from ormer.model.access_file import AccessFile, NamedLevel, NamedPrincipal, Reference
from ormer.model.attached_policy import Attached
from ormer.model.authorization import Level
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.policy import Policy
from ormer.model.resource import Declared, Resource
from ormer.read.access_file import read_access_file
from ormer.read.policies.declared import KINDS, declared, resource_policies
from ormer.read.policies.held import HOLDER_TYPES, Held, held_policies
from ormer.read.policies.policy import PolicyReader, read_policy
from ormer.read.templates.file_kind import kind_of
from ormer.read.templates.names import check_given
from ormer.sources.files import read_bytes

Parameters = Mapping[str, str | list[str]]
_MANAGED = "managed:"
_SUFFIXES = {"aws-cn": "amazonaws.com.cn"}


def load_access(
    path: str,
    parameters: Optional[Parameters] = None,
    environment: Optional[Environment] = None,
) -> Access:
    """Read an access file and every policy that it names.

    Paths in it are relative to its folder. ``parameters`` bind what templates and plans leave
    open and come before those of the file. The partition of the principals binds
    ``AWS::Partition`` and ``AWS::URLSuffix``, the profile's region ``AWS::Region``, and its account
    ``AWS::AccountId`` where it is that of every principal, each where nothing else does.

    Raises InputError naming the file and the place for what cannot be read.
    """
    return loaded_access(path, parameters, environment).access


def access_of(
    file: AccessFile,
    parameters: Optional[Parameters] = None,
    environment: Optional[Environment] = None,
) -> Access:
    """As ``load_access``, for a file that is read already."""
    return _loader(file, parameters, environment).access()


class LoadedAccess(NamedTuple):
    """An access file with what was read for it: ``declared`` are templates and plans, ``texts``
    the bytes of every file, by their paths."""

    file: AccessFile
    access: Access
    declared: Mapping[str, Declared]
    texts: Mapping[str, bytes]


def loaded_access(
    path: str,
    parameters: Optional[Parameters] = None,
    environment: Optional[Environment] = None,
) -> LoadedAccess:
    """As ``load_access``, with everything that was read."""
    text = read_bytes(path)
    file = read_access_file(text, path)
    loader = _loader(file, parameters, environment)
    access = loader.access()
    return LoadedAccess(loader.file, access, loader.read, {path: text, **loader.texts})


def _loader(
    file: AccessFile, parameters: Optional[Parameters], environment: Optional[Environment]
) -> _Loader:
    where = _where(file, environment)
    return _Loader(file, {**_partition(file), **where, **file.parameters, **(parameters or {})})


def _where(file: AccessFile, environment: Optional[Environment]) -> Parameters:
    if environment is None:
        return {}
    found = {"AWS::Region": environment.region}
    if {one.principal.account for one in file.principals} <= {environment.account}:
        found["AWS::AccountId"] = environment.account
    return found


def _partition(file: AccessFile) -> dict[str, str]:
    found = {one.principal.name.split(":", 2)[1] for one in file.principals}
    if len(found) != 1:
        return {}
    partition = found.pop()
    suffix = _SUFFIXES.get(partition, "amazonaws.com")
    return {"AWS::Partition": partition, "AWS::URLSuffix": suffix}


def _of_resource(arn: str) -> Attached:
    """What the policy of a resource is: a role's is its trust policy."""
    return Attached.TRUST if ":iam:" in arn and ":role/" in arn else Attached.RESOURCE


class _Loader:
    def __init__(self, file: AccessFile, parameters: dict[str, str | list[str]]) -> None:
        check_given(parameters)
        self.file = file
        self.parameters = parameters
        self.folder = os.path.dirname(file.name)
        self.read: dict[str, Declared] = {}
        self.texts: dict[str, bytes] = {}

    def access(self) -> Access:
        file = self.file
        return Access(
            {one.principal.name: self._holder(one) for one in file.principals},
            tuple(
                ResourcePolicy(one.resource, self._one(one.policy, _of_resource(one.resource)))
                for one in file.resources
            ),
            tuple(
                Endpoint(one.id, one.service, self._one(one.policy, Attached.ENDPOINT))
                for one in file.endpoints
            ),
            tuple(self._level(level, Attached.SCP) for level in file.scps),
            tuple(self._level(level, Attached.RCP) for level in file.rcps),
            file.management_account,
            file.organization,
        )

    def _holder(self, one: NamedPrincipal) -> Holder:
        held = [self._held(reference) for reference in one.identity]
        identity = tuple(policy for each in held for policy in each.identity)
        boundaries = [each.boundary for each in held if each.boundary is not None]
        boundary = boundaries[0] if boundaries else None
        if one.boundary is not None:
            boundary = (self._one(one.boundary, Attached.IDENTITY),)
        elif len(boundaries) > 1:
            why = "several boundaries are declared: name one as permissions_boundary"
            raise self._refuse(one.identity[0], f"{one.principal.name}: {why}")
        session = None
        if one.session is not None:
            session = self._one(one.session, Attached.IDENTITY)
        return Holder(one.principal, one.tags, identity, boundary, session)

    def _level(self, level: NamedLevel, attached: Attached) -> Level:
        policies = [p for each in level.policies for p in self._several(each, attached)]
        return Level(level.name, tuple(policies))

    def _held(self, reference: Reference) -> Held:
        """What a reference among identity policies attaches: a policy, or a role's."""
        path, mark, resource = reference.text.partition("#")
        if mark:
            found = self._declared(reference, path)
            if self._resource(reference, found, resource).type in HOLDER_TYPES:
                return held_policies(found, resource, self._managed, self.parameters)
        return Held(self._several(reference, Attached.IDENTITY), None)

    def _one(self, reference: Reference, attached: Attached) -> Policy:
        found = self._several(reference, attached)
        if len(found) > 1:
            raise self._refuse(reference, f"{reference.text} holds {len(found)} policies, not one")
        return found[0]

    def _several(self, reference: Reference, attached: Attached) -> tuple[Policy, ...]:
        text = reference.text
        if not text:
            where = f"{self.file.name}:{reference.line}: {reference.place}"
            reader = PolicyReader(where)
            called = f"{self.file.name}#{reference.place}"
            return (reader.policy(reference.document, (), KINDS[attached], called),)
        if text.startswith(_MANAGED):
            if attached is not Attached.IDENTITY:
                why = f"{text} is a policy of principals, not {attached.value}"
                raise self._refuse(reference, why)
            try:
                return (self._managed(text.removeprefix(_MANAGED)),)
            except InputError as error:
                raise self._refuse(reference, str(error)) from None
        path, mark, resource = text.partition("#")
        if mark:
            found = self._declared(reference, path)
            self._resource(reference, found, resource)
            return resource_policies(found, resource, attached)
        return (self._document(reference, attached),)

    def _document(self, reference: Reference, attached: Attached) -> Policy:
        path = self._path(reference.text)
        data = self._bytes(reference, path)
        kind = kind_of(data)
        if kind:
            why = f"{reference.text} is a {kind}: add # and the id of a resource"
            raise self._refuse(reference, why)
        return read_policy(data.removeprefix(b"\xef\xbb\xbf"), path, KINDS[attached])

    def _declared(self, reference: Reference, path: str) -> Declared:
        path = self._path(path)
        if path not in self.read:
            from ormer.run.parts import declared_in  # late: not every access file names one

            data = self._bytes(reference, path)
            kind = kind_of(data)
            if not kind:
                raise self._refuse(reference, f"{path} is neither a template nor a plan")
            self.read[path] = declared_in(data, path, kind, self.parameters)
        return self.read[path]

    def _resource(self, reference: Reference, found: Declared, name: str) -> Resource:
        try:
            return declared(found, name)
        except InputError as error:
            raise self._refuse(reference, str(error)) from None

    def _bytes(self, reference: Reference, path: str) -> bytes:
        try:
            if path not in self.texts:
                self.texts[path] = read_bytes(path)
        except InputError as error:
            raise self._refuse(reference, str(error)) from None
        return self.texts[path]

    def _path(self, path: str) -> str:
        return os.path.normpath(os.path.join(self.folder, path))

    def _managed(self, name: str) -> Policy:
        from ormer.sources.managed_policies import managed_policy  # late: it may be missing

        name = name.rpartition("/")[2]
        called = f"{_MANAGED}{name}"
        document = managed_policy(name)
        return PolicyReader(called).policy(document, (), KINDS[Attached.IDENTITY], called)

    def _refuse(self, reference: Reference, why: str) -> InputError:
        return InputError(f"{self.file.name}:{reference.line}: {reference.place}: {why}")
