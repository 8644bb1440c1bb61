"""Requests to try: everything a statement asks of a request, made concrete."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Optional

from ormer.facts.iam_actions import Action
from ormer.lint.called import actions, resources
from ormer.lint.callers import Caller, callers
from ormer.lint.context import Forced, choose_context
from ormer.lint.samples import FOREIGN_ACCOUNT
from ormer.model.policy import Statement
from ormer.model.principal import is_account

_MOST_TRIES = 24
OWNER = ("aws:resourceaccount", "s3:resourceaccount")


class Wish(NamedTuple):
    """What is wanted of a request: that ``statement`` is about it, and more.

    ``forced`` are keys with the only values they may have. ``actions``, ``resources`` and
    ``callers`` are those to try instead of the statement's. ``abroad``: the resource is in an
    account that is not the caller's. ``own``: as for ``called.resources``.
    """

    statement: Statement
    version: str
    forced: Forced = {}
    actions: Optional[tuple[Action, ...]] = None
    resources: Optional[tuple[str, ...]] = None
    callers: Optional[tuple[Caller, ...]] = None
    abroad: bool = False
    own: tuple[str, ...] = ()


class Attempt(NamedTuple):
    """A request as a line of ``ormer decide`` has it, who makes it, and whether across accounts."""

    request: dict[str, Any]
    caller: Caller
    across: bool


def attempts(wish: Wish) -> Iterator[Attempt]:
    """The first few requests of a wish."""
    for count, attempt in enumerate(_attempts(wish)):
        if count >= _MOST_TRIES:
            return
        yield attempt


def _attempts(wish: Wish) -> Iterator[Attempt]:
    statement, version = wish.statement, wish.version
    asked = actions(statement) if wish.actions is None else wish.actions
    people = tuple(callers(statement)) if wish.callers is None else wish.callers
    for caller in people:
        for action in asked:
            account = FOREIGN_ACCOUNT if wish.abroad else caller.account
            base = dict(caller.keys)
            forced = dict(wish.forced)
            if wish.abroad:
                forced.update(_abroad(forced))
            context = choose_context(statement, version, base, forced, action)
            if context is None:
                continue
            plain = {key: value for key, value in context.items() if isinstance(value, str)}
            found = wish.resources
            if found is None:
                found = tuple(resources(statement, version, action, plain, account, wish.own))
            for resource in found[:4]:
                attempt = _attempt(caller, action, resource, context, account)
                if attempt is not None:
                    yield attempt


def _abroad(forced: Forced) -> dict[str, tuple[str]]:
    return {key: (FOREIGN_ACCOUNT,) for key in OWNER if key not in forced}


def _attempt(
    caller: Caller,
    action: Action,
    resource: str,
    context: dict[str, str | tuple[str, ...]],
    account: str,
) -> Optional[Attempt]:
    """The request, or None where the resource is of another account than its keys say."""
    parts = resource.split(":", 5)
    named = {parts[4]} if len(parts) == 6 and is_account(parts[4]) else set()
    told = {str(context[key]) for key in OWNER if key in context}
    owners = named | told
    if len(owners) > 1:
        return None
    owner = next(iter(owners), account)
    request: dict[str, Any] = {
        "principal": caller.principal,
        "action": action.name,
        "resource": resource,
        "context": {key: list(v) if type(v) is tuple else v for key, v in context.items()},
    }
    if is_account(owner):
        request["resourceAccount"] = owner
    return Attempt(request, caller, bool(caller.account) and owner != caller.account)
