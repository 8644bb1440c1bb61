"""The VPC endpoint that a call takes from within the VPC.

Source: "AWS services that integrate with AWS PrivateLink" and "Gateway endpoints" in the AWS
PrivateLink guide, for the names of services and for the policy of an endpoint that has no other.
"""

from __future__ import annotations

from typing import Optional

from ormer.assess.resource_policies import EVERYONE
from ormer.model.access import Access, Endpoint
from ormer.model.call import Way
from ormer.model.environment import Environment

_NAMES = {
    "cloudwatch": ("monitoring", "cloudwatch"),
    "ecr": ("ecr.api", "ecr"),
    "sagemaker": ("sagemaker.api", "sagemaker"),
}
"""Services that an endpoint calls otherwise than actions do."""

NONE: tuple[Optional[Endpoint], ...] = (None,)


class Endpoints:
    """The endpoints of an access file, and those of a profile without a policy in it."""

    def __init__(self, access: Access, environment: Environment) -> None:
        self._access = access
        self._environment = environment
        self._known: dict[str, tuple[Optional[Endpoint], ...]] = {}

    def of(self, action: str, way: Way) -> tuple[Optional[Endpoint], ...]:
        """The endpoints that a call may take, or None where it takes none.

        Of several in the access file those count that the profile names, if it names one.
        """
        if way is not Way.VPC:
            return NONE
        service = action.partition(":")[0]
        if service not in self._known:
            self._known[service] = self._of_service(service)
        return self._known[service]

    def _of_service(self, service: str) -> tuple[Optional[Endpoint], ...]:
        names = _NAMES.get(service, (service,))
        ids = [
            one for name in names for one in self._environment.lookup(f"vpc.endpoints.{name}") or ()
        ]
        known = tuple(one for one in self._access.endpoints if one.service in names)
        named = tuple(one for one in known if one.id in ids)
        return named or known or tuple(Endpoint(one, service, EVERYONE) for one in ids) or NONE
