"""One control on one request: the verdict, and where and why."""

from __future__ import annotations

from typing import NamedTuple, Optional

from ormer.assess.membership import membership
from ormer.assess.outcome import CALLER, NEVER, NO, UNKNOWN, YES, Outcome
from ormer.assess.plan import ActionPlan, ControlPlan, StatementPlan
from ormer.assess.wording import message
from ormer.model.definition import Place
from ormer.model.finding import Finding, Verdict
from ormer.model.operators import BOOL, NULL, NUMERIC, split_operator
from ormer.model.request import Facet, Found, Member, Operand, Request
from ormer.model.value import Opaque, Value, made


class Decided(NamedTuple):
    """What a statement says of a request, and the condition that decided it."""

    outcome: Outcome
    operator: str
    key: str = ""


_NEVER = Decided(NEVER, "")
_ALWAYS = Decided(Outcome(YES), "")
_NOTHING = Operand(())
_PASS, _NOT_APPLICABLE = Verdict.PASS, Verdict.NOT_APPLICABLE  # each access is a call
_MOST_REMEMBERED = 1024
_RANK = {NO: 0, UNKNOWN: 1, CALLER: 2, YES: 3}


class MemberFacet:
    """A member of the input, answering for ``api:Member``, ``api:Value`` and ``api:Key``."""

    __slots__ = ("member", "request", "value")

    def __init__(self, member: Member, request: Request) -> None:
        self.member = member
        self.request = request
        if member.value is None:
            self.value = Operand((), (member.place,))
        else:
            self.value = _operand(member.value, member.place)

    def lacks(self, members: tuple[str, ...], of_step: tuple[str, ...]) -> bool:
        """Never said of a member: it is there, or belongs there."""
        return False

    def operand(self, key: str) -> Operand:
        """The member's value for one of its own keys, or the request's for any other."""
        if key == "api:Value":
            return self.value
        member = self.member
        if key == "api:Member":
            return _operand(member.path, member.place)
        if key == "api:Key":
            return _operand(member.key, member.place) if member.key else _NOTHING
        return self.request.facets[0].operand(key)


def _operand(value: Value, place: Place) -> Operand:
    return made(Operand, ((made(Found, (value, place)),), (), True, ""))


def judge(request: Request, plan: ActionPlan) -> list[Finding]:
    """Every control of the plan on the request: a finding a job definition or a member.

    What a hidden structure may hold is many members at one place: a control says so once.
    """
    findings: list[Finding] = []
    for index, facet in enumerate(request.facets):
        for control in plan.of_request:
            if index == 0 or control.by_definition:
                findings.append(_judged(control, request, facet))
    if plan.of_member:
        hidden: dict[tuple[str, Place], int] = {}
        for member in request.members:
            controls = plan.of_member.get(member.shape)
            if controls:
                start = len(findings)
                _judge_member(member, controls, request, findings)
                if type(member.value) is Opaque:
                    _say_once(findings, start, hidden)
    return findings


def _say_once(findings: list[Finding], start: int, hidden: dict[tuple[str, Place], int]) -> None:
    """Of what a control says of one place from ``start`` on, keep the worst."""
    said = findings[start:]
    del findings[start:]
    for finding in said:
        at = hidden.setdefault((finding.control, finding.place), len(findings))
        if at == len(findings):
            findings.append(finding)
        elif finding.needs_action and not findings[at].needs_action:
            findings[at] = finding


def _judge_member(
    member: Member, controls: tuple[ControlPlan, ...], request: Request, findings: list[Finding]
) -> None:
    """The controls on one member; a value that has passed before takes no more than a look."""
    _, _, value, place, _ = member
    facet: Optional[MemberFacet] = None
    for control in controls:
        if value is None and control.accepts_missing:
            continue  # nobody owes it, and a report of what is not there is noise
        if control.by_value and (type(value), value, True, True) in control.passed:
            found = (made(Found, (value, place)),)
            findings.append(_finding(control, request, _PASS, place, "", found))
            continue
        if facet is None:
            facet = MemberFacet(member, request)
        findings.append(_judged(control, request, facet))


def _judged(plan: ControlPlan, request: Request, facet: Facet) -> Finding:
    """The verdict of one control; one that crashes is an ERROR of its own, and the others run."""
    looks_at = plan.looks_at
    absent = looks_at is not None and facet.lacks(*looks_at)
    if absent and plan.passes_absent:
        return _finding(plan, request, _PASS, request.place, "", ())
    try:
        told, shown = _told(plan, request, facet)
        if told not in plan.passed:
            worst = _worst(plan, request, facet)
            if worst is not _NEVER:
                return _excepted(plan, request, facet) or _violated(plan, request, worst, told)
            _remember(plan, told)
            plan.passes_absent = plan.passes_absent or absent
        return _passed(plan, request, facet, shown)
    except RecursionError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no pass
        text = f"the control crashed: {type(error).__name__}: {error}"
        return _finding(plan, request, Verdict.ERROR, request.place, text, None)


