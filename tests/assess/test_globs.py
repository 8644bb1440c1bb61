"""Patterns against brute force: every text over a small alphabet, matched the naive way."""

from __future__ import annotations

from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ormer.assess.globs import includes, intersects, matcher

LETTERS = "abx"  # x is in no pattern: it stands for all other letters
TEXTS = ["".join(t) for length in range(7) for t in product(LETTERS, repeat=length)]
SMALL = ["".join(p) for length in range(4) for p in product("ab*?", repeat=length)]
PATTERNS = st.text(alphabet="ab*?", max_size=5)


def matches(pattern: str, text: str) -> bool:
    """IAM's wildcards by the book, without a regular expression."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(matches(pattern[1:], text[i:]) for i in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and matches(pattern[1:], text[1:])


@cache
def language(pattern: str) -> frozenset[str]:
    return frozenset(text for text in TEXTS if matches(pattern, text))


@pytest.mark.parametrize("pattern", SMALL)
def test_the_matcher_matches_what_the_pattern_means(pattern: str) -> None:
    compiled = matcher(pattern)
    assert {text for text in TEXTS if compiled.fullmatch(text)} == language(pattern)


def test_patterns_meet_exactly_where_they_share_a_text() -> None:
    """All 7,225 pairs of patterns of up to three characters."""
    wrong = [
        (one, other)
        for one in SMALL
        for other in SMALL
        if intersects(one, other) != bool(language(one) & language(other))
    ]
    assert not wrong, wrong[:5]


def test_a_pattern_includes_exactly_the_ones_whose_texts_it_has() -> None:
    wrong = [
        (outer, inner)
        for outer in SMALL
        for inner in SMALL
        if includes((outer,), inner) != (language(inner) <= language(outer))
    ]
    assert not wrong, wrong[:5]


@settings(max_examples=300, deadline=None)
@given(st.lists(PATTERNS, max_size=4), PATTERNS)
def test_several_patterns_together_include_a_pattern(outer: list[str], inner: str) -> None:
    whole: frozenset[str] = frozenset().union(*(language(p) for p in outer))
    if includes(tuple(outer), inner):
        assert language(inner) <= whole, "a text that no pattern has"
    elif len(inner) <= 3 and len(outer) <= 2 and all(len(p) <= 3 for p in outer):
        assert not language(inner) <= whole, "exact where it is small"


@settings(max_examples=300, deadline=None)
@given(PATTERNS, PATTERNS)
def test_meeting_is_mutual_and_never_overlooked(one: str, other: str) -> None:
    assert intersects(one, other) == intersects(other, one)
    if language(one) & language(other):
        assert intersects(one, other)


@given(PATTERNS)
def test_a_pattern_includes_itself_and_is_in_a_star(pattern: str) -> None:
    assert includes((pattern,), pattern)
    assert includes(("*",), pattern)
    assert not includes((), pattern)


@given(st.text(max_size=8), st.text(max_size=8))
def test_any_text_behind_a_fixed_start_is_in_start_and_star(start: str, rest: str) -> None:
    plain = start.replace("*", "").replace("?", "")
    assert matcher(plain + "*").fullmatch(plain + rest)


@pytest.mark.parametrize("count", [50, 200])
def test_a_pattern_of_many_stars_is_decided_in_time(count: int) -> None:
    stars = "a*" * count
    assert intersects(stars, "a" * count + "b*")
    assert includes(("a*",), stars)
    assert not intersects(stars, "b*")


def test_where_the_search_grows_too_large_nothing_is_said_to_be_included() -> None:
    hard = tuple(f"*{a}{b}{c}*{a}?{b}" for a, b, c in product("ab", repeat=3))
    assert not includes(hard, "*" + "ab" * 12 + "*" + "ba" * 12)


def test_a_search_that_would_grow_too_large_is_given_up_on_the_safe_side() -> None:
    """Neither answer lets a value pass: it may meet the set, and is not held by it."""
    long = "s3://" + "*ab" * 20_000
    assert intersects(long, "s3://data/*ab*")
    assert not includes(("s3://*a*b*", "x*"), long)
