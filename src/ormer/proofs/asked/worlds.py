"""The worlds that can matter to an action: those that what is asked about it can tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

from ormer.model.environment import Environment
from ormer.model.world import World, worlds
from ormer.proofs.asked.spaces import Spaces, has_definitions

_GLOBAL = "aws:"


def relevant_worlds(
    action: str, keys: frozenset[str], spaces: Spaces, environment: Environment
) -> tuple[World, ...]:
    """One world for each group that ``keys``, those that anything asks for, cannot tell apart."""
    likest = likest_worlds(keys, has_definitions(action), spaces, environment)
    return tuple(dict.fromkeys(likest.values()))


def seen_worlds(
    action: str, keys: frozenset[str], spaces: Spaces, environment: Environment
) -> Mapping[World, World]:
    """Each world, and the first in which policies that ask for ``keys`` see the same requests: a
    world says how AWS shows a key to policies, and nothing else."""
    several = has_definitions(action) and any(not key.startswith(_GLOBAL) for key in keys)
    return likest_worlds(keys, several, spaces, environment)


def likest_worlds(
    keys: frozenset[str], several: bool, spaces: Spaces, environment: Environment
) -> Mapping[World, World]:
    """Each world and the first of its group. ``several``: how several job definitions are shown
    matters."""
    old = spaces.renamed
    names = any(key in old or key in old.values() for key in keys)
    flags = any(key in spaces.flags for key in keys)
    first: dict[tuple[str, str, str], World] = {}
    found: dict[World, World] = {}
    for world in worlds(environment):
        told = (
            world.key_names if names else "",
            world.absent_boolean if flags else "",
            world.job_definitions if several else "",
        )
        found[world] = first.setdefault(told, world)
    return found


def told_worlds(where: Iterable[str], asked: Iterable[str]) -> str:
    """Some of the worlds that were asked about, by their names, for a person: only what tells
    them from the others."""
    names = list(where)
    some, every = list(map(_answers, names)), list(map(_answers, asked))
    if not some or not every:
        return ""
    told: list[str] = []
    choices: list[list[str]] = []
    for index, (question, _) in enumerate(every[0]):
        here = list(dict.fromkeys(one[index][1] for one in some))
        choices.append(here)
        if set(here) != {one[index][1] for one in every}:
            told.append(f"{question} {' or '.join(here)}")
    found = {tuple(answer for _, answer in one) for one in some}
    if found != set(product(*choices)):
        return "; ".join(dict.fromkeys(names))
    return ", ".join(told) or "in all"


def _answers(name: str) -> list[tuple[str, str]]:
    """``absent boolean false, ...`` -> the questions and their answers."""
    parts = [part.rpartition(" ") for part in name.split(", ")]
    return [(question, answer) for question, _, answer in parts]
