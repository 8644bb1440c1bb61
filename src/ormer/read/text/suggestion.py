"""The known word that a mistyped one was meant to be."""

from __future__ import annotations

from collections.abc import Mapping


def suggestion(word: str, known: set[str] | Mapping[str, object]) -> str:
    """``; did you mean 'x'?`` for the known word nearest to ``word``, or the known words."""
    import difflib  # late: only a mistake needs it

    folded = {name.lower(): name for name in known}
    near = next(iter(difflib.get_close_matches(word.lower(), list(folded), 1, 0.6)), None)
    if near is not None:
        return f"; did you mean {folded[near]!r}?"
    return f"; known are {', '.join(sorted(known))}" if known else ""


def near(word: str, known: set[str] | Mapping[str, object]) -> str:
    """``; did you mean 'x'?``, or nothing: for where there may be hundreds of known words."""
    found = suggestion(word, known)
    return found if found.startswith("; did") else ""
