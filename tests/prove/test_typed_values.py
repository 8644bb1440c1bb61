"""Numbers, moments and addresses: the few values that stand for all."""

from __future__ import annotations

import ipaddress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ormer.evaluate.readings import moment, network, number
from ormer.prove.typed_values import (
    ADDRESS,
    DATE,
    NUMBER,
    as_moment,
    as_network,
    as_number,
    contains,
    moment_text,
    number_text,
    others,
    telling,
)

DECIMAL = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-99, max_value=99)
SECONDS = st.integers(-(10**11), 3 * 10**11).map(Decimal)
BLOCK = st.builds(
    lambda number, size: ipaddress.ip_network((number << 24, size), strict=False),
    st.integers(0, 255),
    st.integers(0, 32),
)
BLOCK6 = st.builds(
    lambda number, size: ipaddress.ip_network((number << 112, size), strict=False),
    st.integers(0, 65535),
    st.integers(0, 128),
)


@given(st.lists(DECIMAL, min_size=1, max_size=4), DECIMAL)
@settings(max_examples=200, deadline=None)
def test_each_number_is_told_by_one_that_compares_alike(limits: list[Decimal], at: Decimal) -> None:
    def compared(value: Decimal) -> list[int]:
        return [(value > limit) - (value < limit) for limit in limits]

    read = [as_number(text) for text in telling(NUMBER, limits)]
    assert None not in read
    assert compared(at) in [compared(value) for value in read if value is not None]


@given(st.lists(SECONDS, min_size=1, max_size=4), SECONDS)
@settings(max_examples=150, deadline=None)
def test_each_moment_is_told_by_one_that_compares_alike(limits: list[Decimal], at: Decimal) -> None:
    def compared(value: Decimal) -> list[int]:
        return [(value > limit) - (value < limit) for limit in limits]

    read = [as_moment(text) for text in telling(DATE, limits)]
    assert None not in read
    assert compared(at) in [compared(value) for value in read if value is not None]


@given(st.lists(st.one_of(BLOCK, BLOCK6), max_size=5), st.one_of(BLOCK, BLOCK6))
@settings(max_examples=200, deadline=None)
def test_each_address_is_told_by_one_in_the_same_blocks(limits: list[object], at: object) -> None:
    """Also across conditions: the blocks of all of them are told apart together."""
    text = str(at[0])
    vectors = [[contains(b, each) for b in limits] for each in telling(ADDRESS, limits)]
    assert [contains(b, text) for b in limits] in vectors


@pytest.mark.parametrize(
    "text",
    [
        *("5", "+5", "-5", "5.0", "05", "5.", ".5", "5e3", "", " 5", "٥", "1" * 401, "2026"),
        *("2026-01", "2026-01-01", "2026-1-1", "2026-02-30", "2026-01-01T00:00Z"),
        *("2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00+0100", "2026-01-01T00:00:00+24:00"),
        *("2026-01-01T00:00:60Z", "2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00+01:60"),
        *("0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:59", "0000-01-01", "1767225600"),
        *("10.0.0.0/8", "10.1.2.3/8", "010.0.0.1", "::1", "fe80::1%eth0", "10.0.0.0/33", "1"),
        *("10.0.0.0/255.0.0.0", "10.0.0.0/0.255.255.255", "0.0.0.0/0.0.0.0"),
    ],
)
def test_texts_are_read_as_the_evaluator_reads_them(text: str) -> None:
    assert as_number(text) == number(text)
    assert as_moment(text) == moment(text)
    theirs, ours = network(text), as_network(text)
    assert (theirs is None) is (ours is None)
    if ours is not None and theirs is not None:
        assert (int(ours[0]), int(ours[-1])) == (theirs.first, theirs.last)


@given(DECIMAL, st.decimals(-(10**13), 10**13, places=3))
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_again(value: Decimal, at: Decimal) -> None:
    assert as_number(number_text(value)) == value
    assert as_moment(moment_text(at)) == at


@pytest.mark.parametrize(("kind", "read"), [(NUMBER, as_number), (DATE, as_moment)])
def test_others_are_each_another(kind: str, read: object) -> None:
    values = [read(text) for text in others(kind, 5)]
    assert len(set(values)) == 5 and None not in values
    assert len(set(others(ADDRESS, 300))) == 300
