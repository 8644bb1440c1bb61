"""A definition broken in one place: the expected controls are red there, and nothing else is."""

from __future__ import annotations

import pytest

from docs.teeth.compliant import compliant, stands
from docs.teeth.guards import unguarded
from docs.teeth.mutants import Mutant, mutants
from docs.teeth.places import label
from docs.teeth.verdicts import passing, red
from ormer.assess.document_rules import DOCUMENT_RULES
from ormer.controls.load import load_catalogue

MOVED: dict[str, list[Mutant]] = {}
for each in mutants():
    MOVED.setdefault(each.id, []).append(each)


@pytest.mark.parametrize("name", MOVED)
def test_mutant(name: str) -> None:
    """In place, and moved into the branches."""
    for mutant in MOVED[name]:
        found = red(mutant.definition, mutant.accepted)
        missing, beyond = (
            sorted(map(str, some)) for some in (mutant.expected - found, found - mutant.expected)
        )
        where = mutant.move or "in place"
        assert not missing, f"{where}: not red: {', '.join(missing)}"
        assert not beyond, f"{where}: red as well: {', '.join(beyond)}"


def test_each_has_a_name_of_its_own() -> None:
    for name, moved in MOVED.items():
        assert len({mutant.move for mutant in moved}) == len(moved), name


def test_every_control_and_document_rule_has_teeth() -> None:
    named = {mutant.control for mutant in mutants() if mutant.expected}
    assert named == {c.id for c in load_catalogue().controls} | {r.id for r in DOCUMENT_RULES}


@pytest.mark.parametrize("name", compliant())
def test_every_member_at_which_a_control_passes_has_a_mutant(name: str) -> None:
    """The table is by hand; this is what holds it to the definitions."""
    guarded = {
        (one.control, one.place)
        for mutant in mutants()
        if not mutant.move and stands()[mutant.step].definition == name
        for one in mutant.expected
    }
    guarded |= {(control, place[:-1]) for control, place in guarded if place[-1:] == (0,)}
    for control, _, place in passing(compliant()[name].definition):
        is_of_list = isinstance(place[-1], int) and (control, place[:-1]) in guarded
        needs_none = any(
            row.control == control
            and label(place).endswith(row.ends)
            and (not row.instead or any((other, place) in guarded for other in row.instead))
            for row in unguarded()
        )
        named = (control, place) in guarded or is_of_list
        assert named or needs_none, f"{control} passes at {label(place)}, and no mutant breaks it"


def test_every_member_that_needs_no_row_is_there() -> None:
    passed = [one for each in compliant().values() for one in passing(each.definition)]
    for row in unguarded():
        assert any(c == row.control and label(p).endswith(row.ends) for c, _, p in passed), row
