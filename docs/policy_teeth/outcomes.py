"""Every mutant tried, and what noticed it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, Optional

from docs.policy_teeth.checks import COLUMNS, Deciders, Group, groups
from docs.policy_teeth.documents import BOUNDARY_PACK, SCP_PACK, policies
from docs.policy_teeth.layers import Prepared
from docs.policy_teeth.operators import Mutant, mutants
from docs.policy_teeth.relevance import may_turn
from docs.policy_teeth.requests import cases
from ormer.evaluate.match_action import matches_action
from ormer.guardrails.projection import Kind

REQUESTS = "requests"
ALL_COLUMNS = (REQUESTS, *COLUMNS)


class Outcome(NamedTuple):
    """A mutant, and the columns that noticed it."""

    mutant: Mutant
    caught: frozenset[str]


@cache
def outcomes() -> tuple[Outcome, ...]:
    """Every mutant of every document."""
    return tuple(tried(mutant) for mutant in all_mutants())


@cache
def all_mutants() -> tuple[Mutant, ...]:
    """Every mutant of every document, in order."""
    return tuple(made for name, policy in policies().items() for made in mutants(name, policy))


def tried(mutant: Mutant) -> Outcome:
    """One mutant before every check of it: only what its statement is about is decided again."""
    caught = {group.column for group in _of(mutant.document) if notices(group, mutant)}
    if is_in_the_tables(mutant):
        caught.add(REQUESTS)
    return Outcome(mutant, frozenset(caught))


def is_in_the_tables(mutant: Mutant) -> bool:
    """Whether a case of the tables of requests notices it."""
    changed = {mutant.document: mutant.policy}
    return any(
        not case.is_as_expected(case.decided(changed))
        for case in _concerned(mutant.document)
        if _is_about(mutant, case.request.action)
    )


@cache
def _concerned(document: str) -> tuple[Prepared, ...]:
    return tuple(case for case in _prepared() if document in case.layers.names())


@cache
def _prepared() -> tuple[Prepared, ...]:
    return tuple(Prepared.of(case) for case in cases().values())


@cache
def _of(document: str) -> tuple[Group, ...]:
    """The checks that a document has a part in, with the guardrails of its own kind about it."""
    kind = Kind.IAM
    if document.startswith(SCP_PACK):
        kind = Kind.SCP
    elif document == BOUNDARY_PACK:
        kind = Kind.BOUNDARY
    found = [group for group in groups() if group.stage.kind is kind]
    return tuple(
        group._replace(checks=tuple(one for one in group.checks if document in one.meets))
        for group in found
    )


def notices(group: Group, mutant: Mutant) -> bool:
    """Whether a check of the group turns; those that the mutant cannot turn are not asked."""
    deciders: Optional[Deciders] = None
    for check in group.checks:
        if _is_about(mutant, check.action) and may_turn(check, mutant):
            if deciders is None:
                changed = group.stage.with_policy(mutant.document, mutant.policy)
                deciders = Deciders.of(changed)
            if not check.passes(deciders):
                return True
    return False


def _is_about(mutant: Mutant, action: str) -> bool:
    return any(matches_action(one, action.lower()) for one in mutant.statements)


def survivors(tried: Sequence[Outcome]) -> tuple[Mutant, ...]:
    """The mutants that nothing noticed."""
    return tuple(one.mutant for one in tried if not one.caught)
