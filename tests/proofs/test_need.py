"""A request with free parts: proved for every value, or a value with which it is denied.

The law is held against the evaluator: it decides requests with values filled in, one by one.
"""

from __future__ import annotations

import json
from typing import Any, Optional

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ormer.evaluate.decide import decide
from ormer.model.access import Access, Endpoint, Holder, ResourcePolicy
from ormer.model.authorization import AuthorizationRequest, Context, Outcome
from ormer.model.call import NO_CONTEXT
from ormer.model.environment import Environment
from ormer.model.policy import Policy
from ormer.model.principal import principal_from_arn
from ormer.model.symbol import pieces, symbol
from ormer.proofs.asked.spaces import Spaces
from ormer.proofs.need import Lacking, Met, lacking
from ormer.read.policies.policy import PolicyKind, read_policy

ROLE = "arn:aws:iam::111122223333:role/jobs"
BUCKET = "arn:aws:s3:::data"
A, B = symbol("pipeline:A"), symbol("pipeline:B")
ACCOUNT = Environment("111122223333", "eu-west-1", {})
Statements = list[dict[str, Any]]


def policy(statements: Statements, name: str, kind: PolicyKind = PolicyKind.IDENTITY) -> Policy:
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return read_policy(text.encode(), name, kind)


def allow(resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:*", "Resource": resource, **more}


def deny(resource: Any, **more: Any) -> dict[str, Any]:
    return {**allow(resource, **more), "Effect": "Deny"}


def asked(
    identity: Statements,
    resource: str = f"{BUCKET}/{A}",
    context: Context = NO_CONTEXT,
    uncertain: frozenset[str] = frozenset(),
    bucket: Optional[Statements] = None,
    endpoint: Optional[Statements] = None,
    sure: frozenset[str] = frozenset(),
) -> tuple[Lacking, Access, AuthorizationRequest, Optional[Endpoint]]:
    holder = Holder(principal_from_arn(ROLE), {}, (policy(identity, "role"),))
    guarded = PolicyKind.GUARDED_RESOURCE
    of_bucket = (
        () if bucket is None else (ResourcePolicy(BUCKET, policy(bucket, "bucket", guarded)),)
    )
    through = None if endpoint is None else Endpoint("vpce-1", "s3", policy(endpoint, "e", guarded))
    if through is not None:
        context = {**context, "aws:sourcevpce": "vpce-1"}
    access = Access({ROLE: holder}, of_bucket, () if through is None else (through,))
    request = AuthorizationRequest(
        holder.principal, "s3:GetObject", resource, "111122223333", context, uncertain
    )
    found = access.policies(ROLE, resource, through).resource
    met = Met(access, holder, found, through)
    return lacking(met, request, Spaces(access, ACCOUNT, {}), sure=sure), access, request, through


EVERYONE: dict[str, Any] = {"Principal": "*"}
FITS: dict[str, dict[str, Any]] = {
    "everything": {"identity": [allow("*")]},
    "the bucket": {"identity": [allow(f"{BUCKET}/*")]},
    "two halves": {"identity": [allow(f"{BUCKET}/a*"), allow(f"{BUCKET}/*")]},
    "what is denied is elsewhere": {"identity": [allow("*"), deny("arn:aws:s3:::other/*")]},
    "a beginning": {"identity": [allow(f"{BUCKET}/a/*")], "resource": f"{BUCKET}/a/{A}*"},
    "the bucket's policy": {"identity": [], "bucket": [allow(f"{BUCKET}/*", **EVERYONE)]},
    "the endpoint's policy": {
        "identity": [allow("*")], "endpoint": [allow(f"{BUCKET}/*", **EVERYONE)]},
    "a key that may be there": {"identity": [
        allow("*", Condition={"Null": {"s3:prefix": "true"}}),
        allow("*", Condition={"Null": {"s3:prefix": "false"}})],
        "uncertain": frozenset(["s3:prefix"])},
    "parts that only together are everything": {"identity": [
        allow("*", Condition={"Null": {"s3:prefix": "true"}}),
        allow("*", Condition={"StringLike": {"s3:prefix": "?*"}})],
        "context": {"s3:prefix": A}},
}  # fmt: skip


@pytest.mark.parametrize("case", FITS)
def test_it_fits(case: str) -> None:
    found, *_ = asked(**FITS[case])
    assert found == Lacking()
    assert found.fits


BREAKS: dict[str, tuple[dict[str, Any], str]] = {
    "nothing is allowed": ({"identity": [deny("*")]}, f"{BUCKET}/example"),
    "another beginning": ({"identity": [allow(f"{BUCKET}/a/*")]}, f"{BUCKET}/example"),
    "a hole": ({"identity": [allow("*"), deny(f"{BUCKET}/*.secret")]}, f"{BUCKET}/example.secret"),
    "one text": ({"identity": [allow("*"), deny(f"{BUCKET}/one")]}, f"{BUCKET}/one"),
    "a name that begins so": (
        {"identity": [allow(f"{BUCKET}/a/*")], "resource": f"{BUCKET}/a*"}, f"{BUCKET}/aexample"),
    "the bucket's policy": (
        {"identity": [allow("*")], "bucket": [deny(f"{BUCKET}/x/*", **EVERYONE)]},
        f"{BUCKET}/x/example"),
    "the endpoint's policy": (
        {"identity": [allow("*")], "endpoint": [allow(f"{BUCKET}/x/*", **EVERYONE)]},
        f"{BUCKET}/example"),
}  # fmt: skip


@pytest.mark.parametrize("case", BREAKS)
def test_a_value_breaks_it(case: str) -> None:
    given_, resource = BREAKS[case]
    found, access, request, through = asked(**given_)
    assert found.resource == resource
    assert not found.fits
    made = request._replace(resource=found.resource, context=found.context or {})
    policies = access.policies(ROLE, found.resource, through)
    assert decide(policies, made).outcome is not Outcome.ALLOWED


def test_a_key_with_a_free_value_and_one_that_is_not_empty() -> None:
    statements = [allow("*", Condition={"StringLike": {"s3:prefix": "?*"}})]
    may_be_empty, *_ = asked(statements, context={"s3:prefix": A})
    assert not may_be_empty.fits and "s3:prefix" not in (may_be_empty.context or {})
    never_empty, *_ = asked(statements, context={"s3:prefix": A}, sure=frozenset(["s3:prefix"]))
    assert never_empty.fits


def test_a_key_with_several_values_has_just_these() -> None:
    key = "aws:tagkeys"
    each = {"ForAllValues:StringEquals": {"aws:TagKeys": ["One", "Two"]}}
    fits, *_ = asked([allow("*", Condition=each)], context={key: ("One", "Two")})
    assert fits.fits
    found, *_ = asked([allow("*", Condition=each)], context={key: ("One", A)})
    assert found.context is not None
    one, other = found.context[key]
    assert one == "One" and other not in ("One", "Two")


def test_what_cannot_be_told_is_no_proof() -> None:
    holder = Holder(principal_from_arn(ROLE), {}, (policy([allow("*")], "role"),))
    access = Access({ROLE: holder})
    request = AuthorizationRequest(holder.principal, "s3:GetObject", f"{BUCKET}/a", A, {})
    met, spaces = Met(access, holder, None, None), Spaces(access, ACCOUNT, {})
    account = lacking(met, request, spaces)
    assert not account.fits and account.unknown == ("whose account the resource is in is not known")
    late = lacking(met, request._replace(account="111122223333"), spaces, deadline=0.0)
    assert not late.fits and late.unknown == "the time is over"


TEXTS = ["", "a", "b", "a/b", "ab", "x/y", "b/x"]
PATTERNS = [f"{BUCKET}/{p}" for p in ("*", "a*", "a/*", "*b", "?", "*/x", "a", "*x*", "b/?*")]
CONDITIONS = st.one_of(
    st.just({}),
    st.builds(
        lambda operator, value: {"Condition": {operator: {"s3:prefix": value}}},
        st.sampled_from(["StringLike", "StringNotLike", "StringEquals", "StringNotEqualsIfExists"]),
        st.sampled_from(["a*", "a", "*b", "*", "b/x", ["a", "b*"]]),
    ),
    st.builds(
        lambda said: {"Condition": {"Null": {"s3:prefix": said}}},
        st.sampled_from(["true", "false"]),
    ),
)
STATEMENTS = st.lists(
    st.builds(
        lambda make, resource, condition: make(resource, **condition),
        st.sampled_from([allow, allow, deny]),
        st.sampled_from(PATTERNS),
        CONDITIONS,
    ),
    min_size=1,
    max_size=4,
)
FORMS = [
    f"{BUCKET}/{A}",
    f"{BUCKET}/a{A}",
    f"{BUCKET}/{A}/{B}",
    f"{BUCKET}/{A}b",
    f"{BUCKET}/a/{A}*",
]
PREFIXES = [None, A, B, f"a{A}", f"{B}/x", "a"]


def written(text: str, values: dict[str, str], rest: str) -> str:
    filled = "".join(values[p] if at % 2 else p for at, p in enumerate(pieces(text)))
    return filled.replace("*", rest)


@settings(max_examples=150, deadline=None)
@given(
    identity=STATEMENTS,
    bucket=st.one_of(st.none(), STATEMENTS),
    form=st.sampled_from(FORMS),
    prefix=st.sampled_from(PREFIXES),
)
def test_the_evaluator_agrees_on_every_value(
    identity: Statements, bucket: Optional[Statements], form: str, prefix: Optional[str]
) -> None:
    """What fits is allowed with each value that is tried; what breaks is denied with its own."""
    context: Context = {} if prefix is None else {"s3:prefix": prefix}
    of_bucket = None if bucket is None else [{**one, **EVERYONE} for one in bucket]
    found, access, request, through = asked(identity, form, context, bucket=of_bucket)
    assert not found.unknown
    if found.context is not None:
        made = request._replace(resource=found.resource, context=found.context)
        assert decide(access.policies(ROLE, found.resource, through), made).outcome is not (
            Outcome.ALLOWED
        )
        return
    for one in TEXTS:
        for other in TEXTS:
            values = {"pipeline:A": one, "pipeline:B": other}
            resource = written(form, values, one)
            shown = {key: written(str(text), values, "") for key, text in context.items()}
            full = {key: text for key, text in shown.items() if text}
            made = request._replace(resource=resource, context=full)
            policies = access.policies(ROLE, resource, through)
            assert decide(policies, made).outcome is Outcome.ALLOWED, (resource, full)
