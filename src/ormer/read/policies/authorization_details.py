"""The output of ``aws iam get-account-authorization-details`` -> what each principal has.

Source: "GetAccountAuthorizationDetails" in the IAM API Reference. The command line decodes the
documents; other clients leave them URL-encoded (RFC 3986), and both are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Optional
from urllib.parse import unquote

from ormer.model.definition import Place, pointer
from ormer.model.errors import InputError
from ormer.read.policies.policy import kind_of
from ormer.read.text.json_text import parse_json, read_json

_SECTIONS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
_AWS_MANAGED = ":iam::aws:policy/"


class Detail(NamedTuple):
    """A user or role: its policies are documents, or ``managed:NAME`` of one not in the output.

    ``trust`` is a role's trust policy.
    """

    arn: str
    tags: Mapping[str, str]
    identity: tuple[Any, ...]
    boundary: Any
    trust: Any


def read_authorization_details(text: bytes, name: str) -> tuple[Detail, ...]:
    """Every role and user, in the order of the output.

    Raises InputError naming ``name`` and the place for output that is truncated or is none, for
    an attached policy or a group that is not in it, and for a document that is no JSON object.
    """
    body = read_json(text, name)
    if not isinstance(body, dict) or not any(section in body for section in _SECTIONS):
        raise InputError(
            f"{name}: has none of {', '.join(_SECTIONS)}: this is not the output of "
            "aws iam get-account-authorization-details"
        )
    if body.get("IsTruncated") or body.get("NextToken"):
        raise InputError(f"{name}: is truncated: more principals follow that are not in it")
    return tuple(_Reader(body, name).details())


class _Reader:
    def __init__(self, body: dict[str, Any], name: str) -> None:
        self.body = body
        self.name = name
        self.policies = {
            self._text(entry, "Arn", place): (entry, place)
            for entry, place in self._list(body, "Policies", ())
        }
        self.groups = {
            self._text(entry, "GroupName", place): (entry, place)
            for entry, place in self._list(body, "GroupDetailList", ())
        }

    def details(self) -> Iterator[Detail]:
        for entry, place in self._list(self.body, "RoleDetailList", ()):
            trust = self._document(entry, "AssumeRolePolicyDocument", place)
            yield self._detail(
                entry, place, tuple(self._own(entry, "RolePolicyList", place)), trust
            )
        for entry, place in self._list(self.body, "UserDetailList", ()):
            own = tuple(self._own(entry, "UserPolicyList", place))
            yield self._detail(entry, place, own + tuple(self._of_groups(entry, place)), None)

    def _detail(self, entry: Any, place: Place, policies: tuple[Any, ...], trust: Any) -> Detail:
        tags = {
            self._text(tag, "Key", at): self._text(tag, "Value", at, may_be_empty=True)
            for tag, at in self._list(entry, "Tags", place)
        }
        return Detail(
            self._text(entry, "Arn", place), tags, policies, self._boundary(entry, place), trust
        )

    def _own(self, entry: Any, member: str, place: Place) -> Iterator[Any]:
        """The inline policies of a principal or group, and the managed ones attached to it."""
        for inline, at in self._list(entry, member, place):
            yield self._document(inline, "PolicyDocument", at)
        for attached, at in self._list(entry, "AttachedManagedPolicies", place):
            yield self._managed(self._text(attached, "PolicyArn", at), at)

    def _of_groups(self, entry: Any, place: Place) -> Iterator[Any]:
        groups = entry.get("GroupList") or []
        if not isinstance(groups, list):
            raise self._refuse((*place, "GroupList"), f"is {kind_of(groups)}, not a list")
        for group in groups:
            if group not in self.groups:
                why = f"the group {group!r} is not in the output: add Group to --filter"
                raise self._refuse((*place, "GroupList"), why)
            found, at = self.groups[group]
            yield from self._own(found, "GroupPolicyList", at)

    def _boundary(self, entry: Any, place: Place) -> Any:
        found = entry.get("PermissionsBoundary")
        if found is None:
            return None
        at = (*place, "PermissionsBoundary")
        if not isinstance(found, dict):
            raise self._refuse(at, f"is {kind_of(found)}, not an object")
        return self._managed(self._text(found, "PermissionsBoundaryArn", at), at)

    def _managed(self, arn: str, place: Place) -> Any:
        """The default version of a managed policy."""
        if arn not in self.policies:
            _, managed, name = arn.partition(_AWS_MANAGED)
            if managed:
                return f"managed:{name.rpartition('/')[2]}"
            why = f"{arn} is not in the output: add LocalManagedPolicy to --filter"
            raise self._refuse(place, why)
        entry, at = self.policies[arn]
        for version, where in self._list(entry, "PolicyVersionList", at):
            if version.get("IsDefaultVersion") is True:
                return self._document(version, "Document", where)
        raise self._refuse(at, f"{arn} has no default version")

    def _document(self, entry: Any, member: str, place: Place) -> Any:
        found = entry.get(member)
        at = (*place, member)
        if isinstance(found, str):
            text = found if found.lstrip().startswith("{") else unquote(found)
            found = parse_json(text, f"{self.name}: {pointer(at)}")
        if not isinstance(found, dict):
            raise self._refuse(at, f"is {kind_of(found)}, not a policy")
        return found

    def _list(self, body: Any, member: str, place: Place) -> Iterator[tuple[Any, Place]]:
        """The objects of a list, each with its place; a member that is missing has none."""
        found = body.get(member)
        at = (*place, member)
        if found is not None and not isinstance(found, list):
            raise self._refuse(at, f"is {kind_of(found)}, not a list")
        for index, entry in enumerate(found or ()):
            if not isinstance(entry, dict):
                raise self._refuse((*at, index), f"is {kind_of(entry)}, not an object")
            yield entry, (*at, index)

    def _text(self, entry: Any, member: str, place: Place, may_be_empty: bool = False) -> str:
        found: Optional[str] = entry.get(member)
        if not isinstance(found, str) or not (found or may_be_empty):
            raise self._refuse((*place, member), f"is {kind_of(found)}, not a text")
        return found

    def _refuse(self, place: Place, why: str) -> InputError:
        return InputError(f"{self.name}: {pointer(place)}: {why}")