def _told(plan: ControlPlan, request: Request, facet: Facet) -> tuple[tuple[object, ...], Operand]:
    """All that decides whether the control passes, and the operand that a pass shows.

    These are values with their types, without their places.
    """
    if len(plan.keys) == 1 and not plan.of_resource:
        shown = facet.operand(plan.keys[0])
        found, missing, demanded, _ = shown
        if len(found) == 1:
            only = found[0].value
            return (type(only), only, demanded, not missing), shown
    told: list[object] = []
    shown = _NOTHING
    if plan.of_resource:
        value = request.resource.value if request.resource is not None else None
        told = [type(value), value]
    for key in plan.keys:
        operand = facet.operand(key)
        found, missing, demanded, _ = operand
        for value, _ in found:
            told += (type(value), value)
        told += (demanded, not missing)
        if shown is _NOTHING or not shown.demanded:
            shown = operand
    return tuple(told), shown


def _remember(plan: ControlPlan, told: tuple[object, ...]) -> None:
    if len(plan.passed) >= _MOST_REMEMBERED:
        plan.passed.clear()
    plan.passed.add(told)


def _worst(plan: ControlPlan, request: Request, facet: Facet) -> Decided:
    """What the statement says that forbids the request most surely, if any does."""
    worst = _NEVER
    for statement in plan.statements:
        decided = _decide(statement, request, facet)
        if decided is _NEVER:
            continue
        rank, before = _RANK[decided.outcome.code], _RANK[worst.outcome.code]
        if rank > before or (rank == before and worst.operator == NULL):
            worst = decided  # a wrong value says more than that it may be missing
        if worst.outcome.code == YES:
            break
    return worst


def _excepted(plan: ControlPlan, request: Request, facet: Facet) -> Optional[Finding]:
    for exception in plan.exceptions:
        if _decide(exception, request, facet).outcome.code == YES:
            verdict, text = Verdict.NOT_APPLICABLE, exception.reason
            return _finding(plan, request, verdict, request.place, text, None)
    return None


def _violated(
    plan: ControlPlan, request: Request, decided: Decided, told: tuple[object, ...]
) -> Finding:
    outcome = decided.outcome
    verdict = Verdict.UNKNOWN if outcome.code == UNKNOWN else Verdict.FAIL
    text = message(request, decided.operator, decided.key, outcome)
    place = outcome.place or request.place
    return _finding(plan, request, verdict, place, text, outcome.value)._replace(told=told)


def _decide(statement: StatementPlan, request: Request, facet: Facet) -> Decided:
    """AND over the statement's conditions; the last one on a value explains it."""
    decided: list[Decided] = []
    for test in statement.tests:
        outcome = test.run(facet.operand(test.key))
        if outcome.code == NO:
            return _NEVER
        decided.append(Decided(outcome, test.operator, test.key))
    if statement.resources is not None:
        of_resource = _of_resource(statement, request)
        if of_resource.outcome.code == NO:
            return _NEVER
        decided.append(of_resource)
    return _conjunction(decided)


def _conjunction(decided: list[Decided]) -> Decided:
    if len(decided) == 1:
        return decided[0]
    open_ones = [one for one in decided if one.outcome.code != YES]
    if not open_ones:
        placed = [one for one in decided if one.outcome.place]
        return max(placed, key=_tells) if placed else _ALWAYS
    first = next((one for one in open_ones if one.outcome.code == UNKNOWN), open_ones[-1])
    names = [name for one in open_ones for name in one.outcome.names]
    if first.outcome.code == CALLER and len(names) > len(set(names)):
        note = "several conditions depend on the same parameter"
        return first._replace(outcome=first.outcome._replace(code=UNKNOWN, note=note))
    return first


def _tells(decided: Decided) -> int:
    """How much a condition that holds says about what is wrong."""
    if decided.operator == NULL or not decided.operator:
        return 0
    if decided.key in ("api:Member", "api:Key"):
        return 1  # they select the member
    operator = split_operator(decided.operator)
    if operator.negated:
        return 3  # a value that is not among the approved ones
    return 2 if operator.base == BOOL or operator.base in NUMERIC else 1


def _of_resource(statement: StatementPlan, request: Request) -> Decided:
    assert statement.resources is not None
    resource = request.resource
    operator = "StringNotLike" if statement.not_resource else "StringLike"
    if resource is None:
        value = Opaque("the resource is known only after the call")
        return Decided(Outcome(UNKNOWN, request.place, value, value.reason), operator)
    result = membership(resource.value, statement.resources, statement.not_resource)
    outcome = Outcome(result.code, resource.place, resource.value, result.note, result.names)
    return Decided(outcome, operator)


def _passed(plan: ControlPlan, request: Request, facet: Facet, shown: Operand) -> Finding:
    """A pass with the value that shows it: the resource's, or that of a key asked for."""
    place, found = request.place, shown.found
    if plan.of_resource and plan.statements[0].resources is not None and request.resource:
        found = (request.resource,)
    elif type(facet) is MemberFacet:
        place, found = facet.member.place, facet.value.found
    elif not shown.demanded:
        return _finding(plan, request, _NOT_APPLICABLE, place, shown.why_not, None)
    elif shown.missing and plan.by_definition:
        place = shown.missing[0]
    if found:
        place = found[0].place
    return _finding(plan, request, _PASS, place, "", found)


def _finding(
    plan: ControlPlan, request: Request, verdict: Verdict, place: Place, text: str, actual: object
) -> Finding:
    said = (plan.id, plan.title, verdict, plan.severity, request.subject, place)
    return made(Finding, (*said, text, plan.expected, actual, plan.fix, None, None, ()))
