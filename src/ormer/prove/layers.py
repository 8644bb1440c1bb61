"""Every policy that a principal's requests of one action meet -> where they are allowed.

Source: "Policy evaluation logic" in the IAM User Guide, with "Policy evaluation for requests
within a single account" and "Cross-account policy evaluation logic"; "Service control policies"
and "Resource control policies" in the AWS Organizations User Guide; "Control access to VPC
endpoints using endpoint policies" in the AWS PrivateLink Guide; "Key policies in AWS KMS".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ormer.model.access import Access, Holder
from ormer.model.authorization import Layer
from ormer.model.policy import Effect, Policy, Principals, Statement
from ormer.model.principal import Kind
from ormer.model.symbol import has_symbol
from ormer.prove.arns import below, resources_of
from ormer.prove.formula import Formula, all_of, any_of, implies, negation
from ormer.prove.principals import Named, named
from ormer.prove.reaching import (
    is_of_organization,
    is_spared,
    is_under_scps,
    may_be_of,
    needs_nothing,
    needs_own_policy,
    rcps_reach,
    scps_reach,
)
from ormer.prove.statements import applies, is_about
from ormer.prove.views import RESOURCE, Request

_SAYS = ", in whose policy an account is all of it (a condition on aws:PrincipalAccount says it)"


class Part(NamedTuple):
    """One thing that has to hold for a request to be allowed.

    Either that a Deny does not apply, or, where ``statement`` is empty, that the Allows of a
    layer let it through. ``policy`` is then the level of an SCP, or empty.
    """

    layer: Layer
    policy: str
    statement: str
    formula: Formula

    @property
    def name(self) -> str:
        """What a solver calls it."""
        return f"{self.layer.value}\n{self.policy}\n{self.statement}"


def _may_be_none(boundary: tuple[Policy, ...]) -> bool:
    """Whether a template leaves open which boundary it is: it may be that there is none."""
    every = (statement for policy in boundary for statement in policy.statements)
    return any(has_symbol(action) for each in every for action in each.actions)


class _Rule(NamedTuple):
    policy: Policy
    statement: Statement
    formula: Formula
    named: Named


def _listed(who: Principals) -> str:
    return "*" if who.everyone else ", ".join(who.names)


class Layers:
    """The layers of one principal for one action. ``may``: where something is not known, take
    what allows more; else what allows less. ``unlisted``: where the request is shared, a key's or
    a role's policy that nobody shows names the principal itself."""

    def __init__(
        self, access: Access, holder: Holder, request: Request, may: bool, unlisted: bool = False
    ) -> None:
        self.access = access
        self.holder = holder
        self.request = request
        self.may = may
        self.unlisted = unlisted
        self.action = request.space.action.lower()
        self.principal = holder.principal
        kind = holder.principal.kind
        self.has_identity = kind not in (Kind.SERVICE, Kind.ANONYMOUS, Kind.FEDERATED)
        self.is_root = kind is Kind.ROOT
        self.has_boundary = self.has_identity and not self.is_root and holder.boundary is not None
        self.is_bounded = self.has_boundary and not _may_be_none(holder.boundary or ())

    def parts(self) -> tuple[Part, ...]:
        """A request is allowed where all of them hold. What one document says in several places
        (a policy of two buckets) is one part."""
        found: dict[str, list[Part]] = {}
        for part in self._parts():
            found.setdefault(part.name, []).append(part)
        return tuple(
            same[0]._replace(formula=all_of(part.formula for part in same))
            for same in found.values()
        )

    def allowed(self) -> Formula:
        """Where a request is allowed."""
        return all_of(part.formula for part in self._parts())

    def _parts(self) -> Iterator[Part]:
        request, holder = self.request, self.holder
        if needs_nothing(self.action, self.principal):
            yield from self._way()
            return
        if scps_reach(self.principal, self.access):
            under = is_under_scps(request, self.may)
            for level in self.access.scps:
                yield from self._limit(Layer.SCP, level.policies, level.name, under)
        if rcps_reach(self.action, self.principal):
            where = is_of_organization(request, self.access, self.may)
            for level in self.access.rcps:
                yield from self._denies(Layer.RCP, level.policies, where)
        yield from self._way()
        if self.has_identity:
            own: Formula = True
            if self.is_root:  # to which no policy can be attached, whatever the access file says
                own = negation(request.unsure("the root user has no policies", self.may))
            yield from self._denies(Layer.IDENTITY, holder.identity, own)
            yield from self._denies(Layer.BOUNDARY, self._boundary())
            yield from self._denies(Layer.SESSION, self._session(), own)
        spared = is_spared(self.action, self.principal)
        for policy, where in self._of_resources(not self.may):
            reached = all_of((where, request.foreign)) if spared else where
            yield from self._denies(Layer.RESOURCE, (policy,), reached)
        yield from self._grant()

    def _way(self) -> Iterator[Part]:
        """What the policy of the listed endpoint keeps from coming through it."""
        endpoint, listed = self.access.endpoint_of(self.action), self.request.listed
        if endpoint is not None and listed is not False:
            yield from self._limit(Layer.ENDPOINT, (endpoint.policy,), "", listed)

    def _boundary(self) -> tuple[Policy, ...]:
        return (self.holder.boundary or ()) if self.has_boundary else ()

    def _session(self) -> tuple[Policy, ...]:
        return (self.holder.session,) if self.holder.session is not None else ()

    def _of_resources(self, may: bool) -> Iterator[tuple[Policy, Formula]]:
        """Each resource's policy and where it is about the resource: for sure, or that it ``may``
        be, as for what is below it."""
        matches = self.request.atoms.matches
        for one in self.access.resource_policies:
            if may_be_of(self.action, one.resource):
                patterns = resources_of(one.resource)
                where = any_of(matches(RESOURCE, each) for each in patterns)
                under = any_of(matches(RESOURCE, each) for each in below(one.resource))
                reaches = self.request.unsure(f"{one.resource} decides what is below it", may)
                yield one.policy, any_of((where, all_of((under, reaches))))

    def _rules(self, policies: Iterable[Policy], effect: Effect) -> Iterator[_Rule]:
        counts = self.may if effect is Effect.ALLOW else not self.may
        for policy in policies:
            for statement in policy.statements:
                if statement.effect is not effect or not is_about(statement, self.action, counts):
                    continue
                how, doubtful = self._named(statement, counts)
                if how:
                    formula = applies(policy, statement, self.request, counts)
                    yield _Rule(policy, statement, all_of((formula, doubtful)), how)

    def _named(self, statement: Statement, counts: bool) -> tuple[Named, Formula]:
        """How it names the principal, and where it does: everywhere, or where AWS does what it
        does not document, which is a choice, the same for each such element."""
        least = named(statement, self.principal, self.is_bounded, False)
        most = named(statement, self.principal, self.has_boundary, True)
        who = statement.principals
        if who is None or least or not most:
            return (most if counts else least), True
        if not self.request.is_shared and any(map(has_symbol, who.names)):
            return (most if counts else least), True
        is_deny = statement.effect is Effect.DENY
        element = "NotPrincipal" if statement.not_principal else "Principal"
        doubt = f"{statement.effect.value} with {element} {_listed(who)} names the caller"
        where = self.request.unsure(doubt, self.may, f"statement {statement.name}")
        return most, negation(where) if is_deny and not self.request.is_shared else where

    def _denies(
        self, layer: Layer, policies: Iterable[Policy], where: Formula = True
    ) -> Iterator[Part]:
        for rule in self._rules(policies, Effect.DENY):
            denied = all_of((where, rule.formula, self._counts(layer, rule)))
            yield Part(layer, rule.policy.name, rule.statement.name, negation(denied))

    def _limit(
        self, layer: Layer, policies: Iterable[Policy], level: str, where: Formula = True
    ) -> Iterator[Part]:
        """A layer that has to allow what it reaches."""
        policies = tuple(policies)
        yield from self._denies(layer, policies, where)
        yield Part(layer, level, "", implies(where, self._allows(layer, policies)))

    def _allows(self, layer: Layer, policies: Iterable[Policy]) -> Formula:
        rules = self._rules(policies, Effect.ALLOW)
        return any_of(all_of((r.formula, self._counts(layer, r))) for r in rules)

    def _counts(self, layer: Layer, rule: _Rule) -> Formula:
        """In a gateway endpoint's policy an account stands for its root user alone ("Gateway
        endpoints for Amazon S3", endpoint policies), in an interface endpoint's for all of it.
        Nobody tells which of the two an endpoint is."""
        if layer is not Layer.ENDPOINT or rule.named is not Named.BY_ACCOUNT:
            return True
        if self.action.partition(":")[0] not in ("s3", "dynamodb"):
            return True
        endpoint = self.access.endpoint_of(self.action)
        id_ = "" if endpoint is None else endpoint.id
        if self.request.is_shared or rule.statement.effect is Effect.ALLOW:
            return self.request.unsure(f"endpoint {id_} is an interface{_SAYS}", self.may)
        return negation(
            self.request.unsure(
                f"endpoint {id_} is a gateway, in whose policy an account is its root user",
                self.may,
            )
        )

    def _grant(self) -> Iterator[Part]:
        """What the principal and the resource allow between them, layer by layer.

        The policy of another account's resource that nobody shows allows everything: its owner
        may have written it to. A key or a role of this account always has a policy; where nobody
        shows it, it may allow (and does, where the request is shared).
        """
        ways: dict[Named, list[Formula]] = {how: [] for how in Named}
        others: list[Formula] = []
        listed: list[Formula] = []
        for policy, where in self._of_resources(self.may):
            rules = list(self._rules((policy,), Effect.ALLOW))
            for rule in rules:
                ways[rule.named].append(all_of((where, rule.formula)))
            others.append(implies(where, any_of(rule.formula for rule in rules)))
            listed.append(where)
        granted = {how: any_of(ways[how]) for how in Named}
        itself = granted[Named.ITSELF]
        if not self.has_identity:
            yield Part(Layer.RESOURCE, "", "", itself)
            return
        needed = all_of((negation(self.request.foreign), needs_own_policy(self.request)))
        not_listed = negation(any_of(listed))
        not_shown = all_of((self.request.unshown, not_listed)) if self.may else False
        if self.request.is_shared:
            not_shown = not_listed
            if self.unlisted:
                itself = any_of((itself, all_of((needed, not_listed))))
        elif self.may:  # it may name the principal itself
            itself = any_of((itself, all_of((needed, not_shown))))
        as_user, as_role = granted[Named.AS_USER], granted[Named.AS_ROLE]
        foreign, here = self.request.foreign, negation(self.request.foreign)
        identity: Formula = True
        if not self.is_root:
            identity = self._allows(Layer.IDENTITY, self.holder.identity)
        direct = all_of((here, any_of((itself, as_user, as_role))))
        yield Part(Layer.IDENTITY, "", "", any_of((direct, identity)))
        if self.has_boundary:
            free = all_of((here, any_of((itself, as_user))))
            allowed = self._allows(Layer.BOUNDARY, self._boundary())
            yield Part(Layer.BOUNDARY, "", "", any_of((free, allowed)))
        if self.holder.session is not None and not self.is_root:
            free = all_of((here, itself))
            allowed = self._allows(Layer.SESSION, self._session())
            yield Part(Layer.SESSION, "", "", any_of((free, allowed)))
        trusted = any_of((direct, granted[Named.BY_ACCOUNT], not_shown))
        own = any_of((foreign, negation(needed), trusted))
        yield Part(Layer.RESOURCE, "", "", all_of((own, implies(foreign, all_of(others)))))
