"""Environment profile text -> Environment."""

from __future__ import annotations

import re
from typing import NamedTuple

from ormer.model.digest import sha256
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.read.text.suggestion import suggestion
from ormer.read.text.yaml_text import Mapping, Node, Scalar, leaves, read_yaml


class _Field(NamedTuple):
    """One leaf of a profile: whether it must be there, how often, and what it looks like."""

    required: bool = False
    single: bool = False
    pattern: str = r"\S(.*\S)?"
    looks_like: str = "text"


_BUCKET = _Field(
    pattern=r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/\S+)?", looks_like="a bucket, or bucket/prefix"
)
_ROLE = _Field(pattern=r"arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+", looks_like="an IAM role ARN")
_KEY = _Field(
    pattern=r"arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+",
    looks_like="a KMS key ARN (an alias goes into kms.aliases)",
)
_KEY_REQUIRED = _KEY._replace(required=True)
_NUMBER = _Field(single=True, pattern=r"[1-9]\d*", looks_like="a whole number above 0")

_ANY = "*"  # a field whose name the profile's author chooses

_FIELDS: dict[str, _Field] = {
    "account": _Field(True, True, r"\d{12}", "a 12-digit account id, quoted"),
    "region": _Field(True, True, r"[a-z]{2}(-[a-z]+)+-\d", "an AWS region such as eu-west-1"),
    "vpc.subnets": _Field(True, False, r"subnet-\w+", "a subnet id"),
    "vpc.security_groups": _Field(True, False, r"sg-\w+", "a security group id"),
    "vpc.endpoints.*": _Field(pattern=r"vpce-\w+", looks_like="a VPC endpoint id"),
    "kms.volume": _KEY_REQUIRED,
    "kms.output": _KEY_REQUIRED,
    "kms.additional": _KEY,
    "kms.aliases": _Field(
        pattern=r"alias/\S+|arn:aws[\w-]*:kms:\S+:alias/\S+", looks_like="alias/NAME"
    ),
    "kms.aliases.*": _KEY._replace(single=True, looks_like="the KMS key ARN behind the alias"),
    "buckets.*": _BUCKET,
    "roles.execution": _ROLE,
    "roles.pipeline": _ROLE,
    "image_registries": _Field(pattern=r"[\w.-]+(:\d+)?(/\S+)?", looks_like="a registry host"),
    "tags.*": _Field(),
    "instance_types": _Field(pattern=r"[a-z0-9.*?-]+", looks_like="an instance type"),
    "max_instance_count": _NUMBER,
    "max_runtime_seconds": _NUMBER,
    "max_waiver_days": _NUMBER,
    "functions": _Field(pattern=r"arn:aws[\w-]*:lambda:\S+", looks_like="a Lambda function ARN"),
    "queues": _Field(pattern=r"arn:aws[\w-]*:sqs:\S+", looks_like="an SQS queue ARN"),
    "clusters": _Field(
        pattern=r"arn:aws[\w-]*:(elasticmapreduce|emr-serverless):\S+",
        looks_like="an EMR cluster or EMR Serverless application ARN",
    ),
    "topics": _Field(pattern=r"arn:aws[\w-]*:sns:\S+", looks_like="an SNS topic ARN"),
    "file_systems": _Field(pattern=r"fs-\w+", looks_like="a file system id"),
    "model_package_groups": _Field(pattern=r"[\w*?-]+", looks_like="a model package group's name"),
    "cache_expiry": _Field(
        pattern=r"P?([\d.]+[YyMmWwDd])*(T([\d.]+[HhMmSs])+)?",
        looks_like="an ISO 8601 duration as ExpireAfter has it, such as 30d or PT12H",
    ),
    "assume.kms_key_names": _Field(
        False, True, "new|old|both|neither", "new, old, both or neither"
    ),
    "assume.absent_boolean": _Field(False, True, "absent|false", "absent or false"),
    "assume.job_definitions": _Field(False, True, "union|absent", "union or absent"),
    "disabled_controls.*": _Field(single=True, looks_like="the reason"),
}

_SECTIONS = {path.rpartition(".")[0] for path in _FIELDS if "." in path}


