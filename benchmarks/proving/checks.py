"""What must never be: each check gives back what is wrong with a case, or an empty text."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Optional

from benchmarks.proving.brute import bound, counterexample, proved
from benchmarks.proving.requests import Judge, Real
from benchmarks.proving.samples import Sampler
from benchmarks.proving.small import Small, small
from ormer.model.access import Access, Holder
from ormer.model.control import Control
from ormer.model.environment import Environment
from ormer.proofs.asked.targets import Target, Targets
from ormer.proofs.asked.worlds import relevant_worlds
from ormer.proofs.proof import ActionProof, Verdict
from ormer.proofs.prover import Prover
from ormer.prove.forbidden import Forbidden
from ormer.prove.policies import asked_keys, named_resources
from ormer.prove.request_space import RequestSpace
from ormer.prove.views import UNSHOWN


def against_every_request(case: Small, counted: Counter[str]) -> str:
    """The prover and the asking about every request say the same.

    Unknown is right where a policy that nobody shows may allow it, or what AWS does not document,
    and in the place of anything where a policy has a variable, which the prover takes for any text.
    """
    verdict, why = proved(case)
    counted[verdict.value] += 1
    found = counterexample(case)
    if found is not None:
        expected = Verdict.VIOLATED
    else:
        found = counterexample(case, may=True)
        expected = Verdict.PROVED if found is None else Verdict.UNKNOWN
    has_variable = "${" in repr((case.access, case.forbidden))
    is_open = has_variable or (why == UNSHOWN and expected is Verdict.PROVED)
    if verdict is expected or (verdict is Verdict.UNKNOWN and is_open):
        return ""
    return f"{verdict.value}, and every request says {expected.value}: {found}"


def whatever_symbols_are(case: Small, counted: Counter[str]) -> str:
    """What is proved or violated is so whatever the symbols turn out to be."""
    verdict, _ = proved(case)
    counted[verdict.value] += 1
    if verdict is Verdict.UNKNOWN:
        return ""
    for each in bound(case):
        found = counterexample(each, may=verdict is Verdict.PROVED)
        if (found is not None) is (verdict is Verdict.PROVED):
            return f"{verdict.value}, and with {each.access}: {found}"
    return ""


def against_samples(case: Small, counted: Counter[str], count: int, seed: int) -> str:
    """What is proved withstands sampled requests; each violation was replayed."""
    verdict, _ = proved(case)
    counted[verdict.value] += 1
    if verdict is not Verdict.PROVED:
        return ""
    judge = Judge(case.access, case.holder, case.space, may=True)
    sampler = Sampler(case.access, case.holder, case.space, (case.forbidden,))
    found = _allowed(judge, sampler, case.forbidden, counted, count, seed)
    return "" if found is None else f"proved, and allowed: {found}"


def _allowed(
    judge: Judge,
    sampler: Sampler,
    forbidden: Forbidden,
    counted: Counter[str],
    count: int,
    seed: int,
) -> Optional[Real]:
    for real in sampler.requests(random.Random(seed), count):
        counted["sampled"] += 1
        if judge.is_forbidden(forbidden, real):
            counted["sampled and forbidden"] += 1
            if judge.is_allowed(real):
                return real
    return None


class Documents:
    """The proofs of an access file, each withstanding sampled requests in each world."""

    def __init__(
        self, access: Access, environment: Environment, controls: tuple[Control, ...]
    ) -> None:
        self.access = access
        self.environment = environment
        self.prover = Prover(access, environment, controls)

    def proofs(self) -> Iterator[tuple[Targets, Holder, Target, ActionProof]]:
        """Every action of every control by every principal, decided."""
        for one in self.prover.targets:
            for holder in self.prover.holders(one.control):
                proof = self.prover.proof(one, holder)
                for target, decided in zip(one.actions, proof.actions, strict=False):
                    yield one, holder, target, decided

    def withstands(
        self,
        holder: Holder,
        target: Target,
        decided: ActionProof,
        counted: Counter[str],
        count: int,
        seed: int,
    ) -> str:
        """``count`` requests in each world: none is allowed of what is said that none is."""
        counted[decided.verdict.value] += 1
        sets = {Verdict.PROVED: target.possible, Verdict.DETECTED: target.certain}
        forbidden = sets.get(decided.verdict)
        if forbidden is None:
            return ""
        for space in self._spaces(holder, target):
            judge = Judge(self.access, holder, space, may=True)
            sampler = Sampler(self.access, holder, space, (forbidden,))
            found = _allowed(judge, sampler, forbidden, counted, count, seed)
            if found is not None:
                return f"{decided.verdict.value}, and allowed in {space.world.name}: {found}"
        return ""

    def _spaces(self, holder: Holder, target: Target) -> Iterator[RequestSpace]:
        sets = (target.possible,)
        keys = asked_keys(self.access, holder, target.action, sets)
        named = named_resources(self.access, holder, target.action, sets)
        spaces = self.prover.spaces
        for world in relevant_worlds(target.action, keys, spaces, self.environment):
            yield spaces.space(target.action, holder, world, named)


def small_cases(seed: int | str, count: int, **how: bool) -> Iterator[tuple[int, Small]]:
    """``count`` cases with their numbers."""
    for number in range(count):
        yield number, small(seed, number, **how)
