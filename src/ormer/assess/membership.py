"""Values against sets of texts, flags and numbers, for every value an expression can take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, product
from math import isfinite
from typing import Any, NamedTuple, Optional

from ormer.assess.globs import ANY, literal
from ormer.assess.outcome import CALLER, NO, UNKNOWN, YES
from ormer.assess.textset import TextSet
from ormer.model.value import CALLER as CHOSEN
from ormer.model.value import DEPLOY, RUN, Expression, Free, Opaque, Value

_MOST_VALUATIONS = 512
_MOST_SHOWN = 8
SAMPLE = "ormer-counterexample"
"""What a free text is set to in a counterexample."""


class Membership(NamedTuple):
    """Whether a value is in a set: a code of ``outcome``, and the choice that shows it."""

    code: int
    note: str = ""
    names: frozenset[str] = frozenset()


IN = Membership(YES)
OUT = Membership(NO)


def membership(value: Value, texts: TextSet, negated: bool) -> Membership:
    """Whether ``value`` is in the set (or, negated, outside of it)."""
    if isinstance(value, (str, bool, int, float)):
        text = value if isinstance(value, str) else _plain(value)
        return IN if texts.member(text) is not negated else OUT
    if isinstance(value, Opaque):
        return Membership(UNKNOWN, value.reason)
    first = value.parts[0]
    if isinstance(first, str):
        if texts.heads and texts.fold(first).startswith(texts.heads):
            return OUT if negated else IN
    elif first.choices is not None and len(value.parts) == 1:
        return _of_choices(first.name, first.choices, texts, negated)

    def of_pattern(parts: list[str | Free]) -> int:
        glob = _glob(parts)
        some, every = texts.meets(glob), texts.holds(glob)
        if negated:
            some, every = not every, not some
        return YES if every else NO if not some else UNKNOWN

    return _over_choices(value, lambda text: texts.member(text) is not negated, of_pattern)


def _of_choices(name: str, choices: tuple[str, ...], texts: TextSet, negated: bool) -> Membership:
    """The same for a parameter that is the whole value and has an enum."""
    inside = [choice for choice in choices if texts.member(choice) is not negated]
    if not inside:
        return OUT
    code = YES if len(inside) == len(choices) else CALLER
    return Membership(code, _choice({name: inside[0]}), frozenset([name]))


def emptiness(value: Value) -> Membership:
    """Whether a value may be the empty text, which the service takes for none."""
    if not isinstance(value, Expression) or len(value.parts) > 1:
        return OUT
    part = value.parts[0]
    if isinstance(part, str) or part.source == RUN or part.kind != "String":
        return OUT
    if part.source == DEPLOY:
        return Membership(UNKNOWN, _known_when([part]), frozenset([part.name]))
    if part.choices is not None:
        return _of_choices(part.name, part.choices, TextSet(("",), globs=False), False)
    return Membership(CALLER, _choice({part.name: ""}), frozenset([part.name]))


def flag(value: Value, wanted: bool) -> Membership:
    """Whether a flag has the value; a text that is no flag is unknown."""
    if isinstance(value, Opaque):
        return Membership(UNKNOWN, value.reason)
    if isinstance(value, bool):
        return IN if value is wanted else OUT

    def of_text(text: str) -> Optional[bool]:
        known = text.lower() in ("true", "false")
        return (text.lower() == "true") is wanted if known else None

    if isinstance(value, Expression):
        return _over_choices(value, of_text, lambda parts: UNKNOWN, "neither true nor false")
    inside = of_text(value) if isinstance(value, str) else None
    if inside is None:
        return Membership(UNKNOWN, f"{value!r} is neither true nor false")
    return IN if inside else OUT


def comparison(value: Value, test: Callable[[float], bool]) -> Membership:
    """Whether a number passes the test."""
    if isinstance(value, Opaque):
        return Membership(UNKNOWN, value.reason)
    if not isinstance(value, Expression):
        number = _number(_plain(value))
        if number is None:
            return Membership(UNKNOWN, f"{value!r} is not a number")
        return IN if test(number) else OUT

    def of_text(text: str) -> Optional[bool]:
        number = _number(text)
        return None if number is None else test(number)

    return _over_choices(value, of_text, lambda parts: UNKNOWN, "not a number")


def _over_choices(
    value: Expression,
    of_text: Callable[[str], Optional[bool]],
    of_pattern: Callable[[list[str | Free]], int],
    otherwise: str = "",
) -> Membership:
    """The worst over all choices of the parts that have choices.

    ``otherwise`` says of a text what it is where ``of_text`` tells nothing.
    """
    worst = OUT
    all_in = True
    for chosen, parts in _valuations(value):
        one = _of_parts(parts, of_text, of_pattern, chosen, otherwise)
        all_in = all_in and one.code == YES
        if _rank(one.code) > _rank(worst.code):
            worst = one
    if worst.code == YES and not all_in:
        return worst._replace(code=CALLER)
    return worst


def _rank(code: int) -> int:
    return (NO, UNKNOWN, CALLER, YES).index(code)


def _of_parts(
    parts: list[str | Free],
    of_text: Callable[[str], Optional[bool]],
    of_pattern: Callable[[list[str | Free]], int],
    chosen: dict[str, str],
    otherwise: str,
) -> Membership:
    free = [part for part in parts if isinstance(part, Free)]
    if not free:
        inside = of_text("".join(str(part) for part in parts))
        if inside is None:
            return Membership(UNKNOWN, f"it may be {otherwise}", frozenset(chosen))
        return Membership(YES, _choice(chosen), frozenset(chosen)) if inside else OUT
    names = frozenset(part.name for part in free) | frozenset(chosen)
    code = of_pattern(parts)
    if code in (YES, NO):
        return Membership(code, _choice(chosen), names) if code == YES else OUT
    callers = [part for part in free if part.source == CHOSEN]
    if not callers:
        return Membership(UNKNOWN, _known_when(free), names)
    witness = _witness(parts, callers, of_text, of_pattern)
    if witness is not None:
        return Membership(CALLER, _choice({**chosen, **witness}), names)
    repeated = len({part.name for part in free}) < len(free)
    if repeated or any(part.source in (RUN, DEPLOY) for part in free):
        return Membership(UNKNOWN, f"depends on {', '.join(sorted(names)[:_MOST_SHOWN])}", names)
    return Membership(CALLER, _choice({**chosen, **{p.name: "any value" for p in callers}}), names)


def _known_when(free: list[Free]) -> str:
    """Why the first part cannot be known; what a deployment decides can be given to the check."""
    first = next((part for part in free if part.source == DEPLOY), free[0])
    if first.source == DEPLOY:
        return f"{first.name} is known only when the template is deployed"
    return f"{first.name} is known only while the pipeline runs"


def _witness(
    parts: list[str | Free],
    callers: list[Free],
    of_text: Callable[[str], Optional[bool]],
    of_pattern: Callable[[list[str | Free]], int],
) -> Optional[dict[str, str]]:
    """Choices for the caller's parts with which the value is in the set whatever else."""
    for sample in _samples(callers[0]):
        chosen = {part.name: sample for part in callers}
        rest = [chosen[p.name] if isinstance(p, Free) and p.source == CHOSEN else p for p in parts]
        if any(isinstance(part, Free) for part in rest):
            inside: Optional[bool] = of_pattern(rest) == YES
        else:
            inside = of_text("".join(str(part) for part in rest))
        if inside:
            return chosen
    return None


