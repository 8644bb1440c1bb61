"""Proofs for people: what needs action first, what carries the rest, and a summary."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping

from ormer.model.value import printable
from ormer.proofs.asked.worlds import told_worlds
from ormer.proofs.closing.fix import Fix
from ormer.proofs.proof import Verdict
from ormer.proofs.telling.told import By, Proving, Shown, Told
from ormer.report.paint import BOLD, GREEN, PLAIN, RED, YELLOW

_COLOURS = {
    Verdict.VIOLATED: RED,
    Verdict.UNKNOWN: YELLOW,
    Verdict.DETECTED: "",
    Verdict.PROVED: GREEN,
}
_SEVERITIES = ("critical", "high", "medium", "low")
_INDENT = " " * 10
_NO_CALL = "no single call of the AWS CLI is known that makes this request"
_DETECTED = "no condition key shows it; the check of the definition finds it"
_GIVE = "give values, as parameters of the access file or with --template-parameter"
_WHERE = "only where AWS shows it thus"
_TIME, _MORE = "the time is over", "; --timeout gives more"
_VACUOUS = "nothing of this is allowed at all"


def render(proving: Proving, colour: bool = False, strict: bool = False) -> str:
    """The proofs as text: violated, unknown, detected, proved, and what was not asked."""
    paint = _Paint(colour)
    lines: list[str] = []
    for verdict in (Verdict.VIOLATED, Verdict.UNKNOWN):
        for told, alike in _one_of_each(_sorted(proving, verdict)):
            lines += [*_wrong(told, paint, alike), ""]
    for group in (_detected(proving, paint), _proved(proving, paint), _vacuous(proving, paint)):
        found = list(group)
        lines += [*found, ""] if found else []
    lines += _not_configured(proving)
    lines += [_summary(proving), _conclusion(proving, paint, strict)]
    return "\n".join(lines) + "\n"


class _Paint:
    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def verdict(self, verdict: Verdict, text: str) -> str:
        shade = _COLOURS[verdict]
        return f"{shade}{text}{PLAIN}" if self.colour and shade else text

    def bold(self, text: str) -> str:
        return f"{BOLD}{text}{PLAIN}" if self.colour else text


def _sorted(proving: Proving, verdict: Verdict) -> list[Told]:
    found = [t for t in proving.told if t.is_configured and t.proof.verdict is verdict]
    return sorted(found, key=lambda t: _SEVERITIES.index(t.proof.severity))


def _one_of_each(found: list[Told]) -> Iterator[tuple[Told, list[str]]]:
    """One of those that say the same of principals that are alike, or leave the same undecided
    for the same reasons, and the others' names."""
    groups: dict[Hashable, list[Told]] = {}
    for told in found:
        groups.setdefault((told.proof.control, *_says(told)), []).append(told)
    for first, *others in groups.values():
        yield first, [_short(each) for each in others]


def _says(told: Told) -> Iterator[Hashable]:
    yield from _undecided(told)
    if any(one.counterexample is not None for one in told.actions):
        yield told.proof.like or told.proof.principal
        yield tuple((one.proof.action, one.proof.verdict) for one in told.actions)


def _head(told: Told, paint: _Paint, said: str) -> str:
    proof = told.proof
    word = paint.verdict(proof.verdict, f"{proof.verdict.value:8}")
    return f"{word}  {proof.control:7}  {proof.severity:8}  {printable(said)}"


def _wrong(told: Told, paint: _Paint, alike: list[str]) -> Iterator[str]:
    shown = told.worst
    if shown is None:
        return
    proof = told.proof
    if shown.counterexample is None:
        yield _head(told, paint, f"{proof.title}: {proof.principal}")
        yield from _likewise(alike, "")
        yield from _undecided(told)
        return
    yield _head(told, paint, shown.sentence)
    yield from _likewise(alike, ", from which no policy tells it apart")
    yield from _others(told, shown)
    yield from _request(shown)
    yield f"{_INDENT}{printable(shown.aws_cli) or _NO_CALL}"
    if proof.verdict is Verdict.UNKNOWN:
        yield f"{_INDENT}{_WHERE}: {_worlds(shown)}"
    yield from _undecided(told)
    yield from _fix(told)
    yield f"{_INDENT}instead: {told.advice}"


