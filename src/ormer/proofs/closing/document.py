"""A policy as the JSON document that it was read from, as far as decisions go.

A symbol (``model.symbol``) becomes a text: what is shown holds whatever the symbol stands for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ormer.model.policy import Condition, Policy, Principals, Statement
from ormer.model.symbol import has_symbol, pieces

_ANY_ACTION = "unknown:Unknown"


@lru_cache(maxsize=4096)
def document_of(policy: Policy) -> Mapping[str, Any]:
    """The document, the same one each time. Statements that have no Sid are told by their place,
    as they were."""
    return {
        "Version": policy.version,
        "Statement": [statement_of(each) for each in policy.statements],
    }


def statement_of(one: Statement) -> dict[str, Any]:
    """One statement of a document."""
    made: dict[str, Any] = {} if one.name.isdigit() else {"Sid": known_text(one.name)}
    made["Effect"] = one.effect.value
    if one.principals is not None:
        made["NotPrincipal" if one.not_principal else "Principal"] = _principals(one.principals)
    made["NotAction" if one.not_action else "Action"] = _listed(tuple(map(_action, one.actions)))
    if one.resources is not None:
        made["NotResource" if one.not_resource else "Resource"] = _listed(_texts(one.resources))
    if one.conditions:
        made["Condition"] = _block(one.conditions)
    return made


def _principals(who: Principals) -> Any:
    named = {
        "AWS": (*(("*",) if who.everyone else ()), *who.aws),
        "Service": who.service,
        "Federated": who.federated,
        "CanonicalUser": who.canonical_user,
    }
    if who.everyone and not any((who.aws, who.service, who.federated, who.canonical_user)):
        return "*"
    return {kind: _listed(_texts(texts)) for kind, texts in named.items() if texts}


def _block(conditions: tuple[Condition, ...]) -> dict[str, Any]:
    block: dict[str, Any] = {}
    for operator, key, values in conditions:
        block.setdefault(operator, {})[known_text(key)] = _listed(_texts(values))
    return block


def _listed(texts: tuple[str, ...]) -> Any:
    return texts[0] if len(texts) == 1 else list(texts)


def _texts(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(known_text, texts))


def _action(text: str) -> str:
    if not has_symbol(text) or ":" in "".join(pieces(text)[::2]):
        return known_text(text)
    return _ANY_ACTION


def known_text(text: str) -> str:
    """The text with each symbol's name, without what a principal could not hold."""
    if not has_symbol(text):
        return text
    parts = pieces(text)
    return "".join(
        re.sub(r"[^A-Za-z0-9]", "", part) if index % 2 else part for index, part in enumerate(parts)
    )