def _samples(part: Free) -> tuple[str, ...]:
    if part.kind in ("Integer", "Float"):
        return ("0", "1", "999999999")
    return (SAMPLE, "", "true", "false", "0", "999999999")


def _valuations(value: Expression) -> Iterator[tuple[dict[str, str], list[str | Free]]]:
    """Each choice of the parts that have choices, with the parts it leaves."""
    choices: dict[Free, tuple[str, ...]] = {}
    total = 1
    for part in value.parts:
        if isinstance(part, Free) and part.choices is not None and part not in choices:
            total *= len(part.choices)
            if total > _MOST_VALUATIONS:
                break
            choices[part] = part.choices
    for combination in product(*choices.values()):
        chosen = dict(zip(choices, combination, strict=True))
        yield (
            {part.name: text for part, text in chosen.items()},
            [chosen.get(p, p) if isinstance(p, Free) else p for p in value.parts],
        )


def _glob(parts: list[str | Free]) -> str:
    return "".join(ANY if isinstance(part, Free) else literal(part) for part in parts)


def _choice(chosen: dict[str, str]) -> str:
    if not chosen:
        return ""
    shown = [f"{name}={text!r}" for name, text in islice(chosen.items(), _MOST_SHOWN)]
    more = ", ..." if len(chosen) > _MOST_SHOWN else ""
    return f"with {', '.join(shown)}{more}"


def _plain(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _number(text: str) -> Optional[float]:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
