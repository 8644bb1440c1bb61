"""SageMaker SDK -> image_registries.json: who owns SageMaker's images in each region.

Run ``python -m ormer.facts.distill_registries`` where the SDK v3 line is
installed (``sagemaker-core``); a test regenerates the file and compares. Only
SageMaker's XGBoost and scikit-learn images are meant, which share one account a
region. The isolated partitions (``us-iso*``) are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import metadata, resources
from typing import Any

FRAMEWORKS = {"xgboost": "sagemaker-xgboost", "sklearn": "sagemaker-scikit-learn"}


def distil() -> str:
    """The file's text, from the SDK's own tables.

    Raises ValueError if the two images do not share one registry account a region.
    """
    registries: dict[str, str] = {}
    for framework, repository in FRAMEWORKS.items():
        for region, account in _registries(framework, repository):
            if registries.setdefault(region, account) != account:
                raise ValueError(f"{region}: {registries[region]} and {account} both own images")
    document = {
        "what": "registry account of SageMaker's XGBoost and scikit-learn images by region",
        "source": f"sagemaker-core {metadata.version('sagemaker-core')}, image_uri_config",
        "registries": dict(sorted(registries.items())),
    }
    return json.dumps(document, indent=2) + "\n"


def _registries(framework: str, repository: str) -> Iterator[tuple[str, str]]:
    folder = resources.files("sagemaker.core") / "image_uri_config"
    table: dict[str, Any] = json.loads((folder / f"{framework}.json").read_text("utf-8"))
    for scope in ("training", "inference"):
        for version in table[scope]["versions"].values():
            if version.get("repository") == repository:
                for region, account in version["registries"].items():
                    if not region.startswith("us-iso"):
                        yield region, account


def main() -> None:
    """Write image_registries.json beside this module."""
    from pathlib import Path

    Path(__file__).with_name("image_registries.json").write_text(distil(), encoding="utf-8")


if __name__ == "__main__":
    main()