def _likewise(others: list[str], why: str) -> Iterator[str]:
    if others:
        yield f"{_INDENT}and so {len(others)} more{why}: {', '.join(others)}"


def _others(told: Told, shown: Shown) -> Iterator[str]:
    """The other actions that a counterexample shows, by the worlds that it takes."""
    groups: dict[str, list[str]] = {}
    for one in told.actions:
        if one.counterexample is not None and one is not shown:
            where = _worlds(one) if one.proof.verdict is Verdict.UNKNOWN else ""
            of_all = where == (_worlds(shown) if shown.proof.verdict is Verdict.UNKNOWN else "")
            groups.setdefault("" if of_all else where, []).append(one.proof.action)
    for where, actions in groups.items():
        yield f"{_INDENT}likewise {', '.join(actions)}{f', {_WHERE}: {where}' if where else ''}"


def _worlds(shown: Shown) -> str:
    return told_worlds(shown.proof.worlds, shown.proof.asked)


def _undecided(told: Told) -> Iterator[str]:
    """Each reason once, with the actions that it is for, and the values that may decide."""
    reasons: dict[str, list[str]] = {}
    unbound: dict[str, None] = {}
    for each in (one.proof for one in told.actions if _is_undecided(one)):
        head, _, reason = each.why.partition(": ")
        is_about = head.partition(" ")[0] == each.action
        reasons.setdefault(reason if is_about else each.why, []).append(each.action)
        unbound.update(dict.fromkeys(each.unbound))
    for reason, actions in reasons.items():
        more = _MORE if reason == _TIME else ""
        yield f"{_INDENT}not decided: {printable(reason)}{more}"
        yield f"{_INDENT}  for {', '.join(actions)}"
    if unbound:
        yield f"{_INDENT}{_GIVE}: {printable(', '.join(unbound))}"


def _is_undecided(shown: Shown) -> bool:
    return shown.proof.verdict is Verdict.UNKNOWN and shown.counterexample is None


def _request(shown: Shown) -> Iterator[str]:
    request: Mapping[str, object] = (shown.line or {}).get("request", {})
    context = request.get("context")
    told = []
    if isinstance(context, dict):
        for key, value in context.items():
            told.append(f"{key}={','.join(value) if isinstance(value, list) else value}")
    about = f"{request.get('action')} on {request.get('resource')}"
    given = f" with {', '.join(told)}" if told else ""
    yield f"{_INDENT}request: {printable(about + given)}"


def _fix(told: Told) -> Iterator[str]:
    fix: Fix | None = told.fix
    if fix is None:
        return
    if fix.document is None:
        yield f"{_INDENT}no fix: {printable(fix.why)}"
        return
    whole = "closed" if not (fix.left or fix.why) else "closed but for what is named below"
    yield f"{_INDENT}{whole}, proved, by this Deny attached to {printable(told.proof.principal)}:"
    for statement in fix.document["Statement"]:
        yield f"{_INDENT}  {printable(json.dumps(statement))}"
    for also in fix.also:
        yield f"{_INDENT}  it also denies {printable(also)}"
    yield from _left(fix)
    if fix.why:
        yield f"{_INDENT}  {printable(fix.why)}"
    if told.belongs:
        yield f"{_INDENT}  the control says of a Deny for all: {printable(told.belongs)}"


def _left(fix: Fix) -> Iterator[str]:
    actions: dict[str, list[str]] = {}
    for left in fix.left:
        where = told_worlds(left.worlds, left.asked)
        actions.setdefault(where, []).append(left.action)
    for where, names in actions.items():
        yield f"{_INDENT}  not where AWS shows it thus: {where} ({', '.join(names)})"


def _detected(proving: Proving, paint: _Paint) -> Iterator[str]:
    for control, group in _by_control(_sorted(proving, Verdict.DETECTED)):
        word = paint.verdict(Verdict.DETECTED, f"{'detected':8}")
        first = group[0].proof
        yield f"{word}  {control:7}  {first.severity:8}  {first.title}: {_DETECTED}"
        yield f"{_INDENT}{', '.join(_short(t) for t in group)}"


