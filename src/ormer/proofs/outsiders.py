"""Whom an access file does not list and the policies of its resources may let in.

Anybody without credentials, and a principal of another account, whose own policies allow it
everything, as its administrator may have written them. Sources: "AWS global condition context
keys" (what anonymous requests carry) and "Cross-account policy evaluation logic" in the IAM User
Guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Optional

from ormer.model.access import Access, Holder, ResourcePolicy
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Statement
from ormer.model.principal import ANONYMOUS, Kind, Principal, is_account, principal_from_arn
from ormer.prove.formula import Formula, all_of, any_of, negation
from ormer.prove.pattern import literal
from ormer.prove.request_space import KeyFacts, RequestSpace
from ormer.prove.views import RESOURCE, Request, resources_of

STRANGER = "444455556666"
_NOBODY = "000000000000"
_OWN = Policy(
    "what its own account lets it do",
    CURRENT_VERSION,
    (Statement("Everything", Effect.ALLOW, ("*",), False, ("*",), False, None, False, ()),),
)
_NONE = Policy("no policy", CURRENT_VERSION, ())


class Outsider(NamedTuple):
    """``words`` say who it is; ``account`` and ``organization`` are those of the resources."""

    words: str
    holder: Holder
    account: str
    organization: str
    resources: tuple[str, ...]


def outsiders(accesses: Iterable[Access], account: str, partition: str) -> Iterator[Outsider]:
    """Anybody, a role of some other account, and those of other accounts that policies of
    resources name. ``account`` is that of the resources."""
    found = list(accesses)
    resources = tuple(dict.fromkeys(o.resource for one in found for o in one.resource_policies))
    if not resources:
        return
    organization = next((one.organization for one in found if one.organization), "")

    def made(words: str, principal: Principal) -> Outsider:
        own = () if principal.kind is Kind.ANONYMOUS else (_OWN,)
        return Outsider(words, Holder(principal, {}, own), account, organization, resources)

    listed = {arn for one in found for arn in one.holders}
    yield made("anybody, without credentials", ANONYMOUS)
    stranger = principal_from_arn(f"arn:{partition}:iam::{STRANGER}:role/of-another-account")
    yield made("a role of any other account", stranger)
    for arn in dict.fromkeys(_named(found)):
        principal = _principal(arn, partition)
        if principal is not None and principal.account != account and arn not in listed:
            yield made(f"{arn}, which a resource's policy names", principal)


def _named(accesses: list[Access]) -> Iterator[str]:
    for access in accesses:
        for one in access.resource_policies:
            for statement in one.policy.statements:
                if statement.principals is not None and statement.effect is Effect.ALLOW:
                    yield from statement.principals.aws


def _principal(text: str, partition: str) -> Optional[Principal]:
    """An account stands for a role in it, which its administrator lets do everything."""
    account = text if is_account(text) else ""
    if text.endswith(":root"):
        account = text.split(":")[4]
    try:
        if account:
            return principal_from_arn(f"arn:{partition}:iam::{account}:role/of-that-account")
        return principal_from_arn(text)
    except ValueError:
        return None


def as_met(access: Access, outsider: Outsider) -> Access:
    """The policies that meet an outsider: no service control policies, which reach principals
    of the organisation alone. A resource without a policy of its own lets in nobody."""
    listed = {one.resource for one in access.resource_policies}
    bare = (each for each in outsider.resources if each not in listed)
    is_management = access.management_account == outsider.account
    return access._replace(
        holders={outsider.holder.principal.name: outsider.holder},
        resource_policies=(*access.resource_policies, *(ResourcePolicy(r, _NONE) for r in bare)),
        scps=(),
        rcps=() if is_management else access.rcps,
        management_account="",
    )


def outsiders_space(space: RequestSpace, outsider: Outsider) -> RequestSpace:
    """The requests of an outsider: about this account's resources alone."""
    principal = outsider.holder.principal
    fixed = {"aws:resourceaccount": outsider.account, "aws:principalisawsservice": "false"}
    hidden: set[str] = set()
    if principal.kind is Kind.ANONYMOUS:
        partition = outsider.resources[0].split(":")[1]
        stand_in = f"arn:{partition}:iam::{_NOBODY}:user/nobody"
        fixed |= {"aws:principaltype": "Anonymous", "aws:userid": "anonymous"}
        hidden = {"aws:principalarn", "aws:principalaccount", "aws:principalorgid"}
        hidden |= {"aws:principalorgpaths", "aws:username", "aws:multifactorauthpresent"}
        hidden |= {"aws:multifactorauthage", "aws:tokenissuetime"}
        named = principal_from_arn(stand_in)
    else:
        fixed |= {key: v for key, v in space.fixed.items() if key != "aws:principalorgid"}
        named = principal

    def key(name: str) -> Optional[KeyFacts]:
        if name in hidden or (hidden and name.startswith("aws:principaltag/")):
            return None
        return space.key(name)

    return space._replace(
        principal=named,
        key=key,
        fixed=fixed,
        always=space.always - hidden,
        owned=(),
        may_be_foreign=True,
        hints=(*outsider.resources, *(f"{r}/example" for r in outsider.resources), *space.hints),
    )


def outside(request: Request, outsider: Outsider) -> Formula:
    """The resource is one of this account's that have a policy; its caller is not of the
    organisation, where it is known which one that is."""
    matches = request.atoms.matches
    patterns = (each for arn in outsider.resources for each in resources_of(arn))
    found: list[Formula] = [request.foreign, any_of(matches(RESOURCE, each) for each in patterns)]
    if outsider.organization:
        for where, name in request.really("aws:principalorgid").single:
            own = matches(name, literal(outsider.organization))
            found.append(negation(all_of((where, own))))
    return all_of(found)
