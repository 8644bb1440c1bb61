"""The compliant definitions (``tests/teeth/compliant.yaml``), and where their steps stand."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, NamedTuple

import yaml

from docs.teeth.guards import TABLES
from docs.teeth.places import Place
from ormer.read.definition import read_definition


class Stand(NamedTuple):
    """A step of one of the definitions: which one, its place in it, its path by name, its type."""

    definition: str
    place: Place
    path: str
    type: str


class Compliant(NamedTuple):
    """A definition and the controls that no form of its steps can satisfy."""

    definition: Any
    accepted: frozenset[str]


@cache
def compliant() -> dict[str, Compliant]:
    """Every compliant definition by its name."""
    written = yaml.safe_load((TABLES / "compliant.yaml").read_text("utf-8"))["definitions"]
    found = {}
    for name, body in written.items():
        accepted = frozenset(body.pop("accepted", ()))
        found[name] = Compliant({"Version": "2020-12-01", **body}, accepted)
    return found


@cache
def stands() -> dict[str, Stand]:
    """Where each step of the definitions stands, by its name."""
    found: dict[str, Stand] = {}
    for name, (definition, _) in compliant().items():
        for step in read_definition(json.dumps(definition).encode(), name).steps:
            assert step.name not in found, f"two steps named {step.name}"
            found[step.name] = Stand(name, step.place, step.path, step.type)
    return found
