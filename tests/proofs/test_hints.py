"""Likely values: what a counterexample holds looks like what a request would hold."""

from __future__ import annotations

from importlib import resources

import pytest

from ormer.model.environment import Environment
from ormer.proofs.asked.hints import key_hints, resource_hints
from ormer.read.environment import read_environment

OBJECTS = ("arn:*:s3:::*/*",)


@pytest.fixture(scope="module")
def environment() -> Environment:
    text = (resources.files("ormer.controls") / "example_environment.yaml").read_bytes()
    return read_environment(text, "example_environment.yaml")


def test_an_object_fits_the_bucket_of_one_policy_and_the_name_of_another(
    environment: Environment,
) -> None:
    named = ("arn:aws:s3:::acme-ml-*/*", "arn:aws:s3:::*SageMaker*", "arn:aws:s3:::*a*")
    found = resource_hints(OBJECTS, named, environment)
    assert "arn:aws:s3:::acme-ml-example/SageMaker" in found
    assert not any(text.endswith("/a") for text in found)  # too short to be a word
    models = ("arn:*:sagemaker:*:*:model/*",)
    assert "arn:aws:s3:::acme-ml-example/SageMaker" not in resource_hints(
        models, named, environment
    )


@pytest.mark.parametrize(
    ("key", "first"),
    [
        ("sagemaker:filesystemid", "fs-0f9e8d7c6b5a43210"),
        ("sagemaker:filesystemtype", "EFS"),
        ("s3:x-amz-server-side-encryption-customer-algorithm", "AES256"),
        ("s3:x-amz-server-side-encryption", "aws:kms"),
        ("sagemaker:something", "example"),
    ],
)
def test_a_key_has_a_value_of_its_kind(key: str, first: str, environment: Environment) -> None:
    assert key_hints(key, (), environment)[0] == first
