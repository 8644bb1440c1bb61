"""Values that a request would likely have, so that a counterexample looks like one.

The prover takes one of these where it fits, and the shortest text otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ormer.model.environment import Environment

_OTHER_ACCOUNT = "999988887777"
_SOME_KEY = "99999999-9999-4999-8999-999999999999"
_NAME = "example"

_MOST_NAMED = 100

_MOST_OBJECTS = 8
_BUCKET = re.compile(r"arn:[^:]+:s3:::[^/]+")
_WORD = re.compile(r"arn:[^:]+:s3:::\*([A-Za-z0-9-]{3,})\*")

_VARIABLE = re.compile(r"\$\{[^}]*\}")
_FIELDS: Mapping[str, str] = {
    "subnets": "vpc.subnets",
    "securitygroupids": "vpc.security_groups",
    "volumekmskeyarn": "kms.volume",
    "volumekmskey": "kms.volume",
    "outputkmskeyarn": "kms.output",
    "outputkmskey": "kms.output",
    "instancetypes": "instance_types",
}
"""The field of a profile that approves values of keys that end so."""
_BY_ENDING: Mapping[str, tuple[str, ...]] = {
    "subnets": ("subnet-0f9e8d7c6b5a43210",),
    "securitygroupids": ("sg-0f9e8d7c6b5a43210",),
    "instancetypes": ("ml.m5.large", "ml.p4d.24xlarge"),
    "aws:sourcevpce": ("vpce-0f9e8d7c6b5a43210",),
    "aws:sourcevpc": ("vpc-0f9e8d7c6b5a43210",),
    "aws:sourceip": ("198.51.100.7",),
    "aws:vpcsourceip": ("10.0.0.7",),
    "aws:userid": ("AROAEXAMPLEEXAMPLEID:session",),
    "aws:requestedregion": ("us-east-1",),
    "aws:calledvia": ("cloudformation.amazonaws.com",),
    "iam:passedtoservice": ("sagemaker.amazonaws.com", "ec2.amazonaws.com"),
    "s3:x-amz-server-side-encryption": ("aws:kms", "AES256"),
    "modelapprovalstatus": ("Approved", "PendingManualApproval"),
    "s3:x-amz-server-side-encryption-customer-algorithm": ("AES256",),
    "filesystemid": ("fs-0f9e8d7c6b5a43210",),
    "filesystemtype": ("EFS",),
    "aws:principalorgid": ("o-0example00",),
    "aws:resourceorgid": ("o-0example00",),
}
_KEY_WORDS = ("kmskey", "encryption-aws-kms-key-id")


def key_hints(key: str, approved: tuple[str, ...], environment: Environment) -> tuple[str, ...]:
    """Likely values of a key, in lower case: the approved ones, and others that look like them."""
    found = [text for text in approved if not set("*?") & set(text)]
    for ending, field in _FIELDS.items():
        if key.endswith(ending):
            found += (t for t in environment.lookup(field) or () if not set("*?") & set(t))
    for ending, texts in _BY_ENDING.items():
        if key.endswith(ending):
            found += texts
    if any(word in key for word in _KEY_WORDS):
        found.append(_arn("kms", f"key/{_SOME_KEY}", environment))
    if key == "aws:resourceaccount":
        found += (environment.account, _OTHER_ACCOUNT)
    found.append(_NAME)
    return tuple(dict.fromkeys(found))


def _arn(service: str, rest: str, environment: Environment, account: str = "") -> str:
    owner = account or environment.account
    return f"arn:{environment.partition}:{service}:{environment.region}:{owner}:{rest}"


def resource_hints(
    formats: tuple[str, ...], named: tuple[str, ...], environment: Environment
) -> tuple[str, ...]:
    """Likely resources: those that policies and controls name, and one of each format."""
    found = [_filled(text, environment) for text in named[:_MOST_NAMED] if text != "*"]
    found += _objects(formats, found, named)
    buckets = {each.partition("/")[0] for each in environment.lookup("buckets.*") or ()}
    for text in formats:
        if text.split(":")[2] == "s3" and text.endswith(":::*/*"):
            for bucket in (*sorted(buckets), "amzn-s3-demo-bucket", "sagemaker-lookalike-bucket"):
                found.append(f"arn:{environment.partition}:s3:::{bucket}/{_NAME}.csv")
        elif text.split(":")[2] == "s3" and text.endswith(":::*"):
            for bucket in (*sorted(buckets), "amzn-s3-demo-bucket", "sagemaker-lookalike-bucket"):
                found.append(f"arn:{environment.partition}:s3:::{bucket}")
        for account in (environment.account, _OTHER_ACCOUNT):
            found.append(_of_format(text, account, environment))
    return tuple(dict.fromkeys(found))


def _objects(formats: tuple[str, ...], filled: list[str], named: tuple[str, ...]) -> Iterator[str]:
    """Objects of the buckets that are named, with the words of other patterns as their names: one
    policy may ask for the bucket, and another for ``*SageMaker*``."""
    if not any(text.endswith(":::*/*") for text in formats):
        return
    buckets = dict.fromkeys(m[0] for m in map(_BUCKET.match, filled) if m is not None)
    words = dict.fromkeys(m[1] for m in map(_WORD.fullmatch, named) if m is not None)
    for bucket in list(buckets)[:_MOST_OBJECTS]:
        for word in list(words)[:_MOST_OBJECTS]:
            yield f"{bucket}/{word}"


def _filled(text: str, environment: Environment) -> str:
    """A pattern's text without variables and wildcards, which a request would hold as such."""
    text = _VARIABLE.sub(_NAME, text).replace("?", "x")
    head = text.split(":", 5)
    if len(head) < 6:
        return text.replace("*", _NAME)
    parts = [head[0], head[1].replace("*", environment.partition), head[2]]
    parts.append(head[3].replace("*", environment.region))
    parts.append(head[4].replace("*", environment.account))
    return ":".join([*parts, head[5].replace("*", _NAME)])


def _of_format(text: str, account: str, environment: Environment) -> str:
    _, _, service, region, owner, rest = text.split(":", 5)
    return ":".join(
        (
            f"arn:{environment.partition}",
            service,
            environment.region if region == "*" else region,
            account if owner == "*" else owner,
            rest.replace("*", _SOME_KEY if service == "kms" else _NAME),
        )
    )
