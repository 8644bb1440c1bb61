"""SageMaker's part of ``aws_cli``: the whole input of a call as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Optional

from ormer.facts.carriers import load_carriers
from ormer.facts.feasible import feasible
from ormer.facts.inputs import Input, set_key, smallest_input, with_tags, without_key
from ormer.facts.placeholders import ACCOUNT, REGION
from ormer.report.aws_cli.words import Told, arn_parts

_PASSES = "sagemaker:CreateTrainingJob"
_PASSED_TO, _SAGEMAKER = "iam:passedtoservice", "sagemaker.amazonaws.com"
_REQUEST_TAG, _TAG_KEYS = "aws:requesttag/", "aws:tagkeys"
_OF_THE_RESOURCE = ("sagemaker:resourcetag/", "sagemaker:current")
_WHOLE = ("arn", "arnorname", "nameorarn", "identifier")
_ANY_RESOURCE = ("ResourceArn", "ResourceIdentifier")
_TAGGED, _UNTAGGED = "Tags", "TagKeys"
_DOMAIN = "DomainId"
_ABOVE = {"job": "JobCategory"}
_NAME = r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}"


def sagemaker_call(action: str, account: str, told: Told) -> Optional[Sequence[str]]:
    """The words after ``aws``; None where the input cannot carry what is told."""
    resource = told.resource
    parts = arn_parts(resource)
    region = parts.region if parts else ""
    input_ = _local(smallest_input(action), account, region)
    if input_ is None or (resource != "*" and parts is None):
        return None
    try:
        input_ = _tagged(_keyed(input_, action, told.keys), action, told.keys)
    except ValueError:
        return None
    named = input_ if parts is None else _about(input_, resource, parts.rest)
    return None if named is None else _words(action, named, region)


def pass_role_call(told: Told, account: str, where: str) -> Optional[Sequence[str]]:
    """A call of SageMaker that passes the role."""
    (region, *_) = told.keys.get("aws:requestedregion", (where,))
    input_ = _local(smallest_input(_PASSES), account, region)
    asked = [key for key in told.keys if key.startswith(("iam:", _REQUEST_TAG, _TAG_KEYS))]
    others = [k for k in asked if k != _PASSED_TO and not k.startswith("iam:resourcetag/")]
    to_sagemaker = told.keys.get(_PASSED_TO, (_SAGEMAKER,)) == (_SAGEMAKER,)
    if input_ is None or others or not to_sagemaker or arn_parts(told.resource) is None:
        return None
    return _words(_PASSES, {**input_, "RoleArn": told.resource}, region)


def command_name(operation: str) -> str:
    """An API operation as the AWS CLI spells it: ``CreateAutoMLJobV2`` is
    ``create-auto-ml-job-v2``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=.)(?=[A-Z][a-z])", "-", operation).lower()


def _words(action: str, input_: Input, region: str) -> Sequence[str]:
    operation = _spelled(action).partition(":")[2]
    where = ["--region", region] if region else []
    body = ["--cli-input-json", json.dumps(input_)] if input_ else []
    return ["sagemaker", command_name(operation), *where, *body]


def _spelled(action: str) -> str:
    return next(name for name in load_carriers().actions if name.lower() == action.lower())


def _local(input_: Optional[Input], account: str, region: str) -> Optional[Input]:
    """Placeholders that name an account or a region name these."""
    text = json.dumps(input_).replace(ACCOUNT, account or ACCOUNT)
    made: Optional[Input] = json.loads(text.replace(REGION, region or REGION))
    return made


def _keyed(input_: Input, action: str, told: Mapping[str, tuple[str, ...]]) -> Input:
    """The input with exactly the condition keys that are told.

    Raises ValueError for one that no member fills, or one that is missing and cannot be.
    """
    carriers = load_carriers()
    own = {key: values for key, values in told.items() if key.startswith("sagemaker:")}
    before = {new.lower(): old.lower() for new, old in carriers.renamed.items()}
    for key in feasible(action).keys:
        if "$" not in key and key not in own and before.get(key, key) not in own:
            input_ = without_key(input_, action, key)
    for key, values in own.items():
        if not key.startswith(_OF_THE_RESOURCE):
            input_ = set_key(input_, action, key, values)
    return input_


def _tagged(input_: Input, action: str, told: Mapping[str, tuple[str, ...]]) -> Input:
    """The input with the tags that are told, spelled as ``aws:TagKeys`` spells them."""
    spelled = {name.lower(): name for name in told.get(_TAG_KEYS, ())}
    tags = dict.fromkeys(spelled.values(), "")
    for key, values in told.items():
        if key.startswith(_REQUEST_TAG):
            name = key.removeprefix(_REQUEST_TAG)
            tags[spelled.get(name, name)] = values[0]
    if _UNTAGGED in input_:
        if not spelled:
            raise ValueError(f"{action} names the tags that it takes away")
        return {**input_, _UNTAGGED: list(spelled.values())}
    if not tags and _TAGGED in input_:
        raise ValueError(f"{action} needs tags")
    return with_tags(input_, action, tags) if tags else input_


def _about(input_: Input, resource: str, rest: str) -> Optional[Input]:
    """The input with the resource named in it; None where no member of it does."""
    kind, *segments = rest.split("/")
    if segments[1:2] == ["execution"]:
        kind = f"{kind}{segments[1]}"
    kind = kind.replace("-", "")
    for member in input_:
        if member in _ANY_RESOURCE or _matches(member, kind, _WHOLE):
            return {**input_, member: resource}
    if not segments or not all(re.fullmatch(_NAME, segment) for segment in segments):
        return None
    named = next((m for m in input_ if _matches(m, kind, ("name", "id"))), None)
    if named is None:
        return None
    made = {**input_, named: segments[-1]}
    if len(segments) == 1:
        return made
    above = _ABOVE.get(kind, _DOMAIN)
    if above not in input_:
        return None
    if len(segments) == 2:
        return {**made, above: segments[0]}
    if kind == "app" and len(segments) == 4:
        domain, owner, type_, _ = segments
        return {**made, _DOMAIN: domain, "UserProfileName": owner, "AppType": type_}
    return None


def _matches(member: str, kind: str, endings: Sequence[str]) -> bool:
    return any((kind + ending).endswith(member.lower()) for ending in endings)
