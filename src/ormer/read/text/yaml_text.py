"""YAML text -> plain values, every scalar as its text, with the line of each value.

Scalars stay text because YAML 1.1 reads an account id with a leading zero as an
octal number and ``no`` as a boolean. Aliases are expanded within a bound, so a
document that multiplies itself ("billion laughs") is refused and not built.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from ormer.model.errors import InputError

LARGEST_FILE = 4 * 1024 * 1024
MOST_NODES = 200_000
DEEPEST = 64

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Scalar(NamedTuple):
    """A scalar's text; ``tag`` is what YAML 1.1 would read it as (str, int, bool, null, ...).

    A tag of the document's own stays whole: ``!Sub``.
    """

    text: str
    tag: str
    line: int


class Sequence(NamedTuple):
    """A list of nodes and the line where it starts."""

    items: tuple[Any, ...]
    line: int
    tag: str = "seq"


class Mapping(NamedTuple):
    """Keys with their nodes, in file order, and the line where the mapping starts."""

    entries: dict[str, Any]
    key_lines: dict[str, int]
    line: int
    tag: str = "map"


Node = Scalar | Sequence | Mapping


def read_yaml(text: bytes, name: str) -> Node:
    """Parse one YAML document.

    Raises InputError naming ``name`` and the line for anything that is not one
    readable document: syntax, a second document, a duplicate or non-text key,
    nesting deeper than 64, or more nodes than 200,000 once aliases are expanded.
    """
    if len(text) > LARGEST_FILE:
        raise InputError(f"{name}: larger than {LARGEST_FILE // 2**20} MiB")
    try:
        _check_depth(text, name)
        root = yaml.compose(text, _Loader)
    except yaml.YAMLError as error:
        raise InputError(f"{name}{_place(error)}: not YAML: {_problem(error)}") from None
    except (RecursionError, UnicodeError, ValueError):
        raise InputError(f"{name}: not YAML text") from None
    if root is None:
        raise InputError(f"{name}: empty")
    return _Reader(name).node(root, 0)


def _check_depth(text: bytes, name: str) -> None:
    """Composing is recursive, in C: what is too deep must be refused before."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                line = event.start_mark.line + 1
                raise InputError(
                    f"{name}:{line}: too large or too deep (more than {DEEPEST} levels)"
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f":{mark.line + 1}" if mark else ""


def _problem(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    return str(problem).splitlines()[0]


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.nodes = 0

    def node(self, node: yaml.Node, depth: int) -> Node:
        self.nodes += 1
        line = node.start_mark.line + 1
        if self.nodes > MOST_NODES or depth > DEEPEST:
            raise InputError(f"{self.name}:{line}: too large or too deep once aliases are expanded")
        if isinstance(node, yaml.ScalarNode):
            return Scalar(node.value, _tag(node), line)
        if isinstance(node, yaml.SequenceNode):
            items = tuple(self.node(item, depth + 1) for item in node.value)
            return Sequence(items, line, _tag(node))
        return self.mapping(node, depth, line)

    def mapping(self, node: yaml.Node, depth: int, line: int) -> Mapping:
        entries: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key, value in node.value:
            at = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise InputError(f"{self.name}:{at}: a key that is not text")
            if key.value in entries:
                raise InputError(f"{self.name}:{at}: duplicate key {key.value!r}")
            entries[key.value] = self.node(value, depth + 1)
            lines[key.value] = at
        return Mapping(entries, lines, line, _tag(node))


def _tag(node: yaml.Node) -> str:
    tag: str = node.tag
    return tag if tag.startswith("!") else tag.rpartition(":")[2]


def plain(node: Node) -> Any:
    """The node as str, list and dict; ``true``/``false``, integers and null become themselves."""
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.entries.items()}
    if node.tag == "bool" and node.text.lower() in ("true", "false"):
        return node.text.lower() == "true"
    if node.tag == "int" and _is_decimal(node.text):
        return int(node.text)
    return None if node.tag == "null" else node.text


def plain_1_1(node: Node) -> Any:
    """As ``plain``, with YAML 1.1's other booleans: ``yes`` and ``on`` are true, ``no`` and ``off``
    are not. CloudFormation reads templates so."""
    if isinstance(node, Sequence):
        return [plain_1_1(item) for item in node.items]
    if isinstance(node, Mapping):
        return {key: plain_1_1(value) for key, value in node.entries.items()}
    if node.tag == "bool":
        return node.text.lower() in ("true", "yes", "on")
    return plain(node)


def _is_decimal(text: str) -> bool:
    return text.isascii() and text.isdigit() and (text == "0" or text[0] != "0")


def leaves(node: Node) -> Iterator[Scalar]:
    """The scalars of a leaf: the scalar itself, or each item of a list of scalars."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            if not isinstance(item, Scalar):
                raise InputError(f"line {item.line}: a list inside a list")
            yield item
