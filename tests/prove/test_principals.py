"""Whom a statement names: as the evaluator says, and with symbols no less than it may be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ormer.evaluate.match_principal import match_principal
from ormer.model.policy import Effect, Principals, Statement
from ormer.model.principal import (
    ANONYMOUS,
    Kind,
    Principal,
    federated_principal,
    principal_from_arn,
    service_principal,
)
from ormer.model.symbol import symbol
from ormer.prove.principals import Named, named

OWN, OTHER = "111111111111", "222222222222"
S = symbol("S")
ARNS = (
    *(
        f"arn:aws:iam::{OWN}:role/ann",
        f"arn:aws:iam::{OWN}:role/team/ann",
        f"arn:aws:iam::{OWN}:root",
    ),
    *(f"arn:aws:iam::{OWN}:user/ann", f"arn:aws:sts::{OWN}:assumed-role/ann/s1"),
    *(f"arn:aws:sts::{OWN}:federated-user/ann", f"arn:aws:iam::{OTHER}:role/ann"),
)
WHO = (
    *(principal_from_arn(arn, "canon") for arn in ARNS),
    *(ANONYMOUS, service_principal("ec2.amazonaws.com"), federated_principal("cognito")),
)
NAMES = (
    *(*ARNS, OWN, OTHER, f"arn:aws:iam::{OTHER}:root", f"arn:aws-cn:iam::{OWN}:root"),
    *(f"arn:aws:sts::{OWN}:assumed-role/ann/s2", f"arn:aws:iam::{OWN}:role/bob"),
)
OPEN = (
    *(S, f"arn:aws:iam::{S}:role/ann", f"arn:aws:iam::{OWN}:role/{S}", f"arn:aws:iam::{OWN}:{S}"),
    *(f"arn:aws:iam::{OWN}:role/team/{S}", f"arn:aws:sts::{OWN}:assumed-role/{S}/s1", f"{S}/ann"),
)
MEANT = (*NAMES, "*", "ann", "team/ann", "root", "arn:aws:iam", "s1", f"arn:aws:iam::{OWN}:role")


def statement(who: Principals, negated: bool, effect: Effect) -> Statement:
    return Statement("S", effect, ("*",), False, ("*",), False, who, negated, ())


def principals(names: tuple[str, ...]) -> Principals:
    return Principals(
        "*" in names,
        tuple(name for name in names if name != "*"),
        tuple(name for name in names if "amazonaws" in name),
        tuple(name for name in names if name == "cognito"),
        tuple(name for name in names if name == "canon"),
    )


LISTED = st.lists(
    st.sampled_from([*NAMES, "*", "ec2.amazonaws.com", "cognito", "canon"]), min_size=1, max_size=3
).map(tuple)
EITHER = st.booleans()


def names_a_session_of(who: Principal, names: tuple[str, ...]) -> bool:
    """A role's requests are its sessions', and a statement may name one of them."""
    return who.kind is Kind.ROLE and any(f":assumed-role/{who.role}/" in name for name in names)


def in_doubt(who: Principal, names: tuple[str, ...], negated: bool) -> bool:
    """Whom NotPrincipal spares depends on the service, and which user has made a federated user
    session, its ARN does not say."""
    of_user = who.kind is Kind.FEDERATED_USER and any(f"::{OWN}:user/" in each for each in names)
    return negated or of_user or names_a_session_of(who, names)


@given(st.sampled_from(WHO), LISTED, EITHER, st.sampled_from(list(Effect)), EITHER, EITHER)
@settings(max_examples=250, deadline=None)
def test_a_principal_is_named_as_the_evaluator_says(
    who: Principal, names: tuple[str, ...], negated: bool, effect: Effect, bounded: bool, may: bool
) -> None:
    made = statement(principals(names), negated, effect)
    found = named(made, who, bounded, may)
    expected = match_principal(made, who, bounded)
    if in_doubt(who, names, negated):
        assert found >= expected if may else found <= expected
    else:
        assert found == expected


@given(
    st.sampled_from(WHO),
    st.sampled_from(OPEN),
    LISTED,
    EITHER,
    st.sampled_from(list(Effect)),
    EITHER,
    st.sampled_from(MEANT),
)
@settings(max_examples=300, deadline=None)
def test_a_symbol_may_be_any_name(
    who: Principal,
    open_name: str,
    more: tuple[str, ...],
    negated: bool,
    effect: Effect,
    bounded: bool,
    meant: str,
) -> None:
    names = (*more[:-1], open_name)
    bound = tuple(name.replace(S, meant) for name in names)
    expected = match_principal(statement(principals(bound), negated, effect), who, bounded)
    made = statement(principals(names), negated, effect)
    assert named(made, who, bounded, may=True) >= expected
    if not names_a_session_of(who, names):
        assert named(made, who, bounded, may=False) <= expected


ROLE = principal_from_arn(ARNS[1])
SESSION = principal_from_arn(ARNS[4])


@pytest.mark.parametrize(
    ("who", "names", "expected"),
    [
        (ROLE, (S,), Named.ITSELF),  # it may be "*", whom no boundary limits
        (ROLE, (f"arn:aws:iam::{OWN}:{S}",), Named.AS_ROLE),
        (SESSION, (f"arn:aws:iam::{OWN}:role/team/{S}",), Named.AS_ROLE),
        (SESSION, (f"arn:aws:iam::{OWN}:role/{S}/bob",), Named.NOT),
        (ROLE, (f"arn:aws:sts::{OWN}:assumed-role/ann/x",), Named.ITSELF),
        (ROLE, (f"arn:aws:sts::{OWN}:assumed-role/annie/x",), Named.NOT),
        (ANONYMOUS, (S,), Named.ITSELF),
    ],
)
def test_how_closely_it_may_be_named(
    who: Principal, names: tuple[str, ...], expected: Named
) -> None:
    made: Any = statement(Principals(False, names), False, Effect.ALLOW)
    assert named(made, who, True, may=True) is expected
    assert named(made, who, True, may=False) is Named.NOT
