"""Whether a mutant can turn a check at all, told by the changed statement alone.

A decision is made of the statements that match. Where the changed one matches as it did before,
or not at all either way, nothing has to be decided again.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from docs.policy_teeth.checks import Check
from docs.policy_teeth.operators import Mutant, Way
from ormer.evaluate.match_action import matches_action
from ormer.evaluate.open.reading import OpenStatement
from ormer.model.authorization import AuthorizationRequest, Layer
from ormer.model.policy import CURRENT_VERSION, Policy, Statement


class Part(NamedTuple):
    """What a statement does to a request; ``holds`` is None where it cannot be told."""

    effect: str
    principals: Any
    holds: Optional[bool]


_NO_PART = None
_POLICY = Policy("", CURRENT_VERSION, ())


def may_turn(check: Check, mutant: Mutant) -> bool:
    """Whether the check may decide otherwise, and for the worse."""
    if mutant.way is (Way.OPENS if check.is_allowed else Way.CLOSES):
        return False
    if check.request is None:
        return True
    after = _NO_PART if mutant.after is None else _part(mutant.after, check.request)
    return _part(mutant.before, check.request) != after


def _part(statement: Statement, request: AuthorizationRequest) -> Optional[Part]:
    if not matches_action(statement, request.action.lower()):
        return _NO_PART
    holds = _holds(statement, request)
    principals = (statement.principals, statement.not_principal)
    return _NO_PART if holds is False else Part(statement.effect.value, principals, holds)


_kept: dict[tuple[Statement, int], Optional[bool]] = {}
"""By what resource and conditions hang on, and by request: the checks keep those alive."""


def _holds(statement: Statement, request: AuthorizationRequest) -> Optional[bool]:
    same = statement._replace(actions=("*",), not_action=False, principals=None, name="")
    key = (same, id(request))
    if key not in _kept:
        opened = OpenStatement(Layer.IDENTITY, _POLICY, same, widest=True)
        _kept[key] = opened.holds(request)
    return _kept[key]
