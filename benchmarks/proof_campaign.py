"""Whether the prover is to be believed: cases by the thousand, requests by the million.

python -m benchmarks.proof_campaign [--samples N] [--cases N] [--seconds N] [--seed N]
                                    [--access FILE --environment FILE]

In turn: small cases against the asking about every request; small cases with symbols against
each thing that they may be; against sampled requests: open cases, every proof of the access file
in every world, and proofs of the access file with statements changed at random. Prints what it
did; 1 if anything was wrong. Without an access file: this repository's own.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple, Optional

from benchmarks.proving.checks import (
    Documents,
    against_every_request,
    against_samples,
    small_cases,
    whatever_symbols_are,
)
from benchmarks.proving.small import Small
from benchmarks.proving.weakened import weakened
from ormer.controls.load import load_catalogue
from ormer.model.access import Access
from ormer.model.control import Control
from ormer.model.environment import Environment
from ormer.read.environment import read_environment
from ormer.run.access import load_access

_A_CASE = 400
_EACH = 20


class Bound(NamedTuple):
    """When a part of the campaign ends, at the latest."""

    seconds: float

    def deadline(self) -> float:
        """That much later than now."""
        return time.monotonic() + self.seconds


def _say(name: str, asked: int, counted: Counter[str], started: float) -> None:
    figures = ", ".join(f"{number} {what}" for what, number in sorted(counted.items()))
    seconds = time.monotonic() - started
    print(f"{name}: {asked} cases in {seconds:.0f} s: {figures}", flush=True)


def _cases(
    name: str,
    seed: str,
    count: int,
    bound: Bound,
    how: dict[str, bool],
    check: Callable[[Small, Counter[str]], str],
    samples: float = float("inf"),
) -> list[str]:
    counted: Counter[str] = Counter()
    started, deadline = time.monotonic(), bound.deadline()
    wrong: list[str] = []
    asked = 0
    for number, case in small_cases(seed, count, **how):
        if time.monotonic() > deadline:
            break
        if counted["sampled"] >= samples:
            break
        why = check(case, counted)
        asked += 1
        if why:
            wrong.append(f"{name}, seed {seed}, case {number}: {why}")
            print(wrong[-1], flush=True)
        if asked % 5_000 == 0:
            _say(name, asked, counted, started)
    _say(name, asked, counted, started)
    return wrong


def _documents(documents: Documents, samples: int, bound: Bound, seed: int) -> list[str]:
    """Round after round over every proof, until there are enough samples."""
    counted: Counter[str] = Counter()
    started, deadline = time.monotonic(), bound.deadline()
    wrong: list[str] = []
    proofs = list(documents.proofs())
    verdicts = Counter(decided.verdict.value for _, _, _, decided in proofs)
    rounds = 0
    while counted["sampled"] < samples and time.monotonic() < deadline and not wrong:
        before = counted["sampled"]
        for one, holder, target, decided in proofs:
            if time.monotonic() > deadline:
                break
            drawn = seed * 1_000_003 + rounds
            why = documents.withstands(holder, target, decided, counted, _EACH, drawn)
            if why:
                wrong.append(f"{one.control.id} {holder.principal.name} {target.action}: {why}")
                print(wrong[-1], flush=True)
        rounds += 1
        if counted["sampled"] == before:
            break
        if rounds % 10 == 0:
            print(f"documents: {counted['sampled']} samples", flush=True)
    kept = Counter({key: counted[key] for key in ("sampled", "sampled and forbidden")})
    _say("documents", len(proofs), kept + verdicts, started)
    return wrong


def _weakened(
    access: Access,
    environment: Environment,
    controls: tuple[Control, ...],
    bound: Bound,
    samples: int,
    seed: int,
) -> list[str]:
    """The access file changed at random, again and again: three controls each."""
    counted: Counter[str] = Counter()
    started, deadline = time.monotonic(), bound.deadline()
    wrong: list[str] = []
    asked = 0
    while counted["sampled"] < samples and time.monotonic() < deadline:
        draw = random.Random(f"{seed}/{asked}")
        changed = weakened(access, draw)
        documents = Documents(changed, environment, tuple(draw.sample(controls, 3)))
        for one, holder, target, decided in documents.proofs():
            if decided.vacuous:
                continue
            why = documents.withstands(holder, target, decided, counted, _EACH, asked)
            if why:
                wrong.append(f"weakened {seed}/{asked}: {one.control.id} {target.action}: {why}")
                print(wrong[-1], flush=True)
        asked += 1
        if asked % 100 == 0:
            _say("weakened", asked, counted, started)
    _say("weakened", asked, counted, started)
    return wrong


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run a campaign; 1 if something was proved that is not so."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--samples", metavar="N", type=int, default=1_000_000)
    parser.add_argument("--cases", metavar="N", type=int, default=20_000)
    parser.add_argument("--seconds", metavar="N", type=float, default=900.0, help="for each part")
    parser.add_argument("--seed", metavar="N", type=int, default=1)
    parser.add_argument("--access", metavar="FILE", default="pipelines/access.yaml")
    parser.add_argument("--environment", metavar="FILE", default="pipelines/environment.yaml")
    options = parser.parse_args(argv)
    bound, part = Bound(options.seconds), options.samples // 3
    seed = str(options.seed)
    with open(options.environment, "rb") as file:
        environment = read_environment(file.read(), options.environment)
    access, controls = load_access(options.access), load_catalogue(None).controls
    documents = Documents(access, environment, controls)

    def sampled(case: Small, counted: Counter[str]) -> str:
        return against_samples(case, counted, _A_CASE, options.seed)

    wrong = _cases("every request", seed, options.cases, bound, {}, against_every_request)
    how = {"symbols": True}
    wrong += _cases("symbols", seed, options.cases // 10, bound, how, whatever_symbols_are)
    wrong += _cases("open", seed, max(part // 100, 1), bound, {"is_open": True}, sampled, part)
    wrong += _documents(documents, part, bound, options.seed)
    wrong += _weakened(access, environment, controls, bound, part, options.seed)
    print(f"{len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
