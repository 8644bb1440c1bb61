"""A definition's text as a template or plan holds it -> Definition, its symbols as references.

A part that only the deployment decides becomes a reference like those that SageMaker knows,
``{"Get": symbol}`` or a ``Std:Join`` with one, so that whatever reads definitions meets nothing
new. The definition says which of its references are of that kind; nobody can write one, for the
character that begins a symbol is refused in a template.

A part inside a JSON string is taken to stay inside: one with a quotation mark in it would rewrite
what follows.
"""

from __future__ import annotations

import re
from typing import Any

from ormer.facts.step_types import STEP_TYPES
from ormer.model.definition import Definition, Place, pointer
from ormer.model.errors import InputError
from ormer.model.symbol import END, START, has_symbol, pieces, readable, symbol, symbols
from ormer.read.definition import definition_of
from ormer.read.text.json_text import LARGEST, parse_json

_MARKED = f"{START}([0-9]+){END}"
_NAMES_OF_STEP = frozenset(["Name", "Type", "DependsOn", "DisplayName", "Description"])


def read_deployed(text: str, name: str) -> Definition:
    """Read the text of a definition that may hold symbols.

    Its SHA-256 is that of the text with each symbol as ``${name}``. Raises InputError as
    ``read_definition`` does, and where steps or whole members are not known.
    """
    written = readable(text).encode("utf-8", "backslashreplace")
    if len(written) > LARGEST:
        raise InputError(f"{name}: larger than {LARGEST // 2**20} MiB")
    if not text.strip():
        raise InputError(f"{name}: empty")
    if re.search(r"\\u[eE]00[01]", text):
        raise InputError(f"{name}: a character of Unicode's private use area (U+E000 or U+E001)")
    if not has_symbol(text):
        return definition_of(parse_json(text, name), name, written)
    names = symbols(text)
    try:
        body = parse_json(_marked(text, {one: i for i, one in enumerate(names)}), name)
    except InputError as error:
        shown = ", ".join(f"${{{one}}}" for one in names[:4])
        raise InputError(f"{error}; not known before the deployment: {shown}") from None
    reader = _Reader(names, name)
    try:
        body = reader.document(body)
    except RecursionError:
        raise InputError(f"{name}: nested too deeply to be a pipeline definition") from None
    return definition_of(body, name, written)._replace(deployed=frozenset(map(symbol, names)))


def _marked(text: str, numbers: dict[str, int]) -> str:
    """The text with numbers for the names of symbols, and quotes around what stands bare."""
    made: list[str] = []
    inside = False
    for index, piece in enumerate(pieces(text)):
        if index % 2:
            mark = f"{START}{numbers[piece]}{END}"
            made.append(mark if inside else f'"{mark}"')
        else:
            made.append(piece)
            quotes = re.findall(r'\\.|"', piece, re.DOTALL) if inside or '"' in piece else ()
            inside = inside is (sum(1 for quote in quotes if quote == '"') % 2 == 0)
    return "".join(made)


class _Reader:
    """Puts references where symbols are. What names a step or a parameter stays a text."""

    def __init__(self, names: tuple[str, ...], name: str) -> None:
        self.names = names
        self.name = name

    def document(self, body: Any) -> Any:
        """The whole document."""
        if not isinstance(body, dict):
            return self.text(body)
        made = {}
        for member, value in body.items():
            if member == "Steps":
                made[member] = self.steps(value, ("Steps",))
            elif member == "Parameters":
                made[member] = self.parameters(value)
            else:
                made[self.text(member)] = self.value(value)
        return self.whole(made, body, ())

    def parameters(self, entries: Any) -> Any:
        """The parameters; a list of values with an open one could be any values."""
        if not isinstance(entries, list):
            return self.text(entries)
        return [
            self.text({n: v for n, v in entry.items() if n != "EnumValues" or not _is_open(v)})
            if isinstance(entry, dict)
            else self.text(entry)
            for entry in entries
        ]

    def steps(self, entries: Any, place: Place) -> Any:
        """A list of steps."""
        if not isinstance(entries, list):
            self.known(entries, place)
            return self.text(entries)
        return [self.step(entry, (*place, index)) for index, entry in enumerate(entries)]

    def step(self, body: Any, place: Place) -> Any:
        """A step, and those in its branches."""
        if not isinstance(body, dict):
            self.known(body, place)
            return self.text(body)
        step_type = STEP_TYPES.get(str(body.get("Type")))
        branches = step_type.branches if step_type else ()
        made: dict[str, Any] = {}
        for member, value in body.items():
            if member in _NAMES_OF_STEP:
                made[member] = self.text(value)
            elif member == "Arguments" and isinstance(value, dict):
                arguments = {
                    self.text(name): self.steps(below, (*place, member, name))
                    if name in branches
                    else self.value(below)
                    for name, below in value.items()
                }
                made[member] = self.whole(arguments, value, (*place, member))
            else:
                made[self.text(member)] = self.value(value)
        return self.whole(made, body, place)

    def known(self, value: Any, place: Place) -> None:
        """Refuse a symbol where steps belong."""
        if isinstance(value, str) and has_symbol(value):
            raise InputError(
                f"{self.name}: {pointer(place)} is {self.text(value)}, known only when the "
                "template is deployed: which steps there are cannot be told"
            )

    def value(self, node: Any) -> Any:
        """Any value, with a reference for each text that holds a symbol."""
        if isinstance(node, str):
            return self.reference(node) if has_symbol(node) else node
        if isinstance(node, list):
            return [self.value(one) for one in node]
        if not isinstance(node, dict):
            return node
        if len(node) == 1 and isinstance(node.get("Get"), str):
            return self.text(node)
        return self.whole({self.text(n): self.value(below) for n, below in node.items()}, node, ())

    def reference(self, text: str) -> dict[str, Any]:
        """A text with symbols as the reference that stands for it."""
        parts: list[Any] = [
            {"Get": symbol(self.names[int(piece)])} if index % 2 else piece
            for index, piece in enumerate(re.split(_MARKED, text))
            if piece
        ]
        return parts[0] if len(parts) == 1 else {"Std:Join": {"On": "", "Values": parts}}

    def text(self, node: Any) -> Any:
        """A value with each symbol as ``${name}`` in its texts."""
        if isinstance(node, str):
            return re.sub(_MARKED, lambda found: f"${{{self.names[int(found[1])]}}}", node)
        if isinstance(node, list):
            return [self.text(one) for one in node]
        if isinstance(node, dict):
            return self.whole({self.text(n): self.text(v) for n, v in node.items()}, node, ())
        return node

    def whole(self, made: dict[str, Any], of: dict[str, Any], place: Place) -> dict[str, Any]:
        """What was made of an object, if no member hides another."""
        if len(made) != len(of):
            raise InputError(f"{self.name}: {pointer(place)}: two members of one name")
        return made


def _is_open(choices: Any) -> bool:
    """Whether a list of values has one that is not known."""
    listed = choices if isinstance(choices, list) else [choices]
    return any(isinstance(one, str) and has_symbol(one) for one in listed)
