"""A question about a policy set as one formula of z3: strings, regular expressions, flags.

A deliberately plain encoding, as one would write it from the IAM User Guide: one variable for the
resource, the keys of ``smt_keys``, each statement a conjunction, each policy a disjunction, the
layers put together as "Policy evaluation logic" says. Statements about other actions are left
out, so are patterns that another one of the same list covers. One world is asked: new names of KMS
keys, a flag that is not set is no key. Resources are those of the profile's region and the
principal's account, and a session has no tags of its own: less than a prover has to answer, which
is in z3's favour. What the API would refuse is not known here.

Not encoded, and so unknown: policy variables that the principal does not settle, dates,
addresses, binary values; key policies and trust policies; sessions' policies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Optional

import z3

from benchmarks import smt_texts
from benchmarks.forbidden import Forbidden
from benchmarks.smt_keys import Keys, Unsupported
from benchmarks.smt_words import (
    all_actions,
    in_aws,
    is_named,
    names_principal,
    of_principal,
    widest,
)
from ormer.facts.global_keys import global_key
from ormer.facts.iam_actions import action as facts_of
from ormer.facts.iam_actions import service_actions
from ormer.model.access import Access, Holder
from ormer.model.authorization import Level
from ormer.model.control import Statement as Forbidding
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Statement

_VIA = "aws:sourcevpce"
_OWN_POLICY = ("kms:", "sts:")
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


class Encoding:
    """The formula whose models are the requests that are allowed and forbidden."""

    def __init__(
        self, access: Access, principal: str, action: str, forbidden: Forbidden, region: str
    ) -> None:
        if action.startswith(_OWN_POLICY):
            raise Unsupported(f"{action} needs a resource's own policy")
        self.access, self.action, self.region = access, action.lower(), region
        self.holder: Holder = access.holders[principal]
        if self.holder.session is not None:
            raise Unsupported("a session's policy")
        self.facts = facts_of(action)
        self.fixed = of_principal(self.holder)
        self.keys = Keys(self._type, self.fixed)
        self.resource = z3.String("resource")
        self.is_ours = z3.Bool("the resource is of the principal's account")
        self.keys.count(self._conditions(forbidden))
        self.formula = z3.And(
            self._form(), self._allowed(), self._forbidden(forbidden), *self.keys.facts
        )

    def _type(self, key: str) -> Optional[str]:
        """The type of a key that the action carries; None for one that is never there."""
        if key.startswith("api:"):
            return "ArrayOfString"
        found = global_key(key)
        if found is not None:
            return None if key.startswith("aws:principal") else found.type
        if self.facts is None:
            return "String"
        service = service_actions(self.action.partition(":")[0])
        for carried in self.facts.keys:
            prefix = re.split(r"/[$<]", carried)[0]
            if key == carried or (prefix != carried and key.startswith(prefix + "/")):
                return service.key_types[carried] if service else "String"
        return None

    def _form(self) -> Any:
        """The resource is one of the action's formats, or ``*`` where it has none."""
        arns = self.facts.arns if self.facts else ()
        if not arns:
            return self.resource == z3.StringVal("*")
        return z3.Or([self._in_form(arn) for arn in arns if "accesspoint" not in arn])

    def _in_form(self, arn: str) -> Any:
        """The ARN with the region of the profile and the principal's account."""
        segments = in_aws(arn).split(":", 5)
        segments[3] = self.region if segments[3] == "*" else segments[3]
        segments[4] = self.holder.principal.account if segments[4] == "*" else segments[4]
        return smt_texts.like(self.resource, ":".join(segments))

    def _allowed(self) -> Any:
        holder, keys = self.holder, self.keys
        denied = [self._some(holder.identity, Effect.DENY)]
        parts = []
        if holder.boundary is not None:
            denied.append(self._some(holder.boundary, Effect.DENY))
            parts.append(self._some(holder.boundary, Effect.ALLOW))
        for levels, gate in ((self.access.scps, True), (self.access.rcps, False)):
            for level in levels:
                denied.append(self._level(level, Effect.DENY))
                parts += [self._level(level, Effect.ALLOW)] if gate else []
        endpoint = self.access.endpoint_of(self.action)
        if endpoint is not None:
            slot = keys.slot(_VIA)
            inside = z3.And(slot.present, slot.value == z3.StringVal(endpoint.id))
            allows = self._some((endpoint.policy,), Effect.ALLOW)
            denies = self._some((endpoint.policy,), Effect.DENY)
            parts.append(z3.Implies(inside, z3.And(allows, z3.Not(denies))))
        service = self.action.partition(":")[0]
        policies = [o for o in self.access.resource_policies if o.resource.split(":")[2] == service]
        known = [self._owned(one.resource) for one in policies]
        granted = []
        for one, owned in zip(policies, known, strict=True):
            denied.append(z3.And(owned, self._some((one.policy,), Effect.DENY)))
            granted.append(z3.And(owned, self._some((one.policy,), Effect.ALLOW)))
        identity = self._some(holder.identity, Effect.ALLOW)
        ours = z3.Implies(z3.Or([*known, z3.BoolVal(False)]), self.is_ours)
        who = z3.Or(identity, z3.And(self.is_ours, z3.Or([*granted, z3.BoolVal(False)])))
        return z3.And(z3.Not(z3.Or(denied)), *parts, who, ours, self._account())

    def _account(self) -> Any:
        """aws:ResourceAccount says whose the resource is."""
        slot = self.keys.slot("aws:resourceaccount")
        account = z3.StringVal(self.holder.principal.account)
        return z3.And(slot.present, (slot.value == account) == self.is_ours)

    def _owned(self, resource: str) -> Any:
        """The resource is this one, or an object in this bucket."""
        inside = z3.PrefixOf(z3.StringVal(resource + "/"), self.resource)
        return z3.Or(self.resource == z3.StringVal(resource), inside)

    def _level(self, level: Level, effect: Effect) -> Any:
        return self._some(level.policies, effect)

    def _some(self, policies: Iterable[Policy], effect: Effect) -> Any:
        """Some statement of this effect is about the request."""
        found = [
            self._applies(statement, policy.version)
            for policy in policies
            for statement in policy.statements
            if statement.effect is effect and self._is_about(statement)
        ]
        return z3.Or([*found, z3.BoolVal(False)])

    def _is_about(self, statement: Statement) -> bool:
        listed = any(is_named(pattern, self.action) for pattern in statement.actions)
        return listed is not statement.not_action and self._is_for_us(statement)

    def _is_for_us(self, statement: Statement) -> bool:
        """The Principal element; the account alone grants nothing."""
        if statement.principals is None:
            return True
        if statement.not_principal:
            raise Unsupported("NotPrincipal")
        return names_principal(statement.principals, self.holder, statement.effect)

    def _applies(self, statement: Statement, version: str) -> Any:
        parts = [self.keys.holds(one) for one in self._settled(statement.conditions, version)]
        if statement.resources is not None:
            parts.append(self._about(statement.resources, statement.not_resource, version))
        return z3.And(parts)

    def _about(self, resources: tuple[str, ...], negated: bool, version: str) -> Any:
        texts = widest([in_aws(self._text(text, version)) for text in resources])
        found = z3.Or([smt_texts.like(self.resource, text) for text in texts])
        return z3.Not(found) if negated else found

    def _settled(self, conditions: Iterable[Any], version: str) -> list[Any]:
        return [
            each._replace(values=tuple(self._text(value, version) for value in each.values))
            for each in conditions
        ]

    def _text(self, text: str, version: str) -> str:
        """The text with what the principal settles of its variables."""
        if "${" not in text or version != CURRENT_VERSION:
            return text

        def value(found: re.Match[str]) -> str:
            key = found[1].lower()
            if key not in self.fixed:
                raise Unsupported(f"the policy variable {found[0]}")
            return self.fixed[key]

        return _VARIABLE.sub(value, text)

    def _forbidden(self, forbidden: Forbidden) -> Any:
        some = [self._matches(one) for one in forbidden.forbid if self._names_action(one)]
        spared = [self._matches(one) for one in forbidden.exceptions if self._names_action(one)]
        nothing = z3.BoolVal(False)
        return z3.And(z3.Or([*some, nothing]), z3.Not(z3.Or([*spared, nothing])))

    def _names_action(self, statement: Forbidding) -> bool:
        return any(
            is_named(name, self.action) for each in statement.actions for name in all_actions(each)
        )

    def _matches(self, statement: Forbidding) -> Any:
        parts = [self.keys.holds(one) for one in statement.conditions]
        if statement.resources is not None:
            parts.append(self._about(statement.resources, statement.not_resource, ""))
        return z3.And(parts)

    def _conditions(self, forbidden: Forbidden) -> list[Any]:
        policies = [*self.holder.identity, *(self.holder.boundary or ())]
        policies += [one.policy for one in self.access.resource_policies]
        policies += [one.policy for one in self.access.endpoints]
        policies += [p for level in (*self.access.scps, *self.access.rcps) for p in level.policies]
        found: list[Any] = [
            condition
            for policy in policies
            for statement in policy.statements
            if self._is_about(statement)
            for condition in statement.conditions
        ]
        of_control = (*forbidden.forbid, *forbidden.exceptions)
        return found + [c for one in of_control if self._names_action(one) for c in one.conditions]
