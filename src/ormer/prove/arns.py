"""The resources that a policy is about by what it is attached to, and the roles of a session."""

from __future__ import annotations

from collections.abc import Mapping

from ormer.model.access import OF_CATALOG
from ormer.model.principal import Principal
from ormer.prove.pattern import EVERYTHING, Pattern, Step, glob, joined, literal

_ALL_TOLD = ("s3", "kms", "iam", "sqs", "glue", "ecr")
"""Services of which ``resources_of`` tells everything that a resource's policy is about."""
_NAMED_AFTER: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("kafka", "cluster"): ("topic", "group", "transactional-id"),
    ("events", "event-bus"): ("rule",),
    ("codeartifact", "repository"): ("package",),
    ("schemas", "registry"): ("schema",),
}
_CHANGING = ("create", "delete", "setdefault", "tag", "untag")
_SLASHLESS = Step(frozenset("/"), but=True)


def role_arns(session: Principal) -> tuple[Pattern, Pattern]:
    """The ARNs that a session's role may have: without a path and with one."""
    head = f"arn:{session.name.split(':', 2)[1]}:iam::{session.account}:role/"
    with_path = joined((*literal(head), *EVERYTHING, *literal(f"/{session.role}")))
    return literal(head + session.role), with_path


def resources_of(resource: str) -> tuple[Pattern, ...]:
    """What a policy attached to a resource is about: that resource, and a bucket's objects, a
    group's model packages, what the Data Catalog holds, a table's indexes ("Using resource-based
    policies for DynamoDB")."""
    whole = literal(resource)
    if ":s3:" in resource:
        return whole, (*whole, *glob("/*"))
    if ":sagemaker:" in resource and ":model-package-group/" in resource:
        packages = resource.replace(":model-package-group/", ":model-package/", 1)
        version = (_SLASHLESS, _SLASHLESS._replace(star=True))
        return whole, (*literal(f"{packages}/"), *version)
    if ":glue:" in resource and resource.endswith(":catalog"):
        start = literal(resource.removesuffix("catalog"))
        return whole, *((*start, *literal(kind), *glob("/*")) for kind in OF_CATALOG)
    if ":dynamodb:" in resource and ":table/" in resource and "/stream/" not in resource:
        return whole, (*whole, *glob("/index/*"))
    return (whole,)


def below(resource: str) -> tuple[Pattern, ...]:
    """What else a policy attached to a resource may be about, as far as nobody documents it for
    all services: what its ARN begins, and what is named after a cluster, a bus or a repository."""
    parts = resource.split(":", 5)
    if len(parts) < 6 or parts[2] in _ALL_TOLD:
        return ()
    kind, _, rest = parts[5].partition("/")
    head = ":".join(parts[:5])
    found = [(*literal(resource), *glob(end)) for end in ("/*", ":*")]
    for other in _NAMED_AFTER.get((parts[2], kind), ()):
        found.append((*literal(f"{head}:{other}/{rest}/"), *EVERYTHING))
    if parts[2] == "secretsmanager":
        found.append((*literal(resource), *glob("-??????")))
    return tuple(found)


def changes_policy(action: str) -> bool:
    """Whether an action of IAM changes a managed policy, if it is about one: then it is not about
    AWS's, which nobody else can change ("Managed policies and inline policies" in the IAM User
    Guide)."""
    service, _, name = action.lower().partition(":")
    return service == "iam" and name.startswith(_CHANGING)
