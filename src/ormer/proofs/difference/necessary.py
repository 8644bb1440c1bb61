"""What every request that is allowed has in common, of the things that policies ask for.

Each candidate is put to the solver as its opposite: where nothing is allowed then, it is
necessary. What follows from the others is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Optional

from ormer.model.policy import CURRENT_VERSION, Condition, Effect, Statement
from ormer.model.policy_operators import split_policy_operator
from ormer.model.symbol import readable
from ormer.proofs.difference.words import IF_THERE, OR_MISSING, condition_words
from ormer.prove.conditions import Reading, condition_formula
from ormer.prove.formula import Formula, all_of, negation
from ormer.prove.found import holds_in
from ormer.prove.question import Question
from ormer.prove.solver import Model
from ormer.prove.statements import about_resource


class Candidate(NamedTuple):
    """Something that may be true of a request, in words and as a formula."""

    words: str
    formula: Formula


class Necessary(NamedTuple):
    """``words`` of what is necessary, without what follows from others; ``all_`` with it.

    ``unknown`` says why it is not known to be all, or is empty.
    """

    words: tuple[str, ...]
    all_: frozenset[str]
    unknown: str


def candidates(
    question: Question, statements: Iterable[Statement], endpoint: str, is_one: bool
) -> tuple[Candidate, ...]:
    """What the statements ask for, and the opposites. ``endpoint`` is the listed one's id, or
    empty; ``is_one``: one resource is asked about, of which nothing else is to be said."""
    request = question.request
    found: dict[str, Formula] = {}
    if endpoint:
        found[f"it comes through the endpoint {endpoint}"] = request.listed
        found[f"it does not come through the endpoint {endpoint}"] = negation(request.listed)
    for statement in statements:
        reading = Reading(statement.effect, CURRENT_VERSION, may=True)
        for condition in statement.conditions:
            formula = condition_formula(condition, reading, request, request.seen)
            present = request.seen(condition.key.lower()).present
            for holds, each in ((True, formula), (False, negation(formula))):
                words = condition_words(condition, holds)
                found.setdefault(words, each)
                for weak in (OR_MISSING, IF_THERE):
                    if words.endswith(weak):
                        found.setdefault(words.removesuffix(weak), all_of((each, present)))
            if (opposite := _opposite(condition)) is not None:
                each = condition_formula(opposite, reading, request, request.seen)
                found.setdefault(condition_words(opposite, True), each)
        if not is_one and statement.resources:
            formula = about_resource(statement, reading, request)
            for words, each in _resource_words(statement, formula):
                found.setdefault(words, each)
    return tuple(
        Candidate(words, formula)
        for words, formula in found.items()
        if not isinstance(formula, bool)
    )


def _opposite(condition: Condition) -> Optional[Condition]:
    """``Bool aws:SecureTransport true`` for a condition that asks for ``false``."""
    other = {"true": "false", "false": "true"}
    if split_policy_operator(condition.operator).kind != "bool" or len(condition.values) != 1:
        return None
    value = other.get(condition.values[0].lower())
    return None if value is None else Condition("Bool", condition.key, (value,))


def _resource_words(statement: Statement, formula: Formula) -> Iterator[tuple[str, Formula]]:
    names = " or ".join(readable(text) for text in statement.resources or ())
    is_in, is_out = f"the resource matches {names}", f"the resource does not match {names}"
    if statement.not_resource:
        is_in, is_out = is_out, is_in
    yield is_in, formula
    if statement.effect is Effect.DENY:
        yield is_out, negation(formula)


def necessary(
    question: Question, given: tuple[str, ...], allowed: str, all_: tuple[Candidate, ...]
) -> Necessary:
    """What is necessary.

    ``given`` are assumptions that make the question, ``allowed`` the one that policies allow.
    """
    first = question.ask(*given, allowed)
    if first.model is None:
        return Necessary((), frozenset(), first.unknown)
    kept = _true_in(first.model, question, all_)
    needed: list[Candidate] = []
    unknown = ""
    while kept:
        one, *kept = kept
        opposite = f"not\n{one.words}"
        question.assume(opposite, negation(one.formula))
        answer = question.ask(*given, allowed, opposite)
        if answer.model is not None:
            kept = _true_in(answer.model, question, kept)
        elif answer.unknown:
            unknown = answer.unknown
        else:
            needed.append(one)
    words = frozenset(one.words for one in needed)
    return Necessary(_independent(question, given, needed), words, unknown)


def _true_in(model: Model, question: Question, all_: Iterable[Candidate]) -> list[Candidate]:
    return [one for one in all_ if holds_in(model, question.request, one.formula)]


def _independent(
    question: Question, given: tuple[str, ...], needed: list[Candidate]
) -> tuple[str, ...]:
    """Those that do not follow from the others, or from what the request is anyhow."""
    for one in needed:
        question.assume(f"that\n{one.words}", one.formula)
    kept = list(needed)
    for one in sorted(needed, key=_plainness):
        others = [f"that\n{other.words}" for other in kept if other is not one]
        answer = question.ask(*given, *others, f"not\n{one.words}")
        if answer.model is None and not answer.unknown:
            kept.remove(one)
    return tuple(one.words for one in kept)


def _plainness(one: Candidate) -> tuple[bool, int]:
    """What says least goes first: "or is missing", then what takes most words."""
    is_weak = one.words.endswith((OR_MISSING, IF_THERE))
    return not (is_weak or one.words.startswith("every value")), -len(one.words)
