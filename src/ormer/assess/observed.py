"""What definitions use today, as the fields of a profile: where a team starts from.

Only what stands in the definitions as a literal counts. Whether it should be approved, nobody
can tell from a definition: the profile made of this is for review.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Optional

from ormer.facts.service import load_service
from ormer.model.definition import Definition
from ormer.model.environment import Environment
from ormer.model.request import Request
from ormer.model.value import Expression
from ormer.requests.build import RequestBuilder

_KEYS = {
    "sagemaker:VpcSubnets": "vpc.subnets",
    "sagemaker:VpcSecurityGroupIds": "vpc.security_groups",
    "sagemaker:VolumeKmsKeyArn": "kms.volume",
    "sagemaker:OutputKmsKeyArn": "kms.output",
}
_CALLED = {
    "lambda:InvokeFunction": "functions",
    "sqs:SendMessage": "queues",
    "elasticmapreduce:AddJobFlowSteps": "clusters",
    "emr-serverless:StartJobRun": "clusters",
    "iam:PassRole": "roles.execution",
}
_PLACES = frozenset(["S3Uri", "S3ModelUri", "DestinationS3Uri", "Url"])
_IMAGES = frozenset(["AlgorithmImage", "ImageUri", "ContainerImage"])
_FORMS = {
    **dict.fromkeys(_CALLED.values(), r"arn:aws[\w-]*:[\w-]+:[a-z0-9-]*:\d{12}:\S+"),
    "vpc.subnets": r"subnet-\w+",
    "vpc.security_groups": r"sg-\w+",
    "kms.volume": r"arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key/\S+",
    "kms.output": r"arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key/\S+",
}
_ARN = r"arn:aws[\w-]*:[\w-]+:([a-z0-9-]*):(\d{12}):\S+"
_REGISTRY = r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?"


def observed(
    definitions: Sequence[Definition], account: Optional[str], region: Optional[str]
) -> dict[str, tuple[str, ...]]:
    """The fields of a profile that the definitions show, by their dotted path.

    ``account`` and ``region``, where they are not given, are those that the ARNs of roles and
    keys name most often; they are left out where nothing names any.
    """
    where = _where(_fields(definitions, "0" * 12, "eu-west-1"), account, region)
    if len(where) < 2:
        return where
    found = _fields(definitions, where["account"][0], where["region"][0])
    return {**where, **_buckets(found.pop("buckets", ())), **found}


def _fields(
    definitions: Sequence[Definition], account: str, region: str
) -> dict[str, tuple[str, ...]]:
    """Each field's values in the order of the documents, for ids that belong to this account."""
    seen: dict[str, dict[str, None]] = {}
    builder = RequestBuilder(load_service(), Environment(account, region, {}), _PLACES | _IMAGES)
    for definition in definitions:
        for request in builder.build(definition).requests:
            for field, value in _of_request(request):
                if re.fullmatch(_FORMS.get(field, r"\S+"), value):
                    seen.setdefault(field, {})[value] = None
    return {field: tuple(values) for field, values in seen.items()}


def _of_request(request: Request) -> Iterator[tuple[str, str]]:
    for facet in request.facets:
        for key, field in _KEYS.items():
            for found in facet.operand(key).found:
                if isinstance(found.value, str):
                    yield field, found.value
    called = _CALLED.get(request.action)
    resource = request.resource.value if request.resource is not None else None
    if called and isinstance(resource, str):
        yield called, resource
    for member in request.members:
        value = member.value.parts[0] if isinstance(member.value, Expression) else member.value
        if not isinstance(value, str):
            continue
        if member.shape in _IMAGES and "/" in value:
            yield "image_registries", value.partition("/")[0]
        place = re.match(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/|$)", value)
        if member.shape in _PLACES and place:
            yield "buckets", place[1]


def _buckets(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    return {f"buckets.bucket{number}": (name,) for number, name in enumerate(names, 1)}


def _where(
    found: dict[str, tuple[str, ...]], account: Optional[str], region: Optional[str]
) -> dict[str, tuple[str, ...]]:
    """Account and region, given or by majority."""
    accounts: Counter[str] = Counter()
    regions: Counter[str] = Counter()
    for field in ("roles.execution", "kms.volume", "kms.output", *_CALLED.values()):
        for arn in found.get(field, ()):
            match = re.fullmatch(_ARN, arn)
            if match:
                regions[match[1]] += bool(match[1])
                accounts[match[2]] += 1
    for host in found.get("image_registries", ()):
        match = re.fullmatch(_REGISTRY, host)
        regions[match[2] if match else ""] += 1
    del regions[""]
    named = {
        "account": account or next((name for name, _ in accounts.most_common(1)), None),
        "region": region or next((name for name, _ in regions.most_common(1)), None),
    }
    return {field: (value,) for field, value in named.items() if value}
