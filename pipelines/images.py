"""Which container images a pipeline uses: SageMaker's own, from an approved registry."""

from __future__ import annotations

from typing import Sequence


def approved_image(framework: str, version: str, region: str, registries: Sequence[str]) -> str:
    """The URI of SageMaker's image of ``framework`` (AWS: "Docker Registry Paths").

    Where AWS's registry of the region is not among the approved ones, the same
    repository and tag in the first approved registry: a mirror. With no registry
    approved at all, AWS's.
    """
    from sagemaker.core import image_uris

    uri = str(image_uris.retrieve(framework, region, version=version))
    registry, _, repository = uri.partition("/")
    if not registries or registry in registries:
        return uri
    return f"{registries[0].rstrip('/')}/{repository}"
