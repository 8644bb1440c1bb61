"""The committed table of image registries is what the SDK says."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from ormer.sources.project import _registry


def committed() -> str:
    return (resources.files("ormer.facts") / "image_registries.json").read_text("utf-8")


def test_the_table_is_regenerated_from_the_sdk() -> None:
    pytest.importorskip("sagemaker.core")
    from ormer.facts.distill_registries import distil

    fresh, kept = json.loads(distil()), json.loads(committed())
    assert fresh["registries"] == kept["registries"]


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-west-1", "141502667606.dkr.ecr.eu-west-1.amazonaws.com"),
        ("us-gov-west-1", "414596584902.dkr.ecr.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", "450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_a_registry_host_has_the_suffix_of_its_partition(region: str, host: str) -> None:
    assert _registry(region, {}) == {"image_registries": (host,)}


def test_an_unknown_region_is_left_out_with_the_reason() -> None:
    left_out: dict[str, str] = {}
    assert _registry("xx-none-1", left_out) == {}
    assert left_out == {"image_registries": "no known registry of SageMaker's images in xx-none-1"}
