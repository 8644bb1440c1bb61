"""Texts with parts that only a deployment will know: ``arn:aws:s3:::${DataBucket}/*``.

A template's reference that cannot be resolved offline stays in the text as a symbol: its name
between two characters of Unicode's private use area, which no template may hold itself. So a
text with symbols passes through everything that takes texts, and whoever decides something by
it asks first whether it has any.
"""

from __future__ import annotations

import re

START, END = "\ue000", "\ue001"
_SYMBOL = re.compile(f"{START}([^{START}{END}]*){END}")


def symbol(name: str) -> str:
    """The symbol of what ``name`` refers to: a parameter, ``LogicalId.Attribute``, ..."""
    return f"{START}{name}{END}"


def has_symbol(text: str) -> bool:
    """Whether a part of the text is not known."""
    return START in text


def symbols(text: str) -> tuple[str, ...]:
    """The names of the text's symbols, each once, in order."""
    return tuple(dict.fromkeys(_SYMBOL.findall(text)))


def pieces(text: str) -> tuple[str, ...]:
    """The text taken apart: fixed text and names of symbols in turn, fixed text first and last."""
    return tuple(_SYMBOL.split(text))


def as_glob(text: str) -> str:
    """The text as a pattern that matches whatever it may turn out to be."""
    return _SYMBOL.sub("*", text)


def readable(text: str) -> str:
    """The text for a person: a symbol as ``${name}``."""
    return _SYMBOL.sub(r"${\1}", text)
