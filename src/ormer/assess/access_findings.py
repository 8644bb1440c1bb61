"""Predictions -> findings: one for each step and rule, that names every call in question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ormer.assess.access_rules import ACCESS_RULES, BUILD, DATA, ROLE, STEP
from ormer.assess.document_rules import DocumentRule
from ormer.assess.predict import Prediction, Predictor
from ormer.model.call import Call, Kind
from ormer.model.finding import Finding, Verdict
from ormer.model.symbol import readable

_RULE_OF = {Kind.STEP: STEP, Kind.ROLE: ROLE, Kind.DATA: DATA, Kind.BUILD: BUILD}
_MOST_SHOWN = 6
_WORST = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS)
_BEFORE = {Verdict.FAIL: "AccessDenied is predicted: ", Verdict.UNKNOWN: "it cannot be told: "}


def access_findings(calls: Iterable[Call], predictor: Predictor) -> Iterator[Finding]:
    """What is predicted of each step: by rule, in the order in which the steps call."""
    grouped: dict[tuple[str, str], list[Prediction]] = {}
    for call in calls:
        key = (_RULE_OF[call.kind].id, call.subject)
        grouped.setdefault(key, []).append(predictor.predict(call))
    rules = {rule.id: rule for rule in ACCESS_RULES}
    for (rule, _), predictions in grouped.items():
        yield _finding(rules[rule], predictions)


def _finding(rule: DocumentRule, predictions: list[Prediction]) -> Finding:
    verdict = next(v for v in _WORST if any(one.verdict is v for one in predictions))
    first = predictions[0].call
    if verdict is Verdict.PASS:
        text, fix, told = "", "", None
    else:
        worst = [one for one in predictions if one.verdict is verdict]
        text = _BEFORE[verdict] + "; ".join(_lines(worst))
        fix = _fix(rule, worst)
        told = tuple(sorted({_line(one) for one in predictions if one.verdict is not Verdict.PASS}))
    return Finding(
        rule.id, rule.title, verdict, rule.severity, first.subject, first.place, text,
        fix=fix, told=told,
    )  # fmt: skip


def _lines(predictions: list[Prediction]) -> Iterator[str]:
    """The calls by what decides them: that is said once. One call of each action comes first."""
    grouped: dict[str, dict[str, str]] = {}
    for one in predictions:
        grouped.setdefault(one.why, {})[_name(one.call)] = one.call.action
    for why, actions in grouped.items():
        first = {action: name for name, action in reversed(actions.items())}
        leading = [name for name in actions if first[actions[name]] == name]
        calls = [*leading, *(name for name in actions if name not in leading)]
        shown = ", ".join(calls[:_MOST_SHOWN])
        more = len(calls) - _MOST_SHOWN
        yield f"{shown}{f' and {more} more calls' if more > 0 else ''}: {why}"


def _name(call: Call) -> str:
    """``s3:GetObject on arn:aws:s3:::data/* (input ..., outside the VPC)``."""
    ways = {setting.way.value for setting in call.settings}
    way = f", {ways.pop()}" if call.action.startswith("s3:") and len(ways) == 1 else ""
    where = "" if call.resource == "*" else f" on {readable(call.resource)}"
    return f"{call.action}{where} ({call.why}{way})"


def _line(prediction: Prediction) -> str:
    return f"{prediction.verdict.value} {_name(prediction.call)}: {prediction.why}"


def _fix(rule: DocumentRule, predictions: list[Prediction]) -> str:
    changes = list(dict.fromkeys(change for one in predictions for change in one.change))
    if not changes:
        return rule.fix
    shown = "; ".join(changes[:_MOST_SHOWN])
    more = len(changes) - _MOST_SHOWN
    return f"{rule.fix} Here: {shown}{f'; and {more} more' if more > 0 else ''}."
