"""What must hold of verdicts whatever the policies: each change can turn them one way only."""

from __future__ import annotations

import random
from collections.abc import Callable

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from benchmarks.proving.brute import proved
from benchmarks.proving.small import Small, small
from ormer.model.access import Holder
from ormer.model.policy import Effect, Policy, Principals, Statement
from ormer.model.principal import Kind
from ormer.proofs.proof import Verdict

SEEDS = st.integers(0, 10**6)
LAW = settings(
    max_examples=60,
    deadline=None,
    # some laws are about violations alone, which are a third of the cases
    suppress_health_check=[HealthCheck.filter_too_much],
)
Change = Callable[[Policy], Policy]


def case_of(seed: int) -> Small:
    return small("laws", seed, is_open=bool(seed % 2))


def changed(case: Small, change: Change) -> Small:
    """The case with each of its policies changed."""
    access = case.access
    one = case.holder
    holder = Holder(
        one.principal,
        one.tags,
        tuple(map(change, one.identity)),
        None if one.boundary is None else tuple(map(change, one.boundary)),
        None if one.session is None else change(one.session),
    )
    made = access._replace(
        holders={one.principal.name: holder},
        resource_policies=tuple(
            each._replace(policy=change(each.policy)) for each in access.resource_policies
        ),
        endpoints=tuple(each._replace(policy=change(each.policy)) for each in access.endpoints),
        scps=tuple(_level(each, change) for each in access.scps),
        rcps=tuple(_level(each, change) for each in access.rcps),
    )
    return case._replace(access=made, holder=holder)


def _level(level: object, change: Change) -> object:
    return level._replace(policies=tuple(map(change, level.policies)))


def verdict(case: Small) -> Verdict:
    return proved(case)[0]


@given(SEEDS, st.randoms(use_true_random=False))
@LAW
def test_the_order_of_statements_does_not_matter(seed: int, draw: random.Random) -> None:
    def shuffled(policy: Policy) -> Policy:
        found = list(policy.statements)
        draw.shuffle(found)
        return policy._replace(statements=tuple(found))

    case = case_of(seed)
    first, second = verdict(case), verdict(changed(case, shuffled))
    assert (first is Verdict.PROVED) is (second is Verdict.PROVED)
    assert first is second or Verdict.UNKNOWN in (first, second)


@given(SEEDS)
@LAW
def test_a_policy_split_in_two_is_the_same(seed: int) -> None:
    case = case_of(seed)
    parts = tuple(
        policy._replace(statements=(statement,))
        for policy in case.holder.identity
        for statement in policy.statements
    )
    holder = case.holder._replace(identity=parts)
    access = case.access._replace(holders={holder.principal.name: holder})
    split = case._replace(holder=holder, access=access)
    assert (verdict(case) is Verdict.PROVED) is (verdict(split) is Verdict.PROVED)


def _more(effect: Effect, seed: int) -> Change:
    draw = random.Random(seed)
    wide = draw.random() < 0.5
    chance = draw.random()

    def more(policy: Policy) -> Policy:
        if draw.random() < chance:
            return policy
        who = Principals(True) if policy.statements[0].principals is not None else None
        resources = ("*",) if wide else ("arn:aws:*:*:*:*", "arn:aws:s3:::data/x")
        added = Statement("More", effect, ("*",), False, resources, False, who, False, ())
        return policy._replace(statements=(*policy.statements, added))

    return more


@given(SEEDS, SEEDS)
@LAW
def test_a_deny_more_never_makes_a_proof_a_violation(seed: int, pick: int) -> None:
    case = case_of(seed)
    assume(verdict(case) is Verdict.PROVED)
    assert verdict(changed(case, _more(Effect.DENY, pick))) is Verdict.PROVED


@given(SEEDS, SEEDS)
@LAW
def test_an_allow_more_never_makes_a_violation_a_proof(seed: int, pick: int) -> None:
    case = case_of(seed)
    assume(verdict(case) is Verdict.VIOLATED)
    assert verdict(changed(case, _more(Effect.ALLOW, pick))) is not Verdict.PROVED


@given(SEEDS)
@LAW
def test_a_layer_less_never_makes_a_violation_a_proof(seed: int) -> None:
    """A boundary, a session policy, SCPs, RCPs and endpoints only limit."""
    case = case_of(seed)
    assume(verdict(case) is Verdict.VIOLATED)
    assume(case.holder.principal.kind is not Kind.ROOT)
    holder = case.holder._replace(boundary=None, session=None)
    access = case.access._replace(
        holders={holder.principal.name: holder}, endpoints=(), scps=(), rcps=()
    )
    assert verdict(case._replace(holder=holder, access=access)) is not Verdict.PROVED


@given(SEEDS)
@LAW
def test_what_is_forbidden_less_is_proved_the_more(seed: int) -> None:
    case = case_of(seed)
    less = case.forbidden._replace(statements=case.forbidden.statements[:1])
    if verdict(case) is Verdict.PROVED:
        assert verdict(case._replace(forbidden=less)) is Verdict.PROVED
