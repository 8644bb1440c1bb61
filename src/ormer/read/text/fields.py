"""The fields of a YAML file, strictly: what is unknown, missing or of another shape is an error
that names the file, the line and the field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Optional

from ormer.model.errors import InputError
from ormer.read.text.suggestion import suggestion
from ormer.read.text.yaml_text import Mapping, Node, Scalar, Sequence

_SCALARS = {"int": "a number", "float": "a number", "bool": "a boolean", "timestamp": "a date"}


class Field(NamedTuple):
    """A node of a file, and where it is: ``principals/0/arn`` for a person."""

    file: str
    place: str
    node: Node

    def refuse(self, why: str, line: Optional[int] = None) -> InputError:
        """The error for what stands here."""
        at = f" {self.place}:" if self.place else ""
        return InputError(f"{self.file}:{line or self.node.line}:{at} {why}")

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands here: no value, or null."""
        return isinstance(self.node, Scalar) and self.node.tag == "null"

    def text(self) -> str:
        """The text that stands here; a number, boolean or date as it is written."""
        if not isinstance(self.node, Scalar) or not self.node.text or self.is_empty:
            raise self.refuse(f"is {kind(self.node)}, not a text")
        return self.node.text

    def items(self) -> Iterator[Field]:
        """The items of a list; nothing is an empty list."""
        if self.is_empty:
            return
        if not isinstance(self.node, Sequence):
            raise self.refuse(f"is {kind(self.node)}, not a list")
        for index, item in enumerate(self.node.items):
            yield Field(self.file, f"{self.place}/{index}", item)

    def members(
        self, known: Optional[set[str]] = None, needed: tuple[str, ...] = ()
    ) -> dict[str, Field]:
        """The members of a mapping, those that are null left out; ``known`` None: any name."""
        if self.is_empty and not needed:
            return {}
        if not isinstance(self.node, Mapping):
            raise self.refuse(f"is {kind(self.node)}, not a mapping")
        for name, line in self.node.key_lines.items():
            if known is not None and name not in known:
                raise self.refuse(f"unknown field {name!r}{suggestion(name, known)}", line)
        prefix = f"{self.place}/" if self.place else ""
        found = {
            name: Field(self.file, f"{prefix}{name}", node)
            for name, node in self.node.entries.items()
        }
        for name in needed:
            if name not in found or found[name].is_empty:
                raise self.refuse(f"{name} is missing")
        return {name: field for name, field in found.items() if not field.is_empty}


def kind(node: Node) -> str:
    """What a node is, for a message."""
    if isinstance(node, Scalar):
        is_empty = not node.text or node.tag == "null"
        return "empty" if is_empty else _SCALARS.get(node.tag, "a text")
    return "a list" if isinstance(node, Sequence) else "a mapping"
