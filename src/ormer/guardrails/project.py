"""A control -> what a guardrail denies of it, action by action.

A control is a set of forbidden requests; IAM sees some of their keys. Where it does not see what
an exception of the control asks for, real work comes first: less is denied, and the gap is told.
A control that calls itself stricter denies more instead. ``Update...`` actions leave out what
they do not change: they are judged by value, never by what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple, Optional

from ormer.controls.resolve import resolved
from ormer.controls.vocabulary import CARRIERS
from ormer.facts.carriers import CREATE, Carriers
from ormer.facts.service import Service
from ormer.guardrails.literals import Literals
from ormer.guardrails.projection import Denial, Form, Projection
from ormer.guardrails.terms import ALWAYS, BOOL, NEVER, NULL, Alternatives, both, either
from ormer.model.control import MEMBER, Condition, Control, Statement
from ormer.model.environment import Environment

_SAGEMAKER = "sagemaker:"
_TAGS = ("aws:RequestTag", "aws:RequestTag/", "aws:TagKeys")
_UNSEEN = "no condition key shows it"


class _Said(NamedTuple):
    """What one statement comes to on one action."""

    denials: tuple[Denial, ...]
    gaps: tuple[str, ...]
    also: tuple[str, ...]


class Projector:
    """Projects controls for one profile."""

    def __init__(self, carriers: Carriers, service: Service, environment: Environment) -> None:
        self.carriers = carriers
        self.service = service
        self.environment = environment
        self.literals = Literals(carriers, environment)

    def project(self, control: Control) -> tuple[Projection, ...]:
        """The control on each of its actions, in the order of their names.

        Raises NotConfigured where the profile lacks a field that the control asks for.
        """
        forbid = [s for f in control.forbid for s in resolved(f, self.environment)]
        exceptions = [s for e in control.exceptions for s in resolved(e, self.environment)]
        guardrail = control.raw.get("guardrail", {})
        said: dict[str, list[_Said]] = {}
        for statement in forbid:
            for action in self._actions(statement):
                about = [e for e in exceptions if action in self._actions(e)]
                of_action = self._on_action(statement, action, about, guardrail)
                said.setdefault(action, []).append(of_action)
        made = (self._projection(control, name, said[name]) for name in sorted(said))
        return tuple(one for one in made if one.denials or one.gaps)

    def _projection(self, control: Control, action: str, said: list[_Said]) -> Projection:
        by_resource: dict[tuple[Optional[tuple[str, ...]], bool], list[Alternatives]] = {}
        for one in said:
            for denial in one.denials:
                key = (denial.resources, denial.not_resource)
                by_resource.setdefault(key, []).append(
                    (self.literals.by_one_name(denial.conditions),)
                )
        denials = tuple(
            Denial(resources, not_resource, term)
            for (resources, not_resource), terms in by_resource.items()
            for term in either(*terms)
        )
        gaps = dict.fromkeys(gap for one in said for gap in one.gaps)
        also = dict.fromkeys(extra for one in said for extra in one.also)
        also.update(dict.fromkeys(self._half_flags(control, action)))
        return Projection(control.id, action, denials, tuple(gaps), tuple(also) if denials else ())

    def _on_action(
        self, statement: Statement, action: str, exceptions: list[Statement], guardrail: object
    ) -> _Said:
        if statement.facet == MEMBER or not self._sees(statement, action):
            return _Said((), (_UNSEEN,), ())
        forbidden = ALWAYS
        for condition in statement.conditions:
            forbidden = both(forbidden, self.literals.holds(condition))
        gaps: list[str] = []
        also: list[str] = []
        if self._is_update(action):
            gaps += self._hidden_flags(statement)
            forbidden = self._by_value(statement, forbidden)
        for demanded_by in self._optional(statement, action):
            stricter = isinstance(guardrail, dict) and guardrail.get("form") == Form.STRICTER.value
            if stricter:
                also.append(f"requests without {demanded_by}")
                continue
            if self._by_value(statement, forbidden) != forbidden:
                gaps.append(f"the key missing: that {demanded_by} is there is not shown")
            forbidden = self._by_value(statement, forbidden)
        for exception in exceptions:
            if not self._without(exception, action):
                continue
            gaps += self._gap_of(exception, action, forbidden)
            forbidden = self._outside(exception, action, forbidden)
        denials = tuple(
            Denial(statement.resources or None, statement.not_resource, term) for term in forbidden
        )
        if statement.resources == () and not statement.not_resource:
            denials = ()  # about none of no resources
        return _Said(denials, tuple(gaps), tuple(also))

    def _actions(self, statement: Statement) -> tuple[str, ...]:
        return tuple(dict.fromkeys(a for p in statement.actions for a in self._named(p, statement)))

    def _named(self, pattern: str, statement: Statement) -> Iterator[str]:
        if pattern.startswith(CARRIERS):
            key = pattern[len(CARRIERS) :]
            if key in _TAGS:
                yield from (a for a, facts in self.service.actions.items() if facts.takes_tags)
            else:
                yield from self.carriers.keys[key].actions
        elif statement.facet == MEMBER or not _is_open(pattern):
            yield pattern
        else:
            matching = [a for a in self.carriers.actions if _matches(pattern, a)]
            seen = [action for action in matching if self._sees(statement, action)]
            yield from seen or [pattern]

    def _sees(self, statement: Statement, action: str) -> bool:
        return all(self._shows(action, condition.key) for condition in statement.conditions)

    def _shows(self, action: str, key: str) -> bool:
        """Whether the action has the condition key, under a name that the service fills."""
        if key.startswith(_TAGS):
            facts = self.service.actions.get(action)
            return facts is not None and facts.takes_tags
        if key == "iam:PassedToService":
            return action == "iam:PassRole"
        carried = self.carriers.keys.get(key)
        if carried is None or action not in carried.actions:
            return False
        return bool(self.literals.spellings(key))

    def _is_update(self, action: str) -> bool:
        return action.startswith(_SAGEMAKER) and not action.startswith(CREATE)

    def _by_value(self, statement: Statement, forbidden: Alternatives) -> Alternatives:
        """What of it is forbidden although every key is there."""
        for key in _keys(statement):
            forbidden = both(forbidden, self.literals.present(key))
        return forbidden

    def _hidden_flags(self, statement: Statement) -> Iterator[str]:
        for condition in statement.conditions:
            is_false = condition.operator == BOOL and condition.values == ("false",)
            if is_false and self.literals.is_doubtful_flag(condition.key):
                yield "the flag set to false: it may look as if it were not there"

    def _half_flags(self, control: Control, action: str) -> Iterator[str]:
        """Flags of which the control forbids only one of missing and false."""
        asked: dict[str, set[str]] = {}
        for statement in control.forbid:
            if action in self._actions(statement) and not self._is_update(action):
                for condition in statement.conditions:
                    words = {(NULL, "true"): "missing", (BOOL, "false"): "false"}
                    word = words.get((condition.operator, condition.values[0]))
                    if word and self.literals.is_doubtful_flag(condition.key):
                        asked.setdefault(condition.key, set()).add(word)
        for key, words_ in asked.items():
            if len(words_) == 1:
                yield f"{key} missing or false, whichever is not forbidden: they may look the same"

    def _optional(self, statement: Statement, action: str) -> Iterator[str]:
        """The structures without which nobody owes a value to one of the keys."""
        for key in _keys(statement):
            carried = self.carriers.keys.get(key)
            if carried is not None and action in carried.demanded_by:
                yield carried.demanded_by[action]

    def _without(self, exception: Statement, action: str) -> bool:
        """Whether the exception can hold at all: not if it asks for what the action has not."""
        keys = self.carriers.keys
        return all(self._shows(action, key) or key not in keys for key in _keys(exception))

    def _shown_of(self, exception: Statement, action: str) -> list[Condition]:
        return [c for c in exception.conditions if self._shows(action, c.key)]

    def _outside(self, exception: Statement, action: str, forbidden: Alternatives) -> Alternatives:
        """What is forbidden and surely no exception."""
        shown = self._shown_of(exception, action)
        outside = either(*(self.literals.fails(condition) for condition in shown))
        return both(forbidden, outside) if shown else NEVER

    def _gap_of(self, exception: Statement, action: str, forbidden: Alternatives) -> Iterator[str]:
        """What is lost because IAM does not see all that the exception asks for."""
        shown = self._shown_of(exception, action)
        if exception.resources is None and len(shown) == len(exception.conditions):
            return
        for condition in shown:
            forbidden = both(forbidden, self.literals.holds(condition))
        if forbidden:
            yield f"what looks like the exception: {exception.reason or 'no reason given'}"


def _keys(statement: Statement) -> tuple[str, ...]:
    return tuple(dict.fromkeys(condition.key for condition in statement.conditions))


def _is_open(pattern: str) -> bool:
    """Whether it stands for several of SageMaker's actions; those of others are not known."""
    return pattern.startswith(_SAGEMAKER) and ("*" in pattern or "?" in pattern)


def _matches(pattern: str, action: str) -> bool:
    return fnmatchcase(action.lower(), pattern.lower())
