"""Inputs of SageMaker's API to start from, and condition keys put into them (``inputs.json``).

Made by ``distill_inputs`` from botocore's service model and the key table. No function changes
what it is given. Actions and keys are taken in any case, a renamed key under both of its names.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any, NamedTuple, Optional

from ormer.facts.carriers import load_carriers

ELEMENT, VALUE, JSON_TEXT = "[]", "{}", "<json>"
_OPTIONAL = "?"
_LISTED = "list"
_NUMBERS = {"integer": int, "long": int, "float": float, "double": float}

Input = dict[str, Any]
Steps = Sequence[str]


class Spot(NamedTuple):
    """A place in an input that fills a key: the steps there, the type of a value, and the
    smallest input that has it. A step that ends with ``?`` is an optional member."""

    steps: Steps
    type: str
    around: Input


class _Action(NamedTuple):
    input: Input
    takes_tags: bool
    spots: Mapping[str, tuple[Spot, ...]]


def smallest_input(action: str) -> Optional[Input]:
    """The smallest valid input of ``sagemaker:Action``, with placeholders; None if not known."""
    facts = _actions().get(action.lower())
    return None if facts is None else deepcopy(facts.input)


def set_key(input_: Input, action: str, key: str, values: Sequence[str]) -> Input:
    """``input_`` with exactly these values for the condition key, and what has to stand around.

    One value goes to the first member of the key table, several go into a list, or one each to
    the members of the key. Inside a list of structures, each has a value.

    Raises ValueError: the key table has no such key, there are no values, or more than fit, or
    a value is not of the member's type.
    """
    spots, name = _spots(action, key)
    if not values:
        raise ValueError(f"{key} needs a value")
    chosen = _chosen(spots, values, key)
    made: Any = input_
    for spot in spots:
        if all(spot is not used for used, _ in chosen) and _optional(spot.steps) >= 0:
            made = _without(made, spot.steps, _optional(spot.steps), name)
    for spot, own in chosen:
        made = _put(made, spot.around, spot.steps, [_typed(v, spot, key) for v in own], name)
    return dict(made)


def without_key(input_: Input, action: str, key: str) -> Input:
    """``input_`` without the members that fill the key, or the optional structures they need.

    Raises ValueError: the key table has no such key, or every input has the member.
    """
    spots, name = _spots(action, key)
    made: Any = input_
    for spot in spots:
        at = _optional(spot.steps)
        if at >= 0:
            made = _without(made, spot.steps, at, name)
        elif _there(made, spot.steps):
            raise ValueError(f"every input of {action} has {key}")
    return dict(made)


def with_tags(input_: Input, action: str, tags: Mapping[str, str]) -> Input:
    """``input_`` with these tags and no others. Raises ValueError if the action takes none."""
    facts = _actions().get(action.lower())
    if facts is None or not facts.takes_tags:
        raise ValueError(f"{action} takes no tags")
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    return {**input_, "Tags": listed}


@lru_cache(maxsize=1)
def _actions() -> Mapping[str, _Action]:
    with open(os.path.join(os.path.dirname(__file__), "inputs.json"), "rb") as file:
        actions = json.load(file)["actions"]
    return {name.lower(): _action(facts) for name, facts in actions.items()}


def _action(facts: Mapping[str, Any]) -> _Action:
    spots = {
        key.lower(): tuple(Spot(s["steps"], s["type"], s["around"]) for s in found)
        for key, found in facts.get("keys", {}).items()
    }
    return _Action(facts["input"], facts.get("tags") == _LISTED, spots)


@lru_cache(maxsize=1)
def _current_names() -> Mapping[str, str]:
    return {old.lower(): new.lower() for new, old in load_carriers().renamed.items()}


def _spots(action: str, key: str) -> tuple[tuple[Spot, ...], str]:
    """Where the key goes; and of a key with a name in it (``.../owner``) that name."""
    facts = _actions().get(action.lower())
    current = _current_names().get(key.lower(), key.lower())
    for known, spots in facts.spots.items() if facts else ():
        stem, dollar, _ = known.partition("${")
        if current == known or (dollar and current.startswith(stem)):
            return spots, key[len(stem) :]
    raise ValueError(f"no member of {action} is known to fill {key}")


def _chosen(
    spots: tuple[Spot, ...], values: Sequence[str], key: str
) -> list[tuple[Spot, Sequence[str]]]:
    if len(values) == 1:
        return [(spots[0], values)]
    for spot in spots:
        if ELEMENT in spot.steps:
            return [(spot, values)]
    if len(values) > len(spots):
        raise ValueError(f"{key} has {len(values)} values, and its members take {len(spots)}")
    return [(spot, [value]) for spot, value in zip(spots, values, strict=False)]


def _typed(text: str, spot: Spot, key: str) -> Any:
    if spot.type == "boolean":
        if text.lower() not in ("true", "false"):
            raise ValueError(f"{key} is true or false, not {text!r}")
        return text.lower() == "true"
    number = _NUMBERS.get(spot.type)
    if number is None:
        return text
    try:
        return number(text)
    except ValueError:
        raise ValueError(f"{key} is a number ({spot.type}), not {text!r}") from None


def _put(node: Any, around: Any, steps: Steps, values: list[Any], name: str) -> Any:
    """``node`` with the values at the end of the steps; ``around`` stands in for what it lacks."""
    if not steps:
        return values[0]
    step, rest = steps[0], steps[1:]
    if step == JSON_TEXT:
        return json.dumps(_put(json.loads(node or "{}"), {}, rest, values, name))
    if step == VALUE:
        return {**(node or {}), name: values[0]}
    if step == ELEMENT:
        if not rest:
            return values
        whole = list(node or ())
        whole += [around[0]] * (max(1, len(values)) - len(whole))
        last = len(values) - 1
        return [_put(e, around[0], rest, [values[min(i, last)]], name) for i, e in enumerate(whole)]
    member = step.removesuffix(_OPTIONAL)
    start = around.get(member) if isinstance(around, dict) else None
    below = (node or {}).get(member)
    if below is None:
        below = deepcopy(start)
    return {**(node or {}), member: _put(below, start, rest, values, name)}


def _optional(steps: Steps) -> int:
    """The last step that may be missing; -1 if there is none."""
    marked = [i for i, step in enumerate(steps) if step.endswith(_OPTIONAL) or step == VALUE]
    return marked[-1] if marked else -1


def _without(node: Any, steps: Steps, at: int, name: str) -> Any:
    """``node`` without the step number ``at``, in every element on the way."""
    if not node:
        return node
    step, rest = steps[0], steps[1:]
    if step == JSON_TEXT:
        return json.dumps(_without(json.loads(node), rest, at - 1, name))
    if step == ELEMENT:
        return [_without(element, rest, at - 1, name) for element in node]
    member = name if step == VALUE else step.removesuffix(_OPTIONAL)
    if member not in node:
        return node
    below = None if at == 0 else _without(node[member], rest, at - 1, name)
    if below is None or (below == {} and rest[0] == VALUE and step.endswith(_OPTIONAL)):
        return {other: value for other, value in node.items() if other != member}
    return {**node, member: below}


def _there(node: Any, steps: Steps) -> bool:
    for step in steps:
        if not node:
            return False
        node = node[0] if step == ELEMENT else node.get(step)
    return node is not None
