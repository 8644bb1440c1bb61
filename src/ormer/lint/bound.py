"""The symbols of a document, each taken for a text: a request is concrete.

A symbol is taken for the same text wherever it stands in the document. Which one follows from the
first place that says what it may be: a part of an ARN, a principal, a resource, a condition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ormer.lint.called import expand, filled, is_form_of
from ormer.lint.example import ACCOUNT, REGION
from ormer.lint.samples import approved
from ormer.model.policy_operators import split_policy_operator
from ormer.model.symbol import has_symbol, pieces

_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}
_OF_ARN = {1: "aws", 3: REGION, 4: ACCOUNT}
"""What a part of an ARN is that is all symbol, by its number."""
_PRINCIPALS = {
    "AWS": f"arn:aws:iam::{ACCOUNT}:role/" + "{}",
    "Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/" + "{}",
    "Service": "lambda.amazonaws.com",
}


def assumed_texts(body: Mapping[str, Any]) -> dict[str, str]:
    """What each symbol of a document is taken for, in the order of the document."""
    taken: dict[str, str] = {}
    found = body["Statement"]
    statements = found if isinstance(found, list) else [found]
    told: dict[str, str] = {}
    for source in (_parts, _principals, _resources, _conditions):
        for each in statements:
            for name, text in source(each):
                told.setdefault(name, text)
    for text in _texts(body):
        for name in pieces(text)[1::2]:
            taken[name] = _PSEUDO.get(name) or told.get(name) or plain(name)
    return taken


def bind(value: Any, taken: Mapping[str, str]) -> Any:
    """The value with the text of each symbol in its place."""
    if isinstance(value, str):
        if not has_symbol(value):
            return value
        parts = pieces(value)
        return "".join(taken[part] if index % 2 else part for index, part in enumerate(parts))
    if isinstance(value, list):
        return [bind(each, taken) for each in value]
    if isinstance(value, dict):
        return {bind(key, taken): bind(each, taken) for key, each in value.items()}
    return value


def plain(name: str) -> str:
    """A text that may be a name anywhere: letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "unknown"


def _texts(value: Any) -> Iterator[str]:
    """The texts with symbols, names of members included."""
    if isinstance(value, str):
        if has_symbol(value):
            yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(key)
            yield from _texts(each)


def _alone(text: Any) -> str:
    """The name of the symbol that is the whole text, or empty."""
    found = pieces(text) if isinstance(text, str) else ()
    return found[1] if len(found) == 3 and not found[0] and not found[2] else ""


def _parts(statement: Any) -> Iterator[tuple[str, str]]:
    """Symbols that are a whole partition, region or account of an ARN."""
    for text in _texts(statement):
        named = {f"S{index}": name for index, name in enumerate(pieces(text)[1::2])}
        marked = "".join(
            f"\0S{index // 2}\0" if index % 2 else part for index, part in enumerate(pieces(text))
        )
        if not marked.startswith("arn:"):
            continue
        for number, part in enumerate(marked.split(":", 5)):
            name = named.get(part.strip("\0")) if re.fullmatch("\0[^\0]*\0", part) else None
            if name is not None and number in _OF_ARN:
                yield name, _OF_ARN[number]


def _principals(statement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for element in ("Principal", "NotPrincipal"):
        found = statement.get(element)
        for kind, texts in found.items() if isinstance(found, dict) else ():
            for text in texts if isinstance(texts, list) else [texts]:
                if _alone(text) and kind in _PRINCIPALS:
                    yield _alone(text), _PRINCIPALS[kind].format(plain(_alone(text)))


def _resources(statement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Symbols at the beginning of a resource: the ARN of one that the actions are about."""
    for element in ("Resource", "NotResource"):
        found = statement.get(element)
        for text in found if isinstance(found, list) else [found]:
            parts = pieces(text) if isinstance(text, str) else ()
            if len(parts) > 1 and not parts[0]:
                rest = "".join(plain(p) if i % 2 else p for i, p in enumerate(parts[2:]))
                yield parts[1], _arn(statement, plain(parts[1]), rest)


def _arn(statement: Mapping[str, Any], name: str, rest: str) -> str:
    found = statement.get("Action", [])
    patterns = found if isinstance(found, list) else [found]
    rest = rest.replace("*", "example").replace("?", "x")
    for about in (each for pattern in patterns for each in expand(pattern)):
        for arn in about.arns:
            whole = filled(arn, ACCOUNT, name)
            for begun in (whole.removesuffix(f"/{name}"), whole) if rest else (whole,):
                if is_form_of(arn, begun + rest):
                    return begun
    service = next((p.partition(":")[0] for p in patterns if ":" in p), "s3")
    where = ":" if service == "s3" else f"{REGION}:{ACCOUNT}"
    return f"arn:aws:{service}:{where}:{name}"


def _conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for operator, keys in statement.get("Condition", {}).items():
        kind = split_policy_operator(operator).kind
        for key, values in keys.items():
            for text in values if isinstance(values, list) else [values]:
                if _alone(text):
                    yield _alone(text), approved(key, kind, plain(_alone(text)))
