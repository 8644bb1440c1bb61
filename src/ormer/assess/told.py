"""What is decided of a call in one setting, and what several settings say together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ormer.evaluate.explain import changes, layers, statement_name
from ormer.evaluate.open.verdict import SymbolicDecision
from ormer.model.authorization import AuthorizationRequest, Outcome
from ormer.model.call import Setting
from ormer.model.finding import Verdict
from ormer.model.symbol import readable

DENIED = "denied "
"""How the reason begins where a statement denies; no other does."""


class Told(NamedTuple):
    """A verdict in one setting, why, and what would have to change."""

    setting: Setting
    verdict: Verdict
    why: str = ""
    change: tuple[str, ...] = ()


def told(setting: Setting, decision: SymbolicDecision, request: AuthorizationRequest) -> Told:
    """A decision in words."""
    if decision.outcome is Outcome.ALLOWED:
        return Told(setting, Verdict.PASS)
    if decision.outcome is Outcome.UNKNOWN:
        return Told(setting, Verdict.UNKNOWN, readable("; ".join(decision.why)))
    change = tuple(readable(text) for text in changes(decision.decision, request))
    if decision.outcome is Outcome.EXPLICITLY_DENIED:
        names = ", ".join(statement_name(reason) for reason in decision.reasons)
        return Told(setting, Verdict.FAIL, f"{DENIED}by {names}", change)
    groups = " and of the ".join(layers(group) for group in decision.missing)
    return Told(setting, Verdict.FAIL, f"no statement of the {groups} allows it", change)


def agreed(several: Sequence[Told]) -> Told:
    """What holds for each choice of a key's value and each session that the caller may be."""
    if len({one.verdict for one in several}) == 1:
        return several[0]
    why = "; ".join(dict.fromkeys(one.why or "allowed" for one in several))
    return several[0]._replace(
        verdict=Verdict.UNKNOWN, why=f"depending on a key or a session: {why}"
    )


def by_world(several: Sequence[Told]) -> Iterator[str]:
    """What holds in which world, each answer once."""
    seen: set[tuple[Verdict, str]] = set()
    for one in several:
        said = (one.verdict, one.why)
        if said not in seen:
            seen.add(said)
            yield f"{one.why or 'allowed'} (if {one.setting.world})"


def changes_of(several: Sequence[Told]) -> tuple[str, ...]:
    """Everything that would have to change, each once."""
    return tuple(dict.fromkeys(change for one in several for change in one.change))
