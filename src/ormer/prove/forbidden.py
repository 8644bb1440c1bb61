"""What a control forbids of an action, as far as condition keys show it."""

from __future__ import annotations

from typing import NamedTuple

from ormer.model.policy import CURRENT_VERSION, Effect, Statement
from ormer.prove.conditions import Reading
from ormer.prove.formula import Formula, all_of, any_of, negation
from ormer.prove.statements import about_resource, conditions
from ormer.prove.views import Request, View

_READING = Reading(Effect.DENY, CURRENT_VERSION, may=True, is_ours=True)
_EXCEPTED = Reading(Effect.DENY, CURRENT_VERSION, may=False, is_ours=True)


class Forbidden(NamedTuple):
    """The requests that one of ``statements`` matches and none of ``exceptions`` does.

    Their actions are known to match, and their keys have the names of today.
    """

    statements: tuple[Statement, ...]
    exceptions: tuple[Statement, ...] = ()


def forbidden_formula(forbidden: Forbidden, request: Request) -> Formula:
    """Where a request is forbidden, by what it really holds in its first job definition."""

    def really(key: str) -> View:
        return request.really(request.space.renamed.get(key, key))

    def where(statement: Statement, reading: Reading) -> Formula:
        resource = about_resource(statement, reading, request)
        return all_of((resource, *conditions(statement, reading, request, really)))

    matched = any_of(where(each, _READING) for each in forbidden.statements)
    excepted = any_of(where(each, _EXCEPTED) for each in forbidden.exceptions)
    return all_of((matched, negation(excepted)))
