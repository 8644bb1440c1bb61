"""Values of a definition as texts with symbols, one for each choice that an enum leaves."""

from __future__ import annotations

from itertools import product
from typing import Any, Optional

from ormer.model.symbol import END, START, symbol
from ormer.model.value import DEPLOY, Expression, Free, Opaque

_MOST_TEXTS = 16


def texts(value: Any) -> Optional[tuple[str, ...]]:
    """Everything the value may be, or None where nothing is known of it.

    A part that is not fixed is a symbol of its name; so is an enum where the combinations
    would be too many.
    """
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, Expression):
        return None
    choices = [_choices(part) for part in value.parts]
    count = 1
    for each in choices:
        count *= len(each)
    if count > _MOST_TEXTS:
        choices = [(p if isinstance(p, str) else _symbol(p),) for p in value.parts]
    return tuple("".join(parts) for parts in product(*choices))


def open_text(value: Any) -> Optional[str]:
    """The value as one text, with a symbol for each part that is not fixed; None if it is none."""
    if isinstance(value, Expression):
        return "".join(p if isinstance(p, str) else _symbol(p) for p in value.parts)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None


def why_not(value: Any) -> str:
    """Why nothing is known of a value."""
    if value is None:
        return "it is missing"
    return value.reason if isinstance(value, Opaque) else "it is not a text"


def _choices(part: str | Free) -> tuple[str, ...]:
    if isinstance(part, str):
        return (part,)
    return part.choices or (_symbol(part),)


def _symbol(part: Free) -> str:
    """A name that no policy has for anything of its own: a template's parameter of the same name is
    another text. A part that the pipeline's own template decides is called ``${Name}``."""
    name = part.name.replace(START, "").replace(END, "")
    if part.source == DEPLOY:
        return symbol(f"template:{name.removeprefix('${').removesuffix('}')}")
    return symbol(f"pipeline:{name}")
