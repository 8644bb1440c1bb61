"""Whether the solver is there: it is the extra ``prove``, and nothing else needs it."""

from __future__ import annotations

from importlib.util import find_spec

from ormer.model.errors import InputError

MISSING = "proofs need a SAT solver: pip install 'ormer[prove]'"


def is_installed() -> bool:
    """Whether anything can be proved here."""
    return find_spec("pysat") is not None


def need_solver() -> None:
    """Raises InputError where it is not there."""
    if not is_installed():
        raise InputError(MISSING)
