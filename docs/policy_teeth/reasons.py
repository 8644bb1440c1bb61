"""Why a mutant that nothing notices is none to worry about (``tests/documents/survivors.yaml``).

Each entry says of which mutants it speaks, and of how many: one that is caught by now, or one
more that is like them, has to be looked at again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from typing import NamedTuple, Optional

import yaml

from docs.plain_documents import ROOT
from docs.policy_teeth.operators import OPERATORS, Mutant

TABLE = ROOT / "tests" / "documents" / "survivors.yaml"


class Excuse(NamedTuple):
    """Mutants by their parts, as patterns; how many they are; and why nothing notices them."""

    documents: str
    statements: tuple[str, ...]
    operators: tuple[str, ...]
    what: str
    mutants: int
    why: str

    def is_about(self, mutant: Mutant) -> bool:
        """Whether it speaks of a mutant."""
        return (
            fnmatchcase(mutant.document, self.documents)
            and any(fnmatchcase(mutant.before.name, one) for one in self.statements)
            and mutant.operator in self.operators
            and fnmatchcase(mutant.what, self.what)
        )


@cache
def excuses() -> tuple[Excuse, ...]:
    """The table. Raises KeyError for an entry that lacks something."""
    return tuple(_of(row) for row in yaml.safe_load(TABLE.read_text("utf-8")))


def _of(row: dict[str, object]) -> Excuse:
    found = Excuse(
        str(row["documents"]),
        _listed(row["statements"]),
        _listed(row["operators"]),
        str(row.get("what", "*")),
        int(str(row["mutants"])),
        " ".join(str(row["why"]).split()),
    )
    unknown = set(found.operators) - set(OPERATORS)
    if unknown:
        raise KeyError(f"{sorted(unknown)} is no operator")
    return found


def _listed(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def excuse_of(mutant: Mutant) -> Optional[Excuse]:
    """The first entry about a mutant, if there is one."""
    return next((one for one in excuses() if one.is_about(mutant)), None)


def wrong_with(survivors: Sequence[Mutant]) -> Iterator[str]:
    """What the table does not say, and what it says in vain, of all the survivors there are."""
    found = Counter(excuse_of(mutant) for mutant in survivors)
    for mutant in survivors:
        if excuse_of(mutant) is None:
            yield f"nothing notices {mutant.id}, and {TABLE.name} has no reason for it"
    for one in excuses():
        if found[one] != one.mutants:
            about = f"{one.documents} {', '.join(one.statements)} {', '.join(one.operators)}"
            yield f"{TABLE.name}: {about}: {one.mutants} are said, {found[one]} survive"
