"""A statement as a formula: where it applies to requests of one action by one principal."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from ormer.model.policy import Policy, Statement
from ormer.model.symbol import as_glob, has_symbol
from ormer.prove.conditions import Reading, condition_formula, fixed_by
from ormer.prove.formula import Formula, all_of, any_of, negation
from ormer.prove.language import matches
from ormer.prove.pattern import Pattern, glob
from ormer.prove.texts import needed_keys, read_glob
from ormer.prove.views import RESOURCE, Request, View


def is_about(statement: Statement, action: str, may: bool) -> bool:
    """Whether it is about an action, in lower case; ``may``: where that depends on a symbol."""
    wide, sure = _about(statement.actions, action)
    if statement.not_action:
        return not (sure if may else wide)
    return wide if may else sure


@lru_cache(maxsize=65536)
def _about(actions: tuple[str, ...], action: str) -> tuple[bool, bool]:
    """Whether one of the patterns matches the action, whatever symbols are; and for sure."""
    names, patterns, open_ = _kinds(actions)
    sure = action in names or any(matches(_action(each), action) for each in patterns)
    return sure or any(matches(_action(each), action) for each in open_), sure


@lru_cache(maxsize=4096)
def _kinds(
    actions: tuple[str, ...],
) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """The names among patterns, in lower case, those with wildcards, and those with symbols."""
    open_ = tuple(each for each in actions if has_symbol(each))
    known = [each for each in actions if not has_symbol(each)]
    patterns = tuple(each for each in known if set("*?") & set(each))
    return frozenset(e.lower() for e in known if not set("*?") & set(e)), patterns, open_


@lru_cache(maxsize=16384)
def _action(pattern: str) -> Pattern:
    return glob(as_glob(pattern).lower())


def applies(policy: Policy, statement: Statement, request: Request, may: bool) -> Formula:
    """Where its resource and conditions match; its action and its principal are known to."""
    place = f"statement {statement.name} of {policy.name}"
    reading = Reading(statement.effect, policy.version, may, place=place)
    return all_of(
        (
            about_resource(statement, reading, request),
            *conditions(statement, reading, request, request.seen),
            _is_valid(statement, reading, request),
        )
    )


def _is_valid(statement: Statement, reading: Reading, request: Request) -> Formula:
    """Where its variables resolve: "If AWS cannot resolve a variable this might cause the entire
    statement to be invalid" ("IAM policy elements: Variables and tags")."""
    values = (value for condition in statement.conditions for value in condition.values)
    texts = (*(statement.resources or ()), *values)
    keys = dict.fromkeys(key for text in texts for key in needed_keys(text, reading.version))
    resolved = all_of(any_of(w for w, _ in request.seen(key).single) for key in keys)
    if resolved is True:
        return True
    called = f"a statement counts where a variable does not resolve: {', '.join(keys)}"
    return any_of((resolved, reading.doubt(request, called, True)))


def conditions(
    statement: Statement, reading: Reading, request: Request, view: Callable[[str], View]
) -> list[Formula]:
    """Each of its conditions."""
    return [condition_formula(each, reading, request, view) for each in statement.conditions]


def about_resource(statement: Statement, reading: Reading, request: Request) -> Formula:
    """Where the resource matches. A trust policy has no Resource: it is about its role.

    A variable that does not resolve: under NotResource a Deny denies, and whether an Allow grants
    anything is in doubt ("IAM policy elements: Variables and tags").
    """
    if statement.resources is None:
        return True
    fixed = fixed_by(request)
    found = [read_glob(text, reading.version, fixed) for text in statement.resources]
    atom = request.atoms.matches
    named = list(zip(statement.resources, found, strict=True))
    sure = any_of(atom(RESOURCE, f.pattern) for f in found if f.pattern and not f.is_open)
    called = f"{RESOURCE} {reading.version}"
    wide = any_of(
        all_of((atom(RESOURCE, f.pattern), request.either(f"{called} {text}", True)))
        for text, f in named
        if f.pattern and f.is_open
    )
    may = reading.may or request.is_shared
    if not statement.not_resource:
        return any_of((sure, wide)) if may else sure
    outside = negation(any_of((sure, wide)) if request.is_shared or not may else sure)
    if statement.effect.value != "Allow":
        return outside
    if wide is not False and not may:
        return False
    is_read = [request.either(f"{called} {t} is read", True) for t, f in named if f.is_open]
    if any(each.doubtful is not None for each in found):
        is_read.append(
            reading.doubt(
                request, f"NotResource holds outside of {', '.join(statement.resources)}", False
            )
        )
    return all_of((outside, *is_read))
