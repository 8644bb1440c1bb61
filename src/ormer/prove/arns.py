"""The resources that a policy is about by what it is attached to, and the roles of a session."""

from __future__ import annotations

from ormer.model.access import OF_CATALOG
from ormer.model.principal import Principal
from ormer.prove.pattern import EVERYTHING, Pattern, Step, glob, joined, literal

_SLASHLESS = Step(frozenset("/"), but=True)


def role_arns(session: Principal) -> tuple[Pattern, Pattern]:
    """The ARNs that a session's role may have: without a path and with one."""
    head = f"arn:{session.name.split(':', 2)[1]}:iam::{session.account}:role/"
    with_path = joined((*literal(head), *EVERYTHING, *literal(f"/{session.role}")))
    return literal(head + session.role), with_path


def resources_of(resource: str) -> tuple[Pattern, ...]:
    """What a policy attached to a resource is about: that resource, and a bucket's objects, a
    group's model packages, what the Data Catalog holds."""
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
    return (whole,)
