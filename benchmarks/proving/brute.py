"""The answer to a small case by asking about every request; and the prover's answer to it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, Optional

from benchmarks.proving.requests import Judge, Real
from benchmarks.proving.small import SYMBOLS, Small, every_request
from ormer.model.access import Access, Holder
from ormer.model.symbol import has_symbol, symbol
from ormer.proofs.proof import Verdict
from ormer.proofs.replay import replay
from ormer.prove.case import Case
from ormer.prove.idle import is_idle
from ormer.prove.views import UNSHOWN


def counterexample(case: Small, may: bool = False) -> Optional[Real]:
    """A request that is allowed and forbidden, if there is one; ``may`` as for ``Judge``."""
    judge = Judge(case.access, case.holder, case.space, may)
    for real in every_request(case):
        if judge.is_forbidden(case.forbidden, real) and judge.is_allowed(real):
            return real
    return None


def proved(case: Small) -> tuple[Verdict, str]:
    """What the prover says, and why it is unknown."""
    if is_idle(case.access, case.holder, case.space.action):
        return Verdict.PROVED, ""
    made = Case(case.access, case.holder, case.space, {"set": case.forbidden})
    try:
        answer = made.ask("set")
        if answer.unknown:
            return Verdict.UNKNOWN, answer.unknown
        if answer.model is None:
            return Verdict.PROVED, ""
        found = made.found(answer.model)
    finally:
        made.solver.close()
    again = replay(case.access, case.holder, case.space.action, case.forbidden, found)
    if again.counterexample is None and answer.model.switches.get(UNSHOWN):
        return Verdict.UNKNOWN, UNSHOWN
    if again.counterexample is None:
        return Verdict.UNKNOWN, again.why
    return Verdict.VIOLATED, ""


def bound(case: Small) -> Iterator[Small]:
    """The case with each choice of what its symbols turn out to be."""
    holder_name = case.holder.principal.name
    for chosen in product(*SYMBOLS.values()):
        texts = {symbol(name): text for name, text in zip(SYMBOLS, chosen, strict=True)}
        texts[symbol("S3")] = "one" if chosen[0] == "a" else "none"
        access: Access = _replaced(case.access, texts)
        holder: Holder = access.holders[holder_name]
        yield case._replace(access=access, holder=holder)


def _replaced(value: Any, texts: dict[str, str]) -> Any:
    if isinstance(value, str):
        if has_symbol(value):
            for name, text in texts.items():
                value = value.replace(name, text)
        return value
    if isinstance(value, dict):
        return {key: _replaced(each, texts) for key, each in value.items()}
    if isinstance(value, tuple):
        parts = [_replaced(each, texts) for each in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value