def read_environment(text: bytes, name: str) -> Environment:
    """Read an environment profile.

    Raises InputError naming ``name``, the line and the field for a field that is
    unknown (with the nearest known one), empty, malformed, duplicate or missing.
    """
    root = read_yaml(text, name)
    if not isinstance(root, Mapping):
        raise InputError(f"{name}: a profile is a mapping of fields, this is a {_kind(root)}")
    values: dict[str, tuple[str, ...]] = {}
    _read_section(root, "", name, values)
    for path, field in _FIELDS.items():
        if field.required and path not in values:
            raise InputError(f"{name}: missing field {path!r}")
    environment = Environment(
        account=values["account"][0],
        region=values["region"][0],
        values=values,
        path=name,
        sha256=sha256(text).hexdigest(),
    )
    _approve_aliases(environment, values)
    return environment


def _approve_aliases(environment: Environment, values: dict[str, tuple[str, ...]]) -> None:
    """Aliases in a plain list stand for keys of every use."""
    for alias in values.get("kms.aliases", ()):
        for use in ("kms.volume", "kms.output"):
            values[use] = (*values[use], environment.alias_arn(alias))


def is_number_field(path: str) -> bool:
    """Whether the profile's field at ``path`` is a whole number."""
    return _FIELDS.get(path) is _NUMBER


def is_field(path: str) -> bool:
    """Whether a profile may have a value at ``path``; ``a.*`` asks for all leaves below a."""
    section = path.removesuffix(".*")
    if path != section:
        return section in _SECTIONS
    owner = path.rpartition(".")[0]
    return path in _FIELDS or path in _SECTIONS or f"{owner}.{_ANY}" in _FIELDS


def _read_section(
    section: Mapping, prefix: str, name: str, out: dict[str, tuple[str, ...]]
) -> None:
    for key, node in section.entries.items():
        path = prefix + key
        field = _FIELDS.get(path) or _FIELDS.get(prefix + _ANY)
        if field is not None and not (path in _SECTIONS and isinstance(node, Mapping)):
            out[path] = _read_leaf(node, path, field, name)
        elif path in _SECTIONS:
            if not isinstance(node, Mapping):
                raise InputError(
                    f"{name}:{node.line}: {path!r} is a mapping of fields, this is a {_kind(node)}"
                )
            _read_section(node, path + ".", name, out)
        else:
            raise InputError(_unknown(name, section.key_lines[key], prefix, key))


def _read_leaf(node: Node, path: str, field: _Field, name: str) -> tuple[str, ...]:
    if isinstance(node, Mapping):
        raise InputError(f"{name}:{node.line}: {path!r} is a string or a list of strings")
    try:
        scalars = list(leaves(node))
    except InputError as error:
        raise InputError(f"{name}: {path!r}: {error}") from None
    if not scalars:
        raise InputError(f"{name}:{node.line}: {path!r} is empty")
    if field.single and len(scalars) > 1:
        raise InputError(f"{name}:{node.line}: {path!r} takes one value, not {len(scalars)}")
    return tuple(_read_scalar(scalar, path, field, name) for scalar in scalars)


def _read_scalar(scalar: Scalar, path: str, field: _Field, name: str) -> str:
    if scalar.tag == "null" or not scalar.text.strip():
        raise InputError(f"{name}:{scalar.line}: {path!r} is empty")
    if not re.fullmatch(field.pattern, scalar.text, re.DOTALL | re.ASCII):
        raise InputError(
            f"{name}:{scalar.line}: {path!r} is {scalar.text!r}, not {field.looks_like}"
        )
    return scalar.text


def _unknown(name: str, line: int, prefix: str, key: str) -> str:
    known = {p[len(prefix) :].partition(".")[0] for p in _FIELDS if p.startswith(prefix)} - {_ANY}
    near = suggestion(key, known)
    where = f" in {prefix[:-1]!r}" if prefix else ""
    return f"{name}:{line}: unknown field {key!r}{where}{near}"


def _kind(node: Node) -> str:
    return {"Scalar": "text", "Sequence": "list"}.get(type(node).__name__, "mapping")
