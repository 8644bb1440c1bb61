"""The condition keys of a step's own call: in every world that the profile leaves open.

A value that whoever starts the pipeline chooses from a list is looked at choice by choice; one
that is not known at all makes its key uncertain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Optional

from ormer.model.authorization import Context
from ormer.model.call import Setting
from ormer.model.environment import Environment
from ormer.model.request import Request
from ormer.model.world import NEITHER, World, worlds
from ormer.requests.authorization import Open, Shape, Shown, contexts
from ormer.requests.calls.maker import SECURE

_MOST_CHOICES = 32


def settings_of(request: Request, environment: Environment) -> tuple[Setting, ...]:
    """A setting for each different context of the request; equal ones are one.

    That the service fills neither spelling of a renamed key is no world here, unless the profile
    assumes it: no policy about that key could work then.
    """
    found: dict[str, Setting] = {}
    pinned = "assume.kms_key_names" in environment.values
    for world in worlds(environment):
        if world.key_names == NEITHER and not pinned:
            continue
        for setting in _in_world(contexts(request, world), world):
            key = repr((sorted(setting.context.items()), sorted(setting.uncertain)))
            found.setdefault(key, setting)
    made = tuple(found.values())
    return made if len(made) > 1 else tuple(one._replace(world="", chosen="") for one in made)


def of_tags(settings: tuple[Setting, ...]) -> tuple[Setting, ...]:
    """What of the settings belongs to tagging; nothing where there are no tags."""
    found: dict[str, Setting] = {}
    for one in settings:
        context = {k: v for k, v in one.context.items() if _is_about_tags(k)}
        uncertain = frozenset(key for key in one.uncertain if _is_about_tags(key))
        if context or uncertain:
            made = one._replace(context={**context, **SECURE}, uncertain=uncertain)
            found.setdefault(repr((sorted(context.items()), sorted(uncertain))), made)
    return tuple(found.values())


def _is_about_tags(key: str) -> bool:
    return key == "aws:tagkeys" or key.startswith("aws:requesttag/")


def _in_world(shown: Shown, world: World) -> Iterator[Setting]:
    listed = {key: one for key, one in shown.open.items() if one.choices}
    if prod(len(one.choices) for one in listed.values()) > _MOST_CHOICES:
        listed = {}
    uncertain = frozenset(shown.open) - frozenset(listed)
    free = {k: one.text for k, one in shown.open.items() if k in uncertain and one.text}
    for choices in product(*(one.choices for one in listed.values())):
        chosen = dict(zip(listed, choices, strict=True))
        context = {**SECURE, **shown.context, **_there(chosen)}
        told = _told(listed, chosen)
        named = ", ".join([world.name, *told])
        yield Setting(context, uncertain=uncertain, world=named, chosen=", ".join(told), free=free)


def _there(chosen: Mapping[str, Optional[Shape]]) -> Context:
    return {key: value for key, value in chosen.items() if value is not None}


def _told(listed: Mapping[str, Open], chosen: Mapping[str, Optional[Shape]]) -> tuple[str, ...]:
    """What was chosen, where there is a choice."""
    open_ = ((key, value) for key, value in chosen.items() if len(listed[key].choices) > 1)
    return tuple(f"{key} is {_shown(value)}" for key, value in open_)


def _shown(value: Optional[Shape]) -> str:
    if value is None:
        return "missing"
    return value if isinstance(value, str) else ", ".join(value)
