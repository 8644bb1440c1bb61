"""The condition keys that come from who calls and from where, and which keys cannot be there.

Source: "AWS global condition context keys" in the IAM User Guide; "Actions, resources, and
condition keys" for Amazon S3 and for Amazon SageMaker in the Service Authorization Reference.
A key that policies ask for and that is neither filled nor known to be absent is uncertain, so
that nothing is decided by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Optional

from ormer.facts.carriers import load_carriers
from ormer.model.access import Access, Endpoint, Holder
from ormer.model.authorization import PolicySet
from ormer.model.call import Call, Setting, Way
from ormer.model.environment import Environment
from ormer.model.policy import Policy
from ormer.model.principal import Kind

_NETWORK = frozenset(["aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip"])
_OF_SERVICES = (
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:principalservicename",
    "aws:principalservicenameslist",
)
"""Only in calls that a service makes as itself, not with a role."""
_NEVER = frozenset(
    [*_OF_SERVICES, "aws:calledvia", "aws:calledviafirst", "aws:calledvialast"]
    + ["aws:federatedprovider", "aws:username", "aws:referer", "aws:tagkeys"]
)
_NEVER_PREFIXES = ("aws:requesttag/", "aws:principaltag/")
_OPEN_OF_S3 = (
    ("signature", "authtype", "existingobjecttag/", "x-amz-content-sha256")
    + ("delimiter", "max-keys", "objectcreationoperation", "if-")
)  # fmt: skip
CHOICES = {"s3:tlsversion": ("1.2", "1.3")}
"""Keys of which it is known what they can be: AWS takes no TLS below 1.2 ("TLS 1.2 to become the
minimum TLS protocol level for all AWS API endpoints", AWS Security Blog)."""
_VARIABLE = r"\$\{([^}*?$,]+)"


def caller_context(
    holder: Holder, setting: Setting, endpoint: Optional[Endpoint], environment: Environment
) -> dict[str, str | tuple[str, ...]]:
    """Everything that is known of a call's context: the call's own, the caller's, the network's."""
    principal = holder.principal
    context: dict[str, str | tuple[str, ...]] = {
        "aws:principalarn": principal.name,
        "aws:principalaccount": principal.account,
        "aws:principaltype": "User" if principal.kind is Kind.USER else "AssumedRole",
        "aws:principalisawsservice": "false",
        "aws:requestedregion": environment.region,
        **{f"aws:principaltag/{name.lower()}": value for name, value in holder.tags.items()},
    }
    if principal.kind is Kind.USER:
        context["aws:username"] = principal.name.rpartition("/")[2]
    if setting.way is not Way.SERVICE:
        context["aws:viaawsservice"] = "false"
    if endpoint is not None:
        context["aws:sourcevpce"] = endpoint.id
    return {**context, **setting.context}


def call_context(
    call: Call,
    setting: Setting,
    holder: Holder,
    endpoint: Optional[Endpoint],
    environment: Environment,
    access: Access,
) -> dict[str, str | tuple[str, ...]]:
    """The caller's context with what is known of the resource, and of whose organisation it is."""
    account = call.account or environment.account
    context = caller_context(holder, setting, endpoint, environment)
    context.setdefault("aws:resourceaccount", account)
    if access.organization:
        context["aws:principalorgid"] = access.organization
        if account == environment.account:
            context["aws:resourceorgid"] = access.organization
    if call.action.startswith("s3:"):
        context.setdefault("s3:resourceaccount", account)
    return context


def uncertain_keys(
    asked: frozenset[str],
    context: dict[str, str | tuple[str, ...]],
    action: str,
    setting: Setting,
    endpoint: Optional[Endpoint],
) -> frozenset[str]:
    """The keys of ``asked`` of which nobody knows whether they are there, or with what value."""
    return setting.uncertain | {
        key
        for key in asked
        if key not in context
        and (
            key.partition("/")[0] in setting.uncertain
            or not _is_absent(key, action.lower(), setting.way, endpoint)
        )
    }


def choices(asked: frozenset[str], action: str) -> list[dict[str, str]]:
    """Each way to fill the keys of ``asked`` of which it is known what they can be."""
    service = action.lower().partition(":")[0]
    found: list[dict[str, str]] = [{}]
    for key, values in CHOICES.items():
        if key in asked and key.startswith(f"{service}:"):
            found = [{**one, key: value} for one in found for value in values]
    return found


def _is_absent(key: str, action: str, way: Way, endpoint: Optional[Endpoint]) -> bool:
    prefix, _, name = key.partition(":")
    service = action.partition(":")[0]
    if key in _NETWORK:
        return way is not Way.SERVICE and (endpoint is None or key == "aws:sourcevpce")
    if key == "aws:sourceip":
        return endpoint is not None
    if prefix == "aws":
        return key in _NEVER or key.startswith(_NEVER_PREFIXES)
    if prefix != service:
        return True
    if service == "s3":
        return not name.startswith(_OPEN_OF_S3)
    return service == "sagemaker" and key in _filled_by_sagemaker()


@lru_cache(maxsize=1)
def _filled_by_sagemaker() -> frozenset[str]:
    """The keys whose members the reviewed table knows, in both spellings."""
    carriers = load_carriers()
    return frozenset(name.lower() for name in [*carriers.keys, *carriers.renamed.values()])


def asked_keys(policies: PolicySet) -> frozenset[str]:
    """Every condition key, in lower case, that the policies ask for, in variables too."""
    return frozenset(key for policy in _all(policies) for key in _of_policy(policy))


def _all(policies: PolicySet) -> Iterator[Policy]:
    yield from policies.identity
    yield from policies.boundary or ()
    yield from policies.endpoint or ()
    yield from (one for one in (policies.session, policies.resource) if one is not None)
    for level in (*policies.scps, *policies.rcps):
        yield from level.policies


def _of_policy(policy: Policy) -> Iterator[str]:
    for statement in policy.statements:
        texts = list(statement.resources or ())
        for condition in statement.conditions:
            yield condition.key.lower()
            texts += condition.values
        for text in texts:
            yield from (name.strip().lower() for name in re.findall(_VARIABLE, text))