def _proved(proving: Proving, paint: _Paint) -> Iterator[str]:
    for told in _sorted(proving, Verdict.PROVED):
        if not told.proof.vacuous:
            yield _head(told, paint, f"{told.proof.title}: {_short(told)}")
            yield from _carriers(told)


def _carriers(told: Told) -> Iterator[str]:
    every = dict.fromkeys(by for each in told.actions for by in each.by)
    needed = {(b.layer, b.policy, b.statement) for b in every if b.needed}
    names: dict[tuple[str, str, str], str] = {}
    for by in every:
        names.setdefault((by.layer, by.policy, by.statement), _name(by))
    yield from _line("needed", (text for key, text in names.items() if key in needed))
    yield from _line(
        "can be dropped, one at a time", (t for key, t in names.items() if key not in needed)
    )


def _line(word: str, texts: Iterable[str]) -> Iterator[str]:
    found = list(texts)
    if found:
        yield f"{_INDENT}{word}: {printable(', '.join(found))}"


def _name(by: By) -> str:
    if not by.statement:
        level = f" {by.policy}" if by.policy else ""
        return f"that the {_LAYERS.get(by.layer, by.layer)}{level} allow no more"
    line = f" (line {by.at.line})" if by.at is not None else ""
    return f"{by.statement} of {by.policy}{line}"


_LAYERS = {
    "scp": "SCPs of level",
    "vpce": "statements of the endpoint's policy",
    "identity": "principal's policies",
    "boundary": "statements of the permissions boundary",
    "session": "statements of the session policy",
    "resource": "policies of resources",
}


def _vacuous(proving: Proving, paint: _Paint) -> Iterator[str]:
    empty = [told for told in _sorted(proving, Verdict.PROVED) if told.proof.vacuous]
    for control, group in _by_control(empty):
        word = paint.verdict(Verdict.PROVED, f"{'proved':8}")
        first = group[0].proof
        yield f"{word}  {control:7}  {first.severity:8}  {first.title}: {_VACUOUS}"
        yield f"{_INDENT}{', '.join(_short(t) for t in group)}"


def _by_control(found: list[Told]) -> Iterable[tuple[str, list[Told]]]:
    groups: dict[str, list[Told]] = {}
    for told in found:
        groups.setdefault(told.proof.control, []).append(told)
    return groups.items()


def _short(told: Told) -> str:
    """The principal without what all of an account's have in common."""
    return printable(told.proof.principal.rpartition(":")[2])


def _not_configured(proving: Proving) -> list[str]:
    why = {each.proof.control: each.proof.why for each in proving.told if not each.is_configured}
    return [f"not asked: {name}: {printable(text)}" for name, text in why.items()]


def _summary(proving: Proving) -> str:
    controls = len({each.proof.control for each in proving.told})
    principals = len({each.proof.principal for each in proving.told} - {""})
    counts = ", ".join(f"{proving.count(v)} {v.value}" for v in Verdict)
    empty = f" ({proving.vacuous} of them as nothing is allowed at all)" if proving.vacuous else ""
    assumed = ", ".join(f"{name} {value}" for name, value in proving.assumed.items())
    where = f", where the profile assumes {printable(assumed)}" if assumed else ""
    missing = f", {proving.not_configured} not asked" if proving.not_configured else ""
    return (
        f"{printable(proving.access)}: {controls} controls by {principals} principals: "
        f"{counts}{empty}{missing}{where}"
    )


def _conclusion(proving: Proving, paint: _Paint, strict: bool) -> str:
    if proving.count(Verdict.VIOLATED):
        return paint.verdict(Verdict.VIOLATED, "violated")
    if proving.count(Verdict.UNKNOWN):
        return paint.verdict(Verdict.UNKNOWN, "not proved: something is unknown")
    if proving.is_empty:
        return paint.verdict(Verdict.UNKNOWN, "not proved: nothing was asked")
    if not proving.passed(strict):
        text = paint.verdict(Verdict.VIOLATED, "not everything is proved")
        return f"{text}, and --strict asks for that"
    return paint.verdict(Verdict.PROVED, "no request that a condition key shows breaks a control")
