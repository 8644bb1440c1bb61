"""Spaces in which the keys that policy variables name have one likely value each.

A variable whose key may have any value makes the prover err on the side of what is allowed; so
what it finds may not be allowed at all. With the key's value fixed, the variable is a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ormer.model.access import Access, Holder
from ormer.model.policy import CURRENT_VERSION, Policy, Statement
from ormer.model.policy_operators import split_policy_operator
from ormer.model.symbol import has_symbol, readable, symbols
from ormer.prove.found import Found
from ormer.prove.policies import policies
from ormer.prove.request_space import RequestSpace
from ormer.prove.statements import is_about

_VARIABLE = re.compile(r"\$\{([^}*?$,]+)")
_MOST_TRIES = 4


def pinned(
    space: RequestSpace, access: Access, holder: Holder, found: Found
) -> Iterator[RequestSpace]:
    """The space, each time with other values for the open keys; nothing where there are none.

    What was found comes first, then what policies compare the keys with, then hints.
    """
    keys = open_keys(space, access, holder)
    tries = [_values(key, space, access, holder, found) for key in keys]
    for number in range(min(_MOST_TRIES, max(map(len, tries), default=0))):
        values = {
            key: texts[min(number, len(texts) - 1)]
            for key, texts in zip(keys, tries, strict=True)
            if texts
        }
        yield space._replace(fixed={**space.fixed, **values})


def open_keys(space: RequestSpace, access: Access, holder: Holder) -> tuple[str, ...]:
    """The keys that variables name and that may have one value or another."""
    named: dict[str, None] = {}
    for _, statement in _open(access, holder, space.action):
        for text in _texts(statement):
            named.update(dict.fromkeys(each.strip().lower() for each in _VARIABLE.findall(text)))
    return tuple(key for key in named if key not in space.fixed and _is_single(key, space))


def open_statements(access: Access, holder: Holder, action: str, said: str = "") -> Iterator[str]:
    """The statements about an action that depend on what is not known, and on what; without those
    of which it is ``said`` already."""
    for policy, statement in _open(access, holder, action):
        if f"{policy.name} statement {statement.name}:" in said:
            continue
        named = {f"${{{each.strip()}}}" for t in _texts(statement) for each in _VARIABLE.findall(t)}
        unknown = {readable(text) for text in _texts(statement) if has_symbol(text)}
        if named or unknown:
            what = ", ".join(sorted(named | unknown))
            yield f"statement {statement.name} of {policy.name} depends on {what}"


def unbound(access: Access, holder: Holder, action: str, said: str) -> tuple[str, ...]:
    """The names, of what templates and plans leave open in the statements about an action, that
    are ``said``: a value for them may decide."""
    names = (
        name
        for _, statement in _open(access, holder, action)
        for text in (*statement.actions, *_texts(statement))
        for name in symbols(text)
    )
    return tuple(dict.fromkeys(name for name in names if name in said))


def _open(access: Access, holder: Holder, action: str) -> Iterator[tuple[Policy, Statement]]:
    for policy in policies(access, holder):
        if policy.version != CURRENT_VERSION:
            continue
        for statement in policy.statements:
            if is_about(statement, action.lower(), may=True):
                yield policy, statement


def _texts(statement: Statement) -> list[str]:
    values = [value for condition in statement.conditions for value in condition.values]
    return [*(statement.resources or ()), *values]


def _is_single(key: str, space: RequestSpace) -> bool:
    facts = space.key(key)
    return facts is not None and not facts.multivalued


def _values(
    key: str, space: RequestSpace, access: Access, holder: Holder, found: Found
) -> tuple[str, ...]:
    facts = space.key(key)
    there = found.really.get(key)
    texts = [there] if isinstance(there, str) else []
    texts += _compared(key, access, holder, space.action)
    if facts is not None:
        texts += facts.values or facts.hints
    return tuple(dict.fromkeys(text for text in texts if text))


def _compared(key: str, access: Access, holder: Holder, action: str) -> Iterable[str]:
    for _, statement in _open(access, holder, action):
        for condition in statement.conditions:
            if condition.key.lower() == key and split_policy_operator(condition.operator).kind in (
                "text",
                "glob",
                "arn",
            ):
                yield from (v for v in condition.values if not set("*?$") & set(v))
