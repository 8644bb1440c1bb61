"""Predictions -> findings: one for each step and rule, that names every call in question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Optional

from ormer.assess.access_rules import ACCESS_RULES, BUILD, DATA, ROLE, STEP
from ormer.assess.document_rules import DocumentRule
from ormer.assess.predict import Prediction
from ormer.assess.told import DENIED
from ormer.model.authorization import Outcome
from ormer.model.call import Call, Kind
from ormer.model.finding import Finding, Verdict
from ormer.model.symbol import readable

_RULE_OF = {Kind.STEP: STEP, Kind.ROLE: ROLE, Kind.DATA: DATA, Kind.BUILD: BUILD}
_MOST_SHOWN, _MOST_LINES = 6, 40
_WORST = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS)
_BEFORE = {Verdict.FAIL: "AccessDenied is predicted", Verdict.UNKNOWN: "it cannot be told"}
_ALLOW = " would have to allow "
_TO_KNOW = (
    "Say what is not known: a role or policy in the access file, what a policy leaves open (such "
    "as AWS::AccountId) under its parameters, a field in the profile, a literal in the step."
)
_TO_FIT = (
    "Leave less open: EnumValues for the parameter, or a fixed bucket and beginning before it; or "
    "allow in the policies what it may become."
)


def access_findings(predictions: Iterable[Prediction]) -> Iterator[Finding]:
    """What is predicted of each step: by rule, in the order in which the steps call."""
    grouped: dict[tuple[str, str], list[Prediction]] = {}
    for one in predictions:
        key = (_RULE_OF[one.call.kind].id, one.call.subject)
        grouped.setdefault(key, []).append(one)
    rules = {rule.id: rule for rule in ACCESS_RULES}
    for (rule, _), alike in grouped.items():
        yield _finding(rules[rule], alike)


def count_of_proved(predictions: Sequence[Prediction]) -> Optional[tuple[int, int]]:
    """How many are proved, of how many; None where that was not asked."""
    if all(one.proved is None for one in predictions):
        return None
    return sum(one.proved is True for one in predictions), len(predictions)


def _finding(rule: DocumentRule, predictions: list[Prediction]) -> Finding:
    verdict = next(v for v in _WORST if any(one.verdict is v for one in predictions))
    first = predictions[0].call
    text, fix, told = _of_proof(predictions), "", None
    lines: tuple[str, ...] = ()
    if verdict is not Verdict.PASS:
        worst = [one for one in predictions if one.verdict is verdict]
        text = f"{_BEFORE[verdict]}: {'; '.join(_by_reason(worst))}"
        fix = _fix(rule, worst)
        lines = tuple(_one_a_line(verdict, worst)) if len(worst) > 1 else ()
        told = tuple(sorted({_line(one) for one in predictions if one.verdict is not Verdict.PASS}))
    return Finding(
        rule.id, rule.title, verdict, rule.severity, first.subject, first.place, text,
        fix=fix, told=told, lines=lines,
    )  # fmt: skip


def _of_proof(predictions: list[Prediction]) -> str:
    """What is said where nothing is wrong: what was proved, if that was asked."""
    found = count_of_proved(predictions)
    if found is None:
        return ""
    proved, all_ = found
    if proved == all_:
        return f"fits: allowed whatever is open in it, proved for each of {all_} calls"
    rest = [one for one in predictions if not one.proved]
    return f"allowed; proved for {proved} of {all_} calls, not for {'; '.join(_by_reason(rest))}"


def _by_reason(predictions: list[Prediction]) -> Iterator[str]:
    """The calls by what decides them: that is said once. One call of each action comes first."""
    grouped: dict[str, dict[str, str]] = {}
    for one in predictions:
        grouped.setdefault(one.why, {})[_name(one.call) + _with(one)] = one.call.action
    for why, actions in grouped.items():
        first = {action: name for name, action in reversed(actions.items())}
        leading = [name for name in actions if first[actions[name]] == name]
        calls = [*leading, *(name for name in actions if name not in leading)]
        shown = ", ".join(calls[:_MOST_SHOWN])
        more = len(calls) - _MOST_SHOWN
        yield f"{shown}{f' and {more} more calls' if more > 0 else ''}: {why}"


def _one_a_line(verdict: Verdict, predictions: list[Prediction]) -> Iterator[str]:
    """``ExplicitlyDenied s3:GetObject arn:aws:s3:::data/* (input ..., outside the VPC) by ...``.

    The first line is a heading; why nothing can be told of any of them is said there once.
    """
    whys = {one.why for one in predictions}
    if verdict is Verdict.UNKNOWN and len(whys) == 1:
        yield f"{_BEFORE[verdict]}: {whys.pop()}:"
        lines = list(dict.fromkeys(f"{Outcome.UNKNOWN.value} {_call(one)}" for one in predictions))
    else:
        yield f"{_BEFORE[verdict]}:"
        lines = list(dict.fromkeys(map(_outcome, predictions)))
    yield from lines[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        yield f"and {len(lines) - _MOST_LINES} more calls"


def _outcome(one: Prediction) -> str:
    called = _call(one)
    if one.verdict is Verdict.UNKNOWN:
        return f"{Outcome.UNKNOWN.value} {called}: {one.why}"
    if one.why.startswith(DENIED):
        return f"{Outcome.EXPLICITLY_DENIED.value} {called} {one.why.removeprefix(DENIED)}"
    return f"{Outcome.IMPLICITLY_DENIED.value} {called}: {one.why}"


def _call(one: Prediction) -> str:
    where = "" if one.call.resource == "*" else f" {readable(one.call.resource)}"
    return f"{one.call.action}{where} {_purpose(one.call)}{_with(one)}"


def _with(one: Prediction) -> str:
    """`` with InputDataKey "example"``, where such a value breaks it."""
    return f" with {one.breaking}" if one.breaking else ""


def _name(call: Call) -> str:
    """``s3:GetObject on arn:aws:s3:::data/* (input ..., outside the VPC)``."""
    where = "" if call.resource == "*" else f" on {readable(call.resource)}"
    return f"{call.action}{where} {_purpose(call)}"


def _purpose(call: Call) -> str:
    """``(input ..., outside the VPC)``."""
    ways = {setting.way.value for setting in call.settings}
    way = f", {ways.pop()}" if call.action.startswith("s3:") and len(ways) == 1 else ""
    return f"({call.why}{way})"


def _line(prediction: Prediction) -> str:
    return f"{prediction.verdict.value} {_name(prediction.call)}: {prediction.why}"


def _fix(rule: DocumentRule, predictions: list[Prediction]) -> str:
    changes = list(_merged(c for one in predictions if not one.breaking for c in one.change))
    if not changes and any(one.breaking for one in predictions):
        return _TO_FIT
    if not changes:
        is_unknown = any(one.verdict is Verdict.UNKNOWN for one in predictions)
        return _TO_KNOW if is_unknown else rule.fix
    shown = "; ".join(changes[:_MOST_SHOWN])
    more = len(changes) - _MOST_SHOWN
    return f"{rule.fix} Here: {shown}{f'; and {more} more' if more > 0 else ''}."


def _merged(changes: Iterable[str]) -> Iterator[str]:
    """Each change once; what the same policies would have to allow is one, by the actions."""
    grouped: dict[str, dict[str, None]] = {}
    for change in changes:
        policies, allow, what = change.partition(_ALLOW)
        grouped.setdefault(policies + allow, {})[what.partition(" on ")[0]] = None
    for policies, actions in grouped.items():
        yield policies + ", ".join(actions)
