"""The policies that a principal's requests of an action may meet, and what they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ormer.model.access import Access, Holder
from ormer.model.policy import Policy, Statement
from ormer.prove.forbidden import Forbidden
from ormer.prove.statements import is_about

_VARIABLE = re.compile(r"\$\{([^}*?$,]+)")


def policies(access: Access, holder: Holder) -> Iterator[Policy]:
    """Every policy that may meet a request of the principal."""
    yield from holder.identity
    yield from holder.boundary or ()
    if holder.session is not None:
        yield holder.session
    yield from (one.policy for one in access.resource_policies)
    yield from (one.policy for one in access.endpoints)
    for level in (*access.scps, *access.rcps):
        yield from level.policies


def statements(
    access: Access, holder: Holder, action: str, sets: Iterable[Forbidden] = ()
) -> Iterator[Statement]:
    """Every statement that may be about the action, and those of what is forbidden of it."""
    for policy in policies(access, holder):
        for statement in policy.statements:
            if is_about(statement, action.lower(), may=True):
                yield statement
    for one in sets:
        yield from (*one.statements, *one.exceptions)


def asked_keys(
    access: Access, holder: Holder, action: str, sets: Iterable[Forbidden] = ()
) -> frozenset[str]:
    """Every condition key, in lower case, that they ask for, in variables too."""
    return keys_of(statements(access, holder, action, sets))


def keys_of(all_: Iterable[Statement]) -> frozenset[str]:
    """Every condition key, in lower case, that statements ask for, in variables too."""
    every = list(all_)
    found = {condition.key.lower() for each in every for condition in each.conditions}
    return variables_of(every).union(found)


def variables_of(all_: Iterable[Statement]) -> frozenset[str]:
    """Every condition key, in lower case, that variables in statements name."""
    found: set[str] = set()
    for statement in all_:
        texts = list(statement.resources or ())
        for condition in statement.conditions:
            texts += condition.values
        found.update(
            name.strip().lower()
            for text in texts
            if "${" in text
            for name in _VARIABLE.findall(text)
        )
    return frozenset(found)


def named_resources(
    access: Access, holder: Holder, action: str, sets: Iterable[Forbidden] = ()
) -> tuple[str, ...]:
    """The resources that they name, in order: those of what is forbidden first."""
    found: dict[str, None] = {}
    for one in sets:
        for statement in one.statements:
            found.update(dict.fromkeys(statement.resources or ()))
    for statement in statements(access, holder, action):
        found.update(dict.fromkeys(statement.resources or ()))
    return tuple(found)
