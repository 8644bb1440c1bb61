"""Values of a definition that a check cannot always know: literals, expressions, unknowns.

A literal is a plain str, bool, int or float. Everything else is one of the two types
here. "Amazon SageMaker Model Building Pipeline: pipeline definition JSON schema" calls
the references ``Get``, ``Std:Join`` and ``Std:JsonGet``.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

CALLER = "caller"
"""Whoever calls StartPipelineExecution chooses the part."""
ITEM = "item"
"""Every item of a ForEach step's list is taken in turn."""
RUN = "run"
"""The part is decided while the pipeline runs and cannot be known before."""
DEPLOY = "deploy"
"""The part is decided when the template or plan that holds the definition is deployed."""


_LONGEST_SHOWN = 200


class Free(NamedTuple):
    """A part of a value that the definition does not fix.

    ``choices`` lists all it can be (an enum), or is None where it can be anything of
    ``kind`` (String, Integer, Float, Boolean).
    """

    name: str
    source: str
    kind: str = "String"
    choices: Optional[tuple[str, ...]] = None

    def shown(self) -> str:
        """The part for a person."""
        return "{" + self.name + "}" if self.source != DEPLOY else self.name


class Expression(NamedTuple):
    """Fixed texts and free parts, joined in order."""

    parts: tuple[str | Free, ...]

    def text(self) -> str:
        """The expression for a person, free parts as ``{name}``, a template's as ``${name}``."""
        return "".join(p if isinstance(p, str) else p.shown() for p in self.parts)


class Opaque(NamedTuple):
    """A value, or a whole structure, about which nothing is known; ``reason`` says why."""

    reason: str


made = tuple.__new__
"""A NamedTuple of all its fields: ``made(Free, (name, source, kind, choices))``.

It takes half the time of calling the class, for what a check makes by the hundred. Nothing
fills in a field that is left out.
"""

Value = str | bool | int | float | Expression | Opaque


def join(parts: list[str | Free]) -> Value:
    """The parts as one value: a plain text if nothing in them is free."""
    merged: list[str | Free] = []
    for part in parts:
        if type(part) is str and merged and type(merged[-1]) is str:
            merged[-1] += part
        elif part != "":
            merged.append(part)
    if not merged:
        return ""
    if len(merged) == 1 and isinstance(merged[0], str):
        return merged[0]
    return Expression(tuple(merged))


def printable(text: str) -> str:
    """The text on one line, with what a terminal would not show as a character escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def show(value: object) -> str:
    """A value as one short text for a person."""
    if isinstance(value, Expression):
        text = value.text()
    elif isinstance(value, Opaque):
        text = f"unknown ({value.reason})"
    elif isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."
