"""Every operator, with each set operator and IfExists, for each form of a value, in each effect."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ormer.evaluate.conditions import condition_test
from ormer.model.authorization import AuthorizationRequest
from ormer.model.policy import CURRENT_VERSION, Condition, Effect
from ormer.model.policy_operators import KINDS
from ormer.model.principal import principal_from_arn
from ormer.model.symbol import symbol
from ormer.prove.atoms import Atoms
from ormer.prove.conditions import Reading, condition_formula
from ormer.prove.formula import All, Any, Formula
from ormer.prove.request_space import KeyFacts, RequestSpace
from ormer.prove.views import UNSHOWN, Request

ROLE = principal_from_arn("arn:aws:iam::111122223333:role/team/exec")
KEY = "arn:aws:kms:r:1:key/k"
VALUES: dict[str, tuple[tuple[str, ...], ...]] = {
    "text": (
        ("a",),
        ("a", "b"),
        (),
        ("",),
        ("a*",),
        ("${x:one}",),
        ("${x:none}",),
        ("${x:none, 'a'}", "b"),
    ),
    "folded text": (("A",), ("b", "C"), ("${x:none}", "A")),
    "glob": (("a*",), ("?", "*c"), ("",), ("${*}",), ("${x:one}*",), ("*${x:none}",)),
    "arn": (
        (KEY,),
        ("arn:*:kms:*:*:key/*", "x"),
        ("arn:*",),
        ("arn:aws:s3:::*",),
        ("arn:aws:kms:${x:none}:*:key/k",),
        ("arn:aws:iam:${x:none}:*:key/k",),
        ("${x:arn}:a:b:c:d:e", "arn:aws:kms:r:1:${x:one}"),
    ),
    "number": (("5",), ("4", "6"), ("x",), ("5", "x"), ("${x:none}",)),
    "date": (("2026-01-01",), ("2026-01-01T00:00:01Z", "x")),
    "ip": (("10.0.0.0/8",), ("10.0.0.1", "::/0"), ("x",)),
    "binary": (("YWJj",), ("###",)),
    "bool": (("true",), ("False", "x"), ()),
    "null": (("true",), ("false",), ("True", "FALSE"), ("x",), ()),
}
HELD: tuple[str | tuple[str, ...] | None, ...] = (
    *(None, "a", "A", "", "b", "a*", "abc", "c", KEY, "arn:aws:s3:::b", "x:y:z:a:b", "5", "5.0"),
    *("4.5", "2026-01-01", "1767225601", "10.0.0.1", "10.0.0.0/8", "::1", "YWJj", "YWI=", "true"),
    *("FALSE", ("a",), ("a", "b"), ("", "c"), (KEY, "a"), ("5", "7"), ("10.0.0.1", "8.8.8.8")),
    *(
        ("true", "false"),
        ("2025-01-01", "2026-01-01T00:00:01Z"),
        ("YWJj",),
        ("arn:aws:s3:::b", KEY),
    ),
)
FIXED = {"x:one": "a", "x:arn": "arn:aws"}
SETS = ("", "ForAnyValue:", "ForAllValues:")


def formula_says(
    condition: Condition,
    effect: Effect,
    held: str | tuple[str, ...] | None,
    may: bool = True,
    as_read: bool = True,
) -> bool:
    """What the formula says of a request with one key; ``as_read``: what AWS does not document is
    as the evaluator reads it."""
    atoms = Atoms()
    facts = {"x:key": KeyFacts(isinstance(held, tuple))} if held is not None else {}
    count = len(held) if isinstance(held, tuple) else 1
    space = RequestSpace("a:B", ROLE, None, facts.get, fixed=FIXED)
    request = Request(atoms, space, lambda _: count)
    reading = Reading(effect, CURRENT_VERSION, may)
    formula = condition_formula(condition, reading, request, request.seen)
    texts = {"x:key": held} if isinstance(held, str) else {}
    texts |= {f"x:key #{n}": text for n, text in enumerate(held)} if isinstance(held, tuple) else {}

    def is_true(part: Formula) -> bool:
        if isinstance(part, bool):
            return part
        if isinstance(part, All):
            return all(map(is_true, part.parts))
        if isinstance(part, Any):
            return any(map(is_true, part.parts))
        atom = atoms.by_number.get(abs(part))
        if atom is None:
            holds = not as_read or atoms.switch_names[abs(part)] != UNSHOWN
        else:
            holds = atom.holds(str(texts[atom.variable]))
        return holds is (part > 0)

    return is_true(formula)


def evaluator_says(
    condition: Condition, effect: Effect, held: str | tuple[str, ...] | None
) -> bool:
    context: dict[str, str | tuple[str, ...]] = dict(FIXED)
    if held is not None:
        context["x:key"] = held
    request = AuthorizationRequest(ROLE, "a:B", "*", ROLE.account, context)
    return condition_test(condition, CURRENT_VERSION, effect)(request)


@pytest.mark.parametrize("base", KINDS)
def test_an_operator_holds_of_what_the_evaluator_says(base: str) -> None:
    asked = 0
    names = [base] if base == "Null" else [f"{s}{base}{e}" for s in SETS for e in ("", "IfExists")]
    for name, values, held, effect in product(names, VALUES[KINDS[base]], HELD, Effect):
        condition = Condition(name, "x:key", values)
        expected = evaluator_says(condition, effect, held)
        for may in (True, False):
            said = formula_says(condition, effect, held, may)
            is_open = any(value.startswith("${x:arn}:") for value in values)  # a colon in a value
            assert said is expected or (is_open and said is may), (condition, held, effect)
            in_doubt = formula_says(condition, effect, held, may, as_read=False)
            assert in_doubt is expected or in_doubt is may, "errs on the side that was asked for"
        asked += 1
    assert asked >= 60


SYMBOL = symbol("S")
FOR_SYMBOL = ("a", "*", "", KEY, "5", "10.0.0.0/8", "true", "${x:one}", "x:y")


@given(
    st.sampled_from([base for base in KINDS if base != "Null"]),
    st.sampled_from(SETS),
    st.sampled_from(["", "IfExists"]),
    st.sampled_from(
        [
            SYMBOL,
            f"a{SYMBOL}",
            f"{SYMBOL}*",
            f"arn:aws:kms:{SYMBOL}:1:key/k",
            f"${{x:{SYMBOL}}}",
            f"${SYMBOL}",
            f"${{x:none, '{SYMBOL}'}}",
        ]
    ),
    st.sampled_from([(), ("a",), (KEY,)]),
    st.sampled_from(HELD),
    st.sampled_from(list(Effect)),
    st.sampled_from(FOR_SYMBOL + ("one", "none", "{x:one}")),
)
@settings(max_examples=400, deadline=None)
def test_a_symbol_lies_between_may_and_must(
    base: str,
    each: str,
    exists: str,
    open_text: str,
    more: tuple[str, ...],
    held: str | tuple[str, ...] | None,
    effect: Effect,
    meant: str,
) -> None:
    condition = Condition(f"{each}{base}{exists}", "x:key", (open_text, *more))
    bound = condition._replace(values=(open_text.replace(SYMBOL, meant), *more))
    holds = evaluator_says(bound, effect, held)
    assert formula_says(condition, effect, held, True) >= holds
    assert formula_says(condition, effect, held, False) <= holds


@pytest.mark.parametrize("name", ["StringEquals", "ForAllValues:StringNotLike", "Null", "Bool"])
def test_a_key_that_is_not_known_may_hold_or_not(name: str) -> None:
    condition = Condition(name, f"x:{SYMBOL}", ("true",))
    assert formula_says(condition, Effect.DENY, "a", True)
    assert not formula_says(condition, Effect.DENY, "a", False)


def test_null_of_a_symbol_may_hold_or_not() -> None:
    condition = Condition("Null", "x:key", (SYMBOL,))
    assert formula_says(condition, Effect.ALLOW, None, True)
    assert not formula_says(condition, Effect.ALLOW, None, False)


DOUBTS: tuple[tuple[str, tuple[str, ...], str | tuple[str, ...] | None, Effect], ...] = (
    ("ForAnyValue:StringNotEqualsIfExists", ("a",), None, Effect.DENY),
    ("ForAnyValue:StringEqualsIfExists", ("a",), None, Effect.ALLOW),
    ("ForAnyValue:StringNotEquals", ("a",), "", Effect.DENY),
    ("StringNotEquals", ("${x:none}",), "a", Effect.DENY),
    ("StringNotEquals", ("${x:none}",), "a", Effect.ALLOW),
    ("StringEquals", ("${ x:one }",), "a", Effect.ALLOW),
    ("ArnLike", ("*",), KEY, Effect.ALLOW),
    ("ArnNotLike", ("arn:aws:kms:*",), KEY, Effect.DENY),
    ("ArnNotLike", (KEY,), "alias/a", Effect.ALLOW),
    ("ArnEquals", ("${x:arn}:kms:r:1:key/k",), KEY, Effect.ALLOW),
    ("NumericLessThan", ("1e3",), "5", Effect.ALLOW),
    ("NumericLessThan", ("5",), "1e1", Effect.ALLOW),
    ("NumericNotEquals", (".5",), "5", Effect.DENY),
    ("NumericNotEquals", ("5",), "five", Effect.DENY),
    ("DateLessThan", ("20301231T000000Z",), "2026-01-01", Effect.ALLOW),
    ("NotIpAddress", ("10.0.0.0/33",), "10.0.0.1", Effect.DENY),
    ("Bool", ("${x:one}",), "true", Effect.ALLOW),
    ("BinaryEquals", ("#",), "YWJj", Effect.ALLOW),
)


@pytest.mark.parametrize(("name", "values", "held", "effect"), DOUBTS)
def test_what_aws_does_not_document_may_be_otherwise(
    name: str, values: tuple[str, ...], held: str | tuple[str, ...] | None, effect: Effect
) -> None:
    """An Allow may hold that the evaluator says does not, and a Deny may not that it says does:
    without that, a proof would be one of the evaluator's reading alone."""
    condition = Condition(name, "x:key", values)
    expected = evaluator_says(condition, effect, held)
    towards = effect is Effect.ALLOW
    if expected is not towards:
        assert formula_says(condition, effect, held, towards, as_read=False) is towards
    else:
        assert formula_says(condition, effect, held, not towards, as_read=False) is not towards


@pytest.mark.parametrize("name", ["StringEquals", "StringLike", "ArnLike"])
@pytest.mark.parametrize("effect", list(Effect))
@pytest.mark.parametrize("may", [True, False])
def test_nothing_is_equal_or_like_a_variable_that_has_no_value(
    name: str, effect: Effect, may: bool
) -> None:
    """ "Policy variables with no value" in the IAM User Guide says so of these operators."""
    condition = Condition(name, "x:key", ("arn:aws:iam::1:user/${x:none}",))
    assert not formula_says(condition, effect, "arn:aws:iam::1:user/a", may, as_read=False)


def test_what_is_asked_about_is_never_in_doubt() -> None:
    """A control says what it forbids as the evaluator reads it; AWS does not decide that."""
    condition = Condition("ForAnyValue:StringNotEqualsIfExists", "x:key", ("a",))
    atoms = Atoms()
    request = Request(atoms, RequestSpace("a:B", ROLE, None, lambda _: None), lambda _: 1)
    for may in (True, False):
        reading = Reading(Effect.DENY, CURRENT_VERSION, may, is_ours=True)
        assert condition_formula(condition, reading, request, request.seen) is True
