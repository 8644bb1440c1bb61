"""What a request of an action can be: the Service Authorization Reference and the API's shapes.

A key that a service documents for other actions, and not for this one, is never there; a key that
nobody knows, or that is documented for no action, may be, with one value or several. Sources:
"Actions, resources, and condition keys" of each service in the Service Authorization Reference;
"AWS global condition context keys" and "Passing session tags in AWS STS" in the IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Optional

from ormer.facts.carriers import load_carriers
from ormer.facts.feasible import feasible
from ormer.facts.global_keys import TAG_KEYS, always_there, global_key
from ormer.facts.iam_actions import Action, service_actions, services
from ormer.facts.iam_actions import action as find_action
from ormer.facts.service import load_service
from ormer.model.access import Access, Holder
from ormer.model.environment import Environment
from ormer.model.policy import Effect
from ormer.model.principal import Kind
from ormer.model.world import World
from ormer.proofs.asked.hints import key_hints, resource_hints
from ormer.prove.request_space import KeyFacts, RequestSpace, Route
from ormer.prove.statements import is_about

_OF_SERVICES = frozenset(
    ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")
    + ("aws:sourceowner", "aws:principalservicename", "aws:principalservicenameslist")
)
"""Only in calls that a service makes as itself, not with a role or a user's permissions."""
_KINDS = {"Numeric": "number", "Date": "date", "IPAddress": "ip"}
_TYPES = {
    Kind.ROOT: "Account",
    Kind.USER: "User",
    Kind.FEDERATED_USER: "FederatedUser",
    Kind.ROLE: "AssumedRole",
    Kind.SESSION: "AssumedRole",
}
_ARRAY = "ArrayOf"
_TAG = "aws:principaltag/"
_OWN_ONLY = ("iam", "organizations", "account")

Approved = Mapping[str, tuple[str, ...]]
"""A key in lower case -> the values that controls and policies name for it."""


class Spaces:
    """The spaces of one access file and profile. ``approved`` are likely values of keys;
    ``listed_are_own``: buckets that have a policy are taken to be the profile's account's."""

    def __init__(
        self,
        access: Access,
        environment: Environment,
        approved: Approved,
        listed_are_own: bool = False,
    ) -> None:
        self._own = ("", environment.account) if listed_are_own else (environment.account,)
        self.access = access
        self.environment = environment
        self.approved = approved
        self._facts: dict[tuple[str, bool], dict[str, Optional[KeyFacts]]] = {}
        carriers = load_carriers()
        self.renamed = {old.lower(): new.lower() for new, old in carriers.renamed.items()}
        self.flags = frozenset(
            key.lower() for key, carried in carriers.keys.items() if carried.type == "Bool"
        )

    def space(
        self, action: str, holder: Holder, world: World, named: Iterable[str] = ()
    ) -> RequestSpace:
        """The requests of an action by a principal. ``named`` are resources that are likely."""
        known = find_action(action)
        facts = feasible(action)
        arns = None if known is None else known.arns
        endpoint = self.access.endpoint_of(action)
        owned = tuple(self._owned())
        is_own = holder.principal.account in ("", self.environment.account)
        return RequestSpace(
            action=action,
            principal=holder.principal,
            arns=arns,
            may_be_without=known is not None and known.may_be_without,
            key=self._keys(action, known, holder),
            fixed=self._fixed(holder),
            always=always_there(action),
            required=facts.required,
            together=facts.together,
            implied=tuple((one, other) for one, all_ in facts.implies.items() for other in all_),
            renamed=self.renamed,
            flags=self.flags,
            has_definitions=has_definitions(action),
            several=_several().get(action.lower(), frozenset()),
            owned=owned if is_own else (),
            of_others=() if is_own or not may_be_foreign(action) else owned,
            may_be_foreign=may_be_foreign(action),
            is_under_scps=is_own,
            route=Route(
                "" if endpoint is None else endpoint.id,
                tuple(one.id for one in self.access.endpoints),
            ),
            hints=resource_hints(arns or (), tuple(named), self.environment),
            world=world,
        )

    def facts(self, action: str, known: Optional[Action], key: str) -> Optional[KeyFacts]:
        """What is known of a key, in lower case, of an action, whoever calls it."""
        return self._key(key, action, known, tags_fixed=False)

    def _owned(self) -> Iterable[str]:
        """What is the profile's account's for sure. A bucket's ARN has no account: one that has
        a policy and is not in the profile may be another's."""
        own = self.environment.account
        for one in self.access.resource_policies:
            if one.resource.count(":") < 5 or one.resource.split(":")[4] in self._own:
                yield one.resource
        for key in self.environment.lookup("kms.*") or ():
            if key.count(":") >= 5 and key.split(":")[4] == own:
                yield key
        for bucket in self.environment.lookup("buckets.*") or ():
            yield f"arn:{self.environment.partition}:s3:::{bucket.partition('/')[0]}"

    def _fixed(self, holder: Holder) -> dict[str, str]:
        principal = holder.principal
        fixed = self.fixed_but_name(holder)
        if principal.kind is not Kind.SESSION:  # its role's ARN has a path that nobody tells
            fixed["aws:principalarn"] = principal.name
        if principal.kind is Kind.USER:
            fixed["aws:username"] = principal.name.rpartition("/")[2]
        return fixed

    def fixed_but_name(self, holder: Holder) -> dict[str, str]:
        """The keys that every request of a principal has, and their values, but for its ARN and
        name."""
        principal = holder.principal
        is_own = principal.account in ("", self.environment.account)
        fixed = {
            "aws:principalaccount": principal.account,
            "aws:principaltype": _TYPES.get(principal.kind, ""),
            "aws:principalisawsservice": "false",
            "aws:principalorgid": self.access.organization if is_own else "",
        }
        found = {key: value for key, value in fixed.items() if value}
        if not may_tag_sessions(self.access, holder):  # a tag may have an empty value
            found |= {f"{_TAG}{name.lower()}": value for name, value in holder.tags.items()}
        return found

    def _keys(
        self, action: str, known: Optional[Action], holder: Holder
    ) -> Callable[[str], Optional[KeyFacts]]:
        tags_fixed = not may_tag_sessions(self.access, holder)
        found = self._facts.setdefault((action, tags_fixed), {})

        def key(name: str) -> Optional[KeyFacts]:
            if name not in found:
                found[name] = self._key(name, action, known, tags_fixed)
            return found[name]

        return key

    def _key(
        self, name: str, action: str, known: Optional[Action], tags_fixed: bool
    ) -> Optional[KeyFacts]:
        type_ = _type(name, action, known)
        if type_ is None or name in _OF_SERVICES:
            return None
        if name == "aws:username" or (tags_fixed and name.startswith(_TAG)):
            return None  # fixed where it is there
        values = feasible(action).values.get(name)
        hints = key_hints(name, self.approved.get(name, ()), self.environment)
        if type_ == "":
            return KeyFacts(hints=hints)
        single = type_.removeprefix(_ARRAY)
        if single == "Bool":
            values = ("false", "true")
        return KeyFacts(type_.startswith(_ARRAY), values, hints, _KINDS.get(single, ""))


