"""Policy variables: ``${aws:username}``, ``${key, 'default'}``, ``${*}``, ``${?}``, ``${$}``.

Source: "IAM policy elements: Variables and tags" in the IAM User Guide. Variables are read in
version 2012-10-17 alone; before it, ``${...}`` is text like any other.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Optional

from ormer.evaluate.globs import Glob, join_globs, literal, parse_glob
from ormer.model.authorization import Context
from ormer.model.policy import CURRENT_VERSION

_VARIABLE = r"\$\{(?:([*?$])|([^\s{}',$*?][^{}',]*)(?:,\s*'([^']*)')?)\}"


class Fixed(NamedTuple):
    """Text in which wildcards count, where the element has any."""

    text: str


class Literal(NamedTuple):
    """``${*}``, ``${?}`` or ``${$}``: the character itself."""

    text: str


class Variable(NamedTuple):
    """A condition key whose value belongs here; ``default`` is None where there is none."""

    key: str
    default: Optional[str]


Part = Fixed | Literal | Variable
Template = tuple[Part, ...]


def parse_template(text: str, version: str) -> Template:
    """A value of a policy of this version."""
    if version != CURRENT_VERSION or "${" not in text:
        return (Fixed(text),)
    parts: list[Part] = []
    end = 0
    for found in re.finditer(_VARIABLE, text):
        if found.start() > end:
            parts.append(Fixed(text[end : found.start()]))
        parts.append(Literal(found[1]) if found[1] else Variable(found[2].lower(), found[3]))
        end = found.end()
    if end < len(text) or not parts:
        parts.append(Fixed(text[end:]))
    return tuple(parts)


def is_static(template: Template) -> bool:
    """Whether no request changes what it means."""
    return not any(isinstance(part, Variable) for part in template)


def resolve(variable: Variable, context: Context) -> Optional[str]:
    """The value, or None where there is none.

    "You cannot use a multivalued condition context key as a policy variable": such a key does
    not resolve. An empty value counts as none, so that it never widens a path.
    """
    value = context.get(variable.key)
    if not value:
        return variable.default
    return value if isinstance(value, str) else None


def as_text(template: Template, context: Context) -> Optional[str]:
    """The template as plain text (``*`` is a character), or None if it does not resolve."""
    texts: list[str] = []
    for part in template:
        text = resolve(part, context) if isinstance(part, Variable) else part.text
        if text is None:
            return None
        texts.append(text)
    return "".join(texts)


def as_glob(template: Template, context: Context) -> Optional[Glob]:
    """The template as a glob: wildcards count in the policy's own text, not in a value."""
    globs: list[Glob] = []
    for part in template:
        if isinstance(part, Fixed):
            globs.append(parse_glob(part.text))
            continue
        text = resolve(part, context) if isinstance(part, Variable) else part.text
        if text is None:
            return None
        globs.append(literal(text))
    return join_globs(globs)


def split_segments(template: Template, count: int) -> tuple[Template, ...]:
    """The template cut at the first ``count - 1`` colons of the policy's own text."""
    segments: list[list[Part]] = [[]]
    for part in template:
        if not isinstance(part, Fixed):
            segments[-1].append(part)
            continue
        pieces = part.text.split(":", count - len(segments))
        segments[-1].append(Fixed(pieces[0]))
        segments += [[Fixed(piece)] for piece in pieces[1:]]
    return tuple(tuple(segment) for segment in segments)
