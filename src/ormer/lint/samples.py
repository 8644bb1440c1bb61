"""Concrete values: for patterns of a policy, and for condition keys that nobody approved.

Accounts, addresses and names are of those that AWS and RFC 5737 set aside for examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Optional

from ormer.evaluate.variables import Fixed, Literal, Template, parse_template, resolve
from ormer.lint.example import ACCOUNT, REGION
from ormer.lint.key_facts import value_type
from ormer.model.policy import Condition
from ormer.model.policy_operators import split_policy_operator

Value = Optional[str | tuple[str, ...]]
"""What a key may hold; None where it is missing."""

FOREIGN_ACCOUNT = "999999999999"
FOREIGN_ORGANISATION = "o-foreign000"
_FILLERS = ("example", "", "example/example", "a")
_FOREIGN = (
    ("subnet", "subnet-0f0f0f0f0f0f0f0f0"),
    ("securitygroup", "sg-0f0f0f0f0f0f0f0f0"),
    ("vpce", "vpce-0f0f0f0f0f0f0f0f0"),
    ("sourcevpcarn", f"arn:aws:ec2:{REGION}:{FOREIGN_ACCOUNT}:vpc/vpc-0f0f0f0f0f0f0f0f0"),
    ("vpc", "vpc-0f0f0f0f0f0f0f0f0"),
    ("kms", f"arn:aws:kms:{REGION}:{FOREIGN_ACCOUNT}:key/0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f"),
    ("orgid", FOREIGN_ORGANISATION),
    ("orgpaths", f"{FOREIGN_ORGANISATION}/r-0f0f/ou-0f0f-0f0f0f0f/"),
    ("account", FOREIGN_ACCOUNT),
)
_OF_KIND = {
    "arn": "ARN",
    "number": "Numeric",
    "date": "Date",
    "ip": "IPAddress",
    "text": "String",
    "folded text": "String",
    "glob": "String",
}
_APPROVED = {"IPAddress": "10.0.0.0/8", "Numeric": "1", "Date": "2026-01-01T00:00:00Z"}
_BY_TYPE = {
    "ARN": (f"arn:aws:iam::{FOREIGN_ACCOUNT}:role/foreign",),
    "IPAddress": ("203.0.113.9", "198.51.100.7"),
    "Bool": ("true", "false"),
    "Numeric": ("1", "0", "1000000"),
    "Date": ("2026-01-15T12:00:00Z", "2000-01-01T00:00:00Z", "2099-01-01T00:00:00Z"),
}


def foreign(key: str) -> tuple[str, ...]:
    """Values of the key that a policy's author did not think of, of the key's type."""
    folded = key.lower()
    by_type = _BY_TYPE.get(value_type(folded), ("foreign",))
    if value_type(folded) in ("String", "ARN"):
        named = next((value for word, value in _FOREIGN if word in folded), None)
        return by_type if named is None else (named,)
    return by_type


def approved(key: str, kind: str, name: str) -> str:
    """A value of the key that a policy may ask for: of its type, or else of the operator's kind.

    ``name`` is what it is called where it is text.
    """
    type_name = value_type(key) or _OF_KIND.get(kind, "String")
    if kind in ("null", "bool"):
        return "true"
    if type_name not in ("String", "ARN") and kind in _OF_KIND:
        return _APPROVED.get(type_name, name)
    named = next((value for word, value in _FOREIGN if word in key.lower()), None)
    if named is not None and (kind != "arn" or named.startswith("arn:")):
        return _ours(named)
    is_arn = kind == "arn" or type_name == "ARN"
    return f"arn:aws:iam::{ACCOUNT}:role/{name}" if is_arn else name


def _ours(text: str) -> str:
    ours = text.replace(FOREIGN_ACCOUNT, ACCOUNT).replace("foreign", "example")
    return re.sub("0f(?=[0-9a-f-]|$)", "0a", ours)


def texts(pattern: str, version: str, context: Mapping[str, str]) -> Iterator[str]:
    """Texts that the pattern matches, with the variables of ``context``; none without them."""
    pattern = _placed(pattern)
    template = parse_template(pattern, version)
    for filler in _FILLERS if re.search(r"[*?]", pattern) else _FILLERS[:1]:
        text = _filled(template, filler, context)
        if text is not None:
            yield text


def _placed(pattern: str) -> str:
    """An ARN with the partition, region and account that are free in it, filled in."""
    parts = pattern.split(":", 5)
    if parts[0] != "arn" or len(parts) < 6:
        return pattern
    for index, text in ((1, "aws"), (3, REGION), (4, ACCOUNT)):
        if parts[index] == "*":
            parts[index] = text
    return ":".join(parts)


def _filled(template: Template, filler: str, context: Mapping[str, str]) -> Optional[str]:
    made: list[str] = []
    for part in template:
        if isinstance(part, Fixed):
            made.append(part.text.replace("*", filler).replace("?", "x"))
        elif isinstance(part, Literal):
            made.append(part.text)
        else:
            found = resolve(part, context)
            if found is None:
                return None
            made.append(found)
    return "".join(made)


def values(condition: Condition, version: str, context: Mapping[str, str]) -> Iterator[str]:
    """Values around those of a condition: what it names, and the nearest beyond."""
    kind = split_policy_operator(condition.operator).kind
    for value in condition.values:
        if kind in ("glob", "arn"):
            yield from texts(value, version, context)
        elif kind == "number" and re.fullmatch(r"-?\d{1,18}", value):
            yield from (value, str(int(value) + 1), str(int(value) - 1))
        elif kind == "ip":
            yield value.partition("/")[0]
        elif kind in ("text", "folded text"):
            literal = _filled(parse_template(value, version), "*", context)
            if literal is not None:
                yield literal
        elif kind not in ("null", "number"):
            yield value
