"""Which SageMaker actions carry a condition key (``carriers.json``, made by ``distill``).

``service`` knows the actions that pipelines call; this knows all of SageMaker's, because a
guardrail is also met by those that no pipeline calls.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

CREATE = "sagemaker:Create"


class Carried(NamedTuple):
    """A condition key: its IAM type, and the actions that a mapped member of fills it.

    ``demanded_by`` maps an action to the structure without which nobody owes the key a value.
    ``several`` are the actions of which one job definition may fill the key several times, though
    it has one value.
    """

    type: str
    actions: tuple[str, ...]
    demanded_by: Mapping[str, str]
    several: tuple[str, ...] = ()

    @property
    def is_multivalued(self) -> bool:
        """Whether IAM fills the key with a list."""
        return self.type.startswith("ArrayOf")


class Carriers(NamedTuple):
    """``keys`` by name; ``renamed`` from the current name of a key to the one before;
    ``actions`` are all of SageMaker's. All names carry their prefix."""

    keys: Mapping[str, Carried]
    renamed: Mapping[str, str]
    actions: tuple[str, ...]


@lru_cache(maxsize=1)
def load_carriers() -> Carriers:
    """The facts that are part of the package."""
    with open(os.path.join(os.path.dirname(__file__), "carriers.json"), "rb") as file:
        facts = json.load(file)
    keys = {
        key: Carried(
            entry["type"],
            tuple(entry["actions"]),
            entry.get("demanded_by", {}),
            tuple(entry.get("several", ())),
        )
        for key, entry in facts["keys"].items()
    }
    return Carriers(keys, facts["renamed"], tuple(facts["actions"]))
