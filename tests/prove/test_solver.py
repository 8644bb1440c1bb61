"""Formulas and the solver against truth tables, and texts that have to exist."""

from __future__ import annotations

import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ormer.prove.atoms import Atom, Atoms, Undecided, Variable
from ormer.prove.formula import All, Any, Formula, all_of, any_of, implies, negation, same
from ormer.prove.pattern import glob, literal
from ormer.prove.solver import Solver
from ormer.prove.typed_values import NUMBER, as_number

LITERALS = st.integers(1, 4).flatmap(lambda n: st.sampled_from([n, -n]))
FORMULAS: st.SearchStrategy[Formula] = st.recursive(
    LITERALS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(all_of),
        st.lists(inner, max_size=3).map(any_of),
        inner.map(negation),
        st.tuples(inner, inner).map(lambda two: same(*two)),
        st.tuples(inner, inner).map(lambda two: implies(*two)),
    ),
    max_leaves=12,
)


def is_true(formula: Formula, chosen: tuple[bool, ...]) -> bool:
    if isinstance(formula, bool):
        return formula
    if isinstance(formula, int):
        return chosen[abs(formula) - 1] is (formula > 0)
    parts = [is_true(part, chosen) for part in formula.parts]
    return all(parts) if isinstance(formula, All) else any(parts)


TABLE = list(product((False, True), repeat=4))


def switches() -> Atoms:
    atoms = Atoms()
    for number in range(4):
        atoms.switch(f"s{number}")
    return atoms


@given(st.lists(FORMULAS, min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_formulas_can_hold_together_if_a_row_of_the_table_says_so(formulas: list[Formula]) -> None:
    solver = Solver(switches())
    for number, formula in enumerate(formulas):
        solver.add_if(str(number), formula)
    names = [str(number) for number in range(len(formulas))]
    answer = solver.answer(names)
    rows = [row for row in TABLE if all(is_true(formula, row) for formula in formulas)]
    assert (answer.model is not None) is bool(rows)
    if answer.model is not None:
        row = tuple(answer.model.switches.get(f"s{n}", False) for n in range(4))
        assert row in rows
    else:
        core = [formulas[int(name)] for name in answer.core]
        assert not any(all(is_true(formula, row) for formula in core) for row in TABLE)
    solver.close()


@given(FORMULAS)
@settings(max_examples=150, deadline=None)
def test_a_negation_is_true_where_the_formula_is_not(formula: Formula) -> None:
    assert all(is_true(formula, row) is not is_true(negation(formula), row) for row in TABLE)


def test_all_of_and_one_of_the_same_parts_are_two_formulas() -> None:
    """They once were equal, and whichever came first stood for both."""
    both, one = all_of((1, 2)), any_of((1, 2))
    assert both != one and isinstance(both, All) and isinstance(one, Any)
    solver = Solver(switches())
    solver.add_if("one", any_of((3, both)))
    solver.add(any_of((4, one)))
    solver.add(negation(4))
    solver.add(negation(1))
    assert solver.answer().model is not None
    assert is_true(any_of((both, one)), (True, False, False, False))


TEXTS = ("a", "b", "ab", "")


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "?", "*", "a*", "*b", ""]), st.booleans()), max_size=5
    ),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_the_texts_that_there_are_decide(asked: list[tuple[str, bool]], is_closed: bool) -> None:
    from fnmatch import fnmatchcase

    atoms = Atoms()
    name = atoms.variable(Variable("v", TEXTS if is_closed else None))
    solver = Solver(atoms)
    for pattern, wanted in asked:
        atom = atoms.matches(name, glob(pattern))
        solver.add(atom if wanted else -atom)
    answer = solver.answer()
    among = (
        TEXTS
        if is_closed
        else ("", *"abx", "ab", "aa", "bb", "xb", "ax", "xx", "aab", "axx", "xxb", "abb", "axb")
    )
    fitting = [t for t in among if all(fnmatchcase(t, p) is wanted for p, wanted in asked)]
    assert (answer.model is not None) is bool(fitting)
    if answer.model is not None and asked:
        text = answer.model.texts["v"]
        assert all(fnmatchcase(text, p) is wanted for p, wanted in asked)
    solver.close()


def number_is(atoms: Atoms, name: str, limit: str) -> int:
    value = as_number(limit)
    assert value is not None
    test = Atom(name, None, lambda text: as_number(text) == value, NUMBER, (value,))
    return atoms.passes((NUMBER, limit), test)


@pytest.mark.parametrize("kind", ["", NUMBER])
def test_a_number_that_is_also_compared_as_text_is_not_decided(kind: str) -> None:
    """5 and not the text "5" is 5.0, or 05: there is such a text."""
    atoms = Atoms()
    name = atoms.variable(Variable("v", None, (), kind))
    five, text = number_is(atoms, name, "5"), atoms.matches(name, literal("5"))
    assert atoms.text_for(name, [five, text], []) == "5"
    assert atoms.text_for(name, [text], [five]) is None
    with pytest.raises(Undecided, match="compared as number, or as text"):
        atoms.text_for(name, [five], [text])
    with pytest.raises(Undecided):
        atoms.text_for(name, [five, atoms.matches(name, glob("x*"))], [])


@pytest.mark.parametrize("kind", ["", "number", "date", "ip"])
def test_there_is_always_another_text_than_some(kind: str) -> None:
    atoms = Atoms()
    name = atoms.variable(Variable("v", None, (), kind))
    texts = ("1", "1000001", "198.51.100.7", "2001:db8::7", "203.0.113.1", "0.0.0.0", "::", "ormer")
    unwanted = [atoms.matches(name, literal(text)) for text in texts]
    found = atoms.text_for(name, [], unwanted)
    assert found is not None and found not in texts


def test_a_set_of_formulas_that_is_hard_ends_with_the_time() -> None:
    """Pigeons and holes: no solver of this kind decides it soon."""
    atoms = Atoms()
    pigeons, holes = 13, 12
    sits = [[atoms.switch(f"{p} in {h}") for h in range(holes)] for p in range(pigeons)]
    solver = Solver(atoms, deadline=time.monotonic() + 0.1)
    for one in sits:
        solver.add(any_of(one))
    for hole in range(holes):
        for first in range(pigeons):
            for second in range(first):
                solver.add(any_of((-sits[first][hole], -sits[second][hole])))
    assert solver.answer().unknown == "the time is over"
    solver.close()


def test_a_text_that_is_hard_to_find_ends_with_the_time() -> None:
    """It holds each of 23 characters, in any order: there are 2 ** 23 states on the way."""
    atoms = Atoms()
    name = atoms.variable(Variable("v"))
    solver = Solver(atoms, deadline=time.monotonic() + 0.1)
    for character in "abcdefghijklmnopqrstuvw":
        solver.add(atoms.matches(name, glob(f"*{character}*")))
    answer = solver.answer()
    assert answer.model is None and answer.unknown == "v: too many patterns to tell apart"
    solver.close()
