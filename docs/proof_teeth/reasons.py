"""Why a mutant that leaves every proof as it is is none to worry about
(``tests/documents/proof_survivors.yaml``).

Each entry says of which mutants it speaks, and of how many: one that turns a proof by now, or one
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
from docs.policy_teeth.operators import OPERATORS
from docs.proof_teeth.outcomes import CLOSES, LEFT, NO_CONTROL, TURNED, Outcome

TABLE = ROOT / "tests" / "documents" / "proof_survivors.yaml"


class Reason(NamedTuple):
    """Mutants by their parts, as patterns, and by what is computed of them (``results``); how many
    they are; and why they leave the proofs as they are."""

    documents: tuple[str, ...]
    statements: tuple[str, ...]
    operators: tuple[str, ...]
    results: tuple[str, ...]
    what: str
    mutants: int
    why: str

    def is_about(self, one: Outcome) -> bool:
        """Whether it speaks of a mutant."""
        return (
            any(fnmatchcase(one.document, each) for each in self.documents)
            and any(fnmatchcase(one.statement, each) for each in self.statements)
            and one.operator in self.operators
            and one.result in self.results
            and fnmatchcase(one.what, self.what)
        )


@cache
def reasons() -> tuple[Reason, ...]:
    """The table. Raises KeyError for an entry that lacks something or names what is not there."""
    return tuple(_of(row) for row in yaml.safe_load(TABLE.read_text("utf-8")))


def _of(row: dict[str, object]) -> Reason:
    found = Reason(
        _listed(row["documents"]),
        _listed(row.get("statements", "*")),
        _listed(row.get("operators", list(OPERATORS))),
        _listed(row.get("results", list(LEFT))),
        str(row.get("what", "*")),
        int(str(row["mutants"])),
        " ".join(str(row["why"]).split()),
    )
    unknown = (set(found.operators) - set(OPERATORS)) | (set(found.results) - set(LEFT))
    if unknown:
        raise KeyError(f"{sorted(unknown)} is no operator and no result")
    return found


def _listed(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def reason_of(one: Outcome) -> Optional[Reason]:
    """The first entry about a mutant, if there is one."""
    return next((each for each in reasons() if each.is_about(one)), None)


def wrong_with(tried: Sequence[Outcome]) -> Iterator[str]:
    """What the table does not say, and what it says in vain."""
    left = [one for one in tried if one.result not in (TURNED, CLOSES, NO_CONTROL)]
    found = Counter(reason_of(one) for one in left)
    for one in left:
        if reason_of(one) is None:
            yield f"{one.id} leaves every proof as it is, and {TABLE.name} has no reason for it"
    for each in reasons():
        if found[each] != each.mutants:
            about = f"{', '.join(each.documents)} {', '.join(each.statements)}"
            yield f"{TABLE.name}: {about}: {each.mutants} are said, {found[each]} are left"
