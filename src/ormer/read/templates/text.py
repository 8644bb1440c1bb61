"""The text of a CloudFormation template, YAML or JSON -> plain values and the line of each.

YAML's short forms become the long ones: ``!Sub x`` is ``{"Fn::Sub": "x"}``. Source: "Template
format and structure" and "Intrinsic function reference" in the AWS CloudFormation User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

from ormer.model.definition import Place
from ormer.model.errors import InputError
from ormer.model.symbol import END, START
from ormer.read.text import yaml_text
from ormer.read.text.json_regions import regions
from ormer.read.text.json_text import read_json
from ormer.read.text.suggestion import suggestion

LARGEST = 4 * 1024 * 1024
"""Bytes. CloudFormation takes 1 MB."""
DEEPEST = yaml_text.DEEPEST
_BOM = b"\xef\xbb\xbf"

_SHORT = ("Ref", "Condition")
_FUNCTIONS = (
    ("And", "Base64", "Cidr", "Equals", "FindInMap", "GetAtt", "GetAZs", "If", "ImportValue")
    + ("Join", "Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform")
)  # fmt: skip
_LONG = {**{f"!{n}": n for n in _SHORT}, **{f"!{n}": f"Fn::{n}" for n in _FUNCTIONS}}
FUNCTIONS = frozenset(["Ref", *(f"Fn::{name}" for name in _FUNCTIONS)])
"""Everything that stands for another value, in its long form."""

_PLAIN = ("str", "int", "bool", "float", "null", "timestamp", "value", "seq", "map")


class TemplateText(NamedTuple):
    """A template's values with its lines by place; ``name`` is the file's."""

    name: str
    root: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """The line of a place, or of its nearest ancestor that has one."""
        for length in range(len(place), -1, -1):
            found = self.lines.get(place[:length])
            if found is not None:
                return found
        return 1

    def refuse(self, place: Place, why: str) -> NoReturn:
        """Raise InputError about a place."""
        raise InputError(f"{self.name}:{self.line(place)}: {why}")


def read_template_text(text: bytes, name: str) -> TemplateText:
    """Read the text, whatever is in it.

    Raises InputError naming ``name`` and the line for what is neither JSON nor YAML, a name
    that is there twice, a tag that is no function, a hash merge, more than 4 MiB or 64 levels,
    and the two characters that stand for what is not known.
    """
    text = text.removeprefix(_BOM)
    if len(text) > LARGEST:
        raise InputError(f"{name}: larger than {LARGEST // 2**20} MiB")
    if text.lstrip()[:1] == b"{":
        made = _of_json(text, name)
    else:
        lines: dict[Place, int] = {}
        root = _of_yaml(yaml_text.read_yaml(text, name), (), lines, name)
        made = TemplateText(name, root, lines)
    _check_characters(made)
    return made


def _of_json(text: bytes, name: str) -> TemplateText:
    root = read_json(text, name)
    places = list(_places(root, (), name))
    found = regions(text.decode("utf-8"), places)
    return TemplateText(name, root, {place: region.line for place, region in found.items()})


def _places(node: Any, place: Place, name: str) -> Iterator[Place]:
    if len(place) > DEEPEST:
        raise InputError(f"{name}: too deep (more than {DEEPEST} levels)")
    yield place
    if isinstance(node, dict):
        for member, below in node.items():
            yield from _places(below, (*place, member), name)
    elif isinstance(node, list):
        for index, below in enumerate(node):
            yield from _places(below, (*place, index), name)


def _of_yaml(node: yaml_text.Node, place: Place, lines: dict[Place, int], name: str) -> Any:
    lines.setdefault(place, node.line)
    if node.tag in _LONG:
        function = _LONG[node.tag]
        inner = (*place, function)
        lines[inner] = node.line
        return {function: _argument(node, inner, lines, name)}
    if node.tag not in _PLAIN:
        near = suggestion(node.tag, set(_LONG)) if node.tag.startswith("!") else ""
        raise InputError(f"{name}:{node.line}: {node.tag} is no tag of CloudFormation{near}")
    return _content(node, place, lines, name)


def _argument(node: yaml_text.Node, place: Place, lines: dict[Place, int], name: str) -> Any:
    """What stands behind a tag: the tag no longer says what kind of value it is."""
    if not isinstance(node, yaml_text.Scalar):
        return _content(node, place, lines, name)
    if node.tag == "!GetAtt":
        return [part for part in node.text.split(".", 1) if part]
    return node.text


def _content(node: yaml_text.Node, place: Place, lines: dict[Place, int], name: str) -> Any:
    if isinstance(node, yaml_text.Sequence):
        return [
            _of_yaml(item, (*place, index), lines, name) for index, item in enumerate(node.items)
        ]
    if isinstance(node, yaml_text.Mapping):
        made: dict[str, Any] = {}
        for key, below in node.entries.items():
            if key == "<<":
                where = f"{name}:{node.key_lines[key]}"
                raise InputError(f"{where}: a hash merge (<<), which CloudFormation does not take")
            lines[(*place, key)] = node.key_lines[key]
            made[key] = _of_yaml(below, (*place, key), lines, name)
        return made
    if node.tag == "float" and re.fullmatch(r"-?[0-9]+\.[0-9]+", node.text):
        return float(node.text)
    return yaml_text.plain_1_1(node)


def _check_characters(text: TemplateText) -> None:
    todo: list[tuple[Any, Place]] = [(text.root, ())]
    while todo:
        node, place = todo.pop()
        if isinstance(node, dict):
            todo += [(below, (*place, member)) for member, below in node.items()]
            todo += [(member, (*place, member)) for member in node]
        elif isinstance(node, list):
            todo += [(below, (*place, index)) for index, below in enumerate(node)]
        elif isinstance(node, str) and (START in node or END in node):
            text.refuse(place, "a character of Unicode's private use area (U+E000 or U+E001)")
