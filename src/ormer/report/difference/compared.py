"""What a comparison found, for reports; and how a request is written in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Optional

from ormer.model.authorization import AuthorizationRequest
from ormer.model.symbol import readable
from ormer.proofs.difference.compare import Answer, Change
from ormer.proofs.difference.words import spelt
from ormer.proofs.replay import OTHER_ACCOUNT

_MOST_NAMED = 6
_OF_EVERYBODY = ("aws:principal", "aws:userid", "aws:username")


class Compared(NamedTuple):
    """``new`` is what NEW allows and OLD does not, ``gone`` the opposite; ``asked`` counts the
    questions."""

    old: str
    new_target: str
    new: tuple[Change, ...]
    gone: tuple[Change, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    asked: int
    note: str = ""


def count(changes: tuple[Change, ...], answer: Answer) -> int:
    """How many actions of how many principals have the answer."""
    return sum(len(one.actions) for one in changes if one.answer is answer)


def named(actions: tuple[str, ...]) -> str:
    """The actions in a line."""
    shown = ", ".join(actions[:_MOST_NAMED])
    more = len(actions) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def example(request: AuthorizationRequest) -> str:
    """The action and the resource."""
    return f"{request.action} on {readable(request.resource)}"


def shown_keys(request: AuthorizationRequest) -> Iterator[tuple[str, str]]:
    """The condition keys that tell the request from another, each with its value."""
    for key, value in sorted(request.context.items()):
        owner = request.account if request.account != OTHER_ACCOUNT else ""
        is_own = key == "aws:resourceaccount" and value == owner
        is_plain = key == "aws:viaawsservice" and value == "false"
        is_caller = key.startswith(_OF_EVERYBODY) and not key.startswith("aws:principaltag/")
        if not (is_own or is_plain or is_caller):
            yield spelt(key), value if isinstance(value, str) else ", ".join(value)


def request_json(request: Optional[AuthorizationRequest], through: str) -> Optional[dict[str, Any]]:
    """The request as an object; null where there is none."""
    if request is None:
        return None
    return {
        "principal": request.principal.name,
        "action": request.action,
        "resource": readable(request.resource),
        "account": request.account,
        "endpoint": through,
        "context": {
            key: value if isinstance(value, str) else list(value)
            for key, value in sorted(request.context.items())
        },
    }
