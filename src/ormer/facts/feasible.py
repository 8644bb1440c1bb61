"""Which combinations of condition keys a request can have (``feasible.json``).

Made by ``distill_feasible``, which explains each rule, from botocore's service model, the
Service Authorization Reference and the key table. Facts are there for the SageMaker actions
that carry a key of the table.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

_ARRAY = "ArrayOf"
_BOOLEAN = "Bool"
_TRUE_OR_FALSE = ("false", "true")


class KeyType(NamedTuple):
    """``kind`` is that of one value: String, ARN, Bool or Numeric."""

    kind: str
    is_multivalued: bool


class Feasible(NamedTuple):
    """What is true of every request of an action. Keys are in lower case.

    ``keys`` are those of the key table. Every request has the ``required`` ones, and all or none
    of the keys of a group in ``together``. A request that has a key of ``implies`` has those that
    it maps to. ``values`` are the only ones that a key can have. What is not said is not known.
    The rules hold under the current names of keys, whatever a world says of flags that are not
    set and of several job definitions.
    """

    keys: Mapping[str, KeyType] = MappingProxyType({})
    required: frozenset[str] = frozenset()
    together: tuple[frozenset[str], ...] = ()
    implies: Mapping[str, frozenset[str]] = MappingProxyType({})
    values: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def feasible(action: str) -> Feasible:
    """The facts of ``service:Action``, in any case; empty where there are none."""
    return _actions().get(action.lower(), _NOTHING)


_NOTHING = Feasible()


@lru_cache(maxsize=1)
def _actions() -> Mapping[str, Feasible]:
    with open(os.path.join(os.path.dirname(__file__), "feasible.json"), "rb") as file:
        actions = json.load(file)["actions"]
    return {name.lower(): _feasible(facts) for name, facts in actions.items()}


def _feasible(facts: Mapping[str, Any]) -> Feasible:
    keys = {
        key.lower(): KeyType(kind.removeprefix(_ARRAY), kind.startswith(_ARRAY))
        for key, kind in facts["keys"].items()
    }
    values = {key: _TRUE_OR_FALSE for key, type_ in keys.items() if type_.kind == _BOOLEAN}
    values.update({key.lower(): tuple(all_) for key, all_ in facts.get("enum", {}).items()})
    return Feasible(
        keys,
        _lowered(facts.get("required", ())),
        tuple(_lowered(group) for group in facts.get("together", ())),
        {key.lower(): _lowered(others) for key, others in facts.get("implies", {}).items()},
        values,
    )


def _lowered(keys: Any) -> frozenset[str]:
    return frozenset(key.lower() for key in keys)
