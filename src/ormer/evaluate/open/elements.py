"""The elements of a statement, where the request or the policy has parts that are not known.

Each says True (it is about the request), False (it is not) or None (cannot be said).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Optional

from ormer.evaluate.match_action import is_listed
from ormer.evaluate.open.conditions import certain
from ormer.evaluate.open.match import any_of, match_texts
from ormer.evaluate.open.text import ANY, Tokens, covers, folded, meets, open_glob, open_literal
from ormer.evaluate.open.values import open_template, texts
from ormer.model.authorization import AuthorizationRequest
from ormer.model.policy import Effect, Principals, Statement
from ormer.model.principal import Kind, Principal
from ormer.model.symbol import has_symbol

_NO_RESOURCE = "*"


def about_action(statement: Statement, action: str) -> Optional[bool]:
    """As ``matches_action``; ``action`` is in lower case and known."""
    listed = _is_listed(statement.actions, action)
    return None if listed is None else listed is not statement.not_action


@lru_cache(maxsize=16384)
def _is_listed(patterns: tuple[str, ...], action: str) -> Optional[bool]:
    known, open_ = _by_symbols(patterns)
    if is_listed(known, action):
        return True
    text = open_literal(action)
    found = [folded(open_glob(pattern)) for pattern in open_]
    if any(covers(pattern, text) for pattern in found):
        return True
    return None if any(meets(pattern, text) for pattern in found) else False


@lru_cache(maxsize=4096)
def _by_symbols(patterns: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Patterns without symbols, and those with some."""
    open_ = tuple(pattern for pattern in patterns if has_symbol(pattern))
    return tuple(pattern for pattern in patterns if not has_symbol(pattern)), open_


def open_resource(request: AuthorizationRequest) -> Tokens:
    """The request's resource: ``*`` and ``?`` are parts that may be anything, unless alone."""
    text = request.resource
    return open_literal(text) if text == _NO_RESOURCE else open_glob(text)


def about_resource(
    statement: Statement, version: str, request: AuthorizationRequest
) -> Optional[bool]:
    """As ``resource_test``, with its answer for variables that do not resolve."""
    if statement.resources is None:
        return True
    text = open_resource(request)
    listed = any_of(
        match_texts(texts(open_template(each, version), request, wildcards=True), text)
        for each in statement.resources
    )
    if not statement.not_resource:
        return certain(found is True for found in listed)
    in_doubt = statement.effect is Effect.DENY
    return certain(in_doubt if found is None else not found for found in listed)


def has_open_names(who: Optional[Principals]) -> bool:
    """Whether a Principal element has symbols."""
    return who is not None and any(has_symbol(name) for names in who[1:] for name in names)


def principal_readings(statement: Statement, principal: Principal) -> tuple[Statement, Statement]:
    """The statement with the fewest and with the most names of the principal.

    Whatever the symbols in its Principal element are, what it says of the principal lies
    between what these two say: ``match_principal`` only grows with more names, or only shrinks.
    """
    who = statement.principals
    if who is None or not has_open_names(who):
        return statement, statement
    fewest, most = _known(who), _possible(who, principal)
    return statement._replace(principals=fewest), statement._replace(principals=most)


def _known(who: Principals) -> Principals:
    known = (tuple(name for name in names if not has_symbol(name)) for names in who[1:])
    return Principals(who.everyone, *known)


def _possible(who: Principals, principal: Principal) -> Principals:
    """Every name of the principal that a name with symbols may turn out to be."""
    known = _known(who)
    return Principals(
        known.everyone or _may_be(who.aws, "*"),
        (*known.aws, *_possible_arns(who.aws, principal)),
        (*known.service, *_possible_name(who.service, principal.name)),
        (*known.federated, *_possible_name(who.federated, principal.name)),
        (*known.canonical_user, *_possible_name(who.canonical_user, principal.canonical_user)),
    )


def _possible_arns(names: tuple[str, ...], principal: Principal) -> Iterator[str]:
    if not principal.account:
        return
    partition = principal.name.split(":", 2)[1]
    account = f"arn:{partition}:iam::{principal.account}"
    for name in (principal.name, principal.account, f"{account}:root"):
        yield from _possible_name(names, name)
    if principal.kind is Kind.SESSION:  # the role may have any path
        roles = f"{account}:role/"
        with_path = (*roles, ANY, "/", *principal.role)
        if _may_be(names, f"{roles}{principal.role}") or _may_meet(names, with_path):
            yield f"{roles}{principal.role}"


def _possible_name(names: tuple[str, ...], name: str) -> Iterator[str]:
    if name and _may_be(names, name):
        yield name


def _may_be(names: tuple[str, ...], name: str) -> bool:
    return _may_meet(names, open_literal(name))


def _may_meet(names: tuple[str, ...], text: Tokens) -> bool:
    return any(has_symbol(each) and meets(open_literal(each), text) for each in names)
