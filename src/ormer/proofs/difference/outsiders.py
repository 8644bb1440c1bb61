"""Whom an access file does not list and the policies of its resources may let in.

Anybody without credentials, services, and principals whose own policies nobody shows: they are
taken to allow everything, as their administrator may have written them. Sources: "AWS global
condition context keys" (what anonymous requests and those of services carry) and "Cross-account
policy evaluation logic" in the IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Optional

from ormer.model.access import Access, Holder, ResourcePolicy
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Statement
from ormer.model.principal import (
    ANONYMOUS,
    Kind,
    Principal,
    is_account,
    principal_from_arn,
    service_principal,
)
from ormer.prove.arns import resources_of
from ormer.prove.formula import Formula, all_of, any_of, negation
from ormer.prove.pattern import literal
from ormer.prove.request_space import KeyFacts, RequestSpace
from ormer.prove.views import RESOURCE, Request

STRANGER = "808080808080"
_NOBODY = "000000000000"
ITS_OWN = "what its own account lets it do"
_OWN = Policy(
    ITS_OWN,
    CURRENT_VERSION,
    (Statement("Everything", Effect.ALLOW, ("*",), False, ("*",), False, None, False, ()),),
)
_NONE = Policy("no policy", CURRENT_VERSION, ())
_OF_PEOPLE = frozenset(
    ("aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths")
    + ("aws:username", "aws:multifactorauthpresent", "aws:multifactorauthage")
    + ("aws:tokenissuetime",)
)
_OF_SERVICES = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")


class Outsider(NamedTuple):
    """``words`` say who it is; ``account`` and ``organization`` are those of the resources."""

    words: str
    holder: Holder
    account: str
    organization: str
    resources: tuple[str, ...]


def outsiders(accesses: Iterable[Access], account: str, partition: str) -> Iterator[Outsider]:
    """Anybody, a role of some other account, and whom policies of resources name: principals
    that the file does not list, and services. ``account`` is that of the resources."""
    found = list(accesses)
    resources = tuple(dict.fromkeys(o.resource for one in found for o in one.resource_policies))
    if not resources:
        return
    organization = next((one.organization for one in found if one.organization), "")

    def made(words: str, principal: Principal) -> Outsider:
        own = (_OWN,) if principal.account else ()
        return Outsider(words, Holder(principal, {}, own), account, organization, resources)

    listed = {arn for one in found for arn in one.holders}
    yield made("anybody, without credentials", ANONYMOUS)
    stranger = principal_from_arn(f"arn:{partition}:iam::{STRANGER}:role/of-another-account")
    yield made("a role of any other account", stranger)
    for name in dict.fromkeys(_named(found)):
        principal = _principal(name, account, partition)
        if principal is not None and name not in listed:
            kind = "the service " if principal.kind is Kind.SERVICE else ""
            yield made(f"{kind}{name}, which a resource's policy names", principal)


def _named(accesses: list[Access]) -> Iterator[str]:
    """Principals of Allows, and those that their conditions name (``aws:PrincipalArn``)."""
    for access in accesses:
        for one in access.resource_policies:
            for statement in one.policy.statements:
                if statement.principals is not None and statement.effect is Effect.ALLOW:
                    yield from statement.principals.aws
                    yield from statement.principals.service
                    for condition in statement.conditions:
                        if condition.key.lower() == "aws:principalarn":
                            yield from (v for v in condition.values if not set("*?") & set(v))


def _principal(text: str, own: str, partition: str) -> Optional[Principal]:
    """Another account stands for a role in it, which its administrator lets do everything;
    the own one for those that the file lists."""
    account = text if is_account(text) else ""
    if text.endswith(":root"):
        account = text.split(":")[4]
    if account == own:
        return None
    if text.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return service_principal(text)
    try:
        if account:
            return principal_from_arn(f"arn:{partition}:iam::{account}:role/of-that-account")
        return principal_from_arn(text)
    except ValueError:
        return None


def as_met(access: Access, outsider: Outsider) -> Access:
    """The policies that meet an outsider: service control policies reach principals of the
    organisation alone. A resource without a policy of its own lets in nobody."""
    listed = {one.resource for one in access.resource_policies}
    bare = (each for each in outsider.resources if each not in listed)
    principal = outsider.holder.principal
    is_management = access.management_account == outsider.account
    is_own = principal.account == outsider.account
    return access._replace(
        holders={principal.name: outsider.holder},
        resource_policies=(*access.resource_policies, *(ResourcePolicy(r, _NONE) for r in bare)),
        scps=access.scps if is_own else (),
        rcps=() if is_management else access.rcps,
        management_account=access.management_account if is_own else "",
    )


def outsiders_space(space: RequestSpace, outsider: Outsider) -> RequestSpace:
    """The requests of an outsider: about this account's resources alone."""
    principal = outsider.holder.principal
    partition = outsider.resources[0].split(":")[1]
    fixed = {"aws:resourceaccount": outsider.account, "aws:principalisawsservice": "false"}
    hidden: frozenset[str] = frozenset()
    if principal.kind is Kind.SERVICE:
        hidden = _OF_PEOPLE | {"aws:principaltype", "aws:userid"}
        fixed |= {"aws:principalisawsservice": "true", "aws:principalservicename": principal.name}
    elif principal.kind is Kind.ANONYMOUS:
        hidden = _OF_PEOPLE
        fixed |= {"aws:principaltype": "Anonymous", "aws:userid": "anonymous"}
    else:
        is_own = principal.account == outsider.account
        told = space.fixed.items()
        fixed |= {key: v for key, v in told if is_own or key != "aws:principalorgid"}
    stand_in = principal_from_arn(f"arn:{partition}:iam::{_NOBODY}:user/nobody")

    def key(name: str) -> Optional[KeyFacts]:
        if name in hidden or (hidden and name.startswith("aws:principaltag/")):
            return None
        if principal.kind is Kind.SERVICE and name in _OF_SERVICES:
            return KeyFacts(name == "aws:sourceorgpaths", hints=(outsider.account,))
        return space.key(name)

    likely = (*outsider.resources, *(f"{each}/example" for each in outsider.resources))
    return space._replace(
        principal=principal if principal.account else stand_in,
        key=key,
        fixed=fixed,
        always=space.always - hidden,
        owned=(),
        of_others=(),
        may_be_foreign=principal.account != outsider.account,
        is_of_organization=True,
        hints=(*likely, *space.hints),
    )


def outside(request: Request, outsider: Outsider) -> Formula:
    """The resource is one of this account's that have a policy; its caller is not of the
    organisation, where it is known which one that is."""
    matches = request.atoms.matches
    patterns = (each for arn in outsider.resources for each in resources_of(arn))
    is_own = outsider.holder.principal.account == outsider.account
    found: list[Formula] = [
        is_own or request.foreign,
        any_of(matches(RESOURCE, each) for each in patterns),
    ]
    if outsider.organization and not is_own:
        for where, name in request.really("aws:principalorgid").single:
            own = matches(name, literal(outsider.organization))
            found.append(negation(all_of((where, own))))
    return all_of(found)
