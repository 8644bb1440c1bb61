"""What a condition says of a request whose values are partly open."""

from __future__ import annotations

from typing import Any, NamedTuple

from ormer.model.definition import Place

NO = 0
"""It holds for no value the request may have."""
YES = 1
"""It holds for every value the request may have."""
CALLER = 2
"""A caller of StartPipelineExecution can choose values for which it holds."""
UNKNOWN = 3
"""It may hold; what decides is known only while the pipeline runs, or not at all."""


class Outcome(NamedTuple):
    """A code with where it comes from: place, value, and a note for a person.

    ``names`` are the free parts it depends on.
    """

    code: int
    place: Place = ()
    value: Any = None
    note: str = ""
    names: frozenset[str] = frozenset()


NEVER = Outcome(NO)
