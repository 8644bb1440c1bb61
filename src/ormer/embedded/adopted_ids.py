"""Give resources that moto has just made the ids that the profile names.

The EC2 and KMS APIs choose ids themselves, in AWS as in moto, so a profile's own
subnet or key id cannot be asked for. This renames the resource in moto's store,
before it has tags.
"""

from __future__ import annotations

from typing import Any


def adopt_subnet(backend: Any, made: str, wanted: str) -> None:
    """Rename a subnet in moto's EC2 backend, with its place in the default network ACL."""
    for subnets in backend.subnets.values():
        if made in subnets:
            _rename(subnets, made, wanted)
    for acl in backend.network_acls.values():
        for association in acl._associations.values():
            if association.subnet_id == made:
                association.subnet_id = wanted


def adopt_security_group(backend: Any, made: str, wanted: str) -> None:
    """Rename a security group in moto's EC2 backend, with its own rules."""
    for groups in backend.groups.values():
        if made in groups:
            group = _rename(groups, made, wanted)
            group.group_id = wanted
            group.arn = group.arn.replace(made, wanted)
            for rule in (*group.ingress_rules, *group.egress_rules):
                rule.group_id = wanted


def adopt_vpc_endpoint(backend: Any, made: str, wanted: str) -> None:
    """Rename a VPC endpoint in moto's EC2 backend; its routes point at the same object."""
    endpoint = _rename(backend.vpc_end_points, made, wanted)
    for entry in endpoint.dns_entries or []:
        entry.update({name: value.replace(made, wanted) for name, value in entry.items()})


def adopt_key(backend: Any, made: str, wanted: str) -> None:
    """Rename a KMS key in moto's KMS backend."""
    key = _rename(backend.keys, made, wanted)
    key.arn = key.arn.replace(made, wanted)


def _rename(store: Any, made: str, wanted: str) -> Any:
    resource = store.pop(made)
    resource.id = wanted
    store[wanted] = resource
    return resource
