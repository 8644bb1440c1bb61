"""Resources as infrastructure code declares them: CloudFormation's and Terraform's alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ormer.model.definition import Place


class Resource(NamedTuple):
    """A declared resource.

    ``id`` is its logical id or its address in a Terraform plan, ``type`` the provider's word
    (``AWS::S3::BucketPolicy``, ``aws_s3_bucket_policy``). ``properties`` are JSON values with
    every reference resolved, or left in as a symbol (``model/symbol.py``). ``lines`` maps
    places in the properties to lines of the file, counted from 1; ``()`` is the resource.
    ``condition`` names the condition that decides whether the resource is there at all, where
    that is not known; it is empty where the resource is certainly there.
    """

    id: str
    type: str
    properties: Any
    lines: Mapping[Place, int]
    condition: str = ""

    def line(self, place: Place = ()) -> int:
        """The line of a place in the properties, or of its nearest ancestor that has one."""
        for length in range(len(place), -1, -1):
            found = self.lines.get(place[:length])
            if found is not None:
                return found
        return 1


class Declared(NamedTuple):
    """What one file declares, by id, in the order of the file. ``name`` is the file's."""

    name: str
    resources: Mapping[str, Resource]
