"""Lines of ``ormer decide``, one by one: bytes -> an answer, or an error that names the place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Optional

from ormer.evaluate.decide import Evaluator
from ormer.evaluate.explain import changes, explanation
from ormer.model.authorization import AuthorizationRequest, Decision, Outcome
from ormer.model.errors import InputError
from ormer.model.value import printable
from ormer.read.policies.decide_line import check_line, read_policies, read_request
from ormer.read.policies.policy import LARGEST_POLICY
from ormer.read.text.json_text import read_json

_MOST_KEPT = 64


class Answer(NamedTuple):
    """What came of a line: ``error`` is None where it could be decided."""

    id: Any
    request: Optional[AuthorizationRequest]
    evaluator: Optional[Evaluator]
    decision: Optional[Decision]
    error: Optional[str]


class Decider:
    """Decides line after line; policies that were met lately are not compiled again."""

    def __init__(self) -> None:
        self._kept: dict[str, Evaluator] = {}

    def answer(self, text: bytes, name: str) -> Answer:
        """The answer to one line, which ``name`` names in an error."""
        identity = None
        try:
            if len(text) > LARGEST_POLICY:
                raise InputError(f"{name}: larger than {LARGEST_POLICY // 2**20} MiB")
            found = read_json(text, name)
            identity = found.get("id") if isinstance(found, dict) else None
            line = check_line(found, name)
            request = read_request(line, name)
            evaluator = self._evaluator(line, name)
        except InputError as error:
            return Answer(identity, None, None, None, printable(str(error)))
        return Answer(identity, request, evaluator, evaluator.decide(request), None)

    def _evaluator(self, line: dict[str, Any], name: str) -> Evaluator:
        policies = {key: value for key, value in line.items() if key not in ("id", "request")}
        key = json.dumps(policies)
        kept = self._kept.get(key)
        if kept is None:
            kept = Evaluator(read_policies(policies, name))
            if len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = kept
        return kept


def as_json(answer: Answer) -> str:
    """The answer as a line of JSON, without its end."""
    if answer.decision is None or answer.request is None:
        return json.dumps({"id": answer.id, "error": answer.error})
    decision = answer.decision
    reasons = [
        {
            "layer": reason.layer.value,
            "policy": reason.policy,
            "statement": reason.statement,
            "effect": reason.effect.value,
        }
        for reason in decision.reasons
    ]
    made = {"id": answer.id, "decision": decision.outcome.value, "reasons": reasons}
    if decision.outcome is not Outcome.ALLOWED:
        made["change"] = list(changes(decision, answer.request))
    return json.dumps(made)


def as_text(answer: Answer) -> Iterator[str]:
    """The answer for a person."""
    if answer.decision is None or answer.request is None or answer.evaluator is None:
        yield f"Error: {answer.error}"
        return
    label = "" if answer.id is None else f"{answer.id}: "
    lines = explanation(answer.evaluator, answer.request, answer.decision)
    for number, line in enumerate(lines):
        yield printable(label + line if number == 0 else line)


def answers(lines: Iterable[bytes], name: str) -> Iterator[Answer]:
    """The answers to lines, in their order; blank lines have none."""
    decider = Decider()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield decider.answer(line, f"{name}: line {number}")
