"""Where findings are proved: a request is built, the evaluator decides it, and only then is it a
witness.

Four things can be wrong with a statement, and each is shown by a request:

- ``gets_past``: a Deny does not end it, though what was meant would.
- ``left_out``: an Allow does not grant it, though what was meant would.
- ``let_in``: an Allow grants it.
- ``kept_out``: a Deny ends it.

What was meant is a statement, too: the one under lint, changed in the one thing that is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Optional

from ormer.evaluate.decide import Evaluator
from ormer.lint.document import At, Document
from ormer.lint.layers import Around, layers, needs_own_policy
from ormer.lint.spare import Denying, Tried, spare
from ormer.lint.told import spelling, told
from ormer.lint.wish import Attempt, Wish, attempts
from ormer.model.authorization import Decision, Outcome
from ormer.model.definition import Place
from ormer.model.lint import Attached, LintFinding, LintRule, Witness, lower
from ormer.model.policy import Condition, Effect, Statement
from ormer.read.policies.decide_line import read_policies, read_request
from ormer.read.policies.policy import LARGEST_POLICY

_NAME = "a witness"
_MOST_CHANGES = 8


class Meant(NamedTuple):
    """A statement alone in a document, as its author may have meant it."""

    body: Mapping[str, Any]
    statement: Statement
    version: str


class Bench:
    """A document on the bench: its statements, and the evaluators that were made for it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.version = document.policy.version
        self.statements = document.statements()
        self._evaluators: dict[Around, Evaluator] = {}
        self._own = _buckets(document)
        self._spelt = spelling(document)
        self._beside = [each.body for each in document.beside]
        written = json.dumps([document.body, *self._beside])
        self._fits = len(written) < LARGEST_POLICY // 2
        self._text = written.lower()

    def of(self, effect: Effect) -> Iterator[At]:
        """The statements of an effect."""
        return (at for at in self.statements if at.statement.effect is effect)

    def alike(self, effect: Effect) -> Iterator[Statement]:
        """The statements of an effect, of the document and of those beside it."""
        for each in (self.document, *self.document.beside):
            yield from (found for found in each.policy.statements if found.effect is effect)

    def finding(
        self,
        rule: LintRule,
        at: Optional[At],
        place: Place,
        message: str,
        witness: Optional[Witness],
        milder: bool = False,
    ) -> LintFinding:
        """A finding; without a witness, or where it is ``milder``, of a lower severity."""
        severity = rule.severity if witness is not None else lower(rule.severity)
        name = "" if at is None else at.name
        severity = lower(severity) if milder else severity
        return LintFinding(rule, severity, name, place, message, witness)

    def meant(self, at: At, change: Mapping[str, Any], version: str = "") -> Meant:
        """The statement with elements replaced; an element that becomes None is left out."""
        body = {k: v for k, v in {**at.body, **change}.items() if v is not None}
        found = self.document.statement(body)
        return Meant(body, found, version or self.version)

    def gets_past(self, at: At, meant: Meant, wish: Wish) -> Optional[Witness]:
        """A request that ``meant`` denies and the document lets through."""
        for first in attempts(wish._replace(own=self._own)):
            attempt = self._let_through(first, wish)
            if attempt is not None and self._would(meant, attempt, True, Outcome.EXPLICITLY_DENIED):
                return self._witness(attempt, True, Outcome.ALLOWED, "gets through")
        return None

    def _let_through(self, attempt: Attempt, wish: Wish) -> Optional[Attempt]:
        """The request, changed where other statements deny it for what nobody asked of it."""
        changed: Optional[Attempt] = attempt
        tried: Tried = set()
        for _ in range(_MOST_CHANGES):
            if changed is None:
                break
            decision = self._decision(changed, True)
            if decision.outcome is Outcome.ALLOWED:
                return changed
            names = {reason.statement for reason in decision.reasons}
            changed = spare(changed, wish, self._denying(names), tried) if names else None
        return None

    def _denying(self, names: set[str]) -> list[Denying]:
        """The Deny statements of these names, here and beside."""
        return [
            Denying(statement, each.policy.version)
            for each in (self.document, *self.document.beside)
            for statement in each.policy.statements
            if statement.effect is Effect.DENY and statement.name in names
        ]

    def left_out(self, at: At, meant: Meant, wish: Wish) -> Optional[Witness]:
        """A request that ``meant`` allows and nothing in the document does."""
        for attempt in attempts(wish._replace(own=self._own)):
            if self._decides(attempt, False, Outcome.IMPLICITLY_DENIED) and self._would(
                meant, attempt, False, Outcome.ALLOWED
            ):
                return self._witness(attempt, False, Outcome.IMPLICITLY_DENIED, "is not allowed")
        return None

    def let_in(self, at: At, wish: Wish) -> Optional[Witness]:
        """A request that the statement allows."""
        for attempt in attempts(wish._replace(own=self._own)):
            if self._decides(attempt, False, Outcome.ALLOWED, at.statement.name):
                return self._witness(attempt, False, Outcome.ALLOWED, "gets through")
        return None

    def kept_out(self, at: At, wish: Wish) -> Optional[Witness]:
        """A request that the statement denies, and that would be allowed without it."""
        for attempt in attempts(wish._replace(own=self._own)):
            if self._decides(
                attempt, True, Outcome.EXPLICITLY_DENIED, at.statement.name
            ) and self._is_allowed_without(at, attempt):
                return self._witness(attempt, True, Outcome.EXPLICITLY_DENIED, "is denied")
        return None

    def _around(self, attempt: Attempt, generous: bool) -> Around:
        own = needs_own_policy(attempt.request["action"])
        return Around(generous, attempt.across, attempt.caller.account, own)

    def _decides(
        self, attempt: Attempt, generous: bool, outcome: Outcome, statement: str = ""
    ) -> bool:
        decision = self._decision(attempt, generous)
        if decision.outcome is not outcome:
            return False
        named = [reason for reason in decision.reasons if reason.statement == statement]
        if outcome is Outcome.EXPLICITLY_DENIED:
            return len(named) == len(decision.reasons)
        return not statement or bool(named)

    def _decision(self, attempt: Attempt, generous: bool) -> Decision:
        around = self._around(attempt, generous)
        evaluator = self._evaluators.get(around)
        if evaluator is None:
            found = layers(self.document.attached, self.document.body, around, self._beside)
            evaluator = self._evaluators[around] = Evaluator(read_policies(found, _NAME))
        return evaluator.decide(read_request({"request": attempt.request}, _NAME))

    def _is_allowed_without(self, at: At, attempt: Attempt) -> bool:
        """Whether the rest of the document lets the request through."""
        if self.document.attached not in (Attached.BOUNDARY, Attached.SCP, Attached.ENDPOINT):
            return True  # others allow it
        rest = [each.body for each in self.statements if each.place != at.place]
        body = {**self.document.body, "Statement": rest}
        found = layers(self.document.attached, body, self._around(attempt, True), self._beside)
        request = read_request({"request": attempt.request}, _NAME)
        decision = Evaluator(read_policies(found, _NAME)).decide(request)
        return decision.outcome is Outcome.ALLOWED

    def _would(self, meant: Meant, attempt: Attempt, generous: bool, outcome: Outcome) -> bool:
        """Whether the statement that was meant decides so, alone."""
        document = {"Version": meant.version, "Statement": [meant.body]}
        around = self._around(attempt, generous)
        found = layers(self.document.attached, document, around)
        evaluator = Evaluator(read_policies(found, _NAME))
        request = read_request({"request": attempt.request}, _NAME)
        return evaluator.decide(request).outcome is outcome

    def _witness(
        self, attempt: Attempt, generous: bool, outcome: Outcome, says: str
    ) -> Optional[Witness]:
        if not self._fits:
            return None
        around = self._around(attempt, generous)
        context = {
            self._spelt.get(key, key): value
            for key, value in attempt.request["context"].items()
            if key in self._text
        }
        request = {**attempt.request, "context": context}
        found = layers(self.document.attached, self.document.body, around, self._beside)
        line = {"request": request, **found}
        return Witness(line, outcome, told(request, outcome, says), self.document.assumed)


def without(at: At, *conditions: Condition) -> dict[str, Any]:
    """The Condition element without these, for ``Bench.meant``; None where nothing is left."""
    gone = {(each.operator, each.key) for each in conditions}
    block = {
        operator: {key: v for key, v in keys.items() if (operator, key) not in gone}
        for operator, keys in at.body.get("Condition", {}).items()
    }
    left = {operator: keys for operator, keys in block.items() if keys}
    return {"Condition": left or None}


def _buckets(document: Document) -> tuple[str, ...]:
    """The resources of a bucket's policy, which is never asked about another bucket."""
    if document.attached is not Attached.RESOURCE:
        return ()
    named = {each for s in document.policy.statements for each in s.resources or ()}
    return tuple(sorted(named)) if all(":s3:::" in each for each in named) else ()
