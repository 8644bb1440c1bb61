"""Laws: of every pair of small policies, what is found is what trying every request finds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("pysat")

from ormer.evaluate.decide import decide
from ormer.model.access import Access, Holder
from ormer.model.authorization import AuthorizationRequest, Outcome, PolicySet
from ormer.model.policy import Condition, Effect, Policy, Statement
from ormer.model.principal import principal_from_arn
from ormer.proofs.difference.compare import Answer, Comparison
from ormer.proofs.difference.reach import Can, Reach
from ormer.proofs.difference.redundant import Denies, Need, without

ROLE = principal_from_arn("arn:aws:iam::111122223333:role/jobs")
ACTIONS = ("s3:GetObject", "s3:PutObject")
RESOURCES = ("arn:aws:s3:::a/x", "arn:aws:s3:::a/y", "arn:aws:s3:::b/x")
VALUES = {
    "aws:useragent": (None, "one", "two", "other"),
    "aws:securetransport": (None, "true", "false"),
}
CONDITIONS = st.one_of(
    st.builds(
        lambda operator, values: Condition(operator, "aws:UserAgent", tuple(values)),
        st.sampled_from(
            ["StringEquals", "StringNotEquals", "StringLike", "StringEqualsIfExists"]
            + ["StringNotLike", "ForAnyValue:StringEquals"]
        ),
        st.lists(st.sampled_from(["one", "two", "*o*"]), min_size=1, max_size=2),
    ),
    st.builds(
        lambda operator, value: Condition(operator, "aws:SecureTransport", (value,)),
        st.sampled_from(["Bool", "BoolIfExists", "Null"]),
        st.sampled_from(["true", "false"]),
    ),
)
STATEMENTS = st.builds(
    lambda effect, actions, resources, is_not, conditions: Statement(
        *("s", effect, tuple(actions), False, tuple(resources), is_not, None, False),
        tuple(conditions),
    ),
    st.sampled_from(Effect),
    st.lists(st.sampled_from(["s3:GetObject", "s3:PutObject", "s3:*Object"]), min_size=1),
    st.lists(
        st.sampled_from(["*", "arn:aws:s3:::a/*", "arn:aws:s3:::?/x", *RESOURCES]), min_size=1
    ),
    st.booleans(),
    st.lists(CONDITIONS, max_size=2),
)
POLICIES = st.builds(
    lambda statements: Policy("p", "2012-10-17", tuple(statements)),
    st.lists(STATEMENTS, max_size=4),
)
HOLDERS = st.builds(
    lambda identity, boundary: Holder(ROLE, {}, (identity,), boundary and (boundary,)),
    POLICIES,
    st.none() | POLICIES,
)


def _requests() -> Iterator[AuthorizationRequest]:
    for action, resource, agent, tls in itertools.product(ACTIONS, RESOURCES, *VALUES.values()):
        context = {k: v for k, v in zip(VALUES, (agent, tls), strict=True) if v is not None}
        yield AuthorizationRequest(ROLE, action, resource, ROLE.account, context)


REQUESTS = tuple(_requests())


def _allowed(holder: Holder) -> set[int]:
    policies = PolicySet(identity=holder.identity, boundary=holder.boundary)
    return {
        number
        for number, request in enumerate(REQUESTS)
        if decide(policies, request).outcome is Outcome.ALLOWED
    }


@given(HOLDERS, HOLDERS)
@settings(max_examples=60, deadline=None)
def test_it_finds_what_trying_every_request_finds(before: Holder, after: Holder) -> None:
    new = _allowed(after) - _allowed(before)
    comparison = Comparison(Access({ROLE.name: before}), Access({ROLE.name: after}))
    found = list(comparison.changes())
    assert {change.answer for change in found} <= {Answer.NEW}, [
        (c.why, c.principal) for c in found
    ]
    actions = {action for change in found for action in change.actions}
    assert {REQUESTS[number].action for number in new} <= actions
    for change in found:
        assert change.request is not None
        for action in set(change.actions) & set(ACTIONS):
            request = change.request._replace(action=action)
            assert _outcome(after, request) is Outcome.ALLOWED
            assert _outcome(before, request) is not Outcome.ALLOWED


def _outcome(holder: Holder, request: AuthorizationRequest) -> Outcome:
    own = request._replace(account=ROLE.account)
    return decide(PolicySet(identity=holder.identity, boundary=holder.boundary), own).outcome


@given(HOLDERS)
@settings(max_examples=60, deadline=None)
def test_nothing_is_new_in_the_same(holder: Holder) -> None:
    renamed = holder._replace(
        identity=tuple(
            policy._replace(statements=tuple(reversed(policy.statements)))
            for policy in holder.identity
        )
    )
    assert not list(Comparison(Access({ROLE.name: holder}), Access({ROLE.name: renamed})).changes())


@given(HOLDERS, STATEMENTS)
@settings(max_examples=60, deadline=None)
def test_a_statement_more_only_adds_or_only_takes(holder: Holder, more: Statement) -> None:
    (policy,) = holder.identity
    grown = holder._replace(identity=(policy._replace(statements=(*policy.statements, more)),))
    there = Comparison(Access({ROLE.name: holder}), Access({ROLE.name: grown}))
    never = there if more.effect is Effect.DENY else there.reversed()
    assert not list(never.changes())


@given(HOLDERS)
@settings(max_examples=40, deadline=None)
def test_a_deny_that_trying_finds_needed_is_needed(holder: Holder) -> None:
    named = holder._replace(
        identity=tuple(
            policy._replace(
                statements=tuple(
                    each._replace(name=str(number)) for number, each in enumerate(policy.statements)
                )
            )
            for policy in holder.identity
        )
    )
    access = Access({ROLE.name: named})
    for judged in Denies(access).judged():
        assert judged.need is not Need.UNKNOWN, judged.why
        if judged.deny.layer == "identity":
            more = _allowed(without(access, judged.deny).holders[ROLE.name]) - _allowed(named)
            assert judged.is_needed or not more


@given(HOLDERS, st.sampled_from(ACTIONS), st.sampled_from(RESOURCES))
@settings(max_examples=60, deadline=None)
def test_who_can_is_what_trying_finds(holder: Holder, action: str, resource: str) -> None:
    (found,) = Reach(Access({ROLE.name: holder})).reached(action, resource)
    about = {n for n, r in enumerate(REQUESTS) if (r.action, r.resource) == (action, resource)}
    allowed = _allowed(holder) & about
    assert found.can is not Can.UNKNOWN, found.why
    if found.can is Can.NO:
        assert not allowed
    if found.can is Can.ALWAYS:
        assert allowed == about
    if found.needs == ("aws:SecureTransport is true",):
        assert all(
            REQUESTS[number].context.get("aws:securetransport") == "true" for number in allowed
        )
