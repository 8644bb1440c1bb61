"""Which policies a request meets, by principal, resource and way."""

from __future__ import annotations

import pytest

from ormer.model.access import Access, Endpoint, Holder, ResourcePolicy
from ormer.model.policy import Policy
from ormer.model.principal import principal_from_arn

ROLE = "arn:aws:iam::111122223333:role/jobs"
IDENTITY, BUCKET, GATEWAY = (Policy(name, "2012-10-17", ()) for name in ("i", "b", "g"))
ACCESS = Access(
    {ROLE: Holder(principal_from_arn(ROLE), {}, (IDENTITY,))},
    (ResourcePolicy("arn:aws:s3:::data", BUCKET),),
    (Endpoint("vpce-1", "s3", GATEWAY),),
)


@pytest.mark.parametrize("resource", ["arn:aws:s3:::data", "arn:aws:s3:::data/a/b.csv"])
def test_an_object_meets_its_buckets_policy(resource):
    assert ACCESS.policies(ROLE, resource, None).resource is BUCKET


def test_a_bucket_whose_name_only_begins_alike_does_not():
    assert ACCESS.policies(ROLE, "arn:aws:s3:::data-2/a", None).resource is None


def test_an_endpoint_is_that_of_the_actions_service():
    endpoint = ACCESS.endpoint_of("S3:GetObject")
    assert endpoint is not None and endpoint.id == "vpce-1"
    assert ACCESS.policies(ROLE, "arn:aws:s3:::data/a", endpoint).endpoint == (GATEWAY,)
    assert ACCESS.endpoint_of("kms:Decrypt") is None
    assert ACCESS.policies(ROLE, "arn:aws:s3:::data/a", None).endpoint is None


def test_an_unknown_principal_is_no_principal_without_policies():
    with pytest.raises(KeyError):
        ACCESS.policies(ROLE + "-2", "arn:aws:s3:::data", None)
