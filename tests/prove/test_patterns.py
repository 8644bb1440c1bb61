"""Sets of texts against their definitions, matched character by character, and fnmatch."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import product
from typing import Optional

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ormer.evaluate.operators import value_match
from ormer.model.policy import CURRENT_VERSION
from ormer.model.policy_operators import split_policy_operator
from ormer.prove import language
from ormer.prove.atoms import Atoms, Variable
from ormer.prove.language import TooManyStates, matches, witness
from ormer.prove.pattern import (
    EVERYTHING,
    IS_ARN,
    Pattern,
    Step,
    arn,
    arn_format,
    folded,
    glob,
    joined,
    literal,
    only_text,
)

TEXT = st.text(alphabet="ab:/", max_size=8)
GLOB = st.text(alphabet="ab:/*?", max_size=8)
ARN = st.lists(st.text(alphabet="ab*?", max_size=3), min_size=5, max_size=8).map(":".join)
ARN_TEXT = st.lists(st.text(alphabet="ab", max_size=2), min_size=4, max_size=8).map(":".join)
SHORT = [f"{a}{b}{c}" for a, b, c in product(["", *"ab:"], repeat=3)]
FIVE = ["".join(each) for size in range(6) for each in product("ab", repeat=size)]


@given(GLOB, TEXT)
@settings(max_examples=400, deadline=None)
def test_a_glob_matches_as_fnmatch_does(pattern: str, text: str) -> None:
    assert matches(glob(pattern), text) is fnmatchcase(text, pattern)
    assert matches(EVERYTHING, text)
    assert matches(literal(pattern), text) is (pattern == text)


NAMED = st.frozensets(st.sampled_from("ab:/"), min_size=1, max_size=2)
STEP = st.one_of(
    st.builds(Step, NAMED, st.booleans(), st.booleans()),
    st.builds(Step, st.just(frozenset()), st.just(True), st.booleans()),
)


@given(st.lists(STEP, max_size=7).map(joined), TEXT)
@settings(max_examples=600, deadline=None)
def test_the_quick_tests_say_what_the_automaton_says(pattern: Pattern, text: str) -> None:
    assert matches(pattern, text) is language._runs(pattern, text)


@given(st.text(max_size=6), st.text(max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_character_can_stand_in_a_pattern(pattern: str, text: str) -> None:
    assert matches(literal(pattern), pattern)
    assert matches(literal(pattern), text) is (pattern == text)
    assert only_text(literal(pattern)) == pattern


@given(ARN, ARN_TEXT)
@settings(max_examples=200, deadline=None)
def test_an_arn_is_matched_segment_by_segment(pattern: str, text: str) -> None:
    found = arn(pattern)
    segments = pattern.split(":", 5), text.split(":", 5)
    assert (found is None) is (len(segments[0]) < 6)
    if found is not None:
        expected = len(segments[1]) == 6 and all(map(fnmatchcase, segments[1], segments[0]))
        assert matches(found, text) is expected
    assert matches(IS_ARN, text) is (len(segments[1]) == 6)
    operator = split_policy_operator("ArnLike")
    evaluated = value_match(operator, (pattern,), CURRENT_VERSION)(text, {})
    assert (found is not None and matches(found, text)) is (evaluated is True)


@pytest.mark.parametrize(
    ("text", "other", "same"),
    [
        *(("Red", "rED", True), ("red", "redd", False), ("", "", True), ("a*", "A*", True)),
        *(("a*", "ab", False), ("k", "\u212a", True), ("\u212a", "K", True), ("ß", "SS", False)),
        *(("\u00e5", "\u212b", True), ("straße", "STRA\u1e9eE", True), ("i", "\u0131", False)),
    ],
)
def test_a_text_in_any_case(text: str, other: str, same: bool) -> None:
    assert matches(folded(text), other) is same
    assert (text.lower() == other.lower()) is same


@given(st.lists(GLOB, max_size=3), st.lists(GLOB, max_size=3))
@settings(max_examples=250, deadline=None)
def test_a_witness_is_in_each_and_in_none_and_is_found_if_a_short_one_is(
    inside: list[str], outside: list[str]
) -> None:
    found = witness([glob(each) for each in inside], [glob(each) for each in outside])

    def fits(text: str) -> bool:
        return all(fnmatchcase(text, each) for each in inside) and not any(
            fnmatchcase(text, each) for each in outside
        )

    if found is None:
        assert not any(map(fits, SHORT))
    else:
        assert fits(found)


@given(
    st.lists(st.text(alphabet="ab*?", max_size=4), min_size=1, max_size=3),
    st.lists(st.text(alphabet="ab*?", max_size=4), max_size=3),
)
@settings(max_examples=250, deadline=None)
def test_a_witness_is_as_short_as_any(inside: list[str], outside: list[str]) -> None:
    """``c`` stands for every other character: texts of five are enough for such patterns."""
    found = witness([glob(each) for each in inside], [glob(each) for each in outside])
    lengths = [
        len(text)
        for text in FIVE
        if all(fnmatchcase(text, each) for each in inside)
        and not any(fnmatchcase(text, each) for each in outside)
    ]
    if lengths:
        assert found is not None and len(found) <= min(lengths)


def test_a_hint_comes_first() -> None:
    def found(inside: list[Pattern], outside: list[Pattern]) -> Optional[str]:
        atoms = Atoms()
        name = atoms.variable(Variable("a key", hints=("b", "ab", "ax")))
        numbers = [[atoms.matches(name, each) for each in group] for group in (inside, outside)]
        return atoms.text_for(name, *numbers)

    assert found([glob("a*")], [glob("*b")]) == "ax"
    assert found([literal("ab"), glob("a*")], []) == "ab"
    assert found([literal("ab")], [glob("a*")]) is None
    assert found([glob("c*")], []) == "c"


def test_a_search_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [glob(f"*{'?' * n}a{'?' * (30 - n)}*b{'?' * n}*") for n in range(30)]
    with pytest.raises(TooManyStates):
        witness([glob("?" * 60 + "*")], many, deadline=0.0)
    monkeypatch.setattr(language, "MOST_STATES", 500)
    with pytest.raises(TooManyStates):
        witness([glob("?" * 60 + "*")], many)


OWN = "111122223333"


@pytest.mark.parametrize(
    ("text", "account", "example", "fits"),
    [
        ("arn:*:s3:::*", "", "arn:aws:s3:::bucket", True),
        ("arn:*:s3:::*", "", "arn:aws:s3:::bucket/key", False),
        ("arn:*:s3:::*", "", "arn:aws:s3:::", False),
        ("arn:*:s3:::*/*", "", "arn:aws:s3:::bucket/a/b", True),
        ("arn:*:s3:::*/*", "", "arn:aws:s3:::bucket/", False),
        ("arn:*:s3:::*/*", "", "arn:aws-cn:s3:::bucket/a", False),
        (
            "arn:*:sagemaker:*:*:training-job/*",
            OWN,
            f"arn:aws:sagemaker:r:{OWN}:training-job/a",
            True,
        ),
        ("arn:*:sagemaker:*:*:training-job/*", OWN, "arn:aws:sagemaker:r:1:training-job/a", False),
        (
            "arn:*:sagemaker:*:*:training-job/*",
            "",
            "arn:aws:sagemaker:r:999988887777:training-job/a",
            True,
        ),
        (
            "arn:*:sagemaker:*:*:training-job/*",
            "",
            "arn:aws:sagemaker:r:99998888777:training-job/a",
            False,
        ),
        (
            "arn:*:sagemaker:*:*:training-job/*",
            "",
            "arn:aws:sagemaker::999988887777:training-job/a",
            False,
        ),
        ("arn:*:iam::*:role/*", OWN, f"arn:aws:iam::{OWN}:role/path/name", True),
        ("arn:*:iam::aws:policy/*", OWN, "arn:aws:iam::aws:policy/x", True),
        (
            "arn:*:logs:*:*:log-group:*:log-stream:*",
            OWN,
            f"arn:aws:logs:r:{OWN}:log-group:a:log-stream:b",
            True,
        ),
        (
            "arn:*:logs:*:*:log-group:*:log-stream:*",
            OWN,
            f"arn:aws:logs:r:{OWN}:log-group:a",
            False,
        ),
    ],
)
def test_the_arns_of_a_format(text: str, account: str, example: str, fits: bool) -> None:
    assert matches(arn_format(text, "aws", account), example) is fits


@given(st.lists(GLOB, min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_what_nothing_is_left_of_is_said_to_be_nothing(patterns: list[str]) -> None:
    """A pattern is covered by itself with a wildcard for a part."""
    wider: list[Pattern] = [glob(f"{each[: len(each) // 2]}*") for each in patterns]
    found: Optional[str] = witness([glob(each) for each in patterns], wider[:1])
    assert found is None
