"""The prover against the asking about every request, on spaces that are small enough for it."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.proving.brute import counterexample, proved
from benchmarks.proving.checks import (
    against_every_request,
    against_samples,
    small_cases,
    whatever_symbols_are,
)
from benchmarks.proving.small import every_request, small
from ormer.proofs.proof import Verdict


@pytest.mark.parametrize("part", range(4))
def test_the_prover_says_what_every_request_says(part: int) -> None:
    counted: Counter[str] = Counter()
    wrong = {n: against_every_request(case, counted) for n, case in small_cases(f"t{part}", 120)}
    assert {number: why for number, why in wrong.items() if why} == {}
    assert counted["proved"] > 50 and counted["violated"] > 20 and counted["unknown"] < 20


def test_what_is_proved_is_so_whatever_symbols_are() -> None:
    counted: Counter[str] = Counter()
    wrong = {
        n: whatever_symbols_are(case, counted) for n, case in small_cases("t1", 25, symbols=True)
    }
    assert {number: why for number, why in wrong.items() if why} == {}
    assert counted["proved"] > 8 and counted["unknown"] > 2 and counted["violated"] > 2


def test_what_is_proved_withstands_sampled_requests() -> None:
    counted: Counter[str] = Counter()
    cases = small_cases("t", 200, is_open=True)
    wrong = {n: against_samples(case, counted, 40, n) for n, case in cases}
    assert {number: why for number, why in wrong.items() if why} == {}
    assert counted["sampled and forbidden"] > 1_000
    assert counted["unknown"] < 35 and counted["violated"] > 40


def test_a_case_can_be_made_again() -> None:
    assert small("x", 3)._replace(space=None) == small("x", 3)._replace(space=None)


def test_the_asking_finds_what_is_there() -> None:
    """A comparison with nothing would prove nothing: of these, some are violated, some are not."""
    found = [counterexample(case) is None for _, case in small_cases("t0", 40)]
    assert 5 < sum(found) < 38
    assert sum(1 for _ in every_request(small("t0", 1))) > 3
    verdicts = {proved(case)[0] for _, case in small_cases("t0", 40)}
    assert {Verdict.PROVED, Verdict.VIOLATED} <= verdicts
