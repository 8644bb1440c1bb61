"""A policy's text with variables and symbols: each text that it may come to is in its pattern."""

from __future__ import annotations

from itertools import product
from typing import Optional

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ormer.evaluate.operators import value_match
from ormer.model.policy import CURRENT_VERSION
from ormer.model.policy_operators import split_policy_operator
from ormer.model.symbol import symbol
from ormer.prove.language import matches
from ormer.prove.texts import Read, read_arn, read_glob, read_literal

OLD = "2008-10-17"
S = symbol("S")
KNOWN: dict[str, Optional[str]] = {"a:one": "x", "a:star": "*", "a:arn": "arn:aws", "a:none": None}


def fixed(key: str) -> tuple[bool, Optional[str]]:
    return key in KNOWN, KNOWN.get(key)


READERS = {"StringEquals": read_literal, "StringLike": read_glob, "ArnLike": read_arn}
CONTEXT = {key: value for key, value in KNOWN.items() if value is not None}


WRITTEN = (
    *("x", "${a:one}", "${A:One}y*", "${a:star}", "${a:none}", "${a:none, 'd'}", "${*}?"),
    *("${$}{a:one}", "${a:one", "$x", "${}", "arn:aws:${a:one}:*:*:${a:star}", "a:b:c:d:e"),
    *("${a:arn}:a:b:c:d:e", "arn:aws:${a:none}:*:*:r", "${a:none, 'a:b'}:c:d:e:f:g"),
)
BEGUN = ("${*}?${", "${a:one", "${}")
"""What begins like a variable and is none, as far as the page says: it may be read as one."""
OPEN = {
    "StringEquals": BEGUN,
    "StringLike": BEGUN,
    "ArnLike": (*BEGUN, "${a:arn}:a:b:c:d:e", "${a:none, 'a:b'}:c:d:e:f:g"),
}
HELD = (
    *("x", "xy", "xyz", "*", "d", "*?", "*z", "${a:one}", "$x", "${a:one", "", "${*}z"),
    *("arn:aws:x:r:1:*", "arn:aws:x:r:1:q", "arn:aws:a:b:c:d:e", "arn:aws:s3:::r"),
    "a:b:c:d:e:f:g",
)


@pytest.mark.parametrize("version", [CURRENT_VERSION, OLD])
@pytest.mark.parametrize("operator", READERS)
def test_a_text_is_read_as_the_evaluator_reads_it(operator: str, version: str) -> None:
    for text, value in product(WRITTEN, HELD):
        read: Read = READERS[operator](text, version, fixed)
        assert read.is_open is (version == CURRENT_VERSION and text in OPEN[operator])
        if read.is_open:
            continue
        found = value_match(split_policy_operator(operator), (text,), version)(value, CONTEXT)
        is_in = read.pattern is not None and matches(read.pattern, value)
        is_doubtful = read.doubtful is not None and matches(read.doubtful, value)
        if operator == "ArnLike" and value.count(":") < 5:
            assert found is None and not is_in
        else:
            assert (True if is_in else None if is_doubtful else False) is found, (text, value)


@given(
    st.sampled_from(list(READERS)),
    st.sampled_from(
        [
            *(
                S,
                f"a{S}",
                f"{S}:b:c:d:e:f",
                f"arn:aws:s3:{S}::b",
                f"${{a:{S}}}",
                f"${S}",
                f"${{a:{S}",
            ),
            *(f"{S}one}}", f"${{a:none, '{S}'}}", f"${{a:one}}{S}", f"{S}${{a:open}}", f"$${S}{S}"),
        ]
    ),
    st.sampled_from([CURRENT_VERSION, OLD]),
    st.sampled_from(["x", "*", "one}", "{a:one}", "${a:", "arn:aws", "a:b:c", "none", "", "x:*:?"]),
    st.sampled_from(
        [
            "x",
            "ax",
            "${a:one}",
            "xx",
            "arn:aws:s3:x::b",
            "arn:aws:s3:arn:aws::b",
            "$x",
            "$xx",
            "$$xx",
            "a:b:c:b:c:d:e:f",
            "arn:aws:b:c:d:e:f",
            "x:q:z:b:c:d:e:f",
            "",
            "a",
            "a*q",
        ]
    ),
)
@settings(max_examples=300, deadline=None)
def test_whatever_a_symbol_comes_to_is_in_the_pattern(
    operator: str, text: str, version: str, meant: str, value: str
) -> None:
    read: Read = READERS[operator](text, version, fixed)
    bound = text.replace(S, meant)
    context = {**CONTEXT, "a:open": "q"}
    if value_match(split_policy_operator(operator), (bound,), version)(value, context):
        assert read.is_open and read.pattern is not None
        assert matches(read.pattern, value)
    else:
        assert read.is_open or S not in text


def test_what_is_not_known_is_open() -> None:
    assert read_glob("${a:open}/x", CURRENT_VERSION, fixed).is_open
    assert not read_glob("${a:open}/x", OLD, fixed).is_open
