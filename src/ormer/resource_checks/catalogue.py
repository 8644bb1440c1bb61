"""Every check of a declared resource: its id, what it says, and the types that it is for."""

from __future__ import annotations

from typing import NamedTuple

from ormer.resource_checks import buckets, endpoints, keys, roles
from ormer.resource_checks.finding import ResourceCheck

IAM, NETWORK, ENCRYPTION = "IAM", "NETWORKING", "ENCRYPTION"
_IDENTITY_TYPES = (
    *("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Policy"),
    *("AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy"),
    "AWS::IAM::GroupPolicy",
)


class Entry(NamedTuple):
    """One check; ``category`` is a word of checkov's."""

    id: str
    title: str
    category: str
    types: tuple[str, ...]
    check: ResourceCheck


PIPELINE = "ORMER_1"
"""The id of the check of pipelines, which needs a profile and so stands in another room."""
CHECKS = (
    Entry(
        "ORMER_2",
        "The bucket policy denies what comes through no VPC endpoint, or another one",
        NETWORK,
        ("AWS::S3::BucketPolicy",),
        buckets.endpoint_only,
    ),
    Entry(
        "ORMER_3",
        "The bucket policy denies plain HTTP",
        ENCRYPTION,
        ("AWS::S3::BucketPolicy",),
        buckets.tls_only,
    ),
    Entry(
        "ORMER_4",
        "Only roles that the policy names may be passed to SageMaker",
        IAM,
        _IDENTITY_TYPES,
        roles.named_roles_only,
    ),
    Entry(
        "ORMER_5",
        "No SageMaker job, model or notebook without subnets is allowed",
        NETWORK,
        _IDENTITY_TYPES,
        roles.jobs_in_a_network,
    ),
    Entry(
        "ORMER_6",
        "Nobody outside this account assumes the role, nor SageMaker on their behalf",
        IAM,
        ("AWS::IAM::Role",),
        roles.trust_of_this_account,
    ),
    Entry(
        "ORMER_7",
        "The VPC endpoint policy lets no data out to other accounts",
        NETWORK,
        ("AWS::EC2::VPCEndpoint",),
        endpoints.nothing_leaves,
    ),
    Entry(
        "ORMER_8",
        "No role of another account and no anonymous caller may use the key",
        ENCRYPTION,
        ("AWS::KMS::Key",),
        keys.this_account_only,
    ),
)
"""In the order of their ids."""
