"""An action whose only resource type may be left out is asked about without a resource, too."""

from __future__ import annotations

from ormer.facts.iam_actions import action
from ormer.model.access import Access, Holder
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Statement
from ormer.model.principal import principal_from_arn
from ormer.prove.case import Case
from ormer.prove.forbidden import Forbidden
from ormer.prove.request_space import KeyFacts, RequestSpace

ROLE = principal_from_arn("arn:aws:iam::111122223333:role/r")
NAME = "sagemaker:ListModelPackages"


def statement(effect: Effect, resource: str) -> Statement:
    return Statement("s", effect, (NAME,), False, (resource,), False, None, False, ())


def found(may_be_without: bool) -> str:
    """The resource of a request that is allowed although every ARN is denied, or nothing."""
    policy = Policy(
        "p",
        CURRENT_VERSION,
        (statement(Effect.ALLOW, "*"), statement(Effect.DENY, "arn:aws:sagemaker:*")),
    )
    holder = Holder(ROLE, {}, (policy,))
    known = action(NAME)
    assert known is not None
    space = RequestSpace(
        NAME, ROLE, known.arns, lambda _: KeyFacts(), may_be_without=may_be_without
    )
    forbidden = {"all": Forbidden((statement(Effect.DENY, "*"),))}
    case = Case(Access({ROLE.name: holder}), holder, space, forbidden)
    model = case.ask("all").model
    return "" if model is None else case.found(model).resource


def test_an_arn_that_may_be_left_out_does_not_stand_for_all_requests() -> None:
    assert (found(True), found(False)) == ("*", "")


def test_what_the_reference_says() -> None:
    said = {
        name: known.may_be_without
        for name in (NAME, "sagemaker:CreateTrainingJob", "s3:GetObject", "s3:ListAllMyBuckets")
        if (known := action(name)) is not None
    }
    assert said == {
        NAME: True,
        "sagemaker:CreateTrainingJob": False,
        "s3:GetObject": False,  # one of two types, an object or an access point's
        "s3:ListAllMyBuckets": False,  # none: it is about * alone
    }
