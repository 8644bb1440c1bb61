"""Findings in words: what is there, and why that is forbidden or cannot be decided."""

from __future__ import annotations

from ormer.assess.outcome import UNKNOWN, Outcome
from ormer.model.definition import Place, pointer
from ormer.model.operators import BOOL, NULL, NUMERIC, split_operator
from ormer.model.request import Request
from ormer.model.value import CALLER as CHOSEN
from ormer.model.value import Expression, Free, Opaque, show


def message(request: Request, operator: str, key: str, outcome: Outcome) -> str:
    """One sentence about a forbidden or undecidable request."""
    if not outcome.place:
        return f"{request.action} is not allowed"
    member = member_name(request.place, outcome.place)
    if outcome.code == UNKNOWN:
        return f"{member} cannot be decided: {_reason(outcome)}"
    if outcome.value is None or outcome.value == "":
        return f"{member} is missing" if outcome.value is None else f"{member} is empty"
    if isinstance(outcome.value, Expression) and _is_callers(outcome.value):
        chosen = f" ({outcome.note})" if outcome.note else ""
        return (
            f"{member} is {show(outcome.value)}, which whoever starts the pipeline decides{chosen}"
        )
    if key.endswith(".#"):
        if split_operator(operator).base == NULL:
            return f"{member} is there{_judgement(operator)}"
        return f"{member} is a list of {show(outcome.value)}"
    chosen = f" ({outcome.note})" if outcome.note else ""
    return f"{member} is {show(outcome.value)}{chosen}{_judgement(operator)}"


def _is_callers(value: Expression) -> bool:
    return any(isinstance(part, Free) and part.source == CHOSEN for part in value.parts)


def _judgement(operator: str) -> str:
    if not operator:
        return ""
    parsed = split_operator(operator)
    if parsed.base in NUMERIC:
        return ", beyond the limit"
    if parsed.base == NULL:
        return ", and must not be there"
    if parsed.base == BOOL:
        return ""
    return ", which is not approved" if parsed.negated else ", which is not allowed"


def _reason(outcome: Outcome) -> str:
    if outcome.note:
        return outcome.note
    if isinstance(outcome.value, Opaque):
        return outcome.value.reason
    return "its value is known only while the pipeline runs"


def member_name(base: Place, place: Place) -> str:
    """A place below ``base`` (or below its step) as ``VpcConfig.Subnets[1]``."""
    common = 0
    while common < min(len(base), len(place)) and base[common] == place[common]:
        common += 1
    if common == len(place) and common:
        common -= 1
    inside = len(place) - place[::-1].index("Arguments") if "Arguments" in place else 0
    if common < inside < len(place):  # in another step
        return f"{member_name(place[:inside], place)} of {pointer(place[: inside - 1])}"
    text = ""
    for part in place[common:]:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "the request"
