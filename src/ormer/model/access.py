"""Who may call what: principals with their policies, and those of what they call.

An access file says it (``docs/access.md``). The policies that one request meets are chosen
here; deciding is the evaluator's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Optional

from ormer.model.authorization import Level, PolicySet
from ormer.model.policy import Policy
from ormer.model.principal import Principal

OF_CATALOG = ("catalog", "database", "table", "userDefinedFunction", "connection")
"""The resources of AWS Glue that the policy of the account's Data Catalog is about."""


class Holder(NamedTuple):
    """A principal and what is attached to it.

    ``boundary`` and ``session`` (the policy its sessions are limited by) are None where there
    is none.
    """

    principal: Principal
    tags: Mapping[str, str]
    identity: tuple[Policy, ...]
    boundary: Optional[tuple[Policy, ...]] = None
    session: Optional[Policy] = None


class ResourcePolicy(NamedTuple):
    """A policy and the ARN of the resource that it is attached to."""

    resource: str
    policy: Policy


class Endpoint(NamedTuple):
    """A VPC endpoint: its id, the service as actions name it (``s3``), and its policy."""

    id: str
    service: str
    policy: Policy


class Access(NamedTuple):
    """Everything that decides. ``holders`` are by the principal's ARN.

    ``organization`` is the id of theirs, empty where the access file does not tell it.
    """

    holders: Mapping[str, Holder]
    resource_policies: tuple[ResourcePolicy, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    scps: tuple[Level, ...] = ()
    rcps: tuple[Level, ...] = ()
    management_account: str = ""
    organization: str = ""

    def endpoint_of(self, action: str) -> Optional[Endpoint]:
        """The endpoint that the action's traffic takes from within the VPC, if there is one."""
        service = action.partition(":")[0].lower()
        return next((one for one in self.endpoints if one.service == service), None)

    def policies(self, principal: str, resource: str, endpoint: Optional[Endpoint]) -> PolicySet:
        """What a request of ``principal`` on ``resource`` meets, through ``endpoint`` or not.

        Raises KeyError for a principal that the access file does not have.
        """
        return self.policies_with(principal, self._of_resource(resource), endpoint)

    def policies_with(
        self, principal: str, resource: Optional[Policy], endpoint: Optional[Endpoint]
    ) -> PolicySet:
        """What a request of ``principal`` meets where the resource's policy is ``resource``."""
        holder = self.holders[principal]
        return PolicySet(
            identity=holder.identity,
            session=holder.session,
            boundary=holder.boundary,
            resource=resource,
            endpoint=None if endpoint is None else (endpoint.policy,),
            scps=self.scps,
            rcps=self.rcps,
            management_account=self.management_account,
        )

    def _of_resource(self, resource: str) -> Optional[Policy]:
        """The policy of the resource, or of the bucket that an object is in."""
        owners = (resource, *_holding(resource))
        return next((one.policy for one in self.resource_policies if one.resource in owners), None)


def _holding(resource: str) -> tuple[str, ...]:
    """The resource whose policy is met by this one, too: an object's bucket, a model package's
    group ("Cross-account support for model groups"), the Data Catalog of a table ("Resource-based
    policy examples for AWS Glue"), a table of an index ("Using resource-based policies for
    DynamoDB")."""
    parts = resource.split(":", 5)
    if ":s3:" in resource:
        return (resource.partition("/")[0],)
    if len(parts) < 6:
        return ()
    kind, _, rest = parts[5].partition("/")
    if parts[2] == "sagemaker" and kind == "model-package" and "/" in rest:
        group = rest.rpartition("/")[0]
        return (":".join((*parts[:5], f"model-package-group/{group}")),)
    if parts[2] == "dynamodb" and kind == "table" and "/index/" in rest:
        return (resource.partition("/index/")[0],)
    if parts[2] == "glue" and kind in OF_CATALOG:
        return (":".join((*parts[:5], "catalog")),)
    return ()
