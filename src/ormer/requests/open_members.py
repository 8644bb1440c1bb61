"""Members of interest in JSON that no service model describes (EMR, a job's document)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ormer.model.definition import Place
from ormer.model.request import Member
from ormer.model.value import Expression, Opaque
from ormer.requests.paths import Input
from ormer.requests.resolve import is_reference

_KMS = r"(?i)kms.*key|encryption_?key"
_ROLE = r"(?i)role_?arn$|^(jobflow|service|autoscaling)role$"
_S3 = r"(?i)s3[an]?://[^\s,;'\"]*"
_PLACE = (  # names of what is one though its value does not show it
    r"(?i)uris?$|entry_?point$|s3\w*path$|^path$|^jar$|sparksubmitparameters$|query(file)?$"
)
_ARGUMENTS = "Args"
"""Of an EMR step's command: options, then the application, then what the application is told."""


def open_members(source: Input) -> Iterator[Member]:
    """KMS keys and roles by the name of the member, S3 locations by their value or name."""
    yield from _members(source, source.node, source.place, "", "")


def _members(source: Input, node: Any, place: Place, path: str, name: str) -> Iterator[Member]:
    if isinstance(node, Opaque):
        for shape in ("KmsKeyId", "RoleArn", "S3Uri"):
            yield Member(path, shape, node, place, "")
    elif isinstance(node, dict) and not is_reference(node):
        for key, value in node.items():
            below = f"{path}.{key}" if path else key
            yield from _members(source, value, (*place, key), below, key)
    elif isinstance(node, list) and name == _ARGUMENTS:
        yield from _arguments(source, node, place, path)
    elif isinstance(node, list):
        for index, element in enumerate(node):
            yield from _members(source, element, (*place, index), path, name)
    elif node is not None:
        value = source.resolver.resolve(node, source.step)
        shape = _shape(name, value)
        if isinstance(value, str) and shape != "RoleArn" and shape != "KmsKeyId":
            for piece in re.findall(_S3, value):
                yield Member(path, "S3Uri", piece, place, "")
        elif shape and not isinstance(value, (dict, list)):
            yield Member(path, shape, value or None, place, "")


def _arguments(source: Input, node: list[Any], place: Place, path: str) -> Iterator[Member]:
    """The arguments of a command: one that is open may be the application, or code it loads."""
    told = False  # whether the application was named, so that the rest is what it is told
    for index, element in enumerate(node):
        at = (*place, index)
        value = source.resolver.resolve(element, source.step)
        if not told and _is_open(value):
            yield Member(path, "S3Uri", value, at, "")
        else:
            yield from _members(source, element, at, path, "")
        start = value.parts[0] if isinstance(value, Expression) else value
        told = told or bool(isinstance(start, str) and re.match(_S3, start))


def _is_open(value: Any) -> bool:
    """Whether an argument may be a location that the definition does not show."""
    if not isinstance(value, Expression):
        return False
    for part in value.parts:
        if isinstance(part, str):
            if re.search(_S3, part):
                return False
        elif part.choices is not None:
            if any(re.search(_S3, choice) for choice in part.choices):
                return True
        elif part.kind == "String" and not part.name.startswith("Execution."):
            return True
    return False


def _shape(name: str, value: Any) -> str:
    if re.search(_KMS, name):
        return "KmsKeyId"
    if re.search(_ROLE, name):
        return "RoleArn"
    start = value.parts[0] if isinstance(value, Expression) else value
    if isinstance(start, str) and (re.match(_S3, start) or isinstance(value, str)):
        return "S3Uri"
    is_open = isinstance(value, (Expression, Opaque))
    return "S3Uri" if is_open and re.search(_PLACE, name) else ""
