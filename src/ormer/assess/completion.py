"""Values for what is open in a call, read off a request that has them, and the call with them.

A symbol stands for one text wherever it is. What only a deployment knows stays open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ormer.model.authorization import Context
from ormer.model.call import Call, Setting
from ormer.model.symbol import START, pieces, symbol

_OF_DEPLOYMENT, _OF_PIPELINE = "template:", "pipeline:"
_AFTER = " after s3://"
Values = Mapping[str, str]
"""Texts by the names of symbols."""


class Completion(NamedTuple):
    """``values`` of the call's symbols, and its ``resource`` with its wildcards filled."""

    values: Values
    resource: str

    def words(self) -> str:
        """The values for a person: ``InputDataKey "example"``."""
        return ", ".join(
            f'{_called(name)} "{_with_scheme(name, value)}"' for name, value in self.values.items()
        )

    def without_deployments(self) -> Completion:
        """Without what only a deployment knows."""
        values = {n: v for n, v in self.values.items() if not n.startswith(_OF_DEPLOYMENT)}
        return self._replace(values=values)

    def fewer(self, call: Call) -> tuple[Completion, ...]:
        """What can be taken away, one by one: the wildcards' texts, and each value."""
        wild = (Completion({}, call.resource),) if self.resource != call.resource else ()
        return (*wild, *(Completion({name: ""}, "") for name in self.values))

    def without(self, less: Completion) -> Completion:
        """Without one of ``fewer``."""
        values = {name: value for name, value in self.values.items() if name not in less.values}
        return Completion(values, less.resource or self.resource)


def _called(name: str) -> str:
    return name.removeprefix(_OF_PIPELINE).removeprefix(_OF_DEPLOYMENT).removesuffix(_AFTER)


def _with_scheme(name: str, value: str) -> str:
    return f"s3://{value}" if name.endswith(_AFTER) else value


def completion(call: Call, setting: Setting, resource: str, context: Context) -> Completion:
    """The values of a request that was found: its resource and its context."""
    values: dict[str, str] = {}
    parts = _read(call.resource, resource, values, wildcards=call.resource != "*")
    for key, text in _texts(setting):
        found = context.get(key, "")
        if isinstance(found, str):
            _read(text, found, values, wildcards=False)
    for key, several in {**setting.context, **setting.free}.items():
        shown = context.get(key)
        if isinstance(several, tuple) and isinstance(shown, tuple) and len(several) == len(shown):
            for text, found in zip(several, shown, strict=True):
                _read(text, found, values, wildcards=False)
    return Completion(values, parts)


def completed(call: Call, settings: tuple[Setting, ...], found: Completion) -> Call:
    """The call with the values, in some of its settings."""
    made = tuple(_setting(one, found.values) for one in settings)
    resource = _written(found.resource, found.values)
    return call._replace(resource=resource, settings=made, unknown="")


def _setting(setting: Setting, values: Values) -> Setting:
    context = {**setting.context, **setting.free}
    made = {
        key: _written(value, values)
        if isinstance(value, str)
        else tuple(_written(one, values) for one in value)
        for key, value in context.items()
    }
    there = {key: value for key, value in made.items() if value or key in setting.free}
    uncertain = setting.uncertain - frozenset(setting.free)
    return setting._replace(context=there, uncertain=uncertain, free={})


def _texts(setting: Setting) -> Iterator[tuple[str, str]]:
    for key, value in {**setting.context, **setting.free}.items():
        if isinstance(value, str) and START in value:
            yield key, value


def _written(text: str, values: Values) -> str:
    return "".join(
        values.get(piece, symbol(piece)) if at % 2 else piece
        for at, piece in enumerate(pieces(text))
    )


def _read(text: str, found: str, values: dict[str, str], wildcards: bool) -> str:
    """Read off the values that are not known yet; gives back the text with its wildcards filled.

    A text that does not fit the values so far changes nothing.
    """
    groups: dict[str, str] = {}
    pattern: list[str] = []
    written: list[str] = []
    for at, piece in enumerate(pieces(text)):
        if at % 2 and piece in values:
            pattern.append(re.escape(values[piece]))
            written.append(symbol(piece))
        elif at % 2 and piece in groups:
            pattern.append(f"(?P={groups[piece]})")
            written.append(symbol(piece))
        elif at % 2:
            groups[piece] = f"s{at}"
            pattern.append(f"(?P<s{at}>.*)")
            written.append(symbol(piece))
        else:
            for character in re.split(r"([*?])", piece) if wildcards else (piece,):
                is_open = wildcards and character in ("*", "?") and character != ""
                name = f"w{len(pattern)}"
                star = f"(?P<{name}>{'.*?' if character == '*' else '.'})"
                pattern.append(star if is_open else re.escape(character))
                written.append(f"\0{name}\0" if is_open else character)
    match = re.fullmatch("".join(pattern), found, re.DOTALL)
    if match is None:
        return text
    values.update({name: match[group] for name, group in groups.items()})
    return "".join(match[part.strip("\0")] if part.startswith("\0") else part for part in written)
