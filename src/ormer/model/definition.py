"""A pipeline definition as it was written: parameters and steps, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

Place = tuple[Any, ...]
"""A place in the document: the member names and list indices that lead there."""


def pointer(place: Place) -> str:
    """The place as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)


class Parameter(NamedTuple):
    """A pipeline parameter. ``default`` and ``choices`` are None where there are none."""

    name: str
    type: str
    default: Any
    choices: Optional[tuple[Any, ...]]
    place: Place


class Step(NamedTuple):
    """A step, top-level or nested.

    ``path`` is the way to it by name (``CheckMSE/IfSteps/RegisterModel``), ``parent`` the
    name of the Condition or ForEach step around it, or empty.
    """

    name: str
    type: str
    body: Mapping[str, Any]
    place: Place
    path: str
    parent: str

    @property
    def arguments(self) -> Any:
        """The step's Arguments as written, or an empty mapping."""
        return self.body.get("Arguments") or {}


class Origin(NamedTuple):
    """The file and line of a definition that is no file of its own but a part of one.

    ``first`` is the line of the file that holds the definition's first line, where it stands
    there line by line; else 0.
    """

    file: str
    line: int
    first: int = 0


class Definition(NamedTuple):
    """A definition; ``steps`` holds nested steps too, each after the step that holds it.

    ``deployed`` are the references (the texts of their ``Get``) that stand for what only the
    deployment of the template around the definition decides, each a symbol of
    ``model/symbol.py``. A definition that is a file of its own has none.
    """

    body: Mapping[str, Any]
    parameters: Mapping[str, Parameter]
    steps: tuple[Step, ...]
    by_name: Mapping[str, Step]
    sha256: str
    deployed: frozenset[str] = frozenset()
