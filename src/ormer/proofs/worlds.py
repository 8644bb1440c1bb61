"""The worlds that can matter to an action: those that what is asked about it can tell apart."""

from __future__ import annotations

from ormer.model.environment import Environment
from ormer.model.world import World, worlds
from ormer.proofs.spaces import Spaces, has_definitions


def relevant_worlds(
    action: str, keys: frozenset[str], spaces: Spaces, environment: Environment
) -> tuple[World, ...]:
    """One world for each group that ``keys``, those that anything asks for, cannot tell apart."""
    old = spaces.renamed
    names = any(key in old or key in old.values() for key in keys)
    flags = any(key in spaces.flags for key in keys)
    several = has_definitions(action)
    found: dict[tuple[str, str, str], World] = {}
    for world in worlds(environment):
        told = (
            world.key_names if names else "",
            world.absent_boolean if flags else "",
            world.job_definitions if several else "",
        )
        found.setdefault(told, world)
    return tuple(found.values())
