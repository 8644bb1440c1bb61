"""Values with open parts against sets of texts: no verdict that a substitution contradicts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from ormer.assess.membership import SAMPLE, comparison, emptiness, flag, membership
from ormer.assess.outcome import CALLER, NO, UNKNOWN, YES
from ormer.assess.textset import TextSet
from ormer.model.value import CALLER as CHOSEN
from ormer.model.value import DEPLOY, RUN, Expression, Free

Part = str | Free
SHORT = ["".join(t) for length in range(4) for t in product("abx", repeat=length)]
LITERALS = st.text(alphabet="ab", min_size=1, max_size=2)
CHOICES = st.lists(st.text(alphabet="ab", max_size=2), min_size=1, max_size=3, unique=True)
SOURCES = {"X": CHOSEN, "Y": CHOSEN, "R": RUN}


@st.composite
def expressions(draw: st.DrawFn) -> Expression:
    """Up to four parts; a name is always the same source and choices, and may come twice."""
    choices = {"X": draw(st.none() | CHOICES), "Y": draw(st.none() | CHOICES), "R": None}
    parts: list[Part] = []
    for name in draw(st.lists(st.sampled_from(["X", "Y", "R", ""]), min_size=1, max_size=4)):
        if name:
            chosen = choices[name]
            parts.append(Free(name, SOURCES[name], "String", tuple(chosen) if chosen else None))
        else:
            parts.append(draw(LITERALS))
    return Expression(tuple(parts))


@st.composite
def text_sets(draw: st.DrawFn) -> TextSet:
    globs = draw(st.booleans())
    alphabet = "ab*?" if globs else "ab"
    texts = draw(st.lists(st.text(alphabet=alphabet, max_size=3), max_size=2))
    return TextSet(tuple(texts), globs)


def names_of(value: Expression) -> list[Free]:
    return list({p.name: p for p in value.parts if isinstance(p, Free)}.values())


def options(free: Free) -> list[str]:
    return list(free.choices) if free.choices is not None else SHORT


def texts_of(value: Expression, fixed: dict[str, str]) -> Iterator[str]:
    """Every text of the value with the fixed names fixed."""
    open_ones = [free for free in names_of(value) if free.name not in fixed]
    for combination in product(*(options(free) for free in open_ones)):
        chosen = {**fixed, **{f.name: t for f, t in zip(open_ones, combination, strict=False)}}
        yield "".join(p if isinstance(p, str) else chosen[p.name] for p in value.parts)


def by_callers(value: Expression) -> Iterator[dict[str, str]]:
    callers = [free for free in names_of(value) if free.source == CHOSEN]
    """A set may hold every short text: a long one is a choice, too."""
    open_ones = (options(f) if f.choices is not None else [*SHORT, SAMPLE] for f in callers)
    for combination in product(*open_ones):
        yield {f.name: t for f, t in zip(callers, combination, strict=False)}


@settings(max_examples=250, deadline=None)
@given(expressions(), text_sets(), st.booleans())
def test_no_substitution_contradicts_a_verdict(
    value: Expression, texts: TextSet, negated: bool
) -> None:
    if len([f for f in names_of(value) if f.choices is None]) > 2:
        return  # three open names are 64,000 texts

    def inside(text: str) -> bool:
        return texts.member(text) is not negated

    code = membership(value, texts, negated).code
    if code == NO:
        assert not any(inside(t) for t in texts_of(value, {})), "NO, but a text is in the set"
    elif code == YES:
        assert all(inside(t) for t in texts_of(value, {})), "YES, but a text is outside"
    elif code == CALLER:
        shown = any(all(inside(t) for t in texts_of(value, c)) for c in by_callers(value))
        assert shown, "CALLER, but no choice of a caller leads there for certain"


@settings(max_examples=250, deadline=None)
@given(expressions(), text_sets(), st.booleans())
def test_unknown_is_said_only_where_something_is_open(
    value: Expression, texts: TextSet, negated: bool
) -> None:
    free = names_of(value)
    parts = [p for p in value.parts if isinstance(p, Free)]
    if all(f.source == CHOSEN for f in free) and len(parts) == len(free):
        assert membership(value, texts, negated).code != UNKNOWN


@given(CHOICES, text_sets(), st.booleans())
def test_a_choice_is_worth_its_worst_value(
    choices: list[str], texts: TextSet, negated: bool
) -> None:
    literal = {membership(choice, texts, negated).code for choice in choices}
    value = Expression((Free("X", CHOSEN, "String", tuple(choices)),))
    expected = CALLER if len(literal) == 2 else literal.pop()
    assert membership(value, texts, negated).code == expected


@given(st.lists(st.integers(0, 20), min_size=1, max_size=4, unique=True), st.integers(0, 20))
def test_a_choice_of_numbers_is_worth_its_worst_number(choices: list[int], limit: int) -> None:
    value = Expression((Free("N", CHOSEN, "String", tuple(str(c) for c in choices)),))
    above = {number > limit for number in choices}
    expected = CALLER if len(above) == 2 else YES if above == {True} else NO
    assert comparison(value, lambda number: number > limit).code == expected


@settings(max_examples=150, deadline=None)
@given(expressions(), text_sets())
def test_negation_turns_certainty_around(value: Expression, texts: TextSet) -> None:
    one, other = membership(value, texts, False).code, membership(value, texts, True).code
    if one == YES:
        assert other == NO
    if one == NO:
        assert other == YES


def test_a_counterexample_leads_into_the_set() -> None:
    value = Expression(("s3://", Free("Bucket", CHOSEN), "/", Free("Id", RUN)))
    texts = TextSet(("s3://data-bucket/*",), globs=True)
    found = membership(value, texts, negated=True)
    assert found.code == CALLER
    name, _, shown = found.note.removeprefix("with ").partition("=")
    assert name == "Bucket" and not texts.member(f"s3://{shown.strip(chr(39))}/anything")


def test_too_many_choices_to_try_are_never_taken_for_approved() -> None:
    parts = tuple(Free(f"P{i}", CHOSEN, "String", ("a", "b")) for i in range(12))
    approved = TextSet(("a" * 12,), globs=False)
    assert membership(Expression(parts), approved, negated=True).code in (CALLER, UNKNOWN)


def test_too_many_choices_to_try_are_still_approved_by_a_fixed_start() -> None:
    parts = ("s3://b/", *(Free(f"P{i}", CHOSEN, "String", ("a", "b")) for i in range(12)))
    assert membership(Expression(parts), TextSet(("s3://b/*",), True), negated=True).code == NO


def test_one_name_with_two_sets_of_choices_is_two_things() -> None:
    """The current items of two loops have one name; each loop has items of its own."""
    one, two = Free("Item", CHOSEN, "String", ("a",)), Free("Item", CHOSEN, "String", ("b",))
    texts = TextSet(("aa",), globs=False)
    assert membership(Expression((one, two)), texts, negated=True).code == YES


def test_a_text_may_fill_the_gap_that_patterns_leave() -> None:
    """Everything is the empty text, or has a first character."""
    anything = Expression((Free("X", CHOSEN, "String", None),))
    assert membership(anything, TextSet(("", "?*"), globs=True), True).code == NO
    assert membership(anything, TextSet(("?*",), globs=True), True).code == CALLER


def test_what_a_deployment_decides_is_unknown_and_may_be_empty() -> None:
    """What runs makes is never the empty text; what a deployment puts in may be."""
    part = Free("${Key}", DEPLOY)
    whole, joined = Expression((part,)), Expression(("a/", part))
    why = "${Key} is known only when the template is deployed"
    for found in (
        membership(whole, TextSet(("b",), False), True),
        membership(joined, TextSet(("a/b",), False), False),
        flag(whole, True),
        comparison(whole, lambda number: number > 1),
        emptiness(whole),
    ):
        assert (found.code, found.note) == (UNKNOWN, why)
    assert membership(joined, TextSet(("b*",), True), True).code == YES
    assert emptiness(joined).code == NO
    assert emptiness(Expression((Free("R", RUN),))).code == NO
    assert joined.text() == "a/${Key}"


def test_a_callers_part_beside_a_deployments_is_not_decided_by_the_caller_alone() -> None:
    value = Expression((Free("P", CHOSEN), Free("${Key}", DEPLOY)))
    found = membership(value, TextSet(("approved",), False), False)
    assert found.code == UNKNOWN
