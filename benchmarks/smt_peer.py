"""The same questions through z3's theory of strings, with the time that each takes.

    python -m benchmarks.smt_peer    (in the environment of tox -e smt)

For each subject of ``proofs_subjects``: how long the formula takes to build and to solve, and the
answer: a request (replayed through ``ormer.evaluate``), none, or unknown. Nothing here passes or
fails; it is what the prover's times stand beside.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from typing import Any, NamedTuple, Optional

import z3

from benchmarks.forbidden import Forbidden, forbidden, is_forbidden
from benchmarks.proofs_subjects import Question, Subject, subjects
from benchmarks.smt_encoding import Encoding
from benchmarks.smt_keys import Unsupported
from ormer.evaluate.decide import Evaluator
from ormer.model.authorization import AuthorizationRequest, Outcome
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Principals, Statement

VIOLATED, PROVED, UNKNOWN = "violated", "proved", "unknown"
FOREIGN = "999999999999"


class Answer(NamedTuple):
    """What came of a question; ``why`` of an unknown one, or of a request that did not replay."""

    verdict: str
    build: float
    solve: float
    why: str = ""
    request: Optional[AuthorizationRequest] = None


def main(argv: Optional[Sequence[str]] = None) -> None:
    """Ask every question and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--timeout", metavar="SECONDS", type=float, default=20.0)
    parser.add_argument("--subject", metavar="NAME", help="this one alone")
    options = parser.parse_args(argv)
    print(f"z3 {z3.get_version_string()}, {options.timeout:g} s a question")
    for subject in subjects():
        if options.subject in (None, subject.name):
            report(subject, options.timeout)


def report(subject: Subject, timeout: float) -> None:
    """One line a question, and the subject's sum."""
    print(f"{subject.name}:")
    found = []
    for question in subject.questions:
        answer = answer_of(subject, question, timeout)
        found.append(answer)
        expected = VIOLATED if question.is_violated else PROVED
        note = "" if answer.verdict in (expected, UNKNOWN) else f", expected {expected}"
        print(
            f"  {question.control.id:8} {question.action:30} {answer.verdict:9}"
            f" build {answer.build * 1000:7.0f} ms  solve {answer.solve * 1000:7.0f} ms"
            f"{f'  ({answer.why}{note})' if answer.why or note else ''}",
            flush=True,
        )
    decided = [one.solve for one in found if one.verdict != UNKNOWN]
    middle = f"{statistics.median(decided) * 1000:.0f} ms in the middle" if decided else "none"
    print(f"  decided {len(decided)} of {len(found)}, {middle}")


def answer_of(subject: Subject, question: Question, timeout: float) -> Answer:
    """Ask z3. An encoding that does not have a construct, and a time that is over, are unknown."""
    what = forbidden(question.control, subject.environment)
    start = time.perf_counter()
    try:
        region = subject.environment.region
        encoding = Encoding(subject.access, question.principal, question.action, what, region)
    except Unsupported as error:
        return Answer(UNKNOWN, time.perf_counter() - start, 0.0, str(error))
    solver = z3.Solver()
    solver.set("timeout", int(timeout * 1000))
    solver.add(encoding.formula)
    built = time.perf_counter()
    found = solver.check()
    solved = time.perf_counter()
    times = (built - start, solved - built)
    if found == z3.unsat:
        return Answer(PROVED, *times)
    if found == z3.unknown:
        return Answer(UNKNOWN, *times, solver.reason_unknown())
    request = request_of(encoding, solver.model())
    why = "" if replays(subject, question, what, request) else "THE REQUEST DOES NOT REPLAY"
    return Answer(VIOLATED, *times, why, request)


def request_of(encoding: Encoding, model: Any) -> AuthorizationRequest:
    """The request of a model, with the keys that its formula asks for."""
    context: dict[str, str | tuple[str, ...]] = dict(encoding.fixed)
    for key, slots in encoding.keys.slots().items():
        values = [
            _text(model.eval(slot.value, model_completion=True))
            for slot in slots
            if z3.is_true(model.eval(slot.present, model_completion=True))
        ]
        if values:
            is_list = encoding.keys.is_list(key)
            context[key] = tuple(dict.fromkeys(values)) if is_list else values[0]
    principal = encoding.holder.principal
    is_ours = z3.is_true(model.eval(encoding.is_ours, model_completion=True))
    resource = _text(model.eval(encoding.resource, model_completion=True))
    account = principal.account if is_ours else FOREIGN
    return AuthorizationRequest(principal, encoding.action, resource, account, context)


def _text(value: Any) -> str:
    return str(value.as_string()) if z3.is_string_value(value) else str(value)


def replays(
    subject: Subject, question: Question, what: Forbidden, request: AuthorizationRequest
) -> bool:
    """Whether the evaluator allows the request, and the control forbids it."""
    access = subject.access
    vpce = request.context.get("aws:sourcevpce")
    endpoint = access.endpoint_of(request.action)
    through = endpoint if endpoint is not None and endpoint.id == vpce else None
    policies = access.policies(question.principal, request.resource, through)
    if request.account == FOREIGN:
        policies = policies._replace(resource=_open_to_all())
    decision = Evaluator(policies).decide(request)
    named = request._replace(action=question.action)
    return decision.outcome is Outcome.ALLOWED and is_forbidden(what, named)


def _open_to_all() -> Policy:
    """What a resource of somebody else allows is theirs to say; the worst is everything."""
    everyone = Principals(everyone=True)
    all_ = Statement("Open", Effect.ALLOW, ("*",), False, ("*",), False, everyone, False, ())
    return Policy("somebody else's", CURRENT_VERSION, (all_,))


if __name__ == "__main__":
    main()
