"""A definition broken in one place: the expected controls are red there, and nothing else is."""

from __future__ import annotations

import pytest

from docs.teeth.mutants import Mutant, mutants
from docs.teeth.verdicts import red
from ormer.assess.document_rules import DOCUMENT_RULES
from ormer.controls.load import load_catalogue


@pytest.mark.parametrize("mutant", mutants(), ids=lambda mutant: mutant.id)
def test_mutant(mutant: Mutant) -> None:
    found = red(mutant.definition, mutant.accepted)
    missing, beyond = sorted(mutant.expected - found), sorted(found - mutant.expected)
    assert not missing, f"not red: {', '.join(map(str, missing))}"
    assert not beyond, f"red as well: {', '.join(map(str, beyond))}"


def test_each_has_a_name_of_its_own() -> None:
    names = [mutant.id for mutant in mutants()]
    assert len(names) == len(set(names))


def test_every_control_and_document_rule_has_teeth() -> None:
    named = {mutant.control for mutant in mutants() if mutant.expected}
    assert named == {c.id for c in load_catalogue().controls} | {r.id for r in DOCUMENT_RULES}
