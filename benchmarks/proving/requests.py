"""Requests one by one, and what policies see of each: the prover's questions, asked the slow way.

Written after the documentation of ``RequestSpace`` and ``World``, not after the prover.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Optional

from ormer.evaluate.decide import Evaluator
from ormer.model.access import Access, Holder
from ormer.model.authorization import AuthorizationRequest, Outcome, PolicySet
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Principals, Statement
from ormer.model.world import ABSENT, FALSE
from ormer.prove.forbidden import Forbidden
from ormer.prove.request_space import RequestSpace

Value = str | tuple[str, ...]
Definition = Mapping[str, Value]
NO_ENDPOINT, LISTED, OTHER = "", "listed", "other"
ANOTHER_ACCOUNT = "999988887777"


class Real(NamedTuple):
    """What a request holds, by the names of today: one definition, or several.

    ``account`` is the resource's, ``way`` how it comes, ``taken`` are the keys of which the last
    definition's value is the one that is shown.
    """

    resource: str
    account: str
    way: str
    definitions: tuple[Definition, ...]
    taken: frozenset[str] = frozenset()


def seen(space: RequestSpace, real: Real) -> dict[str, Value]:
    """The context that policies see."""
    shown: dict[str, Value] = {}
    old_names = {new: old for old, new in space.renamed.items()}
    asked = {key for one in real.definitions for key in one}
    if space.world.absent_boolean == FALSE:
        asked |= {key for key in space.flags if space.key(key) is not None}
    for key in asked:
        value = _shown(space, real, key)
        if value is None:
            continue
        if key in old_names:
            for name in space.world.spellings(key, old_names[key]):
                shown[name] = value
        else:
            shown[key] = value
    return shown


def _shown(space: RequestSpace, real: Real, key: str) -> Optional[Value]:
    values = [_one(space, each, key) for each in real.definitions]
    if not space.has_definitions or key.startswith("aws:") or key in space.fixed:
        return values[0]
    if space.world.job_definitions == ABSENT and None in values:
        return None
    there = [value for value in values if value is not None]
    if not there:
        return None
    texts = [value for value in there if isinstance(value, str)]
    if texts:
        return texts[-1] if key in real.taken else texts[0]
    return tuple(dict.fromkeys(text for value in there for text in value))


def _one(space: RequestSpace, definition: Definition, key: str) -> Optional[Value]:
    value = definition.get(key)
    if value is None and key in space.flags and space.world.absent_boolean == FALSE:
        return "false" if space.key(key) is not None else None
    return value


def is_possible(space: RequestSpace, real: Real) -> bool:
    """Whether the space says that such a request can exist (its resource and values are taken to
    be of it)."""
    through = real.way != NO_ENDPOINT
    first = real.definitions[0]
    if real.way == LISTED and not space.route.endpoint:
        return False
    if space.key("aws:sourcevpce") is not None or "aws:sourcevpce" in space.fixed:
        if ("aws:sourcevpce" in first) is not through:
            return False
        if real.way == LISTED and first["aws:sourcevpce"] != space.route.endpoint:
            return False
        if real.way == OTHER and first["aws:sourcevpce"] in space.route.listed:
            return False
    if "aws:sourceip" in first and through:
        return False
    if ("aws:sourcevpc" in first or "aws:vpcsourceip" in first) and not through:
        return False
    if first.get("aws:viaawsservice") == "true" and through:
        return False
    called = ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast")
    by_service = space.key("aws:viaawsservice") is None or first.get("aws:viaawsservice") == "true"
    if not by_service and any(key in first for key in called):
        return False
    for key in ("aws:resourceaccount", "s3:resourceaccount"):
        is_of_aws = ":iam::aws:" in real.resource  # of which nobody documents what the key says
        if key in first and first[key] != real.account and not is_of_aws:
            return False
    return all(_is_whole(space, each) for each in real.definitions)


def _is_whole(space: RequestSpace, definition: Definition) -> bool:
    if not all(key in definition for key in space.required):
        return False
    if any(0 < sum(key in definition for key in group) < len(group) for group in space.together):
        return False
    return all(other in definition for key, other in space.implied if key in definition)


WHOEVER = Policy(
    "the policy of a resource of which nobody shows it",
    CURRENT_VERSION,
    (Statement("All", Effect.ALLOW, ("*",), False, ("*",), False, Principals(True), False, ()),),
)


class Judge:
    """Whether requests of a principal are allowed and forbidden, by the evaluator.

    ``may``: the policy of a key or a role of this account that nobody shows lets its account in.
    """

    def __init__(self, access: Access, holder: Holder, space: RequestSpace, may: bool) -> None:
        self.access = access
        self.holder = holder
        self.space = space
        self.may = may
        self._kept: dict[tuple[int, str], Evaluator] = {}
        account = Principals(aws=(holder.principal.account,))
        statement = WHOEVER.statements[0]._replace(principals=account)
        self._own = WHOEVER._replace(statements=(statement,))

    def is_allowed(self, real: Real) -> bool:
        """Whether the policies allow it."""
        return self.decides(real, seen(self.space, real))

    def decides(self, real: Real, context: Mapping[str, Value]) -> bool:
        """Whether the policies allow it when they see this."""
        request = self._request(real, context)
        return self._evaluator(real).decide(request).outcome is Outcome.ALLOWED

    def is_forbidden(self, forbidden: Forbidden, real: Real) -> bool:
        """Whether what it really holds is forbidden."""
        context = dict(real.definitions[0])
        for old, new in self.space.renamed.items():
            if new in context:
                context[old] = context[new]
        request = self._request(real, context)
        return _matches(forbidden.statements, request) and not _matches(
            forbidden.exceptions, request
        )

    def _request(self, real: Real, context: Mapping[str, Value]) -> AuthorizationRequest:
        return AuthorizationRequest(
            self.holder.principal, self.space.action, real.resource, real.account, context
        )

    def _evaluator(self, real: Real) -> Evaluator:
        policy = self._policy(real)
        key = (id(policy), real.way)
        if key not in self._kept:
            endpoint = self.access.endpoint_of(self.space.action) if real.way == LISTED else None
            name = self.holder.principal.name
            self._kept[key] = Evaluator(self.access.policies_with(name, policy, endpoint))
        return self._kept[key]

    def _policy(self, real: Real) -> Optional[Policy]:
        bucket = real.resource.partition("/")[0] if ":s3:" in real.resource else real.resource
        for one in self.access.resource_policies:
            if one.resource in (real.resource, bucket):
                return one.policy
        if real.account != self.holder.principal.account:
            return WHOEVER
        return self._own if self.may else None


_DENIED: dict[tuple[Statement, ...], Evaluator] = {}


def _matches(statements: tuple[Statement, ...], request: AuthorizationRequest) -> bool:
    if len(_DENIED) > 1000:
        _DENIED.clear()
    if statements not in _DENIED:
        policy = Policy("forbidden", CURRENT_VERSION, statements)
        _DENIED[statements] = Evaluator(PolicySet(identity=(policy,)))
    return _DENIED[statements].decide(request).outcome is Outcome.EXPLICITLY_DENIED
