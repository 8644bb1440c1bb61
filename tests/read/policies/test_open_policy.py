"""Policies with symbols: where a symbol may stand, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ormer.model.errors import InputError
from ormer.model.policy import Effect
from ormer.model.symbol import symbol
from ormer.read.policies.open_policy import OpenPolicyReader, parse_open_json
from ormer.read.policies.policy import PolicyKind, PolicyReader

X = symbol("X")
BASE: dict[str, Any] = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": "*"}


def read(document: Any) -> Any:
    return OpenPolicyReader("f").policy(document, (), PolicyKind.RESOURCE, "p")


def statement(**more: Any) -> Any:
    return read({"Statement": {**BASE, **more}}).statements


@pytest.mark.parametrize(
    "more, element, expected",
    [
        ({"Action": X}, "actions", (X,)),
        ({"Action": f"s3:{X}"}, "actions", (f"s3:{X}",)),
        ({"Resource": [X, "a"]}, "resources", (X, "a")),
        ({"Sid": f"S{X}"}, "name", "S${X}"),
    ],
)
def test_a_symbol_in_a_text_stays(more: Any, element: str, expected: Any) -> None:
    (found,) = statement(**more)
    assert getattr(found, element) == expected


@pytest.mark.parametrize("document", [X, {"Statement": X}, {"Statement": [X]}])
def test_a_symbol_for_statements_may_be_any_of_either_effect(document: Any) -> None:
    policy = read(document)
    assert [one.effect for one in policy.statements] == [Effect.ALLOW, Effect.DENY]
    for one in policy.statements:
        assert (one.actions, one.resources, one.name) == ((X,), (X,), "${X}")
        assert one.principals is not None and one.principals.aws == (X,) == one.principals.service
        assert [condition.key for condition in one.conditions] == [X]


def test_a_symbol_for_an_effect_is_both_effects_in_doubt() -> None:
    found = statement(Effect=X, Condition={"Bool": {"aws:SecureTransport": "true"}})
    assert [one.effect for one in found] == [Effect.ALLOW, Effect.DENY]
    assert [[c.key for c in one.conditions] for one in found] == [["aws:SecureTransport", X]] * 2


@pytest.mark.parametrize(
    "block, keys",
    [(X, [X]), ({X: {"a": "b"}}, [X]), ({"Bool": X}, [X]), ({"Bool": {X: "true"}}, [X]), ({"Bool": {"a": X}, "Null": X}, ["a", X])],
)  # fmt: skip
def test_a_symbol_in_a_condition_is_a_condition_in_doubt(block: Any, keys: list[str]) -> None:
    (found,) = statement(Condition=block)
    assert [condition.key for condition in found.conditions] == keys


@pytest.mark.parametrize(
    "principal, aws, service",
    [(X, (X,), (X,)), ({"AWS": X}, (X,), ()), ({"AWS": f"arn:aws:iam::{X}:root"}, (f"arn:aws:iam::{X}:root",), ()), ({"Service": f"s.{X}"}, (), (f"s.{X}",))],
)  # fmt: skip
def test_a_symbol_in_a_principal_stays(principal: Any, aws: Any, service: Any) -> None:
    (found,) = statement(Principal=principal)
    assert (found.principals.aws, found.principals.service) == (aws, service)


@pytest.mark.parametrize(
    "document, message",
    [
        ({"Version": X, "Statement": []}, "f: /Version: ${X} is not known: give it as a parameter"),
        ({"Statement": {**BASE, "Principal": {"AWS": f"arn:aws:iam::{X}:role/*"}}}, "f: /Statement/Principal/AWS: 'arn:aws:iam::${X}:role/*': a principal has no wildcard but '*' alone"),
        ({"Statement": f"a{X}"}, "f: /Statement: is text, neither an object nor a list"),
        ({"Statement": {**BASE, "Effekt": X}}, "f: /Statement: 'Effekt' is no element of a statement; did you mean 'Effect'?"),
    ],
)  # fmt: skip
def test_what_no_symbol_can_be_is_refused(document: Any, message: str) -> None:
    with pytest.raises(InputError) as error:
        read(document)
    assert str(error.value) == message


def test_the_strict_reader_takes_no_symbol_for_a_statement() -> None:
    with pytest.raises(InputError, match="a statement is an object, this is text"):
        PolicyReader("f").policy({"Statement": [X]}, (), PolicyKind.RESOURCE, "p")


ODD = symbol('plan:aws_x.y["a\\b"].arn')


@pytest.mark.parametrize(
    "text, expected",
    [
        (f'{{"a": "x{X}y", "b": {X}, "c": [{X}, 1]}}', {"a": f"x{X}y", "b": X, "c": [X, 1]}),
        (f'{{"a": "{ODD}", "b": {ODD}}}', {"a": ODD, "b": ODD}),
        (f'{{"{X}": "\\"{X}\\""}}', {X: f'"{X}"'}),
        ('{"a": "b"}', {"a": "b"}),
    ],
)
def test_json_text_may_have_symbols(text: str, expected: Any) -> None:
    assert parse_open_json(text, "f") == expected


@given(st.lists(st.sampled_from([X, '"', "\\", "{", "}", ":", "a", ",", "[", "]"]), max_size=12))
def test_no_text_breaks_the_reader(parts: list[str]) -> None:
    try:
        read("".join(parts))
    except InputError as error:
        assert "\n" not in str(error)


def test_a_policy_that_is_too_deep_is_refused() -> None:
    with pytest.raises(InputError, match="f: nested too deeply to be a policy"):
        parse_open_json("[" * 800 + f'"{X}"' + "]" * 800, "f")
