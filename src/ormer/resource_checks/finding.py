"""What is wrong with one declared resource, and what a check of one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ormer.model.definition import Place
from ormer.model.resource import Declared, Resource


class Finding(NamedTuple):
    """One thing that is wrong; ``place`` is where, in the resource's properties."""

    place: Place
    message: str


class Stack(NamedTuple):
    """Where the resources will be: what the pseudo parameters of a template say."""

    account: str
    region: str
    partition: str = "aws"


ResourceCheck = Callable[[Declared, Resource, Stack], Iterator[Finding]]
"""A resource of a file -> what is wrong with it. Raises InputError for what cannot be read."""
