"""The prover's times, beside z3's theory of strings on the same questions in the same run.

    tox -e smt

Whole: ``ormer prove`` on this repository's own access file as a process, all controls and all
principals. Questions: for each subject of ``proofs_subjects``, the time to load nothing but make
and answer each question, the first of its action or a further one. Managed: all controls and access
properties, with their fixes, of a role that has one AWS managed policy and nothing else, and of
many such roles. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Optional

from benchmarks.proofs_subjects import PIPELINES, Question, Subject, profile, subjects
from ormer.proofs.prover import Prover
from ormer.proofs.telling.told import Proving
from ormer.run.prove import Asked, prove

VIOLATED, PROVED = "violated", "proved"
LARGE = ("ReadOnlyAccess", "AdministratorAccess", "AmazonSageMakerFullAccess")
MANY = 100
Named = tuple[str, str, str]
"""A question: its control's id, principal and action."""


class Timed(NamedTuple):
    """A question's verdict and seconds; ``is_first``: the first of its action and principal."""

    question: Question
    verdict: str
    seconds: float
    is_first: bool

    @property
    def is_right(self) -> bool:
        """Whether it is what had to come of it."""
        return self.verdict == (VIOLATED if self.question.is_violated else PROVED)


def main(argv: Optional[Sequence[str]] = None) -> None:
    """Run all parts and print their figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--timeout", metavar="SECONDS", type=float, default=20.0, help="for z3")
    parser.add_argument("--runs", type=int, default=5, help="runs of the whole process")
    options = parser.parse_args(argv)
    whole(options.runs)
    for name in LARGE:
        managed(name)
    many("AmazonSageMakerFullAccess", MANY)
    for subject in subjects():
        report(subject, options.timeout)


def whole(runs: int) -> None:
    """The command, as a process of its own."""
    command = [str(Path(sys.executable).with_name("ormer")), "prove"]
    command += ["--access", str(PIPELINES / "access.yaml")]
    command += ["--environment", str(PIPELINES / "environment.yaml")]
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        seconds.append(time.perf_counter() - started)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    middle = statistics.median(seconds)
    print(f"ormer prove, all controls and principals of pipelines/access.yaml, median of {runs}:")
    print(f"  {middle:.2f} s, {memory:.0f} MB, exit code {done.returncode}")


def managed(name: str) -> None:
    """All controls, and the fixes, of a role with one AWS managed policy."""
    proving, seconds = _proving(name, profile().values["roles.execution"])
    found = Counter(told.proof.verdict.value for told in proving.told)
    said = ", ".join(f"{found[each]} {each}" for each in sorted(found))
    print(
        f"{name}: {len(proving.told)} controls and properties, {seconds:.2f} s ({said})", flush=True
    )


def many(name: str, count: int) -> None:
    """The same of roles that have nothing else and that no policy tells apart."""
    account = profile().account
    arns = [f"arn:aws:iam::{account}:role/team-{number}" for number in range(count)]
    _, first = _proving(name, arns[:1])
    _, seconds = _proving(name, arns)
    print(f"{name}: {count} roles {seconds:.2f} s, {seconds / first:.1f} x one", flush=True)


def _proving(name: str, arns: Sequence[str]) -> tuple[Proving, float]:
    with tempfile.TemporaryDirectory() as folder:
        access = Path(folder) / "access.json"
        principals = [{"arn": arn, "identity_policies": [f"managed:{name}"]} for arn in arns]
        access.write_text(json.dumps({"principals": principals}), encoding="utf-8")
        started = time.perf_counter()
        proving = prove(Asked(str(access), str(PIPELINES / "environment.yaml")))
        return proving, time.perf_counter() - started


def report(subject: Subject, timeout: float) -> None:
    """Both provers, question by question."""
    peer = _peer(subject, timeout)
    print(f"{subject.name}:")
    for timed in asked(subject):
        question = timed.question
        told = "" if timed.is_right else "  NOT AS EXPECTED"
        print(
            f"  {question.control.id:8} {question.action:30} {timed.verdict:9}"
            f" {timed.seconds * 1e3:8.1f} ms {'first  ' if timed.is_first else 'further'}"
            f"{peer.get(_named(question), '')}{told}",
            flush=True,
        )


def asked(subject: Subject) -> list[Timed]:
    """Each question of a subject, in order, by one prover that keeps what it has made."""
    controls = {question.control.id: question.control for question in subject.questions}
    prover = Prover(subject.access, subject.environment, controls.values())
    by_control = {one.control.id: one for one in prover.targets}
    found = []
    seen: set[tuple[str, str]] = set()
    for question in subject.questions:
        targets = by_control[question.control.id]
        holder = subject.access.holders[question.principal]
        (target,) = (one for one in targets.actions if one.action == question.action)
        started = time.perf_counter()
        proof = prover.proof(targets._replace(actions=(target,), unseen=()), holder)
        seconds = time.perf_counter() - started
        key = (question.principal, question.action)
        found.append(Timed(question, proof.verdict.value, seconds, key not in seen))
        seen.add(key)
    return found


def _named(question: Question) -> Named:
    return question.control.id, question.principal, question.action


def _peer(subject: Subject, timeout: float) -> dict[Named, str]:
    """z3's verdicts and times, where it is installed."""
    try:
        from benchmarks.smt_peer import answer_of
    except ImportError:
        return {}
    found = {}
    for question in subject.questions:
        answer = answer_of(subject, question, timeout)
        seconds = answer.build + answer.solve
        found[_named(question)] = f"   z3 strings: {answer.verdict:9} {seconds * 1e3:8.1f} ms"
    return found


if __name__ == "__main__":
    main()
