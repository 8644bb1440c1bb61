"""A control's statements with the profile's values in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from typing import Optional

from ormer.model.control import Condition, Statement
from ormer.model.environment import Environment

_REFERENCE = r"\$\{env\.([^}]*)\}"
_MOST_TEXTS = 10_000


class NotConfigured(Exception):
    """A control asks for a field that the profile does not have."""


def resolved(statement: Statement, environment: Environment) -> Iterator[Statement]:
    """The statement with the profile's values in it; one for each required tag.

    Raises NotConfigured naming the first field the profile does not have.
    """
    for tag in _tags(statement, environment):
        conditions = tuple(
            Condition(c.operator, _with_tag(c.key, tag), _spliced(c.values, environment, tag))
            for c in statement.conditions
        )
        resources = statement.resources
        if resources is not None:
            resources = _spliced(resources, environment, tag)
        yield statement._replace(conditions=conditions, resources=resources)


_Tag = Optional[tuple[str, tuple[str, ...]]]
_TAG = "${env.tags}"


def _tags(statement: Statement, environment: Environment) -> list[_Tag]:
    if not any(_TAG in condition.key for condition in statement.conditions):
        return [None]
    tags = environment.mapping("tags")
    if not tags:
        raise NotConfigured("tags")
    return list(tags.items())


def _with_tag(key: str, tag: _Tag) -> str:
    return key if tag is None else key.replace(_TAG, tag[0])


def _spliced(values: tuple[str, ...], environment: Environment, tag: _Tag) -> tuple[str, ...]:
    return tuple(text for value in values for text in _texts(value, environment, tag))


def _texts(value: str, environment: Environment, tag: _Tag) -> Iterator[str]:
    pieces = re.split(_REFERENCE, value)
    if len(pieces) == 1:
        yield value
        return
    choices: list[tuple[str, ...]] = []
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            choices.append((piece,))
        elif piece == "tags" and tag is not None:
            choices.append(tag[1])
        else:
            found = environment.lookup(piece)
            if found is None:
                raise NotConfigured(piece)
            choices.append(found)
    for combination in islice(product(*choices), _MOST_TEXTS):
        yield "".join(combination)
