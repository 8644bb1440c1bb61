"""Which texts of an input are searched for secrets: all that a container or a function is given.

A text that is put together is looked at in each of its pieces and as a whole, with the defaults
of its parameters put in: a secret stays one when it is cut in two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Optional

from ormer.facts.service import Shape
from ormer.model.definition import Place
from ormer.model.value import Expression, Free, Opaque
from ormer.requests.holders import paths_to
from ormer.requests.paths import Input, raw_nodes
from ormer.requests.resolve import is_reference
from ormer.requests.secret_budget import budget_of
from ormer.requests.secret_choices import (
    choices_of,
    deployed_parts,
    may_be_secret,
    own_name,
    wholes,
)
from ormer.requests.secret_names import both_names, is_password

HOLDERS = frozenset(
    ["HyperParameters", "StaticHyperParameters", "TextGenerationHyperParameters", "Environment"]
    + ["HyperParameterRanges", "ParameterRanges"]
    + ["ContainerArguments", "ContainerEntrypoint"]
    + ["HookParameters", "RuleParameters", "ProfilingParameters", "CollectionParameters"]
    + ["Tags", "Properties", "MetadataProperties", "CustomerMetadataProperties"]
)
"""Members whose texts reach a container as they are, or whoever may describe the resource."""

PAYLOADS = frozenset(["Lambda", "Callback", "EMR", "EMRServerless", "Job"])
"""Step types whose whole Arguments are handed over."""

Text = tuple[str, Any, Place]
"""The name of a text, the text (or Opaque where it cannot be known), and its place."""

_VALUE_WORDS = ("value", "values", "stringvalue", "default", "text", "plain", "plaintext")
_TITLES = ("Key", "Name", "key", "name", "KEY", "NAME")
_VALUES = frozenset(
    [spelt(word) for spelt in (str.lower, str.upper, str.capitalize) for word in _VALUE_WORDS]
    + ["ValueHint", "valueHint", "StringValue", "stringValue", "PlainText", "plainText"]
)
_DASHES = frozenset("-/")
_OPTION = r"(?:--?|/)([A-Za-z][\w.-]*)"
_SHORTEST_KEY = 20
"""Characters, as many as an access key id has: the key of a map has no name to tell it by."""

_TOO_MUCH = Opaque("what the definition may put together is too much to be searched for secrets")


def held_texts(source: Input, shape: Optional[Shape]) -> list[Text]:
    """The texts that a container is given: below the holders, or everything in a payload."""
    walk = _Walk(source, [])
    if shape is None or source.step.type in PAYLOADS:
        walk.node(source.node, source.place, "")
        return walk.texts
    for first, rests in _ways(shape):
        node = source.node.get(first)
        if node is not None:
            for rest in rests:
                if not rest:
                    walk.node(node, (*source.place, first), first)
                    continue
                for below, place in raw_nodes(node, (*source.place, first), rest):
                    walk.node(below, place, rest[-1])
    return walk.texts


@cache
def _ways(shape: Shape) -> tuple[tuple[str, list[tuple[str, ...]]], ...]:
    """The paths to the holders in an input, by their first member."""
    ways: dict[str, list[tuple[str, ...]]] = {}
    for first, *rest in paths_to(shape, HOLDERS):
        ways.setdefault(first, []).append(tuple(rest))
    return tuple(ways.items())


class _Walk:
    """Collects the texts of an input; a reference is seen from the step it stands in.

    It keeps a list of what is still to be looked at: a deep structure is no deep recursion.
    """

    __slots__ = ("source", "texts", "pending", "referred")

    def __init__(self, source: Input, texts: list[Text]) -> None:
        self.source = source
        self.texts = texts
        self.pending: list[Text] = []
        self.referred: set[int] = set()

    def node(self, node: Any, place: Place, name: str) -> None:
        """Everything in the node, under a name."""
        self._node(node, place, name)
        while self.pending:
            name, node, place = self.pending.pop()
            self._node(node, place, name)

    def _node(self, node: Any, place: Place, name: str) -> None:
        if type(node) is str:
            if node:
                self.texts.append((name, node, place))
        elif isinstance(node, dict):
            if len(node) == 1 and is_reference(node):
                self._reference(node, place, name)
            else:
                self._map(node, place, name)
        elif isinstance(node, list):
            self._list(node, place, name)
        elif isinstance(node, (int, float)) and not isinstance(node, bool):
            self.texts.append((name, str(node), place))

    def _map(self, node: dict[str, Any], place: Place, name: str) -> None:
        texts = self.texts
        title, called = ("", "") if _VALUES.isdisjoint(node) else self._title(node, name)
        for member, value in node.items():
            at = (*place, member)
            if len(member) >= _SHORTEST_KEY:
                texts.append(("", member, place))
            named = member
            if title and member == title:
                named = ""
            elif called and member in _VALUES:
                named = called
            if type(value) is not str:
                self.pending.append((named, value, at))
            elif value:
                texts.append((named, value, at))

    def _title(self, node: dict[str, Any], name: str) -> tuple[str, str]:
        """The member that says what the values beside it are called, and what it says.

        That is so in a tag, a range or a variable; otherwise a value is that of the whole
        structure, as in ``password.value``.
        """
        for member in _TITLES:
            if member in node:
                title = node[member]
                if type(title) is not str:
                    title = self._resolved(title)
                if isinstance(title, str):
                    return member, title
        return "", name

    def _list(self, node: list[Any], place: Place, name: str) -> None:
        """The elements, each under the option before it if there is one."""
        option = name
        for index, element in enumerate(node):
            told = element if type(element) is str else self._resolved(element)
            if type(told) is str and told[:1] in _DASHES and (match := re.fullmatch(_OPTION, told)):
                named, option = name, match[1]
            else:
                named, option = option, name
            if type(element) is not str:
                self.pending.append((named, element, (*place, index)))
            elif element:
                self.texts.append((named, element, (*place, index)))

    def _resolved(self, node: Any) -> Any:
        return self.source.resolver.resolve(node, self.source.step)

    def _reference(self, node: dict[str, Any], place: Place, name: str) -> None:
        """What a reference stands for, and the pieces that it is joined of."""
        whole = self._resolved(node)
        if isinstance(whole, Expression):
            self._expression(whole, place, name)
        elif not isinstance(whole, Opaque) and id(whole) not in self.referred:
            if isinstance(whole, (dict, list)):
                self.referred.add(id(whole))  # it may refer to itself
            self.pending.append((name, whole, place))
        ((form, argument),) = node.items()
        if form != "Std:Join" or not isinstance(argument, dict):
            return
        if isinstance(whole, Opaque):
            self.texts.append((name, whole, place))
        values = argument.get("Values")
        for value in (argument.get("On"), *(values if isinstance(values, list) else ())):
            if type(value) is str or is_reference(value):
                self.pending.append((_of_a_part(name), value, place))

    def _expression(self, whole: Expression, place: Place, name: str) -> None:
        """Its fixed texts, what its free parts may be, and what it is with these put in."""
        budget = budget_of(self.source.resolver)
        if budget.is_built_up():
            self.texts.append((name, _TOO_MUCH, place))
            return
        several, known = len(whole.parts) > 1, self.source.resolver.definition
        parts = {part if isinstance(part, str) else part.name: part for part in whole.parts}
        for part in parts.values():
            if isinstance(part, str):
                self.texts.append((_of_a_part(name), part, place))
                continue
            for one in deployed_parts(part, known):
                if may_be_secret(name, one):
                    self.texts.append((name, Opaque(f"{one.name} may be one"), place))
            if part.choices is None:
                self._items(part, place, name)
            named = both_names(name, own_name(part))
            self._built(_of_a_part(named) if several else named, choices_of(part, known), place)
        if several:
            self._built(name, wholes(whole.parts, known), place)

    def _built(self, name: str, texts: Iterable[str], place: Place) -> None:
        budget = budget_of(self.source.resolver)
        for text in texts:
            if not budget.build(text):
                self.texts.append((name, _TOO_MUCH, place))
                return
            self.texts.append((name, text, place))

    def _items(self, part: Free, place: Place, name: str) -> None:
        """The items of the ForEach step that a part is taken from, where they are not all fixed."""
        resolver = self.source.resolver
        loop = resolver.definition.by_name.get(part.name.rpartition(" of ")[2])
        if loop is not None and part.name.startswith("ForEach.") and loop.type == "ForEach":
            inside = Input(loop.arguments, loop.place, loop, resolver)
            _Walk(inside, self.texts).node(loop.arguments.get("IterableItems"), place, name)


def _of_a_part(name: str) -> str:
    """The name of a piece of a text: of a password, the whole is looked at under its name.

    A piece of it need not be one: ``{{resolve:`` is not.
    """
    return "" if is_password(name) else name