def may_tag_sessions(access: Access, holder: Holder) -> bool:
    """Whether whoever becomes the role may give its session tags, which replace the role's:
    unless a trust policy is shown that allows nobody to."""
    if holder.principal.kind is Kind.USER:
        return False
    trust = [o.policy for o in access.resource_policies if o.resource == holder.principal.name]
    return not trust or any(
        statement.effect is Effect.ALLOW and is_about(statement, "sts:tagsession", may=True)
        for policy in trust
        for statement in policy.statements
    )


def _type(name: str, action: str, known: Optional[Action]) -> Optional[str]:
    """The key's type; None where the action does not have it, empty where nobody knows it."""
    tag = next((prefix for prefix in TAG_KEYS if name.startswith(prefix)), "")
    if tag:
        carries = known is None or any(key.startswith(tag) for key in known.keys)
        return TAG_KEYS[tag] if carries else None
    found = global_key(name)
    if found is not None:
        return found.type
    prefix = name.partition(":")[0]
    if known is None:
        return ""
    carried = _carried(name, action, known)
    if carried:
        return carried
    if prefix not in services() or _is_carried_by_none(name):
        return ""
    return None if prefix != action.partition(":")[0].lower() or _is_known(name) else ""


def _carried(name: str, action: str, known: Action) -> str:
    """The type of a key that the action has, by its exact name or as one of a family."""
    prefix = name.partition(":")[0]
    facts = service_actions(prefix)
    for key in known.keys:
        if _is_of(name, key) and facts is not None:
            return facts.key_types.get(key, "String")
    return _mapped().get((action.lower(), name), "")


@lru_cache(maxsize=1)
def _mapped() -> Mapping[tuple[str, str], str]:
    """The keys that the reviewed table knows of each SageMaker action."""
    carriers = load_carriers()
    return {
        (action.lower(), key.lower()): carried.type
        for key, carried in carriers.keys.items()
        for action in carried.actions
    }


@lru_cache(maxsize=1)
def _several() -> Mapping[str, frozenset[str]]:
    """The keys with one value that several members of a request of an action may fill."""
    found: dict[str, set[str]] = {}
    for key, carried in load_carriers().keys.items():
        for action in carried.several:
            found.setdefault(action.lower(), set()).add(key.lower())
    return {action: frozenset(keys) for action, keys in found.items()}


def _is_known(name: str) -> bool:
    facts = service_actions(name.partition(":")[0])
    return facts is not None and any(_is_of(name, key) for key in facts.key_types)


@lru_cache(maxsize=4096)
def _is_carried_by_none(name: str) -> bool:
    """Whether the reference lists the key with its service and with none of its actions: a key
    of the session (``sagemaker:UserProfileName``), or one whose actions are not told. The former
    names of renamed keys are asked of what has them now."""
    facts = service_actions(name.partition(":")[0])
    if facts is None or name in (old.lower() for old in load_carriers().renamed.values()):
        return False
    carried = frozenset(key for one in facts.actions.values() for key in one.keys)
    return any(_is_of(name, key) for key in facts.key_types) and not any(
        _is_of(name, key) for key in carried
    )


def _is_of(name: str, key: str) -> bool:
    """``s3:existingobjecttag/x`` is one of ``s3:existingobjecttag/<key>``; a family's variable
    part is written between ``<`` and ``>`` or ``${`` and ``}``."""
    if name == key:
        return True
    cut = min((at for at in (key.find("<"), key.find("${")) if at >= 0), default=-1)
    return cut > 0 and name.startswith(key[:cut]) and len(name) > cut


def has_definitions(action: str) -> bool:
    """Whether a request of the action may hold several job definitions."""
    facts = load_service().actions.get(action)
    return facts is not None and len(facts.job_definitions) > 1


def may_be_foreign(action: str) -> bool:
    """Whether another account's resource may be meant: nobody creates one of SageMaker's there,
    but for a version of a shared model package group ("Cross-account model groups")."""
    service, _, name = action.lower().partition(":")
    if service in _OWN_ONLY:
        return False
    is_created = service == "sagemaker" and name.startswith("create")
    return not is_created or name == "createmodelpackage"
