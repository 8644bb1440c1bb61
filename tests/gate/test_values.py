"""Parameters and tags as they are given on the command line."""

from __future__ import annotations

from typing import Any

import pytest

from ormer.gate.parameters import check_parameters, given_parameters
from ormer.gate.tags import given_tags
from ormer.model.definition import Parameter
from ormer.model.errors import InputError


def parameter(kind: str, default: Any = None, choices: Any = None) -> dict[str, Parameter]:
    return {"P": Parameter("P", kind, default, choices, ())}


@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [
        ("Integer", "50", True),
        ("Integer", "-1", True),
        ("Integer", "1.0", False),
        ("Integer", "", False),
        ("Float", "1", True),
        ("Float", "1.5e-3", True),
        ("Float", ".5", True),
        ("Float", "nan", False),
        ("Boolean", "True", True),
        ("Boolean", "yes", False),
        ("String", "", True),
        ("String", "x" * 1024, True),
        ("String", "x" * 1025, False),
    ],
)
def test_a_value_fits_its_type(kind: str, value: str, fits: bool) -> None:
    if fits:
        check_parameters(parameter(kind), {"P": value})
    else:
        with pytest.raises(InputError, match="--parameter P"):
            check_parameters(parameter(kind), {"P": value})


def test_a_default_that_is_false_or_zero_is_a_default() -> None:
    check_parameters(parameter("Boolean", default=False), {})
    check_parameters(parameter("Integer", default=0), {})
    check_parameters(parameter("String", default=""), {})


def test_a_value_may_hold_equals_signs() -> None:
    assert given_parameters(["A=b=c", "B="]) == {"A": "b=c", "B": ""}


@pytest.mark.parametrize("pair", ["", "=", "=x", "A"])
def test_a_pair_without_a_name_is_refused(pair: str) -> None:
    with pytest.raises(InputError, match="is not NAME=VALUE"):
        given_parameters([pair])


@pytest.mark.parametrize(
    "text", ['{"a": "1", "b": ""}', '[{"Key":"a","Value":"1"},{"Key":"b","Value":""}]']
)
def test_tags_in_both_forms(text: str) -> None:
    assert given_tags(text) == {"a": "1", "b": ""}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nope", "is not JSON"),
        ("3", "is neither"),
        ('[{"Key": "a"}]', "is neither"),
        ('{"a": 1}', "is not text for text"),
        ('{"": "x"}', "is not text for text"),
        ('{"aws:x": "1"}', "the prefix is reserved"),
        ('{"Ormer:Gate": "1"}', "the prefix is reserved"),
        ('[{"Key":"a","Value":"1"},{"Key":"a","Value":"2"}]', "'a' is given twice"),
        ("{" + ",".join(f'"k{n}": ""' for n in range(47)) + "}", "47 tags"),
    ],
)
def test_tags_that_are_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        given_tags(text)
