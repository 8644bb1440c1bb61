"""Principals with their policies -> the YAML text of an access file, ready for editing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ormer.read.policies.authorization_details import Detail

_HEAD = """\
# Who may call what: docs/access.md of Ormer tells every field.
# A policy is a document, FILE.json, TEMPLATE#RESOURCE, PLAN.json#ADDRESS or managed:NAME.
"""
_TO_ADD = "to add: the policies of buckets and keys, and of the endpoints that jobs go through"
_TAIL = """\
#{resources}
#  - resource: arn:aws:s3:::data-bucket
#    policy: policies/buckets.yaml#DataBucketPolicy
#vpc_endpoints:
#  - {id: vpce-0123, service: s3, policy: policies/endpoints.yaml#S3Endpoint}
#organization: {scps: [[policies/scp.json]], rcps: []}
#parameters: {EnvName: mlops}
"""


def access_yaml(details: Iterable[Detail]) -> str:
    """The text. Trust policies of roles stand among the policies of resources."""
    found = list(details)
    principals = [dict(_principal(one)) for one in found]
    trusts = [{"resource": one.arn, "policy": one.trust} for one in found if one.trust is not None]
    body: dict[str, Any] = {"principals": principals}
    if trusts:
        body["resource_policies"] = trusts
    resources = f" {_TO_ADD}" if trusts else f"resource_policies:  # {_TO_ADD}"
    return _HEAD + "\n".join(_block(body, "")) + "\n" + _TAIL.replace("{resources}", resources)


def _principal(one: Detail) -> Iterator[tuple[str, Any]]:
    yield "arn", one.arn
    if one.tags:
        yield "tags", dict(one.tags)
    yield "identity_policies", list(one.identity)
    if one.boundary is not None:
        yield "permissions_boundary", one.boundary


def _block(value: Any, indent: str) -> Iterator[str]:
    """A mapping or a list that is not empty, a line for each entry."""
    entries = value.items() if isinstance(value, dict) else [("-", each) for each in value]
    for name, each in entries:
        head = "-" if isinstance(value, list) else f"{_key(name)}:"
        if not isinstance(each, (dict, list)) or not each:
            yield f"{indent}{head} {_scalar(each)}"
        elif isinstance(value, list):
            first, *rest = _block(each, f"{indent}  ")
            yield f"{indent}- {first.lstrip(' ')}"
            yield from rest
        else:
            yield f"{indent}{head}"
            yield from _block(each, f"{indent}  ")


def _key(name: str) -> str:
    return name if name.isidentifier() and name.isascii() else _scalar(name)


def _scalar(value: Any) -> str:
    """In double quotes: JSON's are YAML's. What YAML reads as a line's end is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escaped(ord(c)) for c in text)


def _escaped(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
