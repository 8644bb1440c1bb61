"""Who is named, and which policies reach a request: what was once proved and is not so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ormer.proofs.proof import Verdict
from ormer.run.prove import Asked, prove

PROFILE = Path(__file__).parents[2] / "pipelines" / "environment.yaml"

Told = Callable[..., Any]
OWN = "111122223333"
ROOT = f"arn:aws:iam::{OWN}:root"
ROLE = f"arn:aws:iam::{OWN}:role/mlops-dev-sagemaker-pipeline"
BUCKETS = tuple(f"arn:aws:s3:::mlops-dev-eu-west-1-{OWN}-{name}" for name in ("data", "models"))
ALL: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
QUEUES = ALL | {"Action": "sqs:*"}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def buckets(effect: str, **who: Any) -> dict[str, Any]:
    """The policy of each bucket: a statement about everything in it."""
    return {
        "resource_policies": [
            {
                "resource": each,
                "policy": document(
                    {"Effect": effect, "Action": "s3:*", "Resource": [each, f"{each}/*"], **who}
                ),
            }
            for each in BUCKETS
        ]
    }


def verdict(found: Any, action: str) -> Verdict:
    return next(one.verdict for one in found.proof.actions if one.action == action)


def test_the_root_user_keeps_the_policies_of_its_buckets(told: Told) -> None:
    """ "Even if the policy explicitly denies the root user the ability to perform this action"."""
    found = told("ACS-06", arn=ROOT, **buckets("Deny", Principal="*"))
    assert verdict(found, "s3:PutBucketPolicy") is Verdict.VIOLATED
    assert verdict(found, "s3:DeleteBucketPolicy") is Verdict.VIOLATED
    assert verdict(found, "s3:PutEncryptionConfiguration") is Verdict.PROVED


def test_another_accounts_root_user_does_not(told: Told) -> None:
    other = "arn:aws:iam::999900001111:root"
    found = told("ACS-06", arn=other, **buckets("Deny", Principal="*"))
    assert verdict(found, "s3:PutBucketPolicy") is Verdict.PROVED


def test_a_policy_of_the_root_user_denies_it_nothing(told: Told) -> None:
    found = told("ACS-09", ALL | {"Effect": "Deny"}, arn=ROOT)
    assert found.proof.verdict is Verdict.UNKNOWN


def test_a_federated_user_session_may_be_that_of_a_user_who_is_named(told: Told) -> None:
    alice = {"AWS": f"arn:aws:iam::{OWN}:user/team/alice"}
    bob = f"arn:aws:sts::{OWN}:federated-user/bob"
    found = told("ACS-02", QUEUES, arn=bob, **buckets("Allow", Principal=alice))
    assert verdict(found, "s3:GetObject") is Verdict.UNKNOWN
    of_another = {"AWS": "arn:aws:iam::999900001111:user/alice"}
    found = told("ACS-02", QUEUES, arn=bob, **buckets("Allow", Principal=of_another))
    assert verdict(found, "s3:GetObject") is Verdict.PROVED


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([ROOT, f"arn:aws:iam::{OWN}:role/admin"], Verdict.PROVED),
        ([f"arn:aws:iam::{OWN}:role/admin"], Verdict.PROVED),
        (["999900001111"], Verdict.PROVED),
        ([ROOT], Verdict.UNKNOWN),
        ([OWN], Verdict.UNKNOWN),
        ([ROLE], Verdict.UNKNOWN),
        ([f"arn:aws:sts::{OWN}:assumed-role/mlops-dev-sagemaker-pipeline/s"], Verdict.UNKNOWN),
        ([ROOT, ROLE], Verdict.VIOLATED),
    ],
)
def test_whom_a_deny_with_not_principal_spares_depends_on_the_service(
    told: Told, names: list[str], expected: Verdict
) -> None:
    """ "You must also specify the account ARN. Otherwise, the policy might deny access"."""
    found = told("ACS-02", ALL, **buckets("Deny", NotPrincipal={"AWS": names}))
    assert verdict(found, "s3:GetObject") is expected


def test_a_boundary_is_never_spared(told: Told) -> None:
    denied = buckets("Deny", NotPrincipal={"AWS": [ROOT, ROLE]})
    found = told("ACS-02", ALL, boundary=[ALL], **denied)
    assert verdict(found, "s3:GetObject") is Verdict.PROVED


@pytest.mark.parametrize(
    ("names", "expected"),
    [([ROOT], Verdict.UNKNOWN), ([ROLE], Verdict.UNKNOWN), ([ROOT, ROLE], Verdict.PROVED)],
)
def test_an_allow_for_all_but_some_is_as_open(
    told: Told, names: list[str], expected: Verdict
) -> None:
    found = told("ACS-02", QUEUES, **buckets("Allow", NotPrincipal={"AWS": names}))
    assert verdict(found, "s3:GetObject") is expected


def test_a_canonical_user_may_be_the_account(told: Told) -> None:
    denied = buckets("Deny", NotPrincipal={"CanonicalUser": "79a59df900b949e55d96a1e698fbaced"})
    found = told("ACS-02", arn=ROOT, **denied)
    assert verdict(found, "s3:GetObject") is Verdict.UNKNOWN


def test_a_bucket_that_the_profile_does_not_name_may_be_another_accounts(told: Told) -> None:
    partners = "arn:aws:s3:::partners-bucket"
    shown = ALL | {"Principal": {"AWS": OWN}, "Action": "s3:*"}
    shown["Resource"] = [partners, f"{partners}/*"]
    not_own = {"StringNotEquals": {"aws:ResourceAccount": OWN}}
    everybody = document(ALL | {"Principal": "*"})
    found = told(
        "ACS-04",
        ALL | {"Action": "s3:*", "Resource": f"{partners}/*", "Condition": not_own},
        resource_policies=[{"resource": partners, "policy": document(shown)}],
        vpc_endpoints=[{"id": "vpce-0a1b2c3d4e5f60001", "service": "s3", "policy": everybody}],
    )
    assert verdict(found, "s3:PutObject") is Verdict.VIOLATED


@pytest.mark.parametrize(("account", "expected"), [(OWN, "proved"), ("999900001111", "unknown")])
def test_the_levels_are_those_of_one_account(told: Told, account: str, expected: str) -> None:
    found = told(
        "ACS-02",
        ALL,
        arn=f"arn:aws:iam::{account}:role/x",
        organization={"id": "o-a1b2c3d4e5", "scps": [[document(ALL | {"Effect": "Deny"})]]},
        **buckets("Allow", Principal="*"),
    )
    assert verdict(found, "s3:GetObject") is Verdict(expected)


def test_nor_is_another_accounts_principal_of_the_organisation_for_sure(told: Told) -> None:
    inside = {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
    found = told(
        "ACS-02",
        ALL | {"Condition": inside},
        arn="arn:aws:iam::999900001111:role/x",
        organization={"id": "o-a1b2c3d4e5"},
        **buckets("Allow", Principal="*"),
    )
    assert verdict(found, "s3:GetObject") is Verdict.VIOLATED


@pytest.mark.parametrize(
    ("boundary", "expected"),
    [
        (
            {"Fn::If": ["IsBounded", "arn:aws:iam::aws:policy/X", {"Ref": "AWS::NoValue"}]},
            "unknown",
        ),
        ({"Ref": "Limits"}, "proved"),
    ],
)
def test_a_boundary_that_may_not_be_there_spares(
    tmp_path: Path, boundary: Any, expected: str
) -> None:
    """A Deny with NotPrincipal spares nobody who has a boundary; a template may leave that open."""
    role = {
        "AssumeRolePolicyDocument": document(),
        "PermissionsBoundary": boundary,
        "Policies": [{"PolicyName": "all", "PolicyDocument": document(ALL)}],
    }
    limits = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document(ALL)}}
    template = {
        "Parameters": {"Bounded": {"Type": "String"}},
        "Conditions": {"IsBounded": {"Fn::Equals": [{"Ref": "Bounded"}, "yes"]}},
        "Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": role}, "Limits": limits},
    }
    denied = buckets("Deny", NotPrincipal={"AWS": [ROOT, ROLE]})
    access = {"principals": [{"arn": ROLE, "identity_policies": ["t.yaml#Role"]}], **denied}
    for name, text in (("t.yaml", template), ("access.yaml", access)):
        (tmp_path / name).write_text(yaml.safe_dump(text), encoding="utf-8")
    (found,) = prove(Asked(str(tmp_path / "access.yaml"), str(PROFILE), ["ACS-02"])).told
    assert verdict(found, "s3:GetObject") is Verdict(expected)
