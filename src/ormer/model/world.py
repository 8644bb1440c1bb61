"""Worlds: what AWS does not document of how the service fills condition keys.

A guardrail, a prediction or a proof has to hold in every world. A profile may pin one
(``assume``), and then what is made with it says so.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from ormer.model.environment import Environment

NEW, OLD, BOTH, NEITHER = "new", "old", "both", "neither"
ABSENT, FALSE, UNION = "absent", "false", "union"

_KEY_NAMES = (NEW, OLD, BOTH, NEITHER)
_ABSENT_BOOLEAN = (ABSENT, FALSE)
_JOB_DEFINITIONS = (UNION, ABSENT)


class World(NamedTuple):
    """One answer to each open question.

    ``key_names``: which spelling of a renamed condition key the service fills (the Service
    Authorization Reference renamed the KMS keys). ``absent_boolean``: whether a flag that the
    request does not set is no key, or the key ``false``. ``job_definitions``: whether a request
    with several job definitions shows the values of all of them, or no value as soon as one of
    them has none.
    """

    key_names: str = NEW
    absent_boolean: str = ABSENT
    job_definitions: str = UNION

    @property
    def name(self) -> str:
        """The world for a person."""
        return (
            f"KMS key names {self.key_names}, absent boolean {self.absent_boolean}, "
            f"job definitions {self.job_definitions}"
        )

    def spellings(self, new: str, old: str) -> tuple[str, ...]:
        """The names under which the service shows a renamed key."""
        return {NEW: (new,), OLD: (old,), BOTH: (new, old), NEITHER: ()}[self.key_names]


def worlds(environment: Environment) -> tuple[World, ...]:
    """Every world that the profile leaves open, the likeliest first."""
    pinned = environment.values
    return tuple(
        World(*answers)
        for answers in product(
            pinned.get("assume.kms_key_names", _KEY_NAMES),
            pinned.get("assume.absent_boolean", _ABSENT_BOOLEAN),
            pinned.get("assume.job_definitions", _JOB_DEFINITIONS),
        )
    )


def assumed(environment: Environment) -> dict[str, str]:
    """What the profile pins, by the question's name."""
    return {name: values[0] for name, values in environment.mapping("assume").items()}
